// Elsa Studio speaks English only. On a Chinese page its own labels are said in Chinese, by a dictionary of whole labels: texts are changed in place,
// since Blazor keeps its text nodes, and what people have written is left alone.
(() => {
  const originals = new WeakMap();

  // The English text of an element, for those who find Studio's parts by their words.
  window.studioText = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let all = "";
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const kept = originals.get(node);
      all += kept && kept.said === node.nodeValue ? kept.english : node.nodeValue;
    }
    return all.trim();
  };
  if (document.body.dataset.culture !== "zh-CN") {
    return;
  }

  // Steps on the canvas, code and what is typed are people's own.
  const own = "elsa-activity-wrapper, .monaco-editor, script, style, textarea, input, .problems, .begin, .driver-popover, [contenteditable]";
  const attributes = ["placeholder", "title", "aria-label"];
  let words = new Map();
  let forms = [];

  const said = (text, isNote) => {
    const plain = text.trim();
    const known = words.get(plain) ?? formed(plain, isNote);
    return known === undefined ? undefined : text.replace(plain, () => known);
  };
  const formed = (plain, isNote) => {
    for (const { form, chinese, isNote: isSaidInNotes } of forms) {
      const match = (isNote || !isSaidInNotes) && form.exec(plain);
      if (match) {
        return chinese.replace(/\{#?(\d)\}/g, (_, index) => words.get(match[Number(index) + 1]) ?? match[Number(index) + 1]);
      }
    }
    return undefined;
  };

  const change = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const chinese = node.parentElement?.closest(own) ? undefined : said(node.nodeValue, Boolean(node.parentElement?.closest(".mud-snackbar")));
      if (chinese !== undefined && chinese !== node.nodeValue) {
        originals.set(node, { english: node.nodeValue, said: chinese });
        node.nodeValue = chinese;
      }
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.closest("elsa-activity-wrapper, .monaco-editor")) {
      return;
    }
    for (const name of attributes) {
      const value = node.getAttribute(name);
      const chinese = value ? said(value, false) : undefined;
      if (chinese !== undefined && chinese !== value) {
        node.setAttribute(name, chinese);
      }
    }
    node.childNodes.forEach(change);
  };

  const begin = (dictionary) => {
    // "Version {#0}": a number is taken over. "{0} copied": so is a text, which is said only in notes.
    const place = /\{#?\d\}/;
    words = new Map(Object.entries(dictionary).filter(([english]) => !place.test(english)));
    forms = Object.entries(dictionary)
      .filter(([english]) => place.test(english))
      .map(([english, chinese]) => {
        const parts = english.split(/(\{#?\d\})/).map((part) => (!place.test(part) ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : part.startsWith("{#") ? "([\\d,.]+)" : "(.+)"));
        return { form: new RegExp(`^${parts.join("")}$`), chinese, isNote: /\{\d\}/.test(english) };
      });
    change(document.body);
    new MutationObserver((changes) => {
      for (const one of changes) {
        if (one.type === "childList") {
          one.addedNodes.forEach(change);
        } else {
          change(one.target);
        }
      }
    }).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
      attributes: true,
      attributeFilter: attributes,
    });
  };
  fetch("host/studio.zh-CN.json").then((answer) => answer.json()).then(begin);
})();

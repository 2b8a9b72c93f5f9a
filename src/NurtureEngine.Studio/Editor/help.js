// Help beside the canvas: what the chosen step does, with an example, and how to begin where nothing is drawn.
(() => {
  const editor = document.querySelector("elsa-workflow-definition-editor");
  const box = document.querySelector(".problems .help");
  const begin = document.querySelector(".begin");
  const steps = JSON.parse(document.getElementById("steps").textContent);

  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };

  let shown = null;
  const show = (type) => {
    if (type === shown) {
      return;
    }
    shown = type;
    const step = steps[type];
    box.hidden = !step;
    box.replaceChildren();
    if (!step) {
      return;
    }
    const link = element("a", box.dataset.manual);
    link.href = `${box.dataset.sheet}#${type}`;
    link.target = "_blank";
    const example = element("p", "");
    example.append(element("strong", `${box.dataset.example} `), step.example);
    const values = document.createElement("dl");
    for (const [name, value] of step.inputs) {
      values.append(element("dt", name), element("dd", value));
    }
    box.append(element("h2", step.name), element("p", step.help), example, values, link);
  };

  // Studio marks the chosen step on the canvas, and gives each step its JSON.
  const typeOfChosen = () => {
    const chosen = editor.querySelector(".x6-node-selected elsa-activity-wrapper");
    return chosen ? JSON.parse(chosen.getAttribute("activity-json") ?? "{}").type : null;
  };

  // Only what is in view is in the page, so the canvas itself is asked whether it is empty.
  let canvas = null;
  const isEmpty = async () => {
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    const address = loaded.find((name) => /\/designer\.entry\.js(\?|$)/.test(name));
    canvas ??= address ? await import(address) : null;
    const graphs = Object.values(canvas?.graphBindings ?? {}).map((binding) => binding.graph).filter((graph) => graph.container.isConnected);
    return graphs.length > 0 && graphs.every((graph) => graph.getCells().length === 0);
  };

  let isPlanned = false;
  const look = async () => {
    isPlanned = false;
    show(typeOfChosen());
    const empty = await isEmpty();
    begin.hidden = !empty;
    const place = empty && editor.querySelector(".x6-graph")?.getBoundingClientRect();
    if (place) {
      begin.style.left = `${place.left + 24}px`;
      begin.style.top = `${place.top + 24}px`;
      begin.style.maxWidth = `${place.width - 48}px`;
    }
  };
  new MutationObserver(() => {
    if (!isPlanned) {
      isPlanned = true;
      requestAnimationFrame(() => look().catch(() => {}));
    }
  }).observe(editor, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "style"] });
})();

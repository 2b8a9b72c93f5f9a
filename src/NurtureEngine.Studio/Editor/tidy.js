// Hides what Elsa Studio offers and this engine does not have: strategies of Elsa's runtime, outputs, and trying a single step. The server refuses
// these in any case. Studio marks none of them, so they are found by their words, which are English in every language.
(() => {
  const tabs = new Set(["Output", "Test", "Commit Strategy", "Log", "Input/Output", "Resilience"]);
  const [first, behind] = ["Settings", "Information"];

  const hide = (element) => element.style.setProperty("display", "none", "important");

  // Of the panel's groups those from the first one until the one behind.
  const hideGroups = () => {
    const headings = [...document.querySelectorAll(".mud-typography")];
    const from = headings.find((heading) => window.studioText(heading) === first);
    const until = headings.find((heading) => window.studioText(heading) === behind);
    const panel = from && until && [...ancestors(from)].find((one) => one.contains(until));
    if (!panel) {
      return;
    }
    const groups = [...panel.children];
    const [begin, end] = [from, until].map((heading) => groups.findIndex((group) => group.contains(heading)));
    groups.slice(begin, end).forEach(hide);
  };

  function* ancestors(element) {
    for (let one = element.parentElement; one; one = one.parentElement) {
      yield one;
    }
  }

  let isPlanned = false;
  const tidy = () => {
    isPlanned = false;
    [...document.querySelectorAll(".mud-tab")].filter((tab) => tabs.has(window.studioText(tab))).forEach(hide);
    hideGroups();
  };
  new MutationObserver(() => {
    if (!isPlanned) {
      isPlanned = true;
      requestAnimationFrame(tidy);
    }
  }).observe(document.querySelector("elsa-workflow-definition-editor"), { childList: true, subtree: true });
})();

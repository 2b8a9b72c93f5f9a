// A tour of five stops, shown once to each browser and whenever it is asked for. It can be left at each stop.
(() => {
  const seen = "nurture.tour";
  const button = document.querySelector(".tour-again");
  const words = button.dataset;
  const stops = JSON.parse(document.getElementById("tour").textContent);

  // Studio's columns have no names of their own: the settings of the track are in the last one.
  const settings = () => [...document.querySelectorAll("elsa-workflow-definition-editor .rz-splitter-horizontal")].at(-1)?.querySelector(":scope > .rz-splitter-pane:last-of-type");
  const places = {
    steps: () => document.querySelector("elsa-workflow-definition-editor .rz-splitter-pane"),
    canvas: () => document.querySelector(".x6-graph"),
    settings,
    problems: () => document.querySelector(".problems"),
    try: () => document.querySelector(".problems .try"),
  };

  const tour = () => {
    // The last stops are in the panel.
    const toggle = document.querySelector(".problems .toggle");
    if (toggle.getAttribute("aria-expanded") === "false") {
      toggle.click();
    }
    const guide = window.driver.js.driver({
      animate: false,
      showProgress: true,
      progressText: words.progress,
      nextBtnText: words.next,
      prevBtnText: words.back,
      doneBtnText: words.leave,
      steps: stops.map((stop) => ({ element: places[stop.at], popover: { title: stop.title, description: stop.text } })),
      onPopoverRender: (popover) => popover.closeButton.setAttribute("aria-label", words.leave),
      onDestroyed: () => localStorage.setItem(seen, "seen"),
    });
    guide.drive();
  };
  button.addEventListener("click", tour);

  if (localStorage.getItem(seen) || window.innerWidth < 1200) {
    return;
  }
  const editor = document.querySelector("elsa-workflow-definition-editor");
  const watch = new MutationObserver(() => {
    if (Object.values(places).every((place) => place())) {
      watch.disconnect();
      tour();
    }
  });
  watch.observe(editor, { childList: true, subtree: true });
})();

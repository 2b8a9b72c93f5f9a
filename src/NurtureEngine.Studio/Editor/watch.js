// What the pages around the list of enrollments and the viewer do: it runs before Blazor starts.
(() => {
  localStorage.setItem("BlazorCulture", document.body.dataset.culture === "zh-CN" ? "zh-CN" : "en-US");

  const element = document.querySelector("elsa-workflow-instance-list, elsa-workflow-instance-viewer");
  const wait = document.querySelector(".wait");
  const watch = new MutationObserver(() => {
    if (element.querySelector(".x6-graph, .mud-toolbar, .mud-table")) {
      wait.remove();
      watch.disconnect();
    }
  });
  watch.observe(element, { childList: true, subtree: true });

  // Enrollments are only looked at here; the server refuses what these menus offer. Studio's words are English in every language.
  const acts = new Set(["Bulk actions", "Actions", "Cancel", "Delete", "Export", "Import"]);
  const hide = () => {
    for (const one of document.querySelectorAll(".mud-menu, .mud-menu-item")) {
      if (acts.has(window.studioText(one))) {
        one.style.display = "none";
      }
    }
  };
  // Of Elsa's own runtime.
  const rows = new Set(["Structured Logs", "Incident Strategy"]);
  const hideRows = () => {
    for (const cell of document.querySelectorAll("td:first-child")) {
      if (rows.has(window.studioText(cell))) {
        cell.parentElement.style.display = "none";
      }
    }
  };
  new MutationObserver(hideRows).observe(document.body, { childList: true, subtree: true });
  new MutationObserver(hide).observe(document.body, { childList: true, subtree: true });

  // Studio draws only what is in view, and a long track may begin far beside it: the view goes to where the lead stands.
  const centre = async (id) => {
    const instance = await fetch(`/elsa/api/workflow-instances/${encodeURIComponent(id)}`).then((answer) => answer.json());
    const step = instance.workflowState?.bookmarks?.[0]?.hash;
    for (let tries = 0; tries < 40; tries++) {
      await new Promise((done) => setTimeout(done, 500));
      const address = performance.getEntriesByType("resource").map((entry) => entry.name).find((name) => /\/designer\.entry\.js(\?|$)/.test(name));
      const graph = address && Object.values((await import(address)).graphBindings)[0]?.graph;
      if (graph?.getCells().length > 0) {
        const cell = step && graph.getCellById(step);
        if (cell) {
          graph.centerCell(cell);
        } else {
          graph.centerContent();
        }
        return;
      }
    }
  };
  const instance = element.getAttribute("instance-id");
  if (instance) {
    centre(instance).catch(() => {});
  }

  // Studio does not connect again by itself. What it shows is only looked at, so it is loaded anew once the server answers; the console's frame stays.
  const betweenTries = 2000;
  // A connection that is always cut must not load the page for ever.
  const leastLife = 30000;
  let isLeaving = false;
  window.addEventListener("pagehide", () => (isLeaving = true));
  const comeBack = async () => {
    const answer = await fetch("/healthz/live", { cache: "no-store" }).catch(() => null);
    if (answer && answer.status < 500) {
      location.reload();
    } else {
      setTimeout(comeBack, betweenTries);
    }
  };
  let isLost = false;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...address) {
      super(...address);
      let wasOpen = false;
      this.addEventListener("open", () => (wasOpen = true));
      this.addEventListener("close", (event) => {
        if (wasOpen && !event.wasClean && !isLeaving && !isLost) {
          isLost = true;
          setTimeout(comeBack, Math.max(0, leastLife - performance.now()));
        }
      });
    }
  };

  // A property that is set before the element is defined is lost.
  customElements.whenDefined(element.localName).then(() => {
    element.viewWorkflowInstance = (id) => window.top.location.assign(`/console/enrollments/${encodeURIComponent(id)}`);
    element.editWorkflowDefinition = (id) =>
      window.top.location.assign(`/console/tracks/${encodeURIComponent(id)}/drawing`);
  });
})();

// What the page around the editor does: it runs before Blazor starts.
(() => {
  localStorage.setItem("BlazorCulture", document.body.dataset.culture === "zh-CN" ? "zh-CN" : "en-US");

  const definitions = "/elsa/api/workflow-definitions";
  const editor = document.querySelector("elsa-workflow-definition-editor");
  const panel = document.querySelector(".problems");
  const words = panel.dataset;
  const at = (name) => panel.querySelector(name);

  // The note goes when the first nodes are there.
  const wait = document.querySelector(".wait");
  const watch = new MutationObserver(() => {
    if (editor.querySelector(".x6-graph, .mud-toolbar, .mud-tabs")) {
      wait.remove();
      watch.disconnect();
    }
  });
  watch.observe(editor, { childList: true, subtree: true });

  // Studio needs a wide window; the panel gives way unless it was opened.
  const desk = document.querySelector(".desk");
  const toggle = at(".toggle");
  const open = (isOpen) => {
    desk.classList.toggle("closed", !isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
  };
  const kept = localStorage.getItem("nurture.problems");
  open(kept === null ? window.innerWidth >= 1200 || window.innerWidth <= 760 : kept === "open");
  toggle.addEventListener("click", () => {
    open(desk.classList.contains("closed"));
    localStorage.setItem("nurture.problems", desk.classList.contains("closed") ? "closed" : "open");
  });

  const span = (name, text) => {
    const element = document.createElement("span");
    element.className = name;
    element.textContent = text;
    return element;
  };

  const item = (problem) => {
    const line = document.createElement("li");
    line.className = problem.kind;
    const box = document.createElement(problem.step ? "button" : "div");
    box.append(
      span("kind", problem.kind === "fault" ? words.fault : words.warning),
      span("place", problem.place || words.track),
      span("text", problem.text)
    );
    if (problem.step) {
      box.type = "button";
      box.addEventListener("click", () => select(problem.step));
    }
    line.append(box);
    if (problem.code === "review.no_journey" && words.journey) {
      const link = document.createElement("a");
      link.href = `${words.journeys}?step=${encodeURIComponent(problem.step)}`;
      link.target = "_top";
      link.textContent = words.journey;
      line.append(link);
    }
    return line;
  };

  const show = (problems, isDraft) => {
    at(".list").replaceChildren(...problems.map(item));
    at(".count").textContent = problems.length > 0 ? `(${problems.length})` : "";
    if (problems.length === 0) {
      at(".list").append(span("text", words.none));
    }
    if (at(".review")) {
      at(".state").textContent = isDraft ? words.draft : words.inForce;
    }
  };

  const refuse = (sentences) => {
    const box = at(".refusal");
    if (sentences.length > 0) {
      open(true);
    }
    box.hidden = sentences.length === 0;
    box.textContent = sentences.join(" ");
  };

  // The canvas belongs to a module of Studio's; what is imported by the same address is the same module.
  const select = async (step) => {
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    const address = loaded.find((name) => /\/designer\.entry\.js(\?|$)/.test(name));
    if (address) {
      const { selectActivity } = await import(address);
      await selectActivity(`activity-${step}`, step);
    }
  };

  // Studio does not wait for the answer to one save before the next: they leave one after the other, so that the latest is the one that stays.
  const ask = window.fetch;
  let last = Promise.resolve();
  window.fetch = (target, options) => {
    const path = new URL(typeof target === "string" ? target : target.url ?? target, location.href).pathname;
    const changes = (options?.method ?? target.method ?? "GET").toUpperCase() !== "GET";
    if (!changes || !path.startsWith(definitions)) {
      return ask(target, options);
    }
    const answer = last.then(() => ask(target, options));
    last = answer.then((one) => heard(one.clone(), path === definitions)).catch(() => {});
    return answer;
  };

  const heard = async (answer, isSave) => {
    const body = await answer.json().catch(() => ({}));
    if (answer.status === 400) {
      refuse([...Object.values(body.errors ?? {}).flat()]);
      return;
    }
    refuse([]);
    if (isSave && body.problems && body.workflowDefinition.definitionId === document.body.dataset.definition) {
      show(body.problems, !body.workflowDefinition.isPublished);
    } else {
      look();
    }
  };

  const look = async () => {
    const id = encodeURIComponent(document.body.dataset.definition);
    const answer = await ask(`${definitions}/${id}/problems`);
    if (answer.ok) {
      const found = await answer.json();
      show(found.problems, found.isDraft);
    }
  };
  look();
})();

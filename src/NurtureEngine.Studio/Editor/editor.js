// What the page around the editor does: it runs before Blazor starts.
(() => {
  localStorage.setItem("BlazorCulture", document.body.dataset.culture === "zh-CN" ? "zh-CN" : "en-US");

  // The note goes when the first nodes are there.
  const wait = document.querySelector(".wait");
  const editor = document.querySelector("elsa-workflow-definition-editor");
  const watch = new MutationObserver(() => {
    if (editor.querySelector(".x6-graph, .mud-toolbar, .mud-tabs")) {
      wait.remove();
      watch.disconnect();
    }
  });
  watch.observe(editor, { childList: true, subtree: true });
})();

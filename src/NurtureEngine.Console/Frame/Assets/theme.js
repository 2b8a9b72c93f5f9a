// Runs before the page is painted: a theme that follows the system can't be chosen by the server.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.setAttribute("data-bs-theme", root.dataset.theme === "system" ? (system.matches ? "dark" : "light") : root.dataset.theme);
  system.addEventListener("change", apply);
  apply();
  window.applyTheme = apply;
})();

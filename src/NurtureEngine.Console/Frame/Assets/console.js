// Small behaviours over whole pages. Each page works without them.

// The theme is an attribute that a page from the server does not have.
const afterNavigation = () => {
  window.applyTheme?.();
  document.querySelector("[data-focus]")?.focus();
  restore();
  localTimes();
};

// Relative times, told by the reader's clock, grow old while the page stands.
const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
const relative = (at) => {
  const seconds = (at - Date.now()) / 1000;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, "minute");
};
const localTimes = () => {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const text = relative(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
};

// "/" goes to the search box, as everywhere.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    document.querySelector("#search")?.focus();
    event.preventDefault();
  }
});

// A form that is being sent is not sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "true";
  setTimeout(() => delete form.dataset.sending, 5000);
}, true);

// Keeps a submitted form in the session storage until the server has accepted it. If the session has expired, the form is filled in again after sign-in.
const keptKey = "kept-form";
const isSecret = (name) => name === "__RequestVerificationToken" || name === "_handler";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-keep]")) return;
  const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !isSecret(name));
  sessionStorage.setItem(keptKey, JSON.stringify({ path: location.pathname, handler: form.elements._handler?.value, values }));
});
const restore = () => {
  const kept = JSON.parse(sessionStorage.getItem(keptKey) ?? "null");
  if (!kept || location.pathname === "/console/sign-in") return;
  sessionStorage.removeItem(keptKey);
  if (!new URLSearchParams(location.search).has("kept") || kept.path !== location.pathname) return;
  const form = [...document.querySelectorAll("form[data-keep]")].find((one) => one.elements._handler?.value === kept.handler);
  if (!form) return;
  form.closest("details")?.setAttribute("open", "");
  for (const field of form.elements) {
    if (!field.name || isSecret(field.name)) continue;
    const typed = kept.values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = typed.includes(field.value);
    else if (field.type !== "hidden" && typed.length === 1) field.value = typed[0];
    else if (field.type !== "hidden" && typed.length > 1) field.value = typed[[...form.querySelectorAll(`[name="${field.name}"]`)].indexOf(field)] ?? field.value;
  }
  form.querySelector("button:not([type=button])")?.focus();
};

// Filters take effect when they are chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filter]");
  form?.requestSubmit();
});

// Live parts: when the server reports a change, the page fetches itself again and replaces the parts that are marked as live.
let source;
let isStale = false;
const betweenTries = 5000;
const strip = () => document.querySelector("#connection");
let refreshes = 0;
const refresh = async () => {
  const parts = [...document.querySelectorAll("[data-live]")];
  // A part that has the focus is refreshed when it loses it.
  isStale = parts.some((part) => part.contains(document.activeElement));
  if (parts.length === 0 || isStale) return;
  const [address, number] = [location.href, ++refreshes];
  const answer = await fetch(address, { headers: { accept: "text/html", "x-live": "true" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // An answer that was overtaken by a later one, or by the reader, is old.
  if (number !== refreshes || address !== location.href) return;
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) continue;
    // A picture stays where it was scrolled to.
    const places = [...part.querySelectorAll(".map")].map((map) => [map.scrollLeft, map.scrollTop]);
    part.replaceChildren(...fresh.childNodes);
    part.querySelectorAll(".map").forEach((map, index) => map.scrollTo(...(places[index] ?? [0, 0])));
  }
  localTimes();
};
const listen = () => {
  const topic = document.querySelector("[data-live]")?.dataset.live;
  if (source?.topic === topic) return;
  source?.events.close();
  source = undefined;
  if (!topic) return;
  const events = new EventSource(topic);
  source = { topic, events };
  events.addEventListener("changed", () => refresh().catch(() => {}));
  // The server does not report changes from before the connection, so the parts are refreshed once.
  events.onopen = () => {
    strip()?.setAttribute("hidden", "");
    refresh().catch(() => {});
  };
  events.onerror = () => {
    strip()?.removeAttribute("hidden");
    // The browser tries again by itself, unless somebody in between has answered for the server.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => {
      if (source?.events === events) {
        source = undefined;
        listen();
      }
    }, betweenTries);
  };
};

document.addEventListener("focusout", () => {
  if (isStale) setTimeout(() => refresh().catch(() => {}));
});

const start = () => {
  Blazor.addEventListener("enhancedload", () => {
    afterNavigation();
    listen();
  });
  afterNavigation();
  listen();
  setInterval(localTimes, 30000);
};
if (window.Blazor) start();
else addEventListener("DOMContentLoaded", start);

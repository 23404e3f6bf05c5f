"use strict";
/* Runs before the first paint, so that a chosen theme does not flash. ?theme=light|dark wins over the reader's
   last choice, and that over the system's. */
(function () {
  const KEY = "theme";
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get(KEY);

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off, or this is a sandboxed frame
    }
  }

  for (const theme of [asked, stored()]) {
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
      break;
    }
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-toggle-theme]")) return;
    const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
    root.dataset.theme = (root.dataset.theme || system) === "light" ? "dark" : "light";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // the choice then lasts for this page only
    }
  });
})();

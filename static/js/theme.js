// Loaded before the page is painted, so that the chosen scheme never flashes.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  function stored() {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system";
    }
  }

  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }

  apply(stored());
  addEventListener("storage", () => apply(stored()));
  addEventListener("DOMContentLoaded", () => {
    apply(stored());
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-theme-choice]");
      if (!button) return;
      try {
        localStorage.setItem("theme", button.dataset.themeChoice);
      } catch {
        // Storage is closed to us: the choice holds for this page.
      }
      apply(button.dataset.themeChoice);
    });
  });
})();

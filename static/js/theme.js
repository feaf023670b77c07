// The light or dark scheme. Loaded before the page is painted, so the wrong one never flashes.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  function chosenTheme() {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system";
    }
  }

  function applyTheme(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }

  applyTheme(chosenTheme());
  addEventListener("storage", () => applyTheme(chosenTheme())); // chosen in another tab
  addEventListener("DOMContentLoaded", () => {
    applyTheme(chosenTheme()); // the buttons are there only now
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-theme-choice]");
      if (!button) return;
      try {
        localStorage.setItem("theme", button.dataset.themeChoice);
      } catch {
        // No storage: the choice holds for this page.
      }
      applyTheme(button.dataset.themeChoice);
    });
  });
})();

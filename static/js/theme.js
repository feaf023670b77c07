// The light or dark scheme. Loaded before the page is painted, so the wrong one never flashes.
// The page names the choice of a person who is signed in and has made one. Every other page, also
// that of signing in, uses what this browser remembers.
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  function rememberedTheme() {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system";
    }
  }

  function rememberTheme(theme) {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // No storage: the choice holds for this page, and for the account.
    }
  }

  function applyTheme(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    }
  }

  const themeOfAccount = root.dataset.theme;
  if (themeOfAccount) rememberTheme(themeOfAccount);
  const firstTheme = themeOfAccount || rememberedTheme();
  applyTheme(firstTheme);
  addEventListener("storage", () => applyTheme(rememberedTheme())); // chosen in another tab
  addEventListener("DOMContentLoaded", () => {
    applyTheme(firstTheme); // the buttons are there only now
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-theme-choice]");
      if (!button) return;
      const theme = button.dataset.themeChoice;
      rememberTheme(theme);
      applyTheme(theme);
      const { address } = button.closest("[data-address]").dataset;
      const headers = dashboard.backgroundHeaders();
      const body = new URLSearchParams({ theme });
      fetch(address, { method: "POST", body, headers, keepalive: true }).catch(() => {});
    });
  });
})();

// Keyboard shortcuts, and the dialog that lists them. An element names its own: data-key="/",
// "g a", "mod+s" or "mod+enter". The key focuses a field and clicks anything else.
(function () {
  "use strict";
  const LONGEST_PAUSE = 1200; // milliseconds between the two keys of a sequence
  let firstKey = ""; // of a sequence
  let firstKeyTimer = 0;

  // Single keys can be switched off, for people whose speech input types them.
  function areSingleKeysOn() {
    try {
      return localStorage.getItem("single-keys") !== "off";
    } catch {
      return true;
    }
  }

  function elementWithKey(key) {
    for (const element of document.querySelectorAll("[data-key]")) {
      if (element.dataset.key.split(",").includes(key) && !element.disabled) return element;
    }
    return null;
  }

  function focusOrClick(element) {
    if (element.matches("input, textarea, select")) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
  }

  // There a single key is text, or chooses an option.
  function takesKeys(target) {
    const boxes = "[type=checkbox], [type=radio]";
    return target.closest(`input:not(${boxes}), textarea, select, [contenteditable]`);
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const key = event.key.toLowerCase();
    let element = null;
    if (event.ctrlKey || event.metaKey) {
      element = elementWithKey(`mod+${key}`);
    } else if (areSingleKeysOn() && !takesKeys(event.target) && !document.querySelector("dialog[open]")) {
      element = (firstKey && elementWithKey(`${firstKey} ${key}`)) || elementWithKey(key);
      firstKey = key.length === 1 ? key : "";
      clearTimeout(firstKeyTimer);
      firstKeyTimer = setTimeout(() => (firstKey = ""), LONGEST_PAUSE);
    }
    if (!element) return;
    event.preventDefault();
    firstKey = "";
    focusOrClick(element);
  });

  // <button data-opens="id of a dialog">; a click on the backdrop closes it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      for (const row of dialog.querySelectorAll("[data-shortcut]")) {
        row.hidden = !elementWithKey(row.dataset.shortcut); // only what works on this page is listed
      }
      dialog.showModal();
    }
    if (event.target.matches("dialog[open]")) event.target.close();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-single-keys]")) return;
    try {
      localStorage.setItem("single-keys", event.target.checked ? "on" : "off");
    } catch {
      // No storage: the choice cannot be remembered.
    }
  });

  for (const box of document.querySelectorAll("[data-single-keys]")) box.checked = areSingleKeysOn();
})();

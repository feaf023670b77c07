// Keyboard shortcuts. An element names its own: data-key="/", "g a", "mod+s", "mod+enter".
// A field is focused, anything else is clicked. The list (data-key="?") is a <dialog>.
(function () {
  "use strict";
  const WAIT = 1200; // milliseconds between the two keys of a sequence
  let before = "";
  let timer = 0;

  // Single keys can be switched off, for people whose speech input types them.
  function singleKeys() {
    try {
      return localStorage.getItem("single-keys") !== "off";
    } catch {
      return true;
    }
  }

  function find(key) {
    for (const element of document.querySelectorAll("[data-key]")) {
      if (element.dataset.key.split(",").includes(key) && !element.disabled) return element;
    }
    return null;
  }

  function run(element) {
    if (element.matches("input, textarea, select")) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
  }

  function typing(target) {
    return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const key = event.key.toLowerCase();
    const mod = event.ctrlKey || event.metaKey;
    let element = null;
    if (mod) {
      element = find(`mod+${key}`);
    } else if (singleKeys() && !typing(event.target) && !document.querySelector("dialog[open]")) {
      element = (before && find(`${before} ${key}`)) || find(key);
      before = key.length === 1 ? key : "";
      clearTimeout(timer);
      timer = setTimeout(() => (before = ""), WAIT);
    }
    if (!element) return;
    event.preventDefault();
    before = "";
    run(element);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.matches("dialog[open]")) event.target.close(); // a click on the backdrop
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-single-keys]")) return;
    try {
      localStorage.setItem("single-keys", event.target.checked ? "on" : "off");
    } catch {
      // Storage is closed to us: nothing to remember.
    }
  });

  for (const box of document.querySelectorAll("[data-single-keys]")) box.checked = singleKeys();
})();

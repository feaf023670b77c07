// The panels beside the instructions: one at a time, opened and closed by its button or Escape.
// A panel hears "opened"; a button that also fetches what its panel shows hears "look".
(function () {
  "use strict";
  const desk = document.getElementById("instructions-field");
  if (!desk) return;
  const buttons = [...desk.querySelectorAll("[data-panel]")];
  const panelOf = (button) => document.getElementById(button.dataset.panel);

  function show(button) {
    for (const each of buttons) {
      each.setAttribute("aria-expanded", String(each === button));
      if (panelOf(each) !== (button && panelOf(button))) panelOf(each).hidden = true;
    }
    desk.classList.toggle("with-panel", button !== null);
    if (!button) return;
    panelOf(button).hidden = false;
    panelOf(button).dispatchEvent(new Event("opened"));
    htmx.trigger(button, "look");
  }
  const isOpen = (button) => button.getAttribute("aria-expanded") === "true";
  const openButton = () => buttons.find(isOpen) ?? null;

  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      show(openButton() === button ? null : button);
    });
  }
  desk.addEventListener("click", (event) => {
    const panel = event.target.closest("[data-close-panel]") && event.target.closest(".side-panel");
    if (panel) closeAndReturn();
  });
  desk.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest(".side-panel")) return;
    event.stopPropagation(); // full screen stays
    closeAndReturn();
  });
  function closeAndReturn() {
    const button = openButton();
    show(null);
    button?.focus();
  }

  // What is fetched follows the text after a pause, unless it takes the server long to make.
  const LONGEST_FOLLOWED = 40000; // characters
  const PAUSE = 1500; // milliseconds
  let timer = 0;
  const field = document.getElementById("id_instructions");
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  function refresh() {
    const button = openButton();
    if (button && field.value.length <= LONGEST_FOLLOWED) htmx.trigger(button, "look");
  }
  desk.addEventListener("htmx:afterRequest", (event) => {
    const button = event.target.closest("[data-panel]");
    if (!button || event.detail.successful) return;
    const text = panelOf(button).querySelector(".fetched");
    text.textContent = text.dataset.failed;
  });
})();

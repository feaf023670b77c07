// The editor's fields: sliders, full screen, titles of functions, folded errors, copies for paper.
// The form works without this file.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  // On paper a field shows only what fits into it, so its whole text is printed beside it.
  addEventListener("beforeprint", () => {
    for (const field of form.querySelectorAll("textarea, input[type=text]")) {
      const copy = document.createElement("div");
      copy.className = "copied-out";
      copy.dir = field.dir || "ltr";
      copy.textContent = field.value;
      field.after(copy);
    }
  });
  addEventListener("afterprint", () => {
    for (const copy of form.querySelectorAll(".copied-out")) copy.remove();
  });

  // The summary of errors leads to a field, which may be in a folded part of the page.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.error-summary a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    field.closest("details:not([open])")?.setAttribute("open", "");
    if (field.matches("input, textarea, select")) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  });

  // The name of a function is the title of its card.
  form.addEventListener("input", (event) => {
    if (!/^function-\d+-name$/.test(event.target.name)) return;
    const title = event.target.closest("details").querySelector("summary .mono");
    title.textContent = event.target.value || title.textContent;
  });

  // A slider and its number follow each other. Without a number the slider is pale.
  function moveSlider(slider, number) {
    const value = parseFloat(number.value.replace(",", "."));
    slider.classList.toggle("unset", Number.isNaN(value));
    if (!Number.isNaN(value)) slider.value = value;
  }
  for (const slider of form.querySelectorAll("[data-slides]")) {
    const number = document.getElementById(slider.dataset.slides);
    moveSlider(slider, number);
    number.addEventListener("input", () => moveSlider(slider, number));
    slider.addEventListener("input", () => {
      number.value = slider.value;
      slider.classList.remove("unset");
    });
  }

  // In full screen one field fills the window, until Escape or another click on its button.
  function offerFullScreen(button) {
    const place = document.getElementById(button.dataset.fullscreen);
    const label = button.querySelector("span");
    const openLabel = label.textContent;
    const isFull = () => place.classList.contains("fullscreen");
    function setFull(full) {
      place.classList.toggle("fullscreen", full);
      button.parentElement.classList.toggle("fullscreen-bar", full);
      button.setAttribute("aria-pressed", String(full));
      label.textContent = full ? button.dataset.close : openLabel;
      place.querySelector("textarea").focus();
    }
    button.addEventListener("click", () => setFull(!isFull()));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isFull()) setFull(false);
    });
  }
  const fullScreenButton = document.querySelector("[data-fullscreen]");
  if (fullScreenButton) offerFullScreen(fullScreenButton);
})();

// The editor: a guard against leaving with unsaved text, full screen, sliders. The server needs none of it.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  // What differs from the form as it was loaded is said at its foot; leaving with it asks first.
  const content = () => JSON.stringify([...new FormData(form)]);
  const loaded = content();
  const state = document.getElementById("changed");
  const saved = state?.textContent;
  let dirty = "unsaved" in form.dataset;
  form.addEventListener("input", () => {
    dirty = "unsaved" in form.dataset || content() !== loaded;
    if (state) state.textContent = dirty ? state.dataset.unsaved : saved;
  });
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  // An error that is folded away is unfolded when the summary leads to it.
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
    const match = /^function-\d+-name$/.exec(event.target.name);
    if (!match) return;
    const title = event.target.closest("details").querySelector("summary .mono");
    title.textContent = event.target.value || title.textContent;
  });

  // Sliders move their number, and follow it. A number that is not set leaves its slider pale.
  function follow(slider, number) {
    const value = parseFloat(number.value.replace(",", "."));
    slider.classList.toggle("unset", Number.isNaN(value));
    if (!Number.isNaN(value)) slider.value = value;
  }
  for (const slider of form.querySelectorAll("[data-slides]")) {
    const number = document.getElementById(slider.dataset.slides);
    follow(slider, number);
    number.addEventListener("input", () => follow(slider, number));
    slider.addEventListener("input", () => {
      number.value = slider.value;
      slider.classList.remove("unset");
    });
  }

  // Full screen: the field fills the window until Escape or the button.
  const button = document.querySelector("[data-fullscreen]");
  if (button) {
    const place = document.getElementById(button.dataset.fullscreen);
    const text = place.querySelector("textarea");
    const label = button.querySelector("span");
    const open = label.textContent;
    const toggle = (full) => {
      place.classList.toggle("fullscreen", full);
      button.parentElement.classList.toggle("fullscreen-bar", full);
      button.setAttribute("aria-pressed", String(full));
      label.textContent = full ? button.dataset.close : open;
      text.focus();
    };
    button.addEventListener("click", () => toggle(!place.classList.contains("fullscreen")));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && place.classList.contains("fullscreen")) toggle(false);
    });
  }
})();

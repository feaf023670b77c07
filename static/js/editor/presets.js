// Named values of a number, and "not set": buttons beside its input show which one it has.
// <button data-sets="id of the input" data-value="0.2">; an empty value is "not set".
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  function showPressed(field) {
    const typed = field.value.trim().replace(",", ".");
    for (const button of form.querySelectorAll(`[data-sets="${CSS.escape(field.id)}"]`)) {
      const { value } = button.dataset;
      const same = value === "" || typed === "" ? value === typed : Number(value) === Number(typed);
      button.setAttribute("aria-pressed", String(same));
    }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sets]");
    if (!button) return;
    const field = document.getElementById(button.dataset.sets);
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A slider writes into its number without an event of it.
  form.addEventListener("input", (event) => {
    const field = document.getElementById(event.target.dataset.slides || event.target.id);
    if (field && field !== form) showPressed(field); // the form itself says that it has to be saved
  });
  for (const button of form.querySelectorAll('[data-sets][data-value=""]')) {
    showPressed(document.getElementById(button.dataset.sets));
  }
})();

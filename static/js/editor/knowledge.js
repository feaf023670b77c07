// Knowledge in the editor: choosing files and vector stores by name, in a dialog, and removing them.
// The inputs of IDs hold the choice; without this file people type there.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  // Inputs on which the names, or the advice beside them, depend.
  const WATCHED =
    /^(connection|vector_store_ids|code_interpreter_file_ids|(file_search|code_interpreter)-0-enabled)$/;

  const fieldNamed = (name) => document.getElementById(`id_${name}`);
  function idsIn(field) {
    return field.value
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  }
  function showNames() {
    htmx.trigger(document.getElementById("offers"), "look");
  }
  function store(field, ids) {
    field.value = ids.join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true })); // so that it is saved
    showNames();
  }

  form.addEventListener("change", (event) => {
    if (WATCHED.test(event.target.name)) showNames();
  });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-removes]");
    if (!button) return;
    const field = fieldNamed(button.dataset.from);
    const group = button.closest("[role=group]");
    group.querySelector("[data-chooses]")?.focus(); // the button goes
    store(
      field,
      idsIn(field).filter((id) => id !== button.dataset.removes),
    );
  });

  // The dialog is outside of the form, so that what is typed into its search is not saved with it.
  const chooser = document.createElement("dialog");
  chooser.classList.add("sheet", "chooser");
  chooser.setAttribute("aria-labelledby", "chooser-title");
  document.body.append(chooser);

  form.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-chooses]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    chooser.replaceChildren();
    await htmx.ajax("GET", link.href, { source: chooser, target: chooser });
    if (!chooser.firstElementChild) return; // the page says what is wrong
    chooser.showModal();
    showTicks();
  });

  function showTicks() {
    const picker = chooser.firstElementChild;
    if (!picker?.dataset.field) return;
    const ids = idsIn(fieldNamed(picker.dataset.field));
    const most = Number(picker.dataset.most);
    for (const box of picker.querySelectorAll("[data-takes]")) {
      box.checked = ids.includes(box.dataset.takes);
      box.disabled = most > 1 && ids.length >= most && !box.checked;
    }
  }
  chooser.addEventListener("htmx:afterSettle", showTicks);

  // Where one may be chosen, the next one takes its place.
  chooser.addEventListener("change", (event) => {
    const id = event.target.dataset.takes;
    if (id === undefined) return;
    const { field: name, most } = chooser.firstElementChild.dataset;
    const field = fieldNamed(name);
    const others = Number(most) > 1 ? idsIn(field).filter((other) => other !== id) : [];
    store(field, event.target.checked ? [...others, id] : others);
    showTicks();
  });
})();

// The menu that puts the name of a function, a file or a vector store of this form into the
// instructions, at the caret.
(function () {
  "use strict";
  const menu = document.getElementById("mention");
  if (!menu) return;
  const field = document.getElementById("id_instructions");
  const list = menu.querySelector(".panel");
  const form = field.form;

  function functionNames() {
    const inputs = [...form.querySelectorAll("input[name^='function-'][name$='-name']")];
    return inputs.filter((input) => !isRemoved(input)).map((input) => input.value.trim());
  }
  function isRemoved(input) {
    return form.elements[input.name.replace(/name$/, "DELETE")]?.checked;
  }
  function idsIn(name) {
    const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
    return inputs.filter(isChosen).flatMap((input) => input.value.split(/[\s,]+/));
  }
  function isChosen(input) {
    return !input.matches("[type=checkbox], [type=radio]") || input.checked;
  }

  function insert(name) {
    menu.open = false;
    const { selectionStart: start, selectionEnd: end } = field;
    const detail = { start, end, text: `\`${name}\`` };
    field.dispatchEvent(new CustomEvent("put-text", { detail }));
  }
  function itemOf(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.classList.add("item", "mono");
    const label = document.createElement("bdi");
    label.textContent = name;
    button.append(label);
    button.addEventListener("click", () => insert(name));
    return button;
  }
  function note(text) {
    const heading = document.createElement("p");
    heading.className = "heading";
    heading.textContent = text;
    return heading;
  }

  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    const groups = [
      [list.dataset.functions, functionNames()],
      [list.dataset.files, idsIn("code_interpreter_file_ids")],
      [list.dataset.stores, idsIn("vector_store_ids")],
    ];
    const parts = groups.flatMap(([label, names]) => {
      const distinct = [...new Set(names)].filter((name) => name);
      return distinct.length ? [note(label), ...distinct.map(itemOf)] : [];
    });
    list.replaceChildren(...(parts.length ? parts : [note(list.dataset.none)]));
  });
})();

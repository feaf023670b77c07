// Offers members while a comment is typed: after @, those whose names go on like that. The form
// has their names to tick, and works without this script.
(function () {
  "use strict";
  const field = document.getElementById("comment-text");
  const list = document.getElementById("mention-list");
  const labels = [...document.querySelectorAll("label[for^=mention-]")];
  if (!field || !list || !labels.length) return;
  const status = document.getElementById("mention-status");
  const most = 6;
  const names = labels.map((label) => label.textContent.replace(/[\u2066-\u2069]/g, "").trim());
  const options = () => [...list.children];
  const chosen = () => list.querySelector("[aria-selected=true]");

  // What is typed after the last @ before the caret; null where no name is being typed.
  function typed() {
    const before = field.value.slice(0, field.selectionStart);
    const begin = before.lastIndexOf("@");
    const text = before.slice(begin + 1);
    const isInWord = /[\p{L}\p{N}_]$/u.test(before.slice(0, Math.max(begin, 0)));
    return begin < 0 || isInWord || text.includes("\n") ? null : text;
  }
  function fits(name, text) {
    const [whole, sought] = [name.toLowerCase(), text.toLowerCase()];
    return whole.startsWith(sought) || whole.includes(` ${sought}`);
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  function close() {
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    field.removeAttribute("aria-activedescendant");
  }
  function offer() {
    const text = typed();
    const found = text === null ? [] : names.filter((name) => fits(name, text)).slice(0, most);
    close();
    if (!found.length) return;
    list.append(...found.map(optionOf));
    list.hidden = false;
    status.textContent = list.dataset.found.replace("{count}", found.length);
    choose(list.firstElementChild);
  }
  function optionOf(name, place) {
    const option = document.createElement("li");
    option.id = `mention-option-${place}`;
    option.setAttribute("role", "option");
    const shown = document.createElement("bdi");
    shown.textContent = name;
    option.append(shown);
    option.addEventListener("click", () => put(name));
    return option;
  }
  function put(name) {
    const end = field.selectionStart;
    field.setRangeText(`${name} `, end - typed().length, end, "end");
    close();
    field.focus();
  }

  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("input", (event) => event.isComposing || offer());
  field.addEventListener("compositionend", offer);
  field.addEventListener("blur", close);
  field.addEventListener("click", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const [all, place] = [options(), options().indexOf(chosen())];
    if (event.key === "ArrowDown") choose(all[place + 1] ?? all[0]);
    else if (event.key === "ArrowUp") choose(all[place - 1] ?? all[all.length - 1]);
    else if (event.key === "Enter") chosen().click();
    else if (event.key === "Escape") close();
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return close();
    else return;
    event.preventDefault();
  });
})();

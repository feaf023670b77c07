// The command palette: a dialog with a search box, whose results are chosen by keys or by pointer.
// The server finds them. Without this script its link leads to the list of assistants.
(function () {
  "use strict";
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const box = dialog.querySelector("input");
  const options = () => [...dialog.querySelectorAll("[role=option]")];
  const chosen = () => dialog.querySelector("[aria-selected=true]");

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) return;
    dialog.showModal();
    box.select();
    htmx.trigger(box, "opened");
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const place = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[place + 1] ?? all[0]);
    else if (event.key === "ArrowUp") choose(all[place - 1] ?? all[all.length - 1]);
    else if (event.key === "Enter") chosen()?.click();
    else return;
    event.preventDefault();
  });

  dialog.addEventListener("htmx:afterSettle", () => choose(options()[0]));
  dialog.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
})();

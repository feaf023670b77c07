// The rows of a schema: types that open other rows, Enter for the next row, and answers that come late.
// The server builds the rows; without this file each step has a button.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  const NESTED = ["array", "object"];
  const builderOf = (element) => element.closest("[data-builder]");

  // A list or a group has rows inside it, which only the server knows how to make.
  form.addEventListener("change", ({ target }) => {
    if (!target.matches("select[data-kind]")) return;
    const changesRows = NESTED.includes(target.value) || NESTED.includes(target.dataset.kind);
    if (changesRows) builderOf(target).querySelector("[data-shows-rows]").click();
  });

  // Enter in a name goes on to a new row of the same list, and does not send the form.
  form.addEventListener("keydown", (event) => {
    const isName = event.target.matches?.("input[data-row-title]") && builderOf(event.target);
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || !isName) return;
    event.preventDefault();
    const list = event.target.closest("[data-rows]");
    list.parentElement.querySelector(":scope > [data-adds-row]")?.click();
  });

  // The order of the rows is that of the page, so a move is saved like typing.
  form.addEventListener("rows-changed", (event) => {
    const isTyped = event.detail.kind === "moved" && builderOf(event.target);
    if (isTyped) form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What is typed while a step is under way is not in its answer. Then the step is taken again.
  let typed = 0;
  form.addEventListener("input", () => (typed += 1));
  form.addEventListener("htmx:beforeSend", ({ detail }) => (detail.xhr.typedBefore = typed));
  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { elt, target, xhr } = detail;
    const isStep = target?.contains(elt) && elt.matches("button[name=action], details");
    if (!isStep || xhr.typedBefore === typed || xhr.status !== 200) return;
    detail.shouldSwap = false;
    htmx.ajax("POST", "", { source: elt, target, swap: "outerHTML", select: `#${target.id}` });
  });
})();

// The rows of a schema: types that open other rows, Enter for the next row, and answers that come late.
// The server builds the rows; without this file each step has a button.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  const NESTED = ["array", "object"];
  const LONGEST_STEP = 20000; // milliseconds
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
    const button = list.parentElement.querySelector(":scope > [data-adds-row]");
    if (button) typeAhead(event.target, list, button);
  });

  // Until the new row comes, its name is typed into an input in its place, which is not saved.
  let ahead = null;
  function typeAhead(name, list, button) {
    ahead?.remove();
    ahead = name.cloneNode();
    for (const attribute of ["name", "id", "data-row-title", "aria-describedby", "aria-invalid"]) {
      ahead.removeAttribute(attribute);
    }
    ahead.value = "";
    ahead.addEventListener("input", (event) => event.stopPropagation());
    ahead.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      button.click(); // again, if the first time has failed
    });
    list.after(ahead);
    ahead.focus();
    button.click();
  }
  form.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (!ahead || ahead.isConnected) return;
    const name = document.getElementById(detail.target.id)?.querySelector("[data-row-title][autofocus]");
    if (!name) return;
    if (ahead.value) {
      name.value = ahead.value;
      name.dispatchEvent(new Event("input", { bubbles: true }));
    }
    name.focus(); // htmx does so too, but later
    ahead = null;
  });

  // The order of the rows is that of the page, so a move is saved like typing.
  form.addEventListener("rows-changed", (event) => {
    const isTyped = event.detail.kind === "moved" && builderOf(event.target);
    if (isTyped) form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // -- Answers that come late

  // A step is worked out from what the form held when it was taken, so one waits for the other. What is
  // typed while it is under way is not in its answer. Then the step is taken again.
  const isStep = (element) => element.matches("button[name=action]");
  const take = (element) => htmx.ajax("POST", element.getAttribute("hx-post"), { source: element });
  let isUnderWay = false;
  let waiting = ""; // the ID of the button that was pressed meanwhile; its step replaces the button itself
  let typed = 0;
  form.addEventListener("input", () => (typed += 1));
  form.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (!isStep(elt) && !elt.matches("details")) return;
    if (isStep(elt) && isUnderWay) {
      event.preventDefault();
      waiting = elt.id || waiting;
      return;
    }
    isUnderWay ||= isStep(elt);
    xhr.typedBefore = typed;
    xhr.timeout = LONGEST_STEP;
    xhr.addEventListener("loadend", () => ended(elt, xhr));
  });
  function ended(element, { isOld }) {
    if (isStep(element)) isUnderWay = false;
    if (isOld) take(element);
    const next = document.getElementById(waiting);
    if (isUnderWay || !next) return;
    waiting = "";
    take(next);
  }
  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { requestConfig, target, xhr } = detail;
    xhr.isOld = xhr.typedBefore < typed && target.contains(requestConfig.elt) && xhr.status === 200;
    if (xhr.isOld) detail.shouldSwap = false;
  });
})();

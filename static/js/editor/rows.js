// Rows that can be moved and removed: lists with data-rows="order", or data-rows="" without an order.
// It writes only what the form holds anyway, each row's position and its box for removing. Both are
// hidden while this script runs. The words come from <template id="row-buttons">.
(function () {
  "use strict";
  const template = document.getElementById("row-buttons");
  if (!template) return;
  const words = template.dataset;
  const SCROLLS_WITHIN = 48; // pixels from the edge of the window, while a row is dragged
  const SCROLL_STEP = 12;

  // Lists may nest, so each part is looked for in its own row only, and each row in its own list.
  const listOf = (row) => row.closest("[data-rows]");
  const isOrdered = (list) => list.dataset.rows === "order";
  const isRemoved = (row) => "removed" in row.dataset;
  function rowsOf(list) {
    return [...list.querySelectorAll("[data-row]")].filter((row) => listOf(row) === list);
  }
  function part(row, selector) {
    return [...row.querySelectorAll(selector)].find((found) => found.closest("[data-row]") === row);
  }
  const positionOf = (row) => part(row, "[data-row-position], [name$='-position']");
  const removalOf = (row) => part(row, "[data-row-delete], [name$='-DELETE']");

  function nameOf(row) {
    const title = part(row, "[data-row-title]");
    const text = title ? (title.value ?? title.textContent) : row.dataset.title;
    return (text ?? "").trim() || words.unnamed;
  }

  function say(text, row, more = {}) {
    const parts = { name: nameOf(row), ...more };
    const said = text.replace(/\{(\w+)\}/g, (_, key) => parts[key]);
    const region = document.getElementById("announcer");
    region.textContent = ""; // a screen reader reads a text only when it changes
    requestAnimationFrame(() => (region.textContent = said));
  }

  function tell(row, kind) {
    const field = kind === "moved" ? positionOf(row) : removalOf(row);
    field?.dispatchEvent(new Event("input", { bubbles: true }));
    const detail = { row, kind };
    listOf(row).dispatchEvent(new CustomEvent("rows-changed", { bubbles: true, detail }));
  }

  // -- Buttons

  function label(row) {
    const name = nameOf(row);
    const labels = {
      "[data-row-move='-1']": words.up,
      "[data-row-move='1']": words.down,
      "[data-row-remove]": words.remove,
      "[data-row-restore]": words.restore,
    };
    for (const [selector, text] of Object.entries(labels)) {
      const button = part(row, selector);
      button?.setAttribute("aria-label", text.replace("{name}", name));
      if (button && !button.matches("[data-row-restore]")) button.title = button.ariaLabel;
    }
    const shown = part(row, "[data-row-name]");
    if (shown) shown.textContent = name;
  }

  // They keep the focus where there is nowhere to go, so they are never `disabled`.
  function markEnds(list) {
    const rows = rowsOf(list);
    for (const row of rows) {
      const ends = { "-1": row === rows[0], 1: row === rows.at(-1) };
      for (const [step, isEnd] of Object.entries(ends)) {
        part(row, `[data-row-move='${step}']`)?.setAttribute("aria-disabled", String(isEnd));
      }
    }
  }

  function addButtons(row, ordered) {
    const parts = template.content.cloneNode(true);
    const [handle, controls, removed] = parts.children;
    if (ordered) {
      const place = part(row, "[data-row-handle]");
      if (place) place.append(handle);
      else row.prepend(handle);
    } else {
      for (const button of controls.querySelectorAll("[data-row-move]")) button.remove();
    }
    const place = part(row, "[data-row-controls]");
    if (place) place.append(controls);
    else row.append(controls);
    row.append(removed);
  }

  function prepareRow(row, ordered) {
    if (!part(row, "[data-row-remove]")) addButtons(row, ordered);
    row.toggleAttribute("data-removed", removalOf(row)?.checked ?? isRemoved(row));
    label(row);
  }

  // A form that was refused comes back in the order of its numbers. One without a position is last.
  function arrange(rows) {
    const place = (row) => parseInt(positionOf(row)?.value, 10) || Infinity;
    const sorted = [...rows].sort((one, other) => (place(one) > place(other)) - (place(one) < place(other)));
    if (sorted.every((row, index) => row === rows[index])) return;
    const after = rows.at(-1).nextSibling;
    const focused = document.activeElement; // an element that is moved loses the focus
    for (const row of sorted) after ? after.before(row) : rows[0].parentElement.append(row);
    focused.focus({ preventScroll: true });
  }

  function prepare(list) {
    const rows = rowsOf(list);
    for (const row of rows) prepareRow(row, isOrdered(list));
    if (isOrdered(list)) arrange(rows);
    markEnds(list);
  }

  // -- Moving

  // The rows keep the numbers that they have among them; only who has which one changes.
  function writePositions(list) {
    const inputs = rowsOf(list).map(positionOf).filter(Boolean);
    const numbers = inputs.map((input) => parseInt(input.value, 10) || Infinity);
    let last = 0;
    numbers.sort((one, other) => one - other);
    for (const [index, input] of inputs.entries()) {
      last = Math.max(last + 1, Number.isFinite(numbers[index]) ? numbers[index] : 0);
      input.value = last;
    }
  }

  function settleMove(row) {
    const list = listOf(row);
    const rows = rowsOf(list);
    writePositions(list);
    markEnds(list);
    tell(row, "moved");
    say(words.moved, row, { place: rows.indexOf(row) + 1, count: rows.length });
  }

  // The row stays, and its neighbour goes past it. So it keeps the focus and the pointer.
  function passNeighbour(row, step) {
    const rows = rowsOf(listOf(row));
    const neighbour = rows[rows.indexOf(row) + step];
    if (neighbour) step < 0 ? row.after(neighbour) : row.before(neighbour);
    return Boolean(neighbour);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-move]");
    if (!button) return;
    const row = button.closest("[data-row]");
    if (passNeighbour(row, Number(button.dataset.rowMove))) settleMove(row);
    button.scrollIntoView({ block: "nearest" });
  });

  // -- Dragging

  function passUnder(row, y) {
    const middle = (other) => {
      const { top, height } = other.getBoundingClientRect();
      return top + height / 2;
    };
    const rows = rowsOf(listOf(row));
    const index = rows.indexOf(row);
    if (index > 0 && y < middle(rows[index - 1])) passNeighbour(row, -1);
    else if (index < rows.length - 1 && y > middle(rows[index + 1])) passNeighbour(row, 1);
  }

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-row-drag]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    const row = handle.closest("[data-row]");
    const before = rowsOf(listOf(row));
    const ended = new AbortController();
    const untilEnd = { signal: ended.signal };
    handle.setPointerCapture(event.pointerId);
    row.classList.add("dragged");

    function end(isKept) {
      ended.abort();
      row.classList.remove("dragged");
      const rows = rowsOf(listOf(row));
      if (rows.every((one, index) => one === before[index])) return;
      if (isKept) settleMove(row);
      else for (const [index, one] of before.entries()) if (index) before[index - 1].after(one);
    }
    handle.addEventListener(
      "pointermove",
      ({ clientY }) => {
        passUnder(row, clientY);
        if (clientY < SCROLLS_WITHIN) scrollBy(0, -SCROLL_STEP);
        if (clientY > innerHeight - 2 * SCROLLS_WITHIN) scrollBy(0, SCROLL_STEP);
      },
      untilEnd,
    );
    handle.addEventListener("pointerup", () => end(true), untilEnd);
    handle.addEventListener("pointercancel", () => end(false), untilEnd);
    const isEscape = ({ key }) => key === "Escape" && end(false);
    document.addEventListener("keydown", isEscape, untilEnd);
  });

  // -- Removing

  function setRemoved(row, removed) {
    const box = removalOf(row);
    if (box) box.checked = removed;
    row.toggleAttribute("data-removed", removed);
    label(row);
    part(row, removed ? "[data-row-restore]" : "[data-row-remove]").focus();
    tell(row, removed ? "removed" : "restored");
    say(removed ? words.removed : words.restored, row);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-remove], [data-row-restore]");
    if (button) setRemoved(button.closest("[data-row]"), "rowRemove" in button.dataset);
  });

  // -- The page itself, and what htmx brings

  document.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) label(row);
  });
  function prepareWithin(root) {
    const lists = [...root.querySelectorAll("[data-rows]")];
    const around = root.closest("[data-rows]");
    for (const list of around ? [around, ...lists] : lists) prepare(list);
  }
  prepareWithin(document.body);
  document.addEventListener("htmx:load", ({ target }) => {
    if (target !== document.body) prepareWithin(target);
  });

  dashboard.rows = { prepare, staying: (list) => rowsOf(list).filter((row) => !isRemoved(row)) };
})();

// Shows places in the instructions: scrolls to them, selects them, marks them.
// The other tools ask for it by "show-places", with { ranges, at, focus }; for putting a text in a place
// by "put-text", with { start, end, text }; and for taking that back by "take-back".
(function () {
  "use strict";
  const field = document.getElementById("id_instructions");
  if (!field) return;
  const COPIED =
    "fontFamily fontSize fontWeight lineHeight letterSpacing tabSize direction unicodeBidi textAlign" +
    " paddingTop paddingRight paddingBottom paddingLeft";
  const MOST_MARKED = 5000;
  const canMark = "highlights" in CSS;

  // A browser tells nobody where in a field a character is. So a copy of the text, as wide as the
  // field, lies under it: unseen, but its places can be measured and marked.
  let glass = null;
  let copied = null; // its text node
  function layUnder() {
    if (glass) return;
    const style = getComputedStyle(field);
    glass = document.createElement("div");
    glass.className = "glass";
    glass.setAttribute("aria-hidden", "true");
    const sheet = document.createElement("div");
    for (const name of COPIED.split(" ")) sheet.style[name] = style[name];
    sheet.style.width = `${field.clientWidth}px`;
    copied = document.createTextNode(`${field.value}\n`);
    sheet.append(copied);
    glass.append(sheet);
    glass.style.insetBlockStart = `${field.offsetTop + field.clientTop}px`;
    glass.style.left = `${field.offsetLeft + field.clientLeft}px`;
    glass.style.width = `${field.clientWidth}px`;
    glass.style.height = `${field.clientHeight}px`;
    field.before(glass);
    field.classList.add("on-glass");
    follow();
  }
  function takeAway() {
    glass?.remove();
    glass = copied = null;
    field.classList.remove("on-glass");
    if (!canMark) return;
    CSS.highlights.delete("found");
    CSS.highlights.delete("found-here");
  }
  function follow() {
    if (glass) glass.scrollTop = field.scrollTop;
  }
  field.addEventListener("scroll", follow, { passive: true });
  field.addEventListener("input", takeAway);
  field.addEventListener("hide-places", takeAway);
  new ResizeObserver(() => {
    if (!glass) return;
    takeAway();
    mark();
  }).observe(field);

  function rangeOf([start, end]) {
    const range = document.createRange();
    range.setStart(copied, Math.min(start, copied.length));
    range.setEnd(copied, Math.min(end, copied.length));
    return range;
  }

  // The place comes into the middle of the field, unless it is in sight.
  function scrollTo(place) {
    const box = rangeOf([place[0], Math.max(place[1], place[0] + 1)]).getClientRects()[0];
    if (!box) return;
    const top = box.top - glass.getBoundingClientRect().top;
    const isInSight = top >= 0 && top + box.height <= field.clientHeight;
    if (!isInSight) field.scrollTop += top - field.clientHeight / 3;
    follow();
  }

  let shown = { ranges: [], at: -1 };
  function mark() {
    const { ranges, at } = shown;
    if (!canMark || !ranges.length) return;
    layUnder();
    const first = Math.max(0, Math.min(at - MOST_MARKED / 2, ranges.length - MOST_MARKED));
    const marked = ranges.slice(first, first + MOST_MARKED);
    CSS.highlights.set("found", new Highlight(...marked.map(rangeOf)));
    if (at >= 0) CSS.highlights.set("found-here", new Highlight(rangeOf(ranges[at])));
  }
  field.addEventListener("show-places", ({ detail: { ranges, at, focus } }) => {
    shown = { ranges, at };
    if (at < 0) {
      takeAway();
      return;
    }
    if (focus) field.focus({ preventScroll: true });
    field.setSelectionRange(...ranges[at]);
    layUnder();
    scrollTo(ranges[at]);
    if (focus) takeAway(); // the selection shows it
    else mark();
  });

  // A short text goes in as if it were typed, so the browser can undo it. For a long one of many lines
  // that takes browsers minutes: it is put in at once, and Ctrl+Z takes it back here.
  const MOST_TYPED = 2000000; // lines of the text times characters of the field
  let before = null; // the text that a long one replaced
  let after = null;
  field.addEventListener("put-text", ({ detail: { start, end, text } }) => {
    before = after = null;
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    if (start === end && !text) return;
    const isShort = text.split("\n").length * field.textLength < MOST_TYPED;
    if (isShort && document.execCommand(text ? "insertText" : "delete", false, text)) return;
    const replaced = field.value;
    field.setRangeText(text, start, end, "end");
    [before, after] = [replaced, field.value];
    countAsTyping();
  });
  function countAsTyping() {
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function takeBack() {
    field.focus({ preventScroll: true });
    if (after === null || field.value !== after) {
      document.execCommand("undo");
      return;
    }
    const { selectionStart: caret } = field;
    [before, after] = [after, before];
    field.value = after;
    field.setSelectionRange(caret, caret);
    countAsTyping();
  }
  field.addEventListener("take-back", takeBack);
  field.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && /^[yz]$/i.test(event.key);
    if (!isUndo || after === null || field.value !== after) return;
    event.preventDefault();
    takeBack();
  });
})();

// Shows places in the instructions: scrolls to them, selects them, marks them.
// The other tools ask for it by "show-places", with { ranges, at, focus }, and for putting a text in a
// place by "put-text", with { start, end, text }.
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
  // field, lies over it: unseen, but its places can be measured and marked.
  let glass = null;
  let copied = null; // its text node
  function layOver() {
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
    field.parentElement.append(glass);
    follow();
  }
  function takeAway() {
    glass?.remove();
    glass = copied = null;
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
  new ResizeObserver(takeAway).observe(field);

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

  field.addEventListener("show-places", ({ detail: { ranges, at, focus } }) => {
    takeAway();
    if (at >= 0) {
      if (focus) field.focus({ preventScroll: true });
      field.setSelectionRange(...ranges[at]);
    }
    if (at < 0 && !ranges.length) return;
    layOver();
    if (at >= 0) scrollTo(ranges[at]);
    if (focus || !canMark) {
      takeAway(); // the selection shows it
      return;
    }
    const first = Math.max(0, Math.min(at - MOST_MARKED / 2, ranges.length - MOST_MARKED));
    const marked = ranges.slice(first, first + MOST_MARKED);
    CSS.highlights.set("found", new Highlight(...marked.map(rangeOf)));
    if (at >= 0) CSS.highlights.set("found-here", new Highlight(rangeOf(ranges[at])));
  });

  // As if it were typed, so the browser can undo it and the form saves it.
  field.addEventListener("put-text", ({ detail: { start, end, text } }) => {
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    const command = text ? "insertText" : "delete";
    if ((start === end && !text) || document.execCommand(command, false, text)) return;
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();

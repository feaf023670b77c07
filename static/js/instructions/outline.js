// The outline of the instructions: headings to jump by, and the {variables} with their counts.
// Made when the browser has time, and only while it is open.
(function () {
  "use strict";
  const panel = document.getElementById("outline");
  if (!panel) return;
  const field = document.getElementById("id_instructions");
  const headingList = document.getElementById("outline-headings");
  const variableList = document.getElementById("outline-variables");
  const PAUSE = 500; // milliseconds
  const MOST = 500; // entries of a list
  const LONGEST_TITLE = 120;
  const grouped = new Intl.NumberFormat(document.documentElement.lang);

  // A heading is "## Title" outside fenced code, or a short numbered line between blank ones.
  function findHeadings(text) {
    const found = [];
    let at = 0;
    let fence = "";
    let before = "";
    const lines = text.split("\n");
    for (const [number, line] of lines.entries()) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      const heading = !fence && /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$/.exec(line);
      const isAlone = !before && !lines[number + 1]?.trim();
      const section = !fence && isAlone && /^(\d+(?:\.\d+)*)[.)]?[ \t]+\S.{0,70}$/.exec(line);
      if (mark && !fence) fence = mark;
      else if (mark && mark.startsWith(fence) && line.trim() === mark) fence = "";
      if (heading && heading[2]) found.push({ at, level: heading[1].length, title: heading[2] });
      else if (section) found.push({ at, level: section[1].split(".").length, title: line });
      before = line.trim();
      at += line.length + 1;
    }
    return found;
  }

  const NAME = "[\\p{L}_][\\p{L}\\p{N}_.-]{0,63}";
  const VARIABLE = new RegExp(`\\{\\{ ?${NAME} ?\\}\\}|\\{${NAME}\\}`, "gu");
  function findVariables(text) {
    const places = new Map();
    for (const match of text.matchAll(VARIABLE)) {
      if (!places.has(match[0])) places.set(match[0], []);
      places.get(match[0]).push([match.index, match.index + match[0].length]);
    }
    return places;
  }

  function entry(text, className) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    const label = document.createElement("bdi");
    label.textContent = text;
    button.append(label);
    item.append(button);
    return item;
  }
  function showPlaces(ranges, at) {
    field.dispatchEvent(new CustomEvent("show-places", { detail: { ranges, at, focus: true } }));
  }

  function headingItem({ at, level, title }, top) {
    const item = entry(title.slice(0, LONGEST_TITLE), `level-${Math.min(level - top + 1, 4)}`);
    const end = at + (field.value.indexOf("\n", at) + 1 || field.value.length + 1) - at - 1;
    item.firstChild.addEventListener("click", () => showPlaces([[at, end]], 0));
    return item;
  }
  function variableItem([name, ranges]) {
    const item = entry(name, "variable");
    const count = document.createElement("span");
    count.className = "count";
    count.textContent = grouped.format(ranges.length);
    item.firstChild.append(count);
    let next = 0;
    item.firstChild.addEventListener("click", () => {
      showPlaces(ranges, next % ranges.length);
      next += 1;
    });
    return item;
  }
  function fill(list, items, total) {
    list.replaceChildren(...items);
    list.nextElementSibling.hidden = total > 0;
    if (total <= items.length) return;
    const more = document.createElement("li");
    more.textContent = list.dataset.more.replace("{count}", grouped.format(total - items.length));
    list.append(more);
  }

  function update() {
    if (panel.hidden) return;
    const headings = findHeadings(field.value);
    const top = headings.reduce((least, { level }) => Math.min(least, level), 6);
    const shown = headings.slice(0, MOST).map((heading) => headingItem(heading, top));
    fill(headingList, shown, headings.length);
    const variables = [...findVariables(field.value)];
    fill(variableList, variables.slice(0, MOST).map(variableItem), variables.length);
  }

  let timer = 0;
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work));
  panel.addEventListener("opened", update);
  field.addEventListener("input", () => {
    if (panel.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(() => whenIdle(update), PAUSE);
  });
})();

// Small controls of any page: menus, copy buttons, counters, choices, steps from change to change.
// Data attributes mark them. The server checks everything again.
(function () {
  "use strict";

  // A menu is <details>. It closes on Escape, on a click elsewhere and when focus leaves it.
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A button copies data-copy="text", or the text of data-copy-from="id of an element".
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copyFrom);
    await navigator.clipboard.writeText(button.dataset.copy ?? source.textContent);
    const icon = button.querySelector("use");
    const iconAddress = icon?.getAttribute("href");
    icon?.setAttribute("href", iconAddress.replace(/#.*/, "#check"));
    announce(document.body.dataset.copied);
    setTimeout(() => icon?.setAttribute("href", iconAddress), 1500);
  });

  // A screen reader reads a live region only when its text changes, so it is emptied first.
  function announce(text) {
    const region = document.getElementById("announcer");
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = text));
  }

  // <output data-counts="id of a field" data-max="256"> counts characters as the server does:
  // by code point, and a line end as one.
  const grouped = new Intl.NumberFormat(document.documentElement.lang);
  function updateCounter(output) {
    const field = document.getElementById(output.dataset.counts);
    const max = Number(output.dataset.max);
    const text = field.value;
    const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g);
    const used = text.length - (pairs?.length ?? 0);
    output.textContent = `${grouped.format(used)} / ${grouped.format(max)}`;
    output.classList.toggle("near", used > max * 0.9 && used <= max);
    output.classList.toggle("over", used > max);
  }
  document.addEventListener("input", (event) => {
    if (!event.target.id) return;
    const selector = `[data-counts="${CSS.escape(event.target.id)}"]`;
    for (const output of document.querySelectorAll(selector)) updateCounter(output);
  });

  // A choice in <select data-sends> sends its form. Its menu is open again on the page that follows.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-sends]")) return;
    if (target.closest("details.menu")) sessionStorage.setItem("chosen", target.id);
    target.form.requestSubmit();
  });
  const chosen = document.getElementById(sessionStorage.getItem("chosen"));
  sessionStorage.removeItem("chosen");
  if (chosen?.matches("[data-sends]")) {
    chosen.closest("details.menu").open = true;
    chosen.focus();
  }

  // <form data-picks="2"> allows two ticks, and its [data-picked] buttons need both.
  function limitTicks(form) {
    const wanted = Number(form.dataset.picks);
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const full = boxes.filter((box) => box.checked).length >= wanted;
    for (const box of boxes) box.disabled = full && !box.checked;
    for (const button of form.querySelectorAll("[data-picked]")) button.disabled = !full;
  }
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.picks) limitTicks(form);
  });
  document.addEventListener("reset", ({ target }) => {
    if (target.dataset.picks) setTimeout(() => limitTicks(target)); // the ticks go after this event
  });

  // <button data-step="1"> goes to the next [data-change], "-1" to the previous one.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const changes = [...document.querySelectorAll("[data-change]")];
    const step = Number(button.dataset.step);
    const current = changes.findIndex((change) => change.classList.contains("here"));
    const first = step > 0 ? 0 : changes.length - 1;
    const target = changes[current < 0 ? first : current + step];
    if (!target) return;
    for (const change of changes) change.classList.toggle("here", change === target);
    target.closest("details:not([open])")?.setAttribute("open", "");
    target.scrollIntoView({ block: "center" });
  });

  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".banner").remove();
  });

  const currentPage = document.querySelector(".navigation [aria-current]");
  currentPage?.scrollIntoView({ block: "nearest", inline: "center" });

  // The page itself, and each fragment that htmx puts into it.
  function prepare(root) {
    for (const output of root.querySelectorAll("[data-counts]")) updateCounter(output);
    for (const form of root.querySelectorAll("form[data-picks]")) limitTicks(form);
    (root.querySelector("[aria-invalid][autofocus]") ?? root.querySelector(".error-summary"))?.focus();
  }
  prepare(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) prepare(event.target);
  });
})();

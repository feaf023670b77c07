// Small things any page may use, found by their data attributes; the server decides, this helps.
(function () {
  "use strict";

  // Menus are <details>: close them on Escape, on a click elsewhere and when focus leaves.
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

  // data-copy="text", or data-copy-from="id of an element". The button says that it is done.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copyFrom);
    await navigator.clipboard.writeText(button.dataset.copy ?? source.textContent);
    const use = button.querySelector("use");
    const href = use?.getAttribute("href");
    use?.setAttribute("href", href.replace(/#.*/, "#check"));
    announce(document.body.dataset.copied);
    setTimeout(() => use?.setAttribute("href", href), 1500);
  });

  function announce(text) {
    const region = document.getElementById("announcer");
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = text));
  }

  // <output data-counts="id of a field" data-max="256">: characters as the server counts them,
  // by code point, a line end as one.
  const grouped = new Intl.NumberFormat(document.documentElement.lang);
  function count(output) {
    const field = document.getElementById(output.dataset.counts);
    const max = Number(output.dataset.max);
    let used = 0;
    for (const _ of field.value) used += 1;
    output.textContent = `${grouped.format(used)} / ${grouped.format(max)}`;
    output.classList.toggle("near", used > max * 0.9 && used <= max);
    output.classList.toggle("over", used > max);
  }
  document.addEventListener("input", (event) => {
    if (!event.target.id) return;
    const selector = `[data-counts="${CSS.escape(event.target.id)}"]`;
    for (const output of document.querySelectorAll(selector)) count(output);
  });

  // Choosing sends the form: <select data-sends>.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  });

  // "Compare" needs exactly two ticks: <form data-picks="2">.
  function pick(form) {
    const wanted = Number(form.dataset.picks);
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const full = boxes.filter((box) => box.checked).length >= wanted;
    for (const box of boxes) box.disabled = full && !box.checked;
    for (const button of form.querySelectorAll("[data-picked]")) button.disabled = !full;
  }
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.picks) pick(form);
  });

  // n and p go from change to change: every [data-change] is a stop.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const stops = [...document.querySelectorAll("[data-change]")];
    const step = Number(button.dataset.step);
    const at = stops.findIndex((stop) => stop.classList.contains("here"));
    const next = at < 0 ? (step > 0 ? 0 : stops.length - 1) : at + step;
    if (!stops[next]) return;
    for (const stop of stops) stop.classList.toggle("here", stop === stops[next]);
    stops[next].closest("details:not([open])")?.setAttribute("open", "");
    stops[next].scrollIntoView({ block: "center" });
  });

  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".banner").remove();
  });

  function toast(text) {
    const template = document.getElementById("trouble");
    const banner = template.content.cloneNode(true);
    banner.querySelector("[data-text]").textContent = text;
    document.getElementById("toasts").replaceChildren(banner);
  }
  // What a page asks for behind itself tells in its own place, or not at all, that it failed.
  const behind = (event) => event.detail.requestConfig?.headers["X-Background"] !== undefined;
  for (const [name, text] of [["sendError", "offline"], ["timeout", "offline"], ["responseError", "failed"]]) {
    document.addEventListener(`htmx:${name}`, (event) => {
      if (behind(event)) return;
      const { dataset } = document.body;
      const seconds = wait(event.detail.xhr);
      toast(seconds ? dataset.later.replace("{time}", inWords(seconds)) : dataset[text]);
    });
  }
  // A refusal may say in how many seconds the same will work; 0 where it does not.
  const wait = (xhr) => Number(xhr?.getResponseHeader("Retry-After")) || 0;
  const unit = { style: "unit", unit: "second", unitDisplay: "long" };
  const inWords = (seconds) => new Intl.NumberFormat(document.documentElement.lang, unit).format(seconds);

  // A notice to wait goes with the next thing that works.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status < 400 && !behind(event)) document.querySelector("#notices .passing")?.remove();
  });

  // <… data-background>: htmx sends it without the person's doing ("keep": a form, to be kept). The
  // server answers 401 with a notice where they are signed out, and takes them off no page.
  const notices = document.getElementById("notices");
  const signedOut = () => notices.querySelector("[data-signed-out]");
  const notAllowed = () => notices.querySelector("[data-not-allowed]");
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const kind = detail.elt.dataset.background;
    if (kind === undefined) return;
    Object.assign(detail.headers, headers(kind));
    if (token() && detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token();
  });
  // Signing in again in another tab gives this one a new token.
  const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  function headers(kind) {
    return { "X-Background": kind || "true", ...(token() && { "X-CSRFToken": token() }) };
  }
  window.background = { headers, token, wait, inWords };

  // The notice is shown once, and goes when they are signed in again, or may edit again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    const kind = requestConfig.headers["X-Background"];
    if (xhr.status === 403 && xhr.getResponseHeader("X-Kept")) {
      event.detail.shouldSwap = kind === "keep" || !notAllowed();
      event.detail.isError = false;
    }
    if (kind !== "true") return;
    event.detail.isError = false;
    if (xhr.status === 401) event.detail.shouldSwap = !signedOut();
    const mayAgain = notAllowed() && requestConfig.elt.id === "here";
    if (xhr.status < 300 && (signedOut() || mayAgain)) {
      notices.replaceChildren();
      document.dispatchEvent(new Event("signed-in"));
    }
  });

  // A note is kept as it is typed, and goes along when its page is left.
  const note = document.getElementById("id_note");
  let kept = note?.value;
  let alone = false; // whether the person, as the server knows them now, may not have it kept
  note?.addEventListener("htmx:beforeSend", (event) => (event.detail.xhr.note = note.value));
  note?.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const isKept = xhr?.getResponseHeader("X-Kept") === "true";
    if (isKept) kept = xhr.note;
    settle();
    alone = !isKept && [401, 403, 404].includes(xhr?.status);
  });
  // Going back, a browser fills in what it has noted. It may note only what is kept nowhere else.
  function settle() {
    note.form.autocomplete = note.value === kept ? "off" : "on";
  }
  note?.addEventListener("input", settle);
  function takeAlong(event) {
    if (!note || note.value === kept) return;
    if (alone && event.type === "beforeunload") return event.preventDefault();
    const data = new URLSearchParams(new FormData(note.form));
    data.set("action", "keep");
    if (token()) data.set("csrfmiddlewaretoken", token());
    if (navigator.sendBeacon(location.href, data)) kept = note.value;
  }
  addEventListener("beforeunload", takeAlong);
  addEventListener("pagehide", takeAlong);

  document.querySelector(".navigation [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  function prepare(root) {
    for (const output of root.querySelectorAll("[data-counts]")) count(output);
    for (const form of root.querySelectorAll("form[data-picks]")) pick(form);
    const summary = root.querySelector(".error-summary");
    summary?.focus();
  }
  prepare(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) prepare(event.target);
  });
})();

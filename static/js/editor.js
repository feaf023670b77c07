// The editor: saving by itself, full screen, sliders. The server needs none of it.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  // On paper a field shows only what fits into it: its whole text is put beside it.
  addEventListener("beforeprint", () => {
    for (const field of form.querySelectorAll("textarea, input[type=text]")) {
      const text = document.createElement("div");
      text.className = "copied-out";
      text.dir = field.dir || "ltr";
      text.textContent = field.value;
      field.after(text);
    }
  });
  addEventListener("afterprint", () => {
    for (const text of form.querySelectorAll(".copied-out")) text.remove();
  });

  // Autosave. htmx sends the form after a pause in typing; this numbers the saves, so that the
  // server can tell an older one that arrives after it, and says at the foot what is not saved yet.
  const saved = document.getElementById("saved");
  const changed = document.getElementById("changed");
  const RETRY = 5; // seconds, where the server does not say how many
  const LONGEST = 60;
  const BEACON = 60000; // bytes that a browser sends for a page that is closing
  let dirty = "unsaved" in form.dataset;
  let typed = 0; // counts what was typed
  let sent = 0; // its count when the newest save was sent
  let sending = 0; // saves under way
  let waiting = null; // a button that waits for them
  let failing = false; // whether the newest save could not be made, and is tried again
  let stuck = false; // whether what it held is on this page alone
  let retry = 0;
  let gone = -1; // the count of what was typed when the page was being left

  const address = () => form.getAttribute("action"); // `form.action` is its buttons of that name

  function stamp() {
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    const fresh = background.token();
    if (fresh) form.elements.csrfmiddlewaretoken.value = fresh;
  }
  function keep() {
    htmx.trigger(saved, "keep");
  }
  function say(text) {
    saved.textContent = text;
  }

  form.addEventListener("input", () => {
    typed += 1;
    if (!dirty) say(saved.dataset.unsaved);
    soil(true);
    changed.hidden = true; // how many fields it is, the next save tells
  });

  // Who goes back finds the fields as the browser has noted them: over a text that was saved since. So it
  // may note only what could not be saved. When it comes back it is typing, of a page that had seen the
  // draft of its own time.
  function soil(is) {
    dirty = is;
    form.autocomplete = is ? "on" : "off";
  }
  function isFilledIn(field) {
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((option) => option.defaultSelected && !option.selected);
    return field.matches("textarea, [type=text]") && field.value !== field.defaultValue;
  }
  const { seen } = form.elements;
  const before = history.state?.seen ?? "";
  history.replaceState({ ...history.state, seen: seen.value }, "");
  function look() {
    if (typed || ![...form.elements].some(isFilledIn)) return;
    seen.value = before;
    history.replaceState({ ...history.state, seen: before }, "");
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  // It may fill them in after the page has loaded, and tells nobody.
  addEventListener("load", () => [0, 200, 1000].forEach((delay) => setTimeout(look, delay)));
  saved.addEventListener("htmx:configRequest", (event) => {
    stamp();
    clearTimeout(retry);
    sent = typed;
    event.detail.path = address();
    for (const name of ["turn", "csrfmiddlewaretoken"]) {
      event.detail.parameters[name] = form.elements[name].value;
    }
  });
  saved.addEventListener("htmx:beforeSend", () => (sending += 1));
  // Only our own answers say that something is kept: a proxy may answer with a page of its own.
  const isKept = (xhr) => xhr?.getResponseHeader("X-Kept") === "true";
  saved.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 200 && !isKept(xhr)) event.detail.shouldSwap = false;
    event.detail.isError = false; // the foot says what is the matter
  });
  saved.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr?.status ?? 0;
    const kept = isKept(event.detail.xhr);
    const { dataset } = saved;
    const refusal = { 400: dataset.refused, 401: dataset.out, 403: dataset.refused, 404: dataset.gone, 413: dataset.large };
    sending -= 1;
    stuck = !kept && status !== 409; // then a banner asks what to do
    failing = stuck && !(status in refusal);
    if (kept && sent === typed) soil(false);
    if (kept && status === 200) changed.hidden = false;
    if (status in refusal) say(kept && status !== 401 ? dataset.kept : refusal[status]);
    if (failing) {
      const seconds = Math.min(background.wait(event.detail.xhr) || RETRY, LONGEST);
      const text = { 429: dataset.unsaved, 500: dataset.wrong, 503: dataset.busy }[status] ?? dataset.failed;
      say(text.replace("{time}", background.inWords(seconds)));
      retry = setTimeout(keep, seconds * 1000);
    }
    if (waiting && sending === 0) {
      const { button } = waiting;
      waiting = null;
      dirty = dirty && stuck;
      if (!stuck) form.requestSubmit(button);
    }
  });
  document.addEventListener("signed-in", keep);
  // A pasted function was put into its fields: that is typing too.
  document.addEventListener("taken-apart", () => form.dispatchEvent(new Event("input", { bubbles: true })));
  // The first save of a new assistant gives it an address; what follows goes there.
  document.addEventListener("begun", (event) => form.setAttribute("action", event.detail.address));

  // A button saves first and goes on when that is done: an older text must not arrive after a newer
  // one, and a page that cannot be reached must not take the place of what was typed.
  form.addEventListener("submit", (event) => {
    const replacing = ["replace", "take"].includes(event.submitter?.name) && !stuck; // what saving alone may not
    if ((sending > 0 || dirty) && !replacing) {
      event.preventDefault();
      waiting = { button: event.submitter };
      if (sending === 0 || sent !== typed) keep();
      return;
    }
    clearTimeout(retry);
    stamp();
    dirty = false;
  });

  // Leaving: what was typed a moment ago goes along; where that cannot be, the browser asks.
  function body() {
    const data = new URLSearchParams(new FormData(form));
    data.set("action", "keep");
    return data;
  }
  const fits = () => navigator.onLine && !stuck && body().toString().length < BEACON && !held();
  const held = () => document.querySelector("#elsewhere .banner") !== null;
  function send() {
    if (gone === typed) return;
    stamp();
    if (navigator.sendBeacon(address(), body())) gone = typed;
    note(gone === typed && { tab: form.elements.tab.value, turn: Number(form.elements.turn.value), at: Date.now() });
  }
  addEventListener("beforeunload", (event) => {
    if (dirty && fits()) send(); // before the next page is asked for
    else if (dirty) event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (dirty && fits()) send();
    if (gone === typed) soil(false);
  });

  // The next page may be asked for before that has arrived. So the one that is left notes which save it
  // was, without any text, and the editor that is opened then waits for it, but no longer than seconds.
  const LEFT = `left:${location.pathname}`;
  const ARRIVES = 2000; // milliseconds
  function note(left) {
    try {
      if (left) localStorage.setItem(LEFT, JSON.stringify(left));
      else localStorage.removeItem(LEFT);
    } catch {
      // Storage is closed to us: then the page may show the text from before.
    }
  }
  function noted() {
    try {
      return JSON.parse(localStorage.getItem(LEFT));
    } catch {
      return null;
    }
  }
  (function wait() {
    const left = noted();
    if (!left) return;
    const [tab, turn] = form.dataset.shows.split(" ");
    const arrived = tab === left.tab && Number(turn) >= left.turn;
    const owner = (name) => name.split("-")[0];
    const waited = Date.now() - left.at;
    const over = waited < 0 || waited > ARRIVES || dirty;
    if (arrived || over || owner(left.tab) !== owner(form.elements.tab.value)) return note(null);
    form.inert = true;
    say(saved.dataset.leaving);
    const query = new URLSearchParams(location.search);
    if ("begins" in form.dataset) query.set("left", left.tab); // its assistant has an address by then
    setTimeout(() => location.replace(`${location.pathname}?${query}`), 100 + waited / 4);
  })();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty) keep();
  });

  // An error that is folded away is unfolded when the summary leads to it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('.error-summary a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    field.closest("details:not([open])")?.setAttribute("open", "");
    if (field.matches("input, textarea, select")) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
  });

  // The name of a function is the title of its card.
  form.addEventListener("input", (event) => {
    const match = /^function-\d+-name$/.exec(event.target.name);
    if (!match) return;
    const title = event.target.closest("details").querySelector("summary .mono");
    title.textContent = event.target.value || title.textContent;
  });

  // Sliders move their number, and follow it. A number that is not set leaves its slider pale.
  function follow(slider, number) {
    const value = parseFloat(number.value.replace(",", "."));
    slider.classList.toggle("unset", Number.isNaN(value));
    if (!Number.isNaN(value)) slider.value = value;
  }
  for (const slider of form.querySelectorAll("[data-slides]")) {
    const number = document.getElementById(slider.dataset.slides);
    follow(slider, number);
    number.addEventListener("input", () => follow(slider, number));
    slider.addEventListener("input", () => {
      number.value = slider.value;
      slider.classList.remove("unset");
    });
  }

  // Full screen: the field fills the window until Escape or the button.
  const button = document.querySelector("[data-fullscreen]");
  if (button) {
    const place = document.getElementById(button.dataset.fullscreen);
    const text = place.querySelector("textarea");
    const label = button.querySelector("span");
    const open = label.textContent;
    const toggle = (full) => {
      place.classList.toggle("fullscreen", full);
      button.parentElement.classList.toggle("fullscreen-bar", full);
      button.setAttribute("aria-pressed", String(full));
      label.textContent = full ? button.dataset.close : open;
      text.focus();
    };
    button.addEventListener("click", () => toggle(!place.classList.contains("fullscreen")));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && place.classList.contains("fullscreen")) toggle(false);
    });
  }
})();

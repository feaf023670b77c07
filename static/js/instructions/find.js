// Find and replace in the instructions. A worker searches, so that no expression can freeze the page;
// it is ended after a second.
(function () {
  "use strict";
  const bar = document.getElementById("find");
  if (!bar) return;
  const field = document.getElementById("id_instructions");
  const opener = document.querySelector("[data-finds]");
  const [wanted, replacement] = bar.querySelectorAll("input");
  const status = bar.querySelector("output");
  const undo = bar.querySelector("[data-action=undo]");
  const toggles = Object.fromEntries([...bar.querySelectorAll("[data-option]")].map(byOption));
  const grouped = new Intl.NumberFormat(document.documentElement.lang);
  const MOST_SECONDS = 1;
  const PAUSE = 200; // milliseconds
  const MOST = 100000; // places that the worker answers

  let ranges = [];
  let current = -1;
  let searched = null; // the text in which `ranges` were found

  function byOption(toggle) {
    return [toggle.dataset.option, toggle];
  }
  const isOn = (name) => toggles[name].getAttribute("aria-pressed") === "true";
  function say(text) {
    status.textContent = text;
  }

  // -- The worker

  let worker = null;
  let turn = 0;
  let timer = 0;
  let isReady = false; // to start one takes a while too, which does not count
  let answer = null; // takes what the worker answers to the newest question
  function ask(question, take) {
    turn += 1;
    clearTimeout(timer);
    if (answer) stopWorker(); // the question before is still being worked on
    worker ??= startWorker();
    answer = take;
    if (isReady) startClock();
    const options = { what: wanted.value, isPattern: isOn("pattern"), matchesCase: isOn("case") };
    worker.postMessage({ ...options, ...question, turn });
  }
  function startWorker() {
    const started = new Worker(bar.dataset.worker);
    started.addEventListener("message", ({ data }) => {
      if (data.ready) {
        isReady = true;
        startClock();
      }
      if (data.turn !== turn || !answer) return;
      const take = answer;
      clearTimeout(timer);
      answer = null;
      wanted.setAttribute("aria-invalid", String(data.invalid !== undefined));
      if (data.invalid === undefined) take(data);
      else {
        forget();
        say(bar.dataset.invalid);
      }
    });
    return started;
  }
  function startClock() {
    if (answer) timer = setTimeout(giveUp, MOST_SECONDS * 1000);
  }
  function stopWorker() {
    worker?.terminate();
    worker = answer = null;
    isReady = false;
  }
  function giveUp() {
    stopWorker();
    forget();
    say(bar.dataset.slow);
  }

  // -- Finding

  function forget() {
    ranges = [];
    current = -1;
    searched = null;
    field.dispatchEvent(new Event("hide-places"));
  }
  function search(then) {
    if (!wanted.value) {
      forget();
      say("");
      return;
    }
    const text = field.value;
    ask({ text }, ({ places }) => {
      ranges = [];
      for (let at = 0; at < places.length; at += 2) ranges.push([places[at], places[at + 1]]);
      searched = text;
      then();
    });
  }
  // The match at the caret, else the next one.
  function findHere() {
    const next = ranges.findIndex(([start]) => start >= field.selectionStart);
    current = ranges.length ? Math.max(next, 0) : -1;
    show();
  }
  function show() {
    const isTyping = document.activeElement === field;
    const detail = { ranges, at: current, focus: isTyping };
    field.dispatchEvent(new CustomEvent("show-places", { detail }));
    sayWhere();
  }
  function sayWhere() {
    const { none, where, many } = bar.dataset;
    const count = ranges.length < MOST ? grouped.format(ranges.length) : many;
    const text = where.replace("{at}", grouped.format(current + 1)).replace("{count}", count);
    say(ranges.length ? text : none);
  }
  function step(by) {
    if (searched !== field.value) {
      search(findHere);
      return;
    }
    if (!ranges.length) return;
    current = (current + by + ranges.length) % ranges.length;
    show();
  }

  // -- Replacing

  function replaceThis() {
    if (searched !== field.value || current < 0) {
      search(findHere);
      return;
    }
    const [at, end] = ranges[current];
    ask({ text: searched, by: replacement.value, at, end }, (change) => {
      put(change);
      search(findHere);
    });
  }
  function replaceAll() {
    if (!wanted.value) return;
    const text = field.value;
    ask({ text, by: replacement.value }, (change) => {
      if (text !== field.value) return;
      if (change.count) put(change);
      undo.hidden = !change.count;
      forget();
      const { replaced, none } = bar.dataset;
      say(change.count ? replaced.replace("{count}", grouped.format(change.count)) : none);
    });
  }
  function put(change) {
    const focused = document.activeElement;
    const detail = { start: change.start, end: change.end, text: change.part };
    field.dispatchEvent(new CustomEvent("put-text", { detail }));
    focused?.focus();
  }

  // -- The bar

  function open() {
    const selected = field.value.slice(field.selectionStart, field.selectionEnd);
    bar.hidden = false;
    bar.dispatchEvent(new Event("wanted", { bubbles: true })); // on a phone another step may be shown
    opener.setAttribute("aria-expanded", "true");
    if (selected && selected.length < 200 && !selected.includes("\n")) wanted.value = selected;
    wanted.focus();
    wanted.select();
    search(findHere);
  }
  function close() {
    const place = ranges[current];
    bar.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    forget();
    field.focus({ preventScroll: true });
    if (place) field.setSelectionRange(...place);
  }
  opener.addEventListener("click", () => (bar.hidden ? open() : close()));

  const actions = {
    next: () => step(1),
    previous: () => step(-1),
    replace: replaceThis,
    all: replaceAll,
    undo: () => {
      field.dispatchEvent(new Event("take-back"));
      undo.hidden = true;
      search(findHere);
    },
    close,
  };
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    actions[button.dataset.action]?.();
    if (!button.dataset.option) return;
    button.setAttribute("aria-pressed", String(!isOn(button.dataset.option)));
    search(findHere);
  });

  let pause = 0;
  function searchSoon() {
    clearTimeout(pause);
    pause = setTimeout(() => search(findHere), PAUSE);
  }
  // What is typed here is no part of the form.
  bar.addEventListener("input", (event) => {
    event.stopPropagation();
    if (event.target === wanted) searchSoon();
  });
  bar.addEventListener("change", (event) => event.stopPropagation());
  field.addEventListener("input", () => {
    if (bar.hidden) return;
    say("");
    undo.hidden = true;
  });

  document.addEventListener("keydown", (event) => {
    const isInBar = bar.contains(event.target);
    const isInField = event.target === field;
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.altKey && event.code === "KeyF") open();
    else if (event.key === "F3" && !bar.hidden) step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && !bar.hidden && (isInBar || isInField)) close();
    else if (event.key === "Enter" && event.target === wanted) step(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" && event.target === replacement) replaceThis();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();

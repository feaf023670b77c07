// The open form is saved automatically: after a pause in typing, before a button, and on leaving.
// docs/architecture.md, "Autosave", says what the server does with it.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;

  const statusLine = document.getElementById("saved"); // through it htmx sends the form
  const RETRY = 5; // seconds, if the server does not say how many
  const LONGEST_RETRY = 60;
  const LARGEST_BEACON = 60000; // bytes that a browser sends for a page that is closing
  const BEACON_ARRIVES = 2000; // milliseconds

  let unsaved = "unsaved" in form.dataset;
  let edits = 0; // how often something was typed
  let editsSent = 0; // `edits` when the newest save was sent
  let editsInBeacon = -1; // `edits` when the newest beacon was sent
  let savesUnderWay = 0;
  let submitAfterSave = null; // { button }, while a button waits for a save
  let keptNowhere = false; // the newest save failed, so its text is on this page alone
  let retryTimer = 0;

  const address = () => statusLine.getAttribute("hx-post");
  const isKept = (xhr) => xhr?.getResponseHeader("X-Kept") === "true"; // a proxy answers without it

  function saveNow() {
    htmx.trigger(statusLine, "keep");
  }
  function showStatus(text) {
    statusLine.textContent = text;
  }
  function countAsTyping() {
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Saves are numbered, so the server can tell an older one that arrives after a newer one.
  function takeNextTurn() {
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    const token = dashboard.csrfToken();
    if (token) form.elements.csrfmiddlewaretoken.value = token;
  }

  // Going back, a browser fills fields in with the text it remembers. It may remember only what is
  // not saved, or it would put an older text over a newer one.
  function setUnsaved(isUnsaved) {
    unsaved = isUnsaved;
    form.autocomplete = isUnsaved ? "on" : "off";
  }

  form.addEventListener("input", () => {
    edits += 1;
    if (!unsaved) showStatus(statusLine.dataset.unsaved);
    setUnsaved(true);
  });
  // htmx listens from here on. What was typed before would be saved only after the next key.
  document.addEventListener("DOMContentLoaded", () => edits && saveNow());
  document.addEventListener("signed-in", saveNow);
  document.addEventListener("taken-apart", countAsTyping); // a pasted function now fills its fields
  document.addEventListener("put-back", countAsTyping); // a field is as it is live, or was before that
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved) saveNow();
  });

  // The first save of a new assistant gives it an address, which later saves use.
  document.addEventListener("begun", ({ detail }) => {
    form.setAttribute("action", detail.address);
    statusLine.setAttribute("hx-post", detail.autosave ?? detail.address);
  });

  // -- A save, from request to answer

  statusLine.addEventListener("htmx:configRequest", (event) => {
    takeNextTurn();
    clearTimeout(retryTimer);
    editsSent = edits;
    event.detail.path = address();
    for (const name of ["turn", "csrfmiddlewaretoken"]) {
      event.detail.parameters[name] = form.elements[name].value;
    }
  });
  statusLine.addEventListener("htmx:beforeSend", () => (savesUnderWay += 1));
  statusLine.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 200 && !isKept(xhr)) event.detail.shouldSwap = false;
    event.detail.isError = false; // the status line says what went wrong
  });
  statusLine.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const code = xhr?.status ?? 0;
    const kept = isKept(xhr);
    const refusal = refusalText(code);
    savesUnderWay -= 1;
    keptNowhere = !kept && code !== 409; // 409 shows a banner with a choice
    if (kept && editsSent === edits) setUnsaved(false);
    if (code === 404 && saveAsBefore()) return;
    if (refusal) showStatus(kept && code !== 401 ? statusLine.dataset.kept : refusal);
    else if (keptNowhere) retryLater(xhr, code);
    // Until the newest text is sent, htmx has another save in its queue, which would race the button.
    if (submitAfterSave && savesUnderWay === 0 && editsSent === edits) submitNow();
  });

  // During an update, a server of the release before may answer. It takes saves at the form's address.
  function saveAsBefore() {
    const before = form.getAttribute("action"); // `form.action` is its buttons of that name
    if (address() === before) return false;
    statusLine.setAttribute("hx-post", before);
    saveNow();
    return true;
  }
  function refusalText(code) {
    const { refused, out, gone, large } = statusLine.dataset;
    return { 400: refused, 401: out, 403: refused, 404: gone, 413: large }[code];
  }
  function retryLater(xhr, code) {
    const { unsaved: notYet, wrong, busy, failed } = statusLine.dataset;
    const seconds = Math.min(dashboard.secondsToWait(xhr) || RETRY, LONGEST_RETRY);
    const text = { 429: notYet, 500: wrong, 503: busy }[code] ?? failed;
    showStatus(text.replace("{time}", dashboard.inWords(seconds)));
    retryTimer = setTimeout(saveNow, seconds * 1000);
  }

  // -- Buttons

  // A button saves first and goes on once that has worked. So an older text cannot arrive after a
  // newer one, and an unreachable server cannot replace the page with an error.
  form.addEventListener("submit", (event) => {
    // These two replace another text on purpose, which a save may not do.
    const replaces = ["replace", "take"].includes(event.submitter?.name) && !keptNowhere;
    if ((savesUnderWay > 0 || unsaved) && !replaces) {
      event.preventDefault();
      submitAfterSave = { button: event.submitter };
      if (savesUnderWay === 0 || editsSent !== edits) saveNow();
      return;
    }
    clearTimeout(retryTimer);
    takeNextTurn();
    unsaved = false;
  });
  function submitNow() {
    const { button } = submitAfterSave;
    submitAfterSave = null;
    unsaved = unsaved && keptNowhere;
    if (!keptNowhere) form.requestSubmit(button);
  }

  // -- Leaving the page

  // A beacon takes along what was typed a moment ago. If it cannot, the browser asks.
  function beaconBody() {
    const data = new URLSearchParams(new FormData(form));
    data.set("action", "keep");
    return data;
  }
  function canSendBeacon() {
    const hasConflict = document.querySelector("#elsewhere .banner") !== null;
    const fits = () => beaconBody().toString().length < LARGEST_BEACON;
    return navigator.onLine && !keptNowhere && !hasConflict && fits();
  }
  function sendBeacon() {
    if (editsInBeacon === edits) return;
    takeNextTurn();
    if (!navigator.sendBeacon(address(), beaconBody())) {
      forgetBeacon();
      return;
    }
    editsInBeacon = edits;
    const { tab, turn } = form.elements;
    rememberBeacon({ tab: tab.value, turn: Number(turn.value), at: Date.now() });
  }
  addEventListener("beforeunload", (event) => {
    if (!unsaved) return;
    if (canSendBeacon()) sendBeacon(); // before the browser asks for the next page
    else event.preventDefault();
  });
  addEventListener("pagehide", () => {
    if (unsaved && canSendBeacon()) sendBeacon();
    if (editsInBeacon === edits) setUnsaved(false);
  });

  // -- Opening the page

  // The browser may ask for the next page before the beacon has arrived. So the page that is left
  // stores the number of its save, without text, and the next one waits for that save.
  const BEACON = `left:${location.pathname}`;
  function rememberBeacon(beacon) {
    try {
      localStorage.setItem(BEACON, JSON.stringify(beacon));
    } catch {
      // No storage: the next page may show the text from before the beacon.
    }
  }
  function forgetBeacon() {
    try {
      localStorage.removeItem(BEACON);
    } catch {
      // No storage: nothing to forget.
    }
  }
  function rememberedBeacon() {
    try {
      return JSON.parse(localStorage.getItem(BEACON));
    } catch {
      return null;
    }
  }
  function waitForBeacon() {
    const beacon = rememberedBeacon();
    if (!beacon) return;
    const [shownTab, shownTurn] = form.dataset.shows.split(" ");
    const person = (tab) => tab.split("-")[0];
    const waited = Date.now() - beacon.at;
    const isArrived = shownTab === beacon.tab && Number(shownTurn) >= beacon.turn;
    const isTooLate = waited < 0 || waited > BEACON_ARRIVES;
    const isOthers = person(beacon.tab) !== person(form.elements.tab.value);
    if (isArrived || isTooLate || isOthers || unsaved) {
      forgetBeacon();
      return;
    }
    form.inert = true;
    showStatus(statusLine.dataset.leaving);
    const query = new URLSearchParams(location.search);
    if ("begins" in form.dataset) query.set("left", beacon.tab); // its assistant has an address by then
    setTimeout(() => location.replace(`${location.pathname}?${query}`), 100 + waited / 4);
  }

  // A text that the browser fills in on going back counts as typed. The page it was typed on had seen
  // an earlier draft, so the form names that one as `seen`. A link within the page makes an entry of its
  // own in the browser's history, to which a person may go back too. htmx would load the page again on
  // going back to the entry whose address it replaced, so its mark goes.
  const { seen } = form.elements;
  const seenBefore = history.state?.seen ?? "";
  const rememberSeen = () => history.replaceState({ seen: seen.value }, "");
  rememberSeen();
  addEventListener("hashchange", rememberSeen);
  document.addEventListener("htmx:replacedInHistory", rememberSeen);
  function isFilledIn(field) {
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some(isDeselected);
    return field.matches("textarea, [type=text]") && field.value !== field.defaultValue;
  }
  function isDeselected(option) {
    return option.defaultSelected && !option.selected;
  }
  function findFilledIn() {
    if (edits || ![...form.elements].some(isFilledIn)) return;
    seen.value = seenBefore;
    rememberSeen();
    countAsTyping();
  }
  // Browsers fill fields in some time after the page has loaded, and send no event.
  addEventListener("load", () => [0, 200, 1000].forEach((delay) => setTimeout(findFilledIn, delay)));

  waitForBeacon();
})();

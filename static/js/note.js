// The note of a change: htmx saves it while it is typed, a beacon when its page is left.
(function () {
  "use strict";
  const note = document.getElementById("id_note");
  if (!note) return;

  let savedText = note.value;
  let mayNotSave = false; // the server refused the newest save for who the person is now

  note.addEventListener("htmx:beforeSend", (event) => (event.detail.xhr.note = note.value));
  note.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const isKept = xhr?.getResponseHeader("X-Kept") === "true";
    if (isKept) savedText = xhr.note;
    allowAutofill();
    mayNotSave = !isKept && [401, 403, 404].includes(xhr?.status);
  });

  // Going back, a browser fills fields in with the text it remembers. It may remember only a text
  // that is saved nowhere else, or it would put an older one over a newer.
  function allowAutofill() {
    note.form.autocomplete = note.value === savedText ? "off" : "on";
  }
  note.addEventListener("input", allowAutofill);

  function saveOnLeaving(event) {
    if (note.value === savedText) return;
    if (mayNotSave && event.type === "beforeunload") {
      event.preventDefault(); // the browser asks whether to leave
      return;
    }
    const data = new URLSearchParams(new FormData(note.form));
    data.set("action", "keep");
    const token = dashboard.csrfToken();
    if (token) data.set("csrfmiddlewaretoken", token);
    if (navigator.sendBeacon(location.href, data)) savedText = note.value;
  }
  addEventListener("beforeunload", saveOnLeaving);
  addEventListener("pagehide", saveOnLeaving);
})();

// Who else is editing. htmx asks every 30 seconds; this asks at once when the page is shown again,
// and says at once that it is left.
(function () {
  "use strict";
  const presence = document.getElementById("here");
  if (!presence) return;
  const address = presence.getAttribute("hx-post");
  const askNow = () => htmx.trigger(document.body, "look");

  // The server counts only those other pages of a person that have asked since this one opened. So a
  // page that opens tells the others in this browser. They ask, then tell it to ask again.
  const otherPages = new BroadcastChannel(`here:${address}`);
  let message = "opened"; // to the other pages, once the server has answered
  otherPages.addEventListener("message", (event) => {
    if (event.data === "opened") message = "asked";
    askNow();
  });
  presence.addEventListener("htmx:afterRequest", () => {
    if (message) otherPages.postMessage(message);
    message = "";
  });

  addEventListener("pageshow", (event) => event.persisted && askNow());
  document.addEventListener("visibilitychange", () => document.hidden || askNow());

  // Not `sendBeacon`, which carries no headers: the server would take the request for a sent form.
  const tab = document.querySelector("#editor [name=tab]");
  if (!tab) return;
  addEventListener("pagehide", () => {
    const body = new URLSearchParams({ tab: tab.value, leaving: "1" });
    const headers = dashboard.backgroundHeaders();
    fetch(address, { method: "POST", body, headers, keepalive: true }).catch(() => {});
  });
})();

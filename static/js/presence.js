// Who else is editing is asked every half a minute by htmx. Here: coming back asks at once, leaving says
// so at once, and a question that fails disturbs nobody.
(function () {
  "use strict";
  const here = document.getElementById("here");
  if (!here) return;
  const look = () => htmx.trigger(document.body, "look");

  // Another page of the same person, in this browser, hears of this one at once, and answers by asking:
  // only a page that asks is known to be open.
  const channel = new BroadcastChannel(`here:${here.getAttribute("hx-post")}`);
  let next = "opened"; // what to tell the others when the server has answered
  channel.onmessage = (event) => {
    if (event.data === "opened") next = "asked";
    look();
  };
  here.addEventListener("htmx:afterRequest", () => {
    if (next) channel.postMessage(next);
    next = "";
  });
  addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("visibilitychange", () => document.hidden || look());

  // Not sendBeacon: that cannot carry headers, and without them a form would seem to have been sent.
  const tab = document.querySelector("#editor [name=tab]");
  if (!tab) return;
  addEventListener("pagehide", () => {
    const body = new URLSearchParams({ tab: tab.value, leaving: "1" });
    const address = here.getAttribute("hx-post");
    fetch(address, { method: "POST", body, headers: background.headers(), keepalive: true }).catch(() => {});
  });
})();

// Who else is editing is asked every half a minute by htmx. Here: coming back asks at once, leaving says
// so at once, and a question that fails disturbs nobody.
(function () {
  "use strict";
  const here = document.getElementById("here");
  if (!here) return;
  const look = () => htmx.trigger(document.body, "look");
  addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("visibilitychange", () => document.hidden || look());

  // Signing in again in another tab gives this one a new token.
  function headers() {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    return { ...JSON.parse(here.getAttribute("hx-headers")), ...(token && { "X-CSRFToken": token }) };
  }
  here.addEventListener("htmx:configRequest", (event) => Object.assign(event.detail.headers, headers()));

  // That somebody is signed out is said once, and taken back when they are not any more.
  const notices = document.getElementById("notices");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    if (requestConfig.elt !== here) return;
    event.detail.isError = false;
    if (xhr.status === 401) event.detail.shouldSwap = !notices.hasChildNodes();
    if (xhr.status < 300 && notices.hasChildNodes()) {
      notices.replaceChildren();
      document.dispatchEvent(new Event("signed-in"));
    }
  });

  // Not sendBeacon: that cannot carry headers, and without them a form would seem to have been sent.
  const tab = document.querySelector("#editor [name=tab]");
  if (!tab) return;
  addEventListener("pagehide", () => {
    const body = new URLSearchParams({ tab: tab.value, leaving: "1" });
    const address = here.getAttribute("hx-post");
    fetch(address, { method: "POST", body, headers: headers(), keepalive: true }).catch(() => {});
  });
})();

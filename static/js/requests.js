// What holds for every request of htmx: failures, requests in the background, signing in again.
// Other scripts use its functions as `dashboard`.
(function () {
  "use strict";

  function showToast(text) {
    const banner = document.getElementById("trouble").content.cloneNode(true);
    banner.querySelector("[data-text]").textContent = text;
    document.getElementById("toasts").replaceChildren(banner);
  }

  // A refusal may name the seconds after which the same request will work; 0 if it does not.
  const secondsToWait = (xhr) => Number(xhr?.getResponseHeader("Retry-After")) || 0;
  const longSeconds = { style: "unit", unit: "second", unitDisplay: "long" };
  function inWords(seconds) {
    return new Intl.NumberFormat(document.documentElement.lang, longSeconds).format(seconds);
  }

  // A background request shows a failure in its own place, or not at all.
  function isBackground(event) {
    return event.detail.requestConfig?.headers["X-Background"] !== undefined;
  }
  const failures = { sendError: "offline", timeout: "offline", responseError: "failed" };
  for (const [name, text] of Object.entries(failures)) {
    document.addEventListener(`htmx:${name}`, (event) => {
      if (isBackground(event)) return;
      const { dataset } = document.body;
      const seconds = secondsToWait(event.detail.xhr);
      showToast(seconds ? dataset.later.replace("{time}", inWords(seconds)) : dataset[text]);
    });
  }

  // The next request that works removes a notice to wait.
  document.addEventListener("htmx:afterRequest", (event) => {
    const works = event.detail.xhr?.status < 400;
    if (works && !isBackground(event)) document.querySelector("#notices .passing")?.remove();
  });

  // A button without an address asks that of the page. Its fragment, which a link to a section has
  // put there, must not scroll the page away from what the answer shows.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.pathInfo) detail.pathInfo.anchor = undefined;
  });

  // Signing in again in another tab gives this one a new token.
  const csrfToken = () => /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1];

  // An element with data-background sends a request without the person's doing, and one with "keep"
  // saves a form. To a person who is signed out the server answers 401 with a notice, so they stay on
  // the page.
  function backgroundHeaders(kind) {
    return { "X-Background": kind || "true", ...(csrfToken() && { "X-CSRFToken": csrfToken() }) };
  }
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const kind = detail.elt.dataset.background;
    if (kind === undefined) return;
    Object.assign(detail.headers, backgroundHeaders(kind));
    if (csrfToken() && detail.parameters.csrfmiddlewaretoken) {
      detail.parameters.csrfmiddlewaretoken = csrfToken();
    }
  });

  // A notice is shown once. It goes when the person is signed in, or may edit, again.
  const notices = document.getElementById("notices");
  const signedOutNotice = () => notices.querySelector("[data-signed-out]");
  const notAllowedNotice = () => notices.querySelector("[data-not-allowed]");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, xhr } = event.detail;
    const kind = requestConfig.headers["X-Background"];
    if (xhr.status === 403 && xhr.getResponseHeader("X-Kept")) {
      event.detail.shouldSwap = kind === "keep" || !notAllowedNotice();
      event.detail.isError = false;
    }
    if (kind !== "true") return;
    event.detail.isError = false;
    if (xhr.status === 401) event.detail.shouldSwap = !signedOutNotice();
    const mayEditAgain = notAllowedNotice() && requestConfig.elt.id === "here";
    if (xhr.status < 300 && (signedOutNotice() || mayEditAgain)) {
      notices.replaceChildren();
      document.dispatchEvent(new Event("signed-in"));
    }
  });

  // Signing out clears this browser's other tabs too. The answer shows whether it worked: a page of
  // nobody has no such form. A tab with unsaved text asks before it goes.
  const tabs = new BroadcastChannel("signed-out");
  const isOfSomebody = () => document.querySelector("[data-signs-out]") !== null;
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-signs-out]")) sessionStorage.setItem("signs-out", "yes");
  });
  if (sessionStorage.getItem("signs-out") && !isOfSomebody()) tabs.postMessage("");
  sessionStorage.removeItem("signs-out");
  tabs.addEventListener("message", () => {
    if (isOfSomebody()) location.replace(location.pathname + location.search);
  });

  window.dashboard = { backgroundHeaders, csrfToken, secondsToWait, inWords };
})();

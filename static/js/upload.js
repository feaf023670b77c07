// Uploading a file: its size is checked before it is sent, and a bar shows the progress.
// The server checks everything again; without scripts the form is an ordinary one.
(function () {
  "use strict";
  const form = document.getElementById("upload");
  const input = document.getElementById("id_file");
  const bar = document.getElementById("upload-progress");
  const trouble = document.getElementById("upload-trouble");
  let isSent = false; // the browser has handed over every byte

  function tell(text) {
    const banner = document.getElementById("upload-banner").content.cloneNode(true);
    banner.querySelector("[data-text]").textContent = text;
    trouble.replaceChildren(banner);
  }

  input.addEventListener("change", () => {
    const isTooLarge = input.files[0]?.size > Number(form.dataset.mostBytes);
    trouble.replaceChildren();
    if (!isTooLarge) return;
    tell(form.dataset.tooLarge);
    input.value = "";
  });

  form.addEventListener("htmx:beforeRequest", () => {
    isSent = false;
    bar.value = 0;
    bar.hidden = false;
  });
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    if (!detail.lengthComputable) return;
    bar.value = (100 * detail.loaded) / detail.total;
    isSent = isSent || detail.loaded === detail.total;
  });
  form.addEventListener("htmx:afterRequest", () => (bar.hidden = true));

  // A refusal of ours says what happened in its own place, and the chosen file stays.
  form.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.xhr.getResponseHeader("X-Told")) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });
  form.addEventListener("htmx:responseError", ({ detail }) => {
    if (detail.xhr.status === 413) tell(form.dataset.tooLarge);
  });
  form.addEventListener("htmx:sendError", (event) => {
    event.stopPropagation();
    tell(isSent ? form.dataset.unclear : form.dataset.cutOff);
  });
})();

// On a phone the sections of the editor are steps: one at a time, with links to the one before and
// after. A hidden section can still be found by the browser's search, which brings it into sight.
// On a wider screen, and without this file, the sections are below each other.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;
  const phone = matchMedia("(width < 44rem)");
  const steps = document.getElementById("steps");
  const links = [...document.querySelectorAll("#rail a")];
  const HIDDEN = "onbeforematch" in document.body ? "until-found" : "";

  const sectionOf = (element) => element?.closest(".editor-body > .card");
  const targetOf = (hash) => document.getElementById(hash.slice(1));
  const sections = () => links.map((link) => sectionOf(targetOf(link.hash)));
  const numberOf = (element) => sections().indexOf(sectionOf(element) ?? null);
  const hasError = (section) => section.querySelector("[aria-invalid=true], .error") !== null;

  // A refused form begins at its first error, another at the address, or where most of the work is.
  function firstStep() {
    const wrong = sections().findIndex(hasError);
    const asked = numberOf(targetOf(location.hash));
    const usual = links.findIndex((link) => link.dataset.part === "instructions");
    const begins = "begins" in form.dataset ? 0 : usual;
    return [wrong, asked, begins].find((number) => number >= 0);
  }

  let current = firstStep();
  let isPrinting = false;

  function show() {
    const isStepped = phone.matches && !isPrinting;
    form.classList.toggle("stepped", isStepped);
    for (const [number, section] of sections().entries()) {
      if (isStepped && number !== current) section.setAttribute("hidden", HIDDEN);
      else section.removeAttribute("hidden");
      if (isStepped && number === current && section.matches("details")) section.open = true;
      markError(links[number], isStepped && hasError(section));
    }
    for (const step of steps.children) lead(step, links[current + Number(step.dataset.by)]);
    document.dispatchEvent(new Event("step"));
  }
  function lead(step, link) {
    step.hidden = !link;
    if (!link) return;
    const name = link.firstChild.textContent.trim(); // without the marks after it
    step.href = link.hash;
    const label = step.dataset.text.replace("{part}", name);
    if (step.dataset.by === "1") step.querySelector("span").textContent = label;
    else step.setAttribute("aria-label", label);
  }
  const errorMark = document.getElementById("error-mark").content.firstElementChild;
  function markError(link, isWrong) {
    const mark = link.querySelector(".error-mark");
    if (isWrong && !mark) link.append(errorMark.cloneNode(true));
    if (!isWrong) mark?.remove();
  }
  function go(number) {
    if (number < 0 || number === current) return;
    current = number;
    show();
  }

  for (const link of links) {
    const heading = targetOf(link.hash);
    if (!heading.closest("summary")) heading.tabIndex = -1; // so that it is read out where a link leads
  }
  show();
  phone.addEventListener("change", show);
  document.addEventListener("htmx:load", show); // a section may be a new element
  addEventListener("beforeprint", () => {
    isPrinting = true;
    show();
  });
  addEventListener("afterprint", () => {
    isPrinting = false;
    show();
  });

  // A link leads to a field in any section. What hears of the click after this moves the focus, so the
  // section comes first. The address has the step, so the browser's Back leads to the one before.
  document.addEventListener(
    "click",
    ({ target }) => {
      const link = target.closest('main a[href^="#"]:not(#steps a)');
      if (link) go(numberOf(targetOf(link.hash)));
    },
    true,
  );
  steps.addEventListener("click", (event) => {
    const hash = event.target.closest("a")?.hash;
    if (!hash) return;
    event.preventDefault(); // the link leads further, once its step is shown
    go(numberOf(targetOf(hash)));
    location.hash = hash;
  });
  addEventListener("hashchange", () => go(location.hash ? numberOf(targetOf(location.hash)) : firstStep()));
  for (const name of ["beforematch", "wanted"]) {
    form.addEventListener(name, ({ target }) => go(numberOf(target)));
  }

  // As a step, the basics are not folded.
  const basics = document.querySelector("#basics-card > summary");
  basics.addEventListener("click", (event) => {
    if (form.matches(".stepped")) event.preventDefault();
  });

  // Saving by its button leads back to the step that one was at.
  form.addEventListener("submit", ({ submitter }) => {
    const isDraft = submitter?.value === "draft";
    const address = form.getAttribute("action").replace(/#.*/, "");
    form.setAttribute("action", isDraft && phone.matches ? address + links[current].hash : address);
  });
})();

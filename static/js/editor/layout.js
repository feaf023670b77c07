// The frame of the editor: the rail, the line of basics, the list of changes, the height of the foot.
// Without this file the links lead to their sections and the buttons work.
(function () {
  "use strict";
  const form = document.getElementById("editor");
  if (!form) return;
  const foot = document.getElementById("foot");
  const rail = document.getElementById("rail");
  const basics = document.getElementById("basics-card");
  const byHash = (link) => document.getElementById(link.hash.slice(1));
  const sectionOf = (element) => element?.closest(".editor-body > .card");

  // -- The foot stays in sight, so what fills the window ends above it.

  const measure = () => form.style.setProperty("--foot", `${foot.offsetHeight}px`);
  new ResizeObserver(measure).observe(foot);

  // -- The rail marks the section that one reads or writes in.

  const BELOW_LAST = 80; // pixels between the last section and the end of the page, and some more
  const links = [...rail.querySelectorAll("a")];
  const linkTo = (section) => links.find((link) => section && sectionOf(byHash(link)) === section);
  function markCurrent(section) {
    const current = linkTo(section);
    if (!current || current.matches("[aria-current]")) return;
    for (const link of links) link.removeAttribute("aria-current");
    current.setAttribute("aria-current", "true");
    const strip = current.closest("ul");
    const left = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;
    if (strip.scrollWidth > strip.clientWidth) strip.scrollTo({ left });
  }

  // Current is the section one writes in, as long as its field is in sight; else the one on a line a
  // third down the window; at the end of the page the last one.
  function sectionInSight() {
    const field = document.activeElement;
    const { top, bottom } = field.getBoundingClientRect();
    if (sectionOf(field) && bottom > 0 && top < innerHeight) return sectionOf(field);
    const sections = links.map((link) => sectionOf(byHash(link))).filter((section) => !section.hidden);
    const { scrollHeight, scrollTop } = document.documentElement;
    const below = scrollHeight - scrollTop - innerHeight;
    if (scrollTop > 0 && below < foot.offsetHeight + BELOW_LAST) return sections.at(-1);
    const isAbove = (section) => section.getBoundingClientRect().top <= innerHeight / 3;
    return sections.findLast(isAbove) ?? sections[0];
  }
  const look = () => markCurrent(sectionInSight());
  const onLine = new IntersectionObserver(look, { rootMargin: "-33% 0px -66% 0px" });
  const atEnd = new IntersectionObserver(look, { threshold: [0.5, 0.9, 1] });
  function observe() {
    for (const link of links) onLine.observe(sectionOf(byHash(link)));
    atEnd.observe(sectionOf(byHash(links.at(-1))));
  }
  observe();
  document.addEventListener("htmx:load", observe); // a section may be a new element
  document.addEventListener("step", look); // on a phone, where one section is in sight
  form.addEventListener("focusin", ({ target }) => markCurrent(sectionOf(target)));

  // A link may lead into a part that is folded.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('main a[href^="#"]');
    const target = link && byHash(link);
    if (!target || !form.contains(target)) return;
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) {
      if (!part.matches(".menu")) part.open = true;
    }
    if (!foot.contains(link)) return;
    event.preventDefault();
    document.getElementById("changes").open = false;
    target.scrollIntoView({ block: "center" });
    if (target.matches("input, textarea, select")) target.focus({ preventScroll: true });
  });

  // -- The basics stay open or folded, as the person left them.

  const STORED = "basics";
  const hasToBeOpen = basics.open; // for a new assistant, or an error
  try {
    if (localStorage.getItem(STORED) === "open") basics.open = true;
  } catch {
    // No storage: folded, as the page came.
  }
  basics.querySelector("summary").addEventListener("click", () => {
    if (hasToBeOpen) return;
    try {
      localStorage.setItem(STORED, basics.open ? "folded" : "open"); // what the click is about to do
    } catch {
      // No storage: it is not remembered.
    }
  });

  function showFact({ id, value }) {
    const fact = id && basics.querySelector(`[data-shows="${CSS.escape(id)}"]`);
    if (fact) fact.textContent = value;
  }
  form.addEventListener("input", ({ target }) => showFact(target));
  const facts = basics.querySelectorAll("[data-shows]");
  for (const fact of facts) showFact(document.getElementById(fact.dataset.shows));

  // -- Changed fields are marked at their labels, headings and links, as the newest list has them.

  const changesList = document.getElementById("changes-list");
  const dots = foot.querySelector("[data-count]");
  const mark = document.getElementById("changed-mark").content.firstElementChild;
  function placesOf(id) {
    const section = sectionOf(document.getElementById(id));
    const label = form.querySelector(`label[for="${CSS.escape(id)}"]`);
    return [label, section?.querySelector("h2"), linkTo(section)].filter(Boolean);
  }
  function markChanges() {
    const changes = [...changesList.querySelectorAll("[data-at]")];
    const wanted = new Set(changes.flatMap(({ dataset }) => placesOf(dataset.at)));
    dots.dataset.count = changes.length || "";
    for (const found of form.querySelectorAll(".changed-mark")) {
      if (!wanted.delete(found.parentElement)) found.remove();
    }
    for (const place of wanted) place.append(mark.cloneNode(true));
  }
  new MutationObserver(markChanges).observe(changesList, { childList: true });

  // -- A field that is put back: its input takes the value, so it keeps its place and its listeners.

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!target.matches("#editor input, #editor textarea, #editor select")) return;
    const value = fragment.querySelector(`#${CSS.escape(target.id)}`)?.value;
    event.detail.shouldSwap = false;
    if (value === undefined) return;
    target.value = value;
    if (target.type !== "hidden") target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("put-back", ({ detail }) => {
    document.getElementById("announcer").textContent = detail.said;
    markChanges();
  });

  // -- Who else is here is beside the state of the text too, which stays in sight.

  const here = document.getElementById("here");
  const beside = document.getElementById("beside");
  function copyPeople() {
    const tags = [...here.querySelectorAll(".tag")];
    beside.replaceChildren(...tags.map((tag) => tag.cloneNode(true)));
  }
  if (here) new MutationObserver(copyPeople).observe(here, { childList: true });
})();

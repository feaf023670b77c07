// The arrow keys go along the versions over time: `assistants/naming/_strip.html`.
(function () {
  "use strict";
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

  document.addEventListener("keydown", (event) => {
    const mark = event.target.closest?.("a");
    const strip = mark?.closest(".strip");
    const step = STEPS[event.key];
    if (!strip || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const marks = [...strip.querySelectorAll("a")];
    const place = Math.max(0, Math.min(marks.length - 1, marks.indexOf(mark) + step));
    event.preventDefault();
    mark.tabIndex = -1;
    marks[place].tabIndex = 0;
    marks[place].focus();
  });
})();

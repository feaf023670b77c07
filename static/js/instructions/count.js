// Counts the characters of the instructions, and estimates their tokens, when the browser has time.
(function () {
  "use strict";
  const output = document.getElementById("instructions-count");
  if (!output) return;
  const field = document.getElementById("id_instructions");
  const max = Number(output.dataset.max);
  const PAUSE = 150; // milliseconds
  const SHORT = 20000; // characters that take no time to count
  const { lang } = document.documentElement;
  const grouped = new Intl.NumberFormat(lang);
  const rounded = new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 });

  // How much of a token a UTF-16 unit is, by the last unit of its range. Rough means over texts of
  // several languages: four Latin letters, three Cyrillic or Arabic ones, or one Chinese character.
  const RANGES = [
    [0x7f, 0.25],
    [0x24f, 0.35],
    [0x6ff, 0.33],
    [0x10ff, 0.5],
    [0x2e7f, 0.4],
    [0x9fff, 0.85],
    [0xabff, 0.5],
    [0xd7ff, 0.65],
    [0xffff, 1],
  ];
  function estimateTokens(text) {
    let tokens = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      tokens += RANGES.find((range) => unit <= range[0])[1];
    }
    return Math.ceil(tokens);
  }

  // As the server counts: by code point, and a line end as one.
  function update() {
    const text = field.value;
    const used = text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
    output.textContent = output.dataset.text
      .replace("{used}", grouped.format(used))
      .replace("{max}", grouped.format(max))
      .replace("{tokens}", rounded.format(estimateTokens(text)));
    output.classList.toggle("near", used > max * 0.9 && used <= max);
    output.classList.toggle("over", used > max);
  }

  let timer = 0;
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work));
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.textLength < SHORT) update();
    else timer = setTimeout(() => whenIdle(update), PAUSE);
  });
  update();
})();

// Searches and replaces in a text, apart from the page, which ends this worker if it takes too long.
// It answers { places }, both ends of each match; { start, end, part, count } to replace; { invalid }.
(function () {
  "use strict";
  const MOST = 100000; // places

  function expression({ what, isPattern, matchesCase }, flags) {
    const source = isPattern ? what : what.replace(/[.*+?^${}()|[\]\\/-]/g, (sign) => escaped(sign));
    return new RegExp(source, `mu${flags}${matchesCase ? "" : "i"}`);
  }
  function escaped(sign) {
    return sign === "-" ? "\\x2d" : `\\${sign}`;
  }

  function find(asked) {
    const places = [];
    for (const match of asked.text.matchAll(expression(asked, "g"))) {
      places.push(match.index, match.index + match[0].length);
      if (places.length >= 2 * MOST) break;
    }
    return { places };
  }
  // At the place of the text that begins `at`, or everywhere. Answers with the part that changes.
  function replace(asked) {
    const { text, by, isPattern, at } = asked;
    const found = at === undefined ? find(asked).places : [at, asked.end];
    if (!found.length) return { count: 0 };
    const search = expression(asked, at === undefined ? "g" : "y");
    search.lastIndex = at ?? 0;
    const whole = text.replace(search, isPattern ? unescaped(by) : () => by);
    const [start] = found;
    const end = at === undefined ? text.length : asked.end;
    const part = whole.slice(start, whole.length - (text.length - end));
    return { start, end, part, count: found.length / 2 };
  }
  function unescaped(by) {
    return by.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
  }

  addEventListener("message", ({ data }) => {
    try {
      postMessage({ ...(data.by === undefined ? find(data) : replace(data)), turn: data.turn });
    } catch (error) {
      postMessage({ invalid: error.message, turn: data.turn });
    }
  });
  postMessage({ ready: true }); // its second begins now
})();

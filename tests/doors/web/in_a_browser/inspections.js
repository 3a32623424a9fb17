// What somebody would stumble over on a page, and axe does not look for. Each function answers with a list of
// sentences; an empty one is well. None leaves anything changed.
(() => {
  const all = (what) => [...document.querySelectorAll(what)].filter((e) => e.checkVisibility());
  const named = (e) => e.outerHTML.slice(0, 120);
  const under = (css, look) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    const found = look();
    document.adoptedStyleSheets = [];
    return found;
  };
  const wide = () => document.documentElement.scrollWidth - innerWidth;
  const cut = () =>
    all("main :not(input, select)").filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible" && !e.closest(".unseen"));
  const fits = (why) => (wide() > 0 ? [`the page is ${wide()} px too wide ${why}`] : cut().map((e) => `it is cut off ${why}: ${named(e)}`));

  globalThis.inspections = {
    // What the others need to know, in one go.
    facts: () => ({
      heading: document.querySelector("h1")?.innerText,
      headings: document.querySelectorAll("h1").length,
      title: document.title,
      language: document.documentElement.lang,
      direction: getComputedStyle(document.documentElement).direction,
      template: document.lastChild.nodeType === Node.COMMENT_NODE ? document.lastChild.data : "",
      scripts: document.scripts.length,
      refused: document.querySelector(".fault[role=alert]") !== null,
      // What it is made of: the same kinds of elements of the same template have the same faults.
      kinds: [...new Set([...document.querySelectorAll("body *")].map((e) => [e.tagName, e.className.baseVal ?? e.className, e.type, e.ariaCurrent].join(".")))],
    }),

    // WCAG 1.4.10, 1.4.12, 1.4.4: as it is, with the spacing that somebody may set, with letters twice as large.
    fits: () => [
      ...fits("as it is"),
      ...under(
        "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }",
        () => fits("with more space in its text"),
      ),
      ...under("html { font-size: 200%; }", () => fits("with letters twice as large")),
    ],

    // A finger hits what is to be pressed, and what is to be typed into.
    touched: () =>
      all("button, a.button, select, input:not([type=checkbox], [type=radio])")
        .filter((e) => e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44)
        .map((e) => `it is small for a finger: ${named(e)}`),

    // No word of a button is cut in two: each has a line of its own, or stands in one with others.
    broken: () =>
      all("button, .button").flatMap((button) => {
        const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
        const found = [];
        while (texts.nextNode()) {
          for (const word of texts.currentNode.parentElement.closest(".unseen") ? [] : texts.currentNode.data.matchAll(/[\p{L}’]+/gu)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map((line) => line.top)).size > 1) {
              found.push(`a word is cut in two: ${word[0]}`);
            }
          }
        }
        return found;
      }),

    // Whoever comes by keyboard sees where they are.
    focused: () => {
      const before = document.activeElement;
      const faults = all("a[href], button, input, select, summary, [tabindex]").filter((e) => {
        e.focus({ focusVisible: true, preventScroll: true });
        const drawn = e.querySelector("path") ? Number.parseFloat(getComputedStyle(e.querySelector("path")).strokeWidth) > 2 : getComputedStyle(e).outlineStyle !== "none";
        return document.activeElement !== e || !drawn;
      });
      document.activeElement.blur();
      before.focus({ preventScroll: true });
      return faults.map((e) => `nobody sees that they are at it: ${named(e)}`);
    },

    // Hides what is there several times, as its like before it: axe is done with a long page in a fraction of the
    // time.
    thin: () => {
      const seen = new Map();
      const kind = (e) => (e === document.body ? "" : `${kind(e.parentElement)} ${e.tagName}.${e.className.baseVal ?? e.className}`);
      const known = (e) => seen.get(kind(e)) >= 2 && [...e.children].every(known);
      const whole = "li, tr, section, article, svg a, svg path, .box"; // a label alone would leave its field without
      const look = (e) => {
        if (e.matches(whole) && known(e)) {
          e.style.display = "none";
        } else {
          seen.set(kind(e), (seen.get(kind(e)) ?? 0) + 1);
          [...e.children].forEach(look);
        }
      };
      [...document.body.children].forEach(look);
    },
    whole: () => document.querySelectorAll("[style]").forEach((e) => e.removeAttribute("style")),

    // On paper nothing can be pressed, and ink is black.
    printed: () => [
      ...all("button, a.button, .skip").map((e) => `it is printed: ${named(e)}`),
      ...(getComputedStyle(document.body).color === "rgb(0, 0, 0)" ? [] : ["its text is not printed black"]),
    ],
  };
})();

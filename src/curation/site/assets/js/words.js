"use strict";
// Codes as words, each explained by the contract where the pointer or the focus is; numbers; and marked search words.
(() => {
  const { el } = rdc;
  const tip = rdc.byId("tip");
  let until = 0;

  rdc.words = (code) => (rdc.isEmpty(code) ? "" : String(code).replace(/^\{|\}$/g, "").replaceAll("_", " "));
  rdc.number = (value) => Number(value).toLocaleString("en", { maximumFractionDigits: 6 });
  rdc.count = (number, noun) => `${rdc.number(number)} ${noun}${number === 1 ? "" : "s"}`;

  const explained = (table, column, value, props) => {
    const definition = (rdc.tables[table].byName.get(column).definitions || {})[value];
    if (!definition) return rdc.words(value);
    return el("span", { class: "term", "data-tip": definition, ...props }, rdc.words(value));
  };
  // A vocabulary value with its definition. The keyboard reaches it, except in lists, which would have too many stops.
  rdc.term = (table, column, value) => explained(table, column, value, { tabindex: "0" });
  rdc.termInList = (table, column, value) => explained(table, column, value, {});

  const place = (left, top, above) => {
    tip.hidden = false;
    const fits = top + tip.offsetHeight < window.innerHeight;
    const most = document.documentElement.clientWidth - tip.offsetWidth - 8;
    tip.style.left = `${Math.max(4, Math.min(left, most)) + window.scrollX}px`;
    tip.style.top = `${(fits ? top : above - tip.offsetHeight - 6) + window.scrollY}px`;
  };

  // Shows a text beside a node, for some milliseconds or until it is hidden.
  rdc.showTip = (node, text, duration = 0) => {
    if (!node || !text) return;
    tip.textContent = text;
    until = duration ? performance.now() + duration : 0;
    if (duration) setTimeout(rdc.hideTip, duration);
    const { left, top, bottom } = node.getBoundingClientRect();
    place(left, bottom + 6, top);
  };

  rdc.hideTip = () => {
    if (performance.now() >= until) tip.hidden = true;
  };

  const withTip = (event) => (event.target instanceof Element ? event.target.closest("[data-tip]") : null);
  for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    document.addEventListener(on, (event) => {
      const node = withTip(event);
      if (!node) return;
      rdc.showTip(node, node.dataset.tip);
      if (on === "focusin") node.setAttribute("aria-describedby", "tip");
    });
    document.addEventListener(off, (event) => withTip(event) && rdc.hideTip());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });

  // A text in which words that begin with those of a query are marked.
  rdc.marked = (text, query) => {
    const words = rdc.wordsOf(query).filter((word) => word.length > 1).map((word) => word.replaceAll(".", "\\."));
    if (!words.length) return [text];
    const found = new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})`, "giu");
    return text.split(found).map((part, at) => (at % 2 ? el("mark", {}, part) : part));
  };
})();

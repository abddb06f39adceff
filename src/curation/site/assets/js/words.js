"use strict";
// Words: codes as people write them, each explained from the contract where the pointer or the focus rests.
(() => {
  const { el } = rdc;
  const tip = rdc.byId("tip");
  let until = 0;

  rdc.words = (code) => (code === null || code === undefined ? "" : String(code).replace(/^\{|\}$/g, "").replaceAll("_", " "));

  rdc.definition = (table, column, value) => {
    const said = rdc.tables[table].byName.get(column);
    return (said && said.definitions && said.definitions[value]) || "";
  };

  // A value of a vocabulary, explained. Where few stand, the keyboard reaches them too.
  rdc.term = (table, column, value, reachable = true) => {
    if (value === null || value === undefined) return "";
    const said = rdc.definition(table, column, value);
    if (!said) return rdc.words(value);
    return el("span", { class: "term", "data-tip": said, tabindex: reachable ? "0" : null }, rdc.words(value));
  };

  rdc.showTip = (node, text, span = 0) => {
    if (!node || !text) return;
    tip.textContent = text;
    tip.hidden = false;
    until = span ? performance.now() + span : 0;
    if (span) setTimeout(() => performance.now() >= until && rdc.hideTip(), span);
    const at = node.getBoundingClientRect();
    place(at.left, at.bottom + 6, at.top);
  };

  const place = (left, top, above) => {
    const width = tip.offsetWidth;
    const height = tip.offsetHeight;
    const right = document.documentElement.clientWidth;
    const fits = top + height < window.innerHeight;
    tip.style.left = `${Math.max(4, Math.min(left, right - width - 8)) + window.scrollX}px`;
    tip.style.top = `${(fits ? top : above - height - 6) + window.scrollY}px`;
  };

  rdc.showTipAt = (x, y, text) => {
    tip.textContent = text;
    tip.hidden = false;
    place(x + 12, y + 14, y);
  };

  rdc.hideTip = () => {
    if (performance.now() >= until) tip.hidden = true;
  };

  const explained = (event) => (event.target instanceof Element ? event.target.closest("[data-tip]") : null);
  for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    document.addEventListener(on, (event) => {
      const node = explained(event);
      if (!node) return;
      rdc.showTip(node, node.dataset.tip);
      if (on === "focusin") node.setAttribute("aria-describedby", "tip");
    });
    document.addEventListener(off, (event) => explained(event) && rdc.hideTip());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });

  // A text in which what was sought is marked.
  rdc.marked = (text, query) => {
    const words = rdc.fold(query || "").split(/\s+/).filter((word) => word.length > 1);
    const folded = rdc.fold(text);
    if (!words.length || folded.length !== text.length) return [text];
    const parts = [];
    let from = 0;
    while (from < text.length) {
      const hits = words.map((word) => [folded.indexOf(word, from), word.length]).filter(([at]) => at >= 0);
      if (!hits.length) break;
      const [at, length] = hits.sort((one, other) => one[0] - other[0] || other[1] - one[1])[0];
      parts.push(text.slice(from, at), el("mark", {}, text.slice(at, at + length)));
      from = at + length;
    }
    return [...parts, text.slice(from)];
  };

  rdc.count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
})();

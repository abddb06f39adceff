"use strict";
// Charts: a figure drawn by Vega from its specification and rows, with marks that lead to their rows by pointer and key.
(() => {
  const { el } = rdc;
  const NARROWEST = 600;
  let drawn = null;

  rdc.onTheme(() => drawn && drawn());

  const vega = () => {
    if (!window.rdcVega) document.head.append(el("script", {}, rdc.byId("vega").textContent));
    return window.rdcVega;
  };

  const specification = (figure, data, params) => {
    const spec = structuredClone(figure.spec);
    for (const param of spec.params || []) if (param.name in params) param.value = params[param.name];
    spec.datasets = data;
    spec.padding = 6;
    return spec;
  };

  // Makes the drawing, labels included, as wide as its place.
  const fit = async (view, inner, width) => {
    const over = inner.querySelector("svg").clientWidth - width;
    if (Math.abs(over) > 4) await view.width(Math.max(200, view.width() - over)).runAsync();
  };

  const told = (row) => (row.more ? `${row.said}\n${row.more}` : String(row.said));

  const tooltip = (_, event, item, value) => {
    if (value) rdc.showTipAt(event.clientX, event.clientY, told(item.datum));
    else rdc.hideTip();
  };

  // Every row can be reached with the Tab key once, and followed with Enter.
  const reachable = (place) => {
    const seen = new Set();
    for (const node of place.querySelectorAll("svg [role='graphics-symbol']")) {
      const item = node.__data__;
      const href = item && item.href;
      if (!href || seen.has(href)) {
        node.setAttribute("aria-hidden", "true");
        continue;
      }
      seen.add(href);
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "link");
      node.setAttribute("aria-label", item.datum.said);
      node.addEventListener("keydown", (event) => event.key === "Enter" && (location.hash = href));
      node.addEventListener("focus", () => rdc.showTip(node, told(item.datum)));
      node.addEventListener("blur", () => rdc.hideTip());
    }
  };

  // Draws a figure; drawn anew when the theme or the rows change.
  rdc.chart = (figure) => {
    const inner = el("div", {});
    const place = el("div", { class: "chart", role: "region", tabindex: "0", "aria-label": `Chart: ${figure.title}` }, inner);
    let wanted = { data: figure.data, params: figure.params };
    const draw = async () => {
      if (!place.isConnected) return;
      const width = place.clientWidth - 24;
      const config = structuredClone(rdc.themes[rdc.theme()]);
      if (width < NARROWEST) config.axis.labelLimit = 190;
      const options = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip, config, hover: false, logLevel: 1 };
      const result = await vega()(inner, specification(figure, wanted.data, wanted.params), options);
      if (figure.view !== "network") await fit(result.view, inner, Math.max(NARROWEST, width));
      place.chartView = result.view;
      reachable(inner);
      place.dataset.drawn = String(Number(place.dataset.drawn || 0) + 1);
    };
    place.draw = (data, params) => {
      wanted = { data, params };
      return draw();
    };
    drawn = draw;
    return place;
  };

  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (Math.abs(window.innerWidth - width) < 40) return;
    width = window.innerWidth;
    if (drawn) drawn();
  });

  // The rows of a figure as a table, made when it is opened.
  rdc.figureTable = (figure, rows) => {
    const MOST = 1000;
    const cell = (row, key) => {
      const value = row[key];
      if (key === "rows") return value.slice(0, 40).flatMap((id, number) => [number ? " " : "", rdc.link(id)]);
      if (/(^|_)id$/.test(key)) return rdc.link(value);
      if (typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 6 });
      return value === null || value === undefined ? "" : rdc.words(value);
    };
    const make = () =>
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows of the figure" },
        el("table", {}, el("caption", { class: "hidden" }, figure.title),
          el("thead", {}, el("tr", {}, Object.values(figure.columns).map((title) => el("th", { scope: "col" }, title)))),
          el("tbody", {}, rows.slice(0, MOST).map((row) => el("tr", {}, Object.keys(figure.columns).map((key) => el("td", { class: typeof row[key] === "number" ? "number" : null }, cell(row, key))))))));
    const details = el("details", { class: "rows" }, el("summary", {}, `The same as a table (${rdc.count(rows.length, "row")})`));
    details.addEventListener("toggle", () => details.open && details.childElementCount === 1 && details.append(make()));
    return details;
  };

  rdc.files = (figure) =>
    el("p", { class: "soft" }, "For papers: ", el("a", { href: `figures/${figure.name}.svg`, download: true }, "SVG"), ", ", el("a", { href: `figures/${figure.name}.png`, download: true }, "PNG"),
      ". The figure may be used with the citation of the dataset.");
})();

"use strict";
// Charts: a figure drawn by Vega, with marks that link to their rows by pointer and keyboard.
(() => {
  const { el } = rdc;
  const NARROWEST = 600;
  let draw = null;

  const vega = () => {
    if (!window.rdcVega) document.head.append(el("script", {}, rdc.byId("vega").textContent));
    return window.rdcVega;
  };

  // The scale of the estimates fits the rows that are shown.
  const specification = (figure, rows) => {
    const params = (figure.spec.params || []).map((param) => ({ ...param, value: farthest(rows) }));
    return { ...structuredClone(figure.spec), params, datasets: { rows }, padding: 6 };
  };

  // Makes the drawing, labels included, as wide as its container.
  const fit = async (view, inner, width) => {
    const excess = inner.querySelector("svg").clientWidth - width;
    if (Math.abs(excess) > 4) await view.width(Math.max(200, view.width() - excess)).runAsync();
  };

  const description = (row) => `${row.label}\n${row.detail}`;

  const tooltip = (_, event, item, value) => {
    if (value) rdc.showTipAt(event.clientX, event.clientY, description(item.datum));
    else rdc.hideTip();
  };

  // The Tab key reaches every row once, and Enter follows its link.
  const makeReachable = (place) => {
    const seen = new Set();
    for (const node of place.querySelectorAll("svg [role='graphics-symbol']")) {
      const item = node.__data__;
      if (!item || !item.href || seen.has(item.href)) {
        node.setAttribute("aria-hidden", "true");
        continue;
      }
      seen.add(item.href);
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "link");
      node.setAttribute("aria-label", item.datum.label);
      node.addEventListener("keydown", (event) => event.key === "Enter" && (location.hash = item.href));
      node.addEventListener("focus", () => rdc.showTip(node, description(item.datum)));
      node.addEventListener("blur", rdc.hideTip);
    }
  };

  // A chart; its `draw` is called with rows. It is redrawn when the theme or the width changes.
  const chart = (figure) => {
    const inner = el("div", {});
    const place = el("div", { class: "chart", role: "region", tabindex: "0", "aria-label": `Chart: ${figure.title}` }, inner);
    place.draw = (rows) => {
      draw = async () => {
        if (!place.isConnected) return;
        const width = place.clientWidth - 24;
        const config = structuredClone(rdc.themes[rdc.theme()]);
        if (width < NARROWEST) config.axis.labelLimit = 190;
        const options = { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip, config, hover: false, logLevel: 1 };
        const { view } = await vega()(inner, specification(figure, rows), options);
        await fit(view, inner, Math.max(NARROWEST, width));
        makeReachable(inner);
        place.dataset.drawn = String(Number(place.dataset.drawn || 0) + 1);
      };
      return draw();
    };
    return place;
  };
  rdc.redraw = () => draw && draw();

  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (Math.abs(window.innerWidth - width) < 40) return;
    width = window.innerWidth;
    rdc.redraw();
  });

  // --- the views --------------------------------------------------------------------------------------------------

  const MOST_IN_TABLE = 1000;
  // The columns by which the rows of a figure can be filtered.
  const FILTERS = {
    estimates: { realization: "Realization", source_id: "Source", certainty: "Modality" },
    timeline: { topic: "Topic", basis: "The date is" },
  };

  const cell = (key, value) => {
    if (rdc.isEmpty(value)) return "";
    if (key === "id") return rdc.link(value);
    return typeof value === "number" ? rdc.number(value) : key === "realization" ? rdc.words(value) : value;
  };

  // The rows of a figure as a table, made when it is opened.
  const table = (figure, rows) => {
    const cells = (row) =>
      Object.keys(figure.columns).map((key) =>
        el("td", { class: typeof row[key] === "number" ? "number" : null }, cell(key, row[key])));
    const make = () => {
      const shown = rows.slice(0, MOST_IN_TABLE).map(cells);
      return rdc.scroll("Rows of the figure", rdc.table({}, figure.title, Object.values(figure.columns), shown));
    };
    const details = el("details", { class: "rows" }, el("summary", {}, `As a table (${rdc.count(rows.length, "row")})`));
    details.addEventListener("toggle", () => details.open && details.childElementCount === 1 && details.append(make()));
    return details;
  };

  const files = (figure) => {
    const file = (kind) => el("a", { href: `figures/${figure.name}.${kind}`, download: true }, kind.toUpperCase());
    return el("p", { class: "soft" }, "Download the whole figure: ", file("svg"), ", ", file("png"), ". Cite the dataset when you use it.");
  };

  const farthest = (rows) =>
    1.12 * Math.max(...rows.flatMap((row) => [row.low, row.best, row.high]).map((end) => end || 0)) || 1;

  const remark = (figure, rows) => {
    if (!rows.length) return "No rows match these filters. ";
    if (rows.length <= rdc.mostDrawn) return "";
    return `Only the first ${rdc.mostDrawn} of ${rdc.count(rows.length, "row")} are drawn; filter to see the others. `;
  };

  const page = (view) => ({ params }) => {
    const figures = rdc.figures.filter((figure) => figure.view === view);
    const figure = figures.find((each) => each.choice === params.of) || figures[0];
    if (!figure) return [el("h1", {}, "No figure"), el("p", {}, "No claim has data for this figure.")];
    const drawing = chart(figure);
    const below = el("div", {});
    const remarks = el("p", { class: "soft", role: "status" });
    const update = () => {
      const rows = filters.chosen();
      const shown = rows.slice(0, rdc.mostDrawn);
      remarks.textContent = `${remark(figure, rows)}${figure.note}`;
      below.replaceChildren(table(figure, rows), files(figure));
      return drawing.draw(shown);
    };
    const filters = rdc.filters(view, figure.rows, FILTERS[view], params, update);
    rdc.whenShown(update);
    const choices = figures.map((each) => [each.choice, rdc.address([view], { of: each.choice }), each === figure]);
    return [
      el("h1", {}, figure.title),
      figures.length > 1 ? rdc.chooser("Unit", choices) : null,
      el("p", {}, figure.caption, " Each mark links to its row."),
      filters.controls, remarks, drawing, below,
    ];
  };

  for (const view of Object.keys(FILTERS)) rdc.views[view] = page(view);
})();

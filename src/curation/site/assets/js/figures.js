"use strict";
// The pages of the charts: which figure of its kind, which of its rows, how to read it, and the same as a table.
(() => {
  const { el } = rdc;
  const MOST = rdc.mostDrawn;
  // By which columns of its rows a figure can be narrowed.
  const FILTERS = { estimates: { stage: "Stage", source_id: "Source", surety: "How surely" }, timeline: { topic: "Topic", basis: "The date is" }, network: {} };

  const distinct = (rows, key) => [...new Set(rows.map((row) => row[key]))].sort();

  const filters = (figure, state, change) =>
    Object.entries(FILTERS[figure.view]).filter(([key]) => distinct(figure.data.rows, key).length > 1).map(([key, title]) =>
      el("label", {}, title, el("select", { "data-column": key, change: (event) => change({ [key]: event.target.value }) }, el("option", { value: "" }, "any"),
        distinct(figure.data.rows, key).map((value) => el("option", { value, selected: state[key] === value }, rdc.words(value))))));

  const narrowed = (figure, state) => {
    const keys = Object.keys(FILTERS[figure.view]).filter((key) => state[key]);
    return figure.data[figure.table].filter((row) => keys.every((key) => row[key] === state[key]));
  };

  const farthest = (rows) => 1.12 * Math.max(...rows.flatMap((row) => [row.low, row.best, row.high]).map((end) => end || 0)) || 1;

  const page = (view) => ({ params }) => {
    const figures = rdc.figures.filter((figure) => figure.view === view);
    if (!figures.length) return [el("h1", {}, "No figure"), el("p", {}, "No claim has what this figure shows.")];
    const figure = figures.find((each) => each.choice === params.of) || figures[0];
    const state = { ...params };
    const chart = rdc.chart(figure);
    const below = el("div", {});
    const left = el("p", { class: "soft", role: "status" });
    const change = (wanted) => {
      Object.assign(state, wanted);
      rdc.remember([view], state);
      update();
    };
    const update = () => {
      const rows = narrowed(figure, state);
      const data = figure.data.rows ? { ...figure.data, rows: rows.slice(0, MOST) } : figure.data;
      const params_ = view === "estimates" && data.rows.length ? { farthest: farthest(data.rows) } : figure.params;
      const more = figure.data.rows && rows.length > MOST ? `The first ${MOST} of ${rdc.count(rows.length, "row")} are drawn; choose more narrowly for the others. ` : "";
      left.textContent = `${figure.data.rows && !rows.length ? "No row is left by this choice. " : more}${figure.left_out}`;
      below.replaceChildren(rdc.figureTable(figure, rows), rdc.files(figure));
      return chart.draw(data, params_);
    };
    rdc.whenShown(update);
    const choices = figures.map((each) => [each.choice, rdc.address([view], { of: each.choice }), each === figure]);
    const controls = filters(figure, state, change);
    return [
      el("h1", {}, figure.title),
      figures.length > 1 ? rdc.chooser("Which figure", choices) : null,
      el("p", {}, figure.caption, " Each mark leads to its rows."),
      controls.length ? el("div", { class: "controls", role: "group", "aria-label": "Filters" }, controls) : null,
      left, chart, below,
    ];
  };

  for (const view of Object.keys(FILTERS)) rdc.views[view] = page(view);
})();

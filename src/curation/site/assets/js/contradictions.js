"use strict";
// Contradictions: the two claims of each pair side by side, each under the chain of who says so.
(() => {
  const { el, term, link } = rdc;
  const MOST = 60;

  const side = (pair, before) => {
    const id = pair[`${before}id`];
    return el("div", { class: "side" },
      el("p", { class: "who" }, pair[`${before}attribution`]), el("p", {}, pair[`${before}claim`]),
      el("p", { class: "soft" }, link(id), ` · ${pair[`${before}surety`]}`, pair[`${before}date`] ? ` · ${pair[`${before}date`]}` : "", ` · ${pair[`${before}source`]}`));
  };

  const between = (pair) =>
    el("div", { class: "between" }, el("b", {}, term("claim_relations", "relation", pair.relation, false)),
      "in ", term("claim_relations", "aspect", pair.aspect, false), el("br"), "origins: ", term("claim_relations", "independence", pair.independence, false));

  rdc.views.contradictions = ({ params }) => {
    const figure = rdc.figures.find((each) => each.view === "contradictions");
    if (!figure) return [el("h1", {}, "Contradictions"), el("p", {}, "No claim contradicts or denies another.")];
    const state = { ...params };
    const place = el("div", {});
    const keys = { relation: "Relation", aspect: "In which respect" };
    const update = () => {
      const pairs = figure.data.pairs.filter((pair) => Object.keys(keys).every((key) => !state[key] || pair[key] === state[key]));
      place.replaceChildren(
        el("p", { role: "status" }, rdc.count(pairs.length, "pair"), pairs.length > MOST ? `, the first ${MOST} are shown; the table has all` : ""),
        el("ul", { class: "pairs" }, pairs.slice(0, MOST).map((pair) => el("li", {}, side(pair, ""), between(pair), side(pair, "other_"), pair.note ? el("p", { class: "soft beside" }, pair.note) : null))),
        rdc.figureTable(figure, pairs), rdc.files(figure));
    };
    const choose = ([key, title]) =>
      el("label", {}, title, el("select", { "data-column": key, change: (event) => { state[key] = event.target.value; rdc.remember(["contradictions"], state); update(); } },
        el("option", { value: "" }, "any"), [...new Set(figure.data.pairs.map((pair) => pair[key]))].sort().map((value) => el("option", { value, selected: state[key] === value }, rdc.words(value)))));
    update();
    return [
      el("h1", {}, figure.title), el("p", {}, figure.caption),
      el("div", { class: "controls", role: "group", "aria-label": "Filters" }, Object.entries(keys).map(choose)), place,
    ];
  };
})();

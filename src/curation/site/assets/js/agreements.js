"use strict";
// Agreements: all of them as a grid of what each source says, and one of them with its parties and terms.
(() => {
  const { el, term, link } = rdc;
  const MOST = 40;

  rdc.views.agreements = () => {
    const figure = rdc.figures.find((each) => each.view === "agreements");
    const rows = Array.from({ length: rdc.tables.agreements.length }, (_, index) => rdc.tables.agreements.row(index));
    const chart = figure ? rdc.chart(figure) : null;
    if (chart) rdc.whenShown(() => chart.draw(figure.data, figure.params));
    return [
      el("h1", {}, figure ? figure.title : "Agreements"),
      figure ? el("p", {}, figure.caption, " Each sign leads to its agreement, with parties, terms and claims.") : null,
      figure && figure.left_out ? el("p", { class: "soft" }, figure.left_out) : null,
      chart, figure ? [rdc.figureTable(figure, figure.data[figure.table]), rdc.files(figure)] : null,
      el("h2", {}, "All agreements"), rows.slice(0, MOST).map((row) => card(row)),
      rows.length > MOST ? el("p", {}, `The first ${MOST}; `, el("a", { href: "#tables/agreements" }, "all are in the table"), ".") : null,
    ];
  };

  const card = (row) =>
    el("div", { class: "card" }, el("h3", {}, link(row.agreement_id, row.name)), facts(row, false), parties(row.agreement_id), directions(row.agreement_id));

  const facts = (row, reachable) =>
    el("ul", { class: "facts" },
      ["form", "existence", "status", "text_public"].map((name) => rdc.fact(rdc.tables.agreements.byName.get(name).title, term("agreements", name, row[name], reachable))),
      ["signed_on", "in_force_on", "ended_on", "un_symbol"].map((name) => rdc.fact(rdc.tables.agreements.byName.get(name).title, row[name] || "")));

  const parties = (id) => {
    const rows = rdc.tables.agreement_parties.rowsWhere("agreement_id", id);
    if (!rows.length) return el("p", { class: "soft" }, "No party is named.");
    return el("p", {}, "Parties: ", rows.flatMap((row, number) => [number ? ", " : "", link(row.actor_id, rdc.actorName(row.actor_id)), row.party_role === "party" ? "" : [" (", term("agreement_parties", "party_role", row.party_role, false), ")"]]));
  };

  // What each side is to give the other, one column a direction, each term with the claim that it rests on.
  const directions = (id) => {
    const groups = new Map();
    for (const row of rdc.tables.agreement_terms.rowsWhere("agreement_id", id)) {
      const key = `${rdc.actorName(row.giver_id)} → ${rdc.actorName(row.receiver_id)}`;
      groups.set(key, [...(groups.get(key) || []), row]);
    }
    if (!groups.size) return null;
    return el("div", { class: "terms" }, [...groups].map(([title, rows]) =>
      el("div", {}, el("b", {}, title), el("ul", {}, rows.map((row) => el("li", {}, `${row.item} `, el("span", { class: "soft" }, link(row.claim_id), ` ${rdc.chain(row.claim_id)}`)))))));
  };

  const bySource = (id, wanted) => {
    const groups = new Map();
    for (const row of rdc.tables.claim_agreements.rowsWhere("agreement_id", id)) {
      const claim = rdc.tables.claims.find(row.claim_id);
      const source = claim < 0 ? "" : rdc.tables.claims.value(claim, "source_id");
      groups.set(source, [...(groups.get(source) || []), row]);
    }
    return [...groups].map(([source, rows]) =>
      el("details", { open: !wanted || wanted === source }, el("summary", {}, `${source}: ${tally(rows)}`),
        rdc.list(rows.map((row) => [term("claim_agreements", "bearing", row.bearing, false), ": ", rdc.claimLine(row.claim_id)]))));
  };

  const tally = (rows) => {
    const counts = new Map();
    for (const row of rows) counts.set(row.bearing, (counts.get(row.bearing) || 0) + 1);
    return [...counts].map(([bearing, number]) => `${rdc.words(bearing)} ${number}`).join(", ");
  };

  rdc.records.agreements = (index, _, params) => {
    const row = rdc.tables.agreements.row(index);
    const id = row.agreement_id;
    return [
      el("h1", {}, row.name), facts(row, true),
      row.note ? el("p", { class: "note" }, row.note) : null,
      rdc.permalink(id), parties(id),
      rdc.section("What one gives the other", directions(id)),
      rdc.section("What each source says of it", bySource(id, (params || {}).source)),
      rdc.citing(id), rdc.allCells(rdc.tables.agreements, index),
    ];
  };
})();

"use strict";
// Contradictions: the two claims of each pair side by side, by event, each below the chain of who says so.
(() => {
  const { el, link, termInList } = rdc;
  const MOST = 100;
  const relations = rdc.tables.claim_relations;

  const side = (id) => {
    const claim = rdc.tables.claims.row(rdc.tables.claims.find(id));
    const source = rdc.tables.sources.value(rdc.tables.sources.find(claim.source_id), "label");
    return el("div", { class: "side" },
      el("p", { class: "who" }, rdc.chain(id)), el("p", {}, claim.claim_text),
      el("p", { class: "soft" }, link(id), ` · ${rdc.words(claim.polarity)}, ${rdc.words(claim.modality)}`,
        claim.event_date ? ` · ${rdc.date(claim.event_date)}` : "", ` · ${source}`));
  };

  const between = (row) => {
    const code = (name) => termInList("claim_relations", name, row[name]);
    return el("div", {}, el("b", {}, code("relation")), "in ", code("aspect"), el("br", {}), "origins: ", code("independence"),
      row.conditional ? [el("br", {}), "under a condition"] : "");
  };

  // One entry for each pair of claims, however many relations are between them.
  const pair = (rows) =>
    el("li", { "data-pair": rows.map((row) => `${row.claim_id} ${row.relation} ${row.related_claim_id}`).join("; ") },
      side(rows[0].claim_id), el("div", { class: "between" }, rows.map(between)), side(rows[0].related_claim_id),
      rows.filter((row) => row.note).map((row) => el("p", { class: "soft beside" }, row.note)));
  const pairOf = (row) => [row.claim_id, row.related_claim_id].sort().join(" ");

  // A word has to be in what both claims say or are about, or in a name of somebody who speaks in either.
  const matterOf = (id) => [rdc.tables.claims.value(rdc.tables.claims.find(id), "claim_text"),
    ...rdc.tables.claim_events.rowsWhere("claim_id", id).map((row) => rdc.eventName(row.event_id))];
  const voicesOf = (id) => rdc.tables.claim_attributions.rowsWhere("claim_id", id)
    .flatMap((row) => rdc.withParents("actors", row.actor_id)).flatMap(rdc.namesOf);
  const textsOf = ({ claim_id, related_claim_id }) => [claim_id, related_claim_id]
    .map((id) => [...matterOf(id), ...voicesOf(claim_id), ...voicesOf(related_claim_id)].join(" "));

  rdc.views.contradictions = ({ params }) => {
    const all = rdc.answers.conflicts;
    if (!all.length) return [el("h1", {}, "Contradictions"), el("p", {}, "No claim contradicts or denies another.")];
    const count = el("p", { role: "status" });
    const place = el("div", {});
    const update = () => {
      const rows = filters.chosen();
      const pairs = [...rdc.groupBy(rows, pairOf).values()];
      const events = rdc.groupBy(pairs.slice(0, MOST), ([row]) => row.events || "About no event in common");
      count.textContent = rdc.count(pairs.length, "pair") + (pairs.length > MOST ? `; the first ${MOST} are shown` : "");
      place.replaceChildren(...(pairs.length ? [...events].map(([name, members]) =>
        el("section", {}, el("h2", {}, name), el("ul", { class: "pairs" }, members.map(pair)))) : [filters.nothing()]));
    };
    const titles = Object.fromEntries(["relation", "aspect"].map((key) => [key, relations.byName.get(key).title]));
    const filters = rdc.filters("contradictions", all, titles, params, update, textsOf);
    update();
    return [
      el("h1", {}, "Claims that contradict or deny each other"),
      el("p", {}, "The two claims of a pair are side by side, each in the editors’ words below the chain of who says so, under the events that both are about. The dataset does not say which is right. Search for a word that both claims or their events have, or for a voice of either. ",
        el("a", { href: "#tables/claim_relations" }, "All relations are in the table"), "."),
      filters.controls, count, place,
    ];
  };
})();

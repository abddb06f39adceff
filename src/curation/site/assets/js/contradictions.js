"use strict";
// Contradictions: the two claims of each pair side by side, each below the chain of who says so.
(() => {
  const { el, link, termInList } = rdc;
  const { claims, claim_relations: relations, sources } = rdc.tables;
  const MOST = 60;

  const claimOf = (id) => claims.row(claims.find(id));
  const isActive = (id) => claimOf(id).record_status === "active";

  // The pairs of active claims of which one contradicts or denies the other.
  const pairs = () =>
    relations.numbers.map((index) => relations.row(index))
      .filter((row) => rdc.conflicting.includes(row.relation) && isActive(row.claim_id) && isActive(row.related_claim_id));

  const side = (id) => {
    const claim = claimOf(id);
    const source = sources.value(sources.find(claim.source_id), "label");
    return el("div", { class: "side" },
      el("p", { class: "who" }, rdc.chain(id)), el("p", {}, claim.claim_text),
      el("p", { class: "soft" }, link(id), ` · ${rdc.words(claim.polarity)}, ${rdc.words(claim.modality)}`,
        claim.event_date ? ` · ${claim.event_date}` : "", ` · ${source}`));
  };

  const between = (row) => {
    const code = (name) => termInList("claim_relations", name, row[name]);
    return el("div", { class: "between" }, el("b", {}, code("relation")), "in ", code("aspect"), el("br", {}), "origins: ", code("independence"));
  };

  const pair = (row) =>
    el("li", {}, side(row.claim_id), between(row), side(row.related_claim_id), row.note ? el("p", { class: "soft beside" }, row.note) : null);

  rdc.views.contradictions = ({ params }) => {
    const all = pairs();
    if (!all.length) return [el("h1", {}, "Contradictions"), el("p", {}, "No claim contradicts or denies another.")];
    const count = el("p", { role: "status" });
    const place = el("ul", { class: "pairs" });
    const update = () => {
      const rows = filters.chosen();
      count.textContent = rdc.count(rows.length, "pair") + (rows.length > MOST ? `; the first ${MOST} are shown` : "");
      place.replaceChildren(...rows.slice(0, MOST).map(pair));
    };
    const titles = Object.fromEntries(["relation", "aspect"].map((key) => [key, relations.byName.get(key).title]));
    const filters = rdc.filters("contradictions", all, titles, params, update);
    update();
    return [
      el("h1", {}, "Claims that contradict or deny each other"),
      el("p", {}, "The two claims of a pair are side by side, each in the editors’ words below the chain of who says so. The dataset does not say which is right. ",
        el("a", { href: "#tables/claim_relations" }, "All relations are in the table"), "."),
      filters.controls, count, place,
    ];
  };
})();

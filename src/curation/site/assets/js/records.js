"use strict";
// Sources and actors, each on a page of its own, and the claims behind a line of the network.
(() => {
  const { el, term, link } = rdc;
  const MOST = 200;

  const claimList = (ids) => [
    rdc.list(ids.slice(0, MOST).map(rdc.claimLine)),
    ids.length > MOST ? el("p", {}, `The first ${MOST} of ${rdc.count(ids.length, "claim")}.`) : null,
  ];

  const address = (text, label) => (text && /^https?:\/\//.test(text) ? el("a", { href: text }, label) : "");

  rdc.records.sources = (index) => {
    const source = rdc.tables.sources.row(index);
    const id = source.source_id;
    const claims = rdc.tables.claims.where("source_id", id).map((row) => rdc.tables.claims.value(row, "claim_id"));
    const aside = rdc.tables.set_asides.rowsWhere("source_id", id);
    return [
      el("h1", {}, `Source ${id}`),
      el("p", { class: "lead" }, source.label),
      el("ul", { class: "facts" },
        rdc.fact("Kind", term("sources", "source_type", source.source_type)), rdc.fact("Title as printed", source.title || ""), rdc.fact("Author", source.author || ""),
        rdc.fact("Publisher", source.publisher_id ? link(source.publisher_id, rdc.actorName(source.publisher_id)) : ""),
        rdc.fact("Published", source.published_on || "", source.published_on ? [" (", term("sources", "published_basis", source.published_basis), ")"] : ""),
        rdc.fact("Language", source.language), rdc.fact("Access", term("sources", "access", source.access)),
        rdc.fact("Length", rdc.count(Number(source.text_length), "character")),
        rdc.fact("Where", address(source.url, "read the source"), " ", address(source.archive_url, "archived copy"))),
      source.note ? el("p", { class: "note" }, source.note) : null,
      rdc.permalink(id),
      rdc.section("What was coded and what was set aside", rdc.ribbon(id, null),
        el("details", {}, el("summary", {}, rdc.count(aside.length, "passage") + " set aside"),
          rdc.list(aside.map((row) => [`Characters ${row.char_start}–${row.char_end}: `, term("set_asides", "reason", row.reason, false)])))),
      rdc.section("Claims", el("p", {}, el("a", { href: rdc.address(["tables", "claims"], { "f.source_id": id }) }, `All ${claims.length} in the table`)), claimList(claims)),
      rdc.citing(id),
      rdc.allCells(rdc.tables.sources, index),
    ];
  };

  const names = (id) =>
    rdc.list(rdc.tables.actor_names.rowsWhere("actor_id", id).map((row) => [`${row.name} `, el("span", { class: "soft" }, term("actor_names", "name_type", row.name_type, false), row.source_id ? [" · ", link(row.source_id)] : "")]));

  const voices = (id) => [...new Set(rdc.tables.claim_attributions.rowsWhere("actor_id", id).map((row) => row.claim_id))];

  rdc.records.actors = (index) => {
    const actor = rdc.tables.actors.row(index);
    const id = actor.actor_id;
    const roles = new Map();
    for (const row of rdc.tables.claim_actors.rowsWhere("actor_id", id)) roles.set(row.role, [...(roles.get(row.role) || []), row.claim_id]);
    const parts = rdc.tables.actors.rowsWhere("parent_id", id);
    const agreements = rdc.tables.agreement_parties.rowsWhere("actor_id", id);
    const said = voices(id);
    return [
      el("h1", {}, actor.name),
      el("ul", { class: "facts" }, rdc.fact("Kind", term("actors", "actor_type", actor.actor_type)), rdc.fact("Country", actor.country || ""), rdc.fact("Role", actor.role || ""),
        rdc.fact("Part of", actor.parent_id ? link(actor.parent_id, rdc.actorName(actor.parent_id)) : ""), rdc.fact("Wikidata", actor.wikidata_id ? el("a", { href: `https://www.wikidata.org/wiki/${actor.wikidata_id}` }, actor.wikidata_id) : "")),
      actor.note ? el("p", { class: "note" }, actor.note) : null,
      rdc.permalink(id),
      rdc.section("Names in the texts", names(id)),
      rdc.section("Belong to it", rdc.list(parts.map((row) => [link(row.actor_id, row.name)]))),
      rdc.section("Agreements", rdc.list(agreements.map((row) => [link(row.agreement_id, rdc.agreementName(row.agreement_id)), " — ", term("agreement_parties", "party_role", row.party_role)]))),
      rdc.section("What it says", said.length ? claimList(said) : null),
      [...roles].map(([role, ids]) => el("details", { open: roles.size === 1 }, el("summary", {}, `Claims with it as ${rdc.words(role)} (${ids.length})`), claimList(ids))),
      rdc.citing(id),
      rdc.allCells(rdc.tables.actors, index),
    ];
  };

  // The rows behind one line of a network.
  rdc.views.links = ({ path }) => {
    const [, kind, ...ends] = path;
    const figure = rdc.figures.find((each) => each.name === `network-${kind}`);
    const row = figure && figure.data[figure.table].find((each) => each.href === rdc.address(path) || each.href === "#" + path.join("/"));
    if (!row) return rdc.missing(ends.join(" "));
    const items = row.rows.map((id) => (rdc.tables.agreements.find(id) >= 0 ? [link(id, rdc.agreementName(id))] : rdc.claimLine(id)));
    return [
      el("h1", {}, `${row.from_name} → ${row.to_name}`), el("p", {}, `${figure.title}: ${row.how_words}, ${row.manner}.`),
      el("p", {}, link(ends[0], row.from_name), " · ", link(ends[1], row.to_name), " · ", el("a", { href: rdc.address(["network"], { of: figure.choice }) }, "the network")),
      rdc.list(items.slice(0, MOST)), items.length > MOST ? el("p", {}, `The first ${MOST} of ${items.length}.`) : null,
    ];
  };
})();

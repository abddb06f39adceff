"use strict";
// Sources, actors, events, agreements and the other registries, each row on a page of its own, and all agreements side by side.
(() => {
  const { el, term, termInList, link, soft, fact } = rdc;
  const { claims, sources, actors, agreements } = rdc.tables;
  const MOST = 200;
  const MOST_CARDS = 40;

  const claimList = (ids) => [
    rdc.list(ids.slice(0, MOST).map(rdc.claimLine)),
    ids.length > MOST ? el("p", {}, `The first ${MOST} of ${rdc.count(ids.length, "claim")}.`) : null,
  ];

  rdc.records.sources = (index) => {
    const source = sources.row(index);
    const id = source.source_id;
    const own = claims.rowsWhere("source_id", id).map((row) => row.claim_id);
    const aside = rdc.tables.set_asides.rowsWhere("source_id", id);
    const code = (name) => term("sources", name, source[name]);
    return [
      el("h1", {}, `Source ${id}`), el("p", { class: "lead" }, source.label),
      el("ul", { class: "facts" },
        fact("Kind", code("source_type")), fact("Title as printed", source.title), fact("Author", source.author),
        fact("Publisher", source.publisher_id && link(source.publisher_id, rdc.actorName(source.publisher_id))),
        fact("Published", rdc.date(source.published_on), source.published_on ? [" (", code("published_basis"), ")"] : ""),
        fact("Language", source.language), fact("Access", code("access")),
        fact("Length", rdc.count(Number(source.text_length), "character")),
        fact("Available at", rdc.webLink(source.url, "the publisher"), source.archive_url ? " " : "",
          rdc.webLink(source.archive_url, "the archive"))),
      rdc.section("Limits", rdc.list(rdc.limitsOf(id))),
      rdc.permalink(id), rdc.yourCopy(id),
      rdc.section("What was coded and what was set aside", rdc.ribbon(id, null),
        el("details", {}, el("summary", {}, `${rdc.count(aside.length, "passage")} set aside`),
          rdc.list(aside.map((row) => [`Characters ${row.char_start}–${row.char_end}: `, termInList("set_asides", "reason", row.reason)])))),
      rdc.section("Claims",
        el("p", {}, el("a", { href: rdc.address(["tables", "claims_wide"], { "f.source_id": id }) }, `All ${own.length} in the table`)), claimList(own)),
      rdc.citing(id), rdc.allCells(sources, index),
    ];
  };

  const nameForm = (row) => [
    `${row.name} `, soft(termInList("actor_names", "name_type", row.name_type), row.source_id ? [" · ", link(row.source_id)] : ""),
  ];
  const party = (row) => [
    link(row.agreement_id, rdc.agreementName(row.agreement_id)), " — ", term("agreement_parties", "party_role", row.party_role),
  ];

  rdc.records.actors = (index) => {
    const actor = actors.row(index);
    const id = actor.actor_id;
    const nested = (name) => rdc.tables[name].rowsWhere("actor_id", id);
    const roles = rdc.groupBy(nested("claim_actors"), (row) => row.role);
    const speakers = rdc.withParts("actors", id).flatMap((part) => rdc.tables.claim_attributions.rowsWhere("actor_id", part));
    const voiced = [...new Set(speakers.map((row) => row.claim_id))].filter(rdc.isActive).sort();
    return [
      el("h1", {}, actor.name),
      el("ul", { class: "facts" },
        fact("Kind", term("actors", "actor_type", actor.actor_type)), fact("Country", actor.country), fact("Role", actor.role),
        fact("Part of", actor.parent_id && link(actor.parent_id, rdc.actorName(actor.parent_id))),
        fact("Identifier", actor.identifier && `${rdc.words(actor.identifier_scheme)} ${actor.identifier}`)),
      actor.note ? rdc.note(actor.note) : null,
      rdc.permalink(id),
      rdc.section("Names in the texts", rdc.list(nested("actor_names").map(nameForm))),
      rdc.section("Parts", rdc.list(actors.rowsWhere("parent_id", id).map((row) => link(row.actor_id, row.name)))),
      rdc.section("Agreements", rdc.list(nested("agreement_parties").map(party))),
      rdc.section("What it says, with its bodies, officials and forces", voiced.length ? claimList(voiced) : null),
      [...roles].map(([role, rows]) =>
        el("details", { open: roles.size === 1 }, el("summary", {}, `Claims about it as ${rdc.words(role)} (${rows.length})`),
          claimList(rows.map((row) => row.claim_id)))),
      rdc.citing(id), rdc.allCells(actors, index),
    ];
  };

  // --- events, origins, items and coders --------------------------------------------------------------------------

  // The claims that refer to a row by the cells of a table, with a word on each.
  const claimsBy = (table, column, id, word) =>
    rdc.list(rdc.tables[table].rowsWhere(column, id)
      .filter((row) => rdc.isActive(row.claim_id))
      .map((row) => [word(row), rdc.claimLine(row.claim_id)]));

  const simple = (name, title, sections) => {
    rdc.records[name] = (index) => {
      const table = rdc.tables[name];
      const row = table.row(index);
      const id = row[table.key[0]];
      return [
        el("h1", {}, row[title]), row.note ? rdc.note(row.note) : null, rdc.permalink(id), sections(row, id),
        rdc.citing(id), rdc.allCells(table, index),
      ];
    };
  };

  simple("origins", "label", (row, id) => [
    el("ul", { class: "facts" }, fact("Speaker", row.actor_id && link(row.actor_id, rdc.actorName(row.actor_id))), fact("Date", rdc.date(row.date))),
    rdc.section("Claims that pass it on", claimsBy("claims", "origin_id", id, () => "")),
  ]);
  simple("items", "name", (row, id) => [
    el("ul", { class: "facts" },
      fact("Category", term("items", "category", row.category)), fact("Kind of", row.parent_id && link(row.parent_id, rdc.itemName(row.parent_id)))),
    rdc.section("Transfers", rdc.list(rdc.transfersWhere("item_id", id).map((each) => [rdc.transfer(each), soft(rdc.chain(each.claim_id), " ", link(each.claim_id))]))),
  ]);
  simple("coders", "coder_id", (row) => el("p", {}, `${row.description} ${row.training}`));

  // --- agreements -------------------------------------------------------------------------------------------------

  const title = (name) => agreements.byName.get(name).title;

  const facts = (row, code) =>
    el("ul", { class: "facts" },
      ["form", "existence", "status", "text_public"].map((name) => fact(title(name), code("agreements", name, row[name]))),
      fact(title("status_as_of"), rdc.date(row.status_as_of)));

  const parties = (id) => {
    const rows = rdc.tables.agreement_parties.rowsWhere("agreement_id", id);
    if (!rows.length) return el("p", { class: "soft" }, "No party is named.");
    const role = (row) =>
      row.party_role === "party" ? "" : [" (", termInList("agreement_parties", "party_role", row.party_role), ")"];
    return el("p", {}, "Parties: ",
      rows.map((row, number) => [number ? ", " : "", link(row.actor_id, rdc.actorName(row.actor_id)), role(row)]));
  };

  // What somebody gives by the claims on an agreement, one column for each direction, each transfer with its claim.
  const directions = (id) => {
    const rows = [...bySource(id).values()].flat().flatMap((row) => rdc.transfersWhere("claim_id", row.claim_id));
    if (!rows.length) return null;
    const groups = rdc.groupBy(rows, (row) => row.sides);
    const item = (row) => el("li", {}, rdc.mark(row.mark), " ", rdc.transferred(row), " ", soft(link(row.claim_id), ` ${rdc.chain(row.claim_id)}`));
    return el("div", { class: "terms" }, [...groups].map(([head, members]) =>
      el("div", {}, el("b", {}, head), el("ul", {}, members.map(item)))));
  };

  // The links from active claims to an agreement, by source.
  const bySource = (id) => {
    const claimOf = (row) => claims.row(claims.find(row.claim_id));
    const rows = rdc.tables.claim_agreements.rowsWhere("agreement_id", id);
    return rdc.groupBy(rows.filter((row) => rdc.isActive(row.claim_id)), (row) => claimOf(row).source_id);
  };

  const tally = (rows) =>
    [...rdc.groupBy(rows, (row) => row.bearing)].map(([bearing, members]) => `${rdc.words(bearing)} ${members.length}`).join(", ");

  const claimsBySource = (id, wanted) =>
    [...bySource(id)].map(([source, rows]) =>
      el("details", { open: !wanted || wanted === source }, el("summary", {}, `${source}: ${tally(rows)}`),
        rdc.list(rows.map((row) => [termInList("claim_agreements", "bearing", row.bearing), ": ", rdc.claimLine(row.claim_id)]))));

  const comparison = (rows) => {
    const groups = rows.map((row) => [row, bySource(row.agreement_id)]);
    const named = sources.numbers.map((row) => sources.value(row, "source_id")).filter((id) => groups.some(([, found]) => found.has(id)));
    const state = (row) => ["form", "existence", "status"].map((name) => rdc.words(row[name])).join(", ");
    const cell = (row, found) => (source) =>
      el("td", { "data-name": source }, found.has(source) ? el("a", { href: rdc.address([row.agreement_id], { source }) }, tally(found.get(source))) : "");
    const head = (row) => el("th", { scope: "row" }, link(row.agreement_id, row.name), soft(state(row)));
    const cells = groups.map(([row, found]) => [head(row), named.map(cell(row, found))]);
    const title = "What each source says about each agreement";
    return rdc.scroll(title, rdc.table({ class: "comparison" }, title, ["Agreement", ...named], cells));
  };

  const card = (row) =>
    el("div", { class: "card" },
      el("h3", {}, link(row.agreement_id, row.name)), facts(row, termInList), parties(row.agreement_id), directions(row.agreement_id));

  rdc.views.agreements = () => {
    const rows = agreements.numbers.map((index) => agreements.row(index));
    const all = el("a", { href: "#tables/agreements" }, "All are in the table");
    return [
      el("h1", {}, "What each source says about each agreement"),
      el("p", {}, "Each cell counts the claims of a source by their bearing on the agreement. Below each name: its form, whether it exists, and its status, as the editors read the texts."),
      comparison(rows.slice(0, MOST)), rows.length > MOST ? el("p", {}, `The first ${MOST} agreements. `, all, ".") : null,
      el("h2", {}, "Parties and transfers"), rows.slice(0, MOST_CARDS).map(card),
      rows.length > MOST_CARDS ? el("p", {}, `The first ${MOST_CARDS} agreements. `, all, ".") : null,
    ];
  };

  rdc.records.agreements = (index, _, params) => {
    const row = agreements.row(index);
    const id = row.agreement_id;
    return [
      el("h1", {}, row.name), facts(row, term), row.note ? rdc.note(row.note) : null, rdc.permalink(id), parties(id),
      rdc.section("What is given by its claims", directions(id)),
      rdc.section("What each source says about it", claimsBySource(id, params.source)),
      rdc.citing(id), rdc.allCells(agreements, index),
    ];
  };
})();

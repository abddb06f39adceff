"use strict";
// Search: every name of an actor, agreements, sources, and claims by their words and actors.
(() => {
  const { el, link, soft } = rdc;
  const { actors, claims } = rdc.tables;
  const MOST = 60;
  const FEW = 12;

  const matches = (name, query) => rdc.matching(name, query, rdc.tables[name].numbers);

  const actorHit = (query) => (row) => {
    const id = actors.value(row, "actor_id");
    const name = rdc.actorName(id);
    const words = rdc.wordsOf(query);
    const alias = rdc.namesOf(id).find((each) => each !== name && words.some((word) => rdc.fold(each).includes(word)));
    return [link(id, rdc.marked(name, query)), alias ? soft("also called ", rdc.marked(alias, query)) : null];
  };

  const rowHit = (table, column, query) => (row) =>
    link(table.value(row, table.key[0]), rdc.marked(table.value(row, column), query));

  const claimHit = (query) => (row) => {
    const id = claims.value(row, "claim_id");
    return [link(id), " ", rdc.marked(claims.value(row, "claim_text"), query), soft(rdc.chain(id))];
  };

  // Claims with the words of the query come before those that only name a matching actor.
  const ownWordsFirst = (query, rows) => {
    const words = rdc.wordsOf(query);
    const own = rdc.searchTexts("claims").map((text) => text.split(" | ", 1)[0]);
    const [first, second] = [true, false].map((wanted) =>
      rows.filter((row) => words.every((word) => own[row].includes(word)) === wanted));
    return [...first, ...second];
  };

  const hits = (title, rows, most, show, ...intro) =>
    rdc.section(`${title} (${rows.length})`, intro, rdc.list(rows.slice(0, most).map(show)),
      rows.length > most ? el("p", {}, `The first ${most} are shown.`) : null);

  const results = (query, found) => {
    const others = [["agreements", "name"], ["sources", "label"]].map(([name, column]) => {
      const rows = matches(name, query);
      return rows.length ? hits(rdc.tables[name].title, rows, FEW, rowHit(rdc.tables[name], column, query)) : null;
    });
    const people = matches("actors", query);
    const table = el("a", { href: rdc.address(["tables", "claims"], { q: query }) }, "Sort and filter these claims");
    const intro = el("p", {}, found.length ? table : "No claim has these words or an actor of this name.");
    return [
      people.length ? hits("Actors", people, FEW, actorHit(query)) : null, ...others,
      hits("Claims", ownWordsFirst(query, found), MOST, claimHit(query), intro),
    ];
  };

  rdc.views.search = ({ params }) => {
    const place = el("div", {});
    const update = (query) => {
      const found = query ? matches("claims", query) : [];
      const help = el("p", {}, "Type words of a claim, or any name of an actor.");
      place.replaceChildren(...(query ? results(query, found) : [help]).filter(Boolean));
      rdc.announce(query ? `${rdc.count(found.length, "claim")} found` : "");
    };
    const type = (event) => {
      rdc.remember(["search"], { q: event.target.value });
      update(event.target.value);
    };
    update(params.q || "");
    ["actors", "agreements", "sources", "claims"].forEach(rdc.prepare);
    const input = el("input", { type: "search", id: "search-words", value: params.q || "", input: type });
    return [el("h1", {}, "Search"), rdc.controls(el("label", { for: "search-words" }, "Words, names, aliases, ids", input)), place];
  };

  rdc.byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = rdc.address(["search"], { q: rdc.byId("find-words").value });
  });
})();

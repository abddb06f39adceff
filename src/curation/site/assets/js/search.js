"use strict";
// Search: every name of an actor, agreements, sources, and claims by their words and actors.
(() => {
  const { el, link, soft } = rdc;
  const { actors, claims_wide: claims } = rdc.tables;
  const MOST = 60;
  const FEW = 12;

  const matches = (name, query) => rdc.matching(name, query, rdc.tables[name].numbers);

  const actorHit = (query) => (row) => {
    const id = actors.value(row, "actor_id");
    const name = rdc.actorName(id);
    const words = rdc.wordsOf(query);
    const alias = rdc.namesOf(id).find((each) => each !== name && words.some((word) => rdc.hasWords(each, [word])));
    return [link(id, rdc.marked(name, query)), alias ? soft("also called ", rdc.marked(alias, query)) : null];
  };

  const rowHit = (table, column, query) => (row) =>
    link(table.value(row, table.key[0]), rdc.marked(table.value(row, column), query));

  const claimHit = (query) => (row) => {
    const id = claims.value(row, "claim_id");
    return [link(id), " ", rdc.marked(claims.value(row, "claim_text"), query), soft(rdc.chain(id))];
  };

  // Claims with the words of the query come before those that only name a matching actor.
  const ownWordsFirst = (found) => {
    const texts = rdc.searchTexts("claims_wide");
    const isOwn = (row) => found.words.every((word) => texts[row][0].includes(` ${word}`));
    const own = new Set(found.filter(isOwn));
    return [...own, ...found.filter((row) => !own.has(row))];
  };

  const hits = (title, rows, most, show, ...intro) =>
    rdc.section(`${title} (${rows.length})`, ...intro, rdc.list(rows.slice(0, most).map(show)),
      rows.length > most ? el("p", {}, `The first ${most} are shown.`) : null);

  // The actors whose names have most words of a query, in any form: `South Korea` for “South Korean officials”.
  const alike = (query) => {
    const words = rdc.wordsOf(query).filter((word) => word.length > 1);
    const isOne = (word) => (each) => each.startsWith(word) || (each.length > 3 && word.startsWith(each));
    const shared = (name) => words.filter((word) => rdc.wordsOf(name).some(isOne(word))).length;
    const score = (row) => Math.max(...rdc.namesOf(actors.value(row, "actor_id")).map(shared));
    const most = Math.max(1, ...actors.numbers.map(score));
    return actors.numbers.filter((row) => score(row) === most);
  };

  const results = (query, found) => {
    const others = [["events", "label"], ["agreements", "name"], ["sources", "label"]].map(([name, column]) => {
      const rows = matches(name, query);
      return rows.length ? hits(rdc.tables[name].title, rows, FEW, rowHit(rdc.tables[name], column, rows.words.join(" "))) : null;
    });
    const people = matches("actors", query);
    const meant = found.length || people.length ? [] : alike(query);
    const table = el("a", { href: rdc.address(["tables", "claims_wide"], { q: query }) }, "Sort, filter and download these claims");
    const none = "No claim has all these words, in its text, its figures or the names of its actors. Use fewer words, or look through the ";
    const intro = [el("p", {}, found.length ? table : [none, el("a", { href: "#tables/claims_wide" }, "table of claims"), "."])];
    return [
      rdc.correction(found), people.length ? hits("Actors", people, FEW, actorHit(people.words.join(" "))) : null,
      meant.length ? hits("No actor has all these words; did you mean", meant, FEW, actorHit(query)) : null, ...others,
      hits("Claims", ownWordsFirst(found), MOST, claimHit(found.words.join(" ")), intro),
    ];
  };

  rdc.views.search = ({ params }) => {
    const place = el("div", {});
    const update = (query) => {
      const found = query ? matches("claims_wide", query) : [];
      const help = el("p", {}, "Type words or figures of a claim, such as 152 mm, or any name of an actor, such as ROK.");
      place.replaceChildren(...(query ? results(query, found) : [help]).filter(Boolean));
      rdc.announce(query ? `${rdc.count(found.length, "claim")} found` : "");
    };
    const type = (q) => {
      rdc.remember(["search"], { q });
      update(q);
    };
    update(params.q || "");
    ["actors", "events", "agreements", "sources", "claims_wide"].forEach(rdc.prepare);
    return [el("h1", {}, "Search"), rdc.controls(rdc.searchField("Words, figures, names, aliases, ids", "search-words", params.q, type)), place];
  };

  rdc.byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = rdc.address(["search"], { q: rdc.byId("find-words").value });
  });
})();

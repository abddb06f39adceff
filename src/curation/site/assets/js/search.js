"use strict";
// Searching everything: names of actors in every form, agreements, sources, and claims by their words and actors.
(() => {
  const { el, link } = rdc;
  const MOST = 60;
  const FEW = 12;

  const every = (name) => Array.from({ length: rdc.tables[name].length }, (_, row) => row);

  const actorHits = (query) => {
    const words = rdc.fold(query).split(/\s+/).filter(Boolean);
    return rdc.matching("actors", query, every("actors")).map((row) => {
      const id = rdc.tables.actors.value(row, "actor_id");
      const name = rdc.actorName(id);
      const form = rdc.namesOf(id).find((each) => each !== name && words.some((word) => rdc.fold(each).includes(word)));
      return [link(id, ...rdc.marked(name, query)), form ? el("span", { class: "soft" }, "also called ", rdc.marked(form, query)) : null];
    });
  };

  // Claims whose own words have what is sought come before those that only name an actor who is so called.
  const wordsFirst = (query, rows) => {
    const words = rdc.fold(query).split(/\s+/).filter(Boolean);
    const texts = rdc.haystack("claims");
    const own = rows.filter((row) => {
      const text = texts[row];
      const own = text.indexOf(" | ");
      return words.every((word) => {
        const at = text.indexOf(word);
        return at >= 0 && at < own;
      });
    });
    const set = new Set(own);
    return [...own, ...rows.filter((row) => !set.has(row))];
  };

  const hits = (title, items, more) => rdc.section(`${title} (${items.length})`, rdc.list(items.slice(0, more)), items.length > more ? el("p", {}, `The first ${more} are shown.`) : null);

  rdc.views.search = ({ params }) => {
    const place = el("div", {});
    const update = (query) => {
      const claims = wordsFirst(query, rdc.matching("claims", query, every("claims")));
      const actors = query ? actorHits(query) : [];
      const found = query ? [
        actors.length ? hits("Actors", actors, FEW) : null,
        ...["agreements", "sources"].map((name) => {
          const table = rdc.tables[name];
          const rows = rdc.matching(name, query, every(name));
          const column = name === "agreements" ? "name" : "label";
          return rows.length ? hits(table.title, rows.map((row) => [link(table.value(row, table.key[0]), ...rdc.marked(table.value(row, column), query))]), FEW) : null;
        }),
        rdc.section(`Claims (${claims.length})`,
          claims.length ? el("p", {}, el("a", { href: rdc.address(["tables", "claims"], { q: query }) }, "Sort and filter these claims")) : el("p", {}, "No claim has these words or an actor of this name."),
          rdc.list(claims.slice(0, MOST).map((row) => claimHit(row, query))),
          claims.length > MOST ? el("p", {}, `The first ${MOST} are shown.`) : null),
      ] : [el("p", {}, "Type words of a claim, or any name of an actor.")];
      place.replaceChildren(...found.filter(Boolean));
      rdc.tell(query ? `${rdc.count(claims.length, "claim")} found` : "");
    };
    const claimHit = (row, query) => {
      const id = rdc.tables.claims.value(row, "claim_id");
      return [link(id), " ", rdc.marked(rdc.tables.claims.value(row, "claim_text"), query), el("span", { class: "soft" }, rdc.chain(id))];
    };
    const input = el("input", { type: "search", id: "search-words", value: params.q || "", input: (event) => { rdc.remember(["search"], { q: event.target.value }); update(event.target.value); } });
    update(params.q || "");
    ["actors", "agreements", "sources", "claims"].forEach(rdc.prepare);
    return [el("h1", {}, "Search"), el("div", { class: "controls" }, el("label", { for: "search-words" }, "Words, names, aliases, identifiers", input)), place];
  };

  rdc.byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = rdc.address(["search"], { q: rdc.byId("find-words").value });
  });
})();

"use strict";
// Sources: the texts with their limits and coverage, and who quotes whom.
(() => {
  const { el, svg, link, soft } = rdc;
  const MOST = 200;

  rdc.limitsOf = (id) => rdc.answers.sources.find((row) => row.source_id === id).limits;

  const coverage = (row) => [
    svg("svg", { class: "coverage", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { class: "rest", width: 100, height: 6 }), svg("rect", { class: "claimed", width: row.claimed, height: 6 }),
      svg("rect", { class: "aside", x: row.claimed, width: row.aside, height: 6 })),
    soft(`${(row.claimed + row.aside).toFixed(1)} % of ${rdc.count(row.length, "character")} coded: ${row.claimed.toFixed(1)} % in claims, ${row.aside.toFixed(1)} % set aside; spaces between passages are in neither`),
  ];

  const card = (row) =>
    el("div", { class: "card", "data-id": row.source_id },
      el("h2", {}, link(row.source_id), ` ${row.label}`),
      el("ul", { class: "facts" },
        rdc.fact("Kind", row.kind), rdc.fact("Published", rdc.date(row.published) || "unknown"),
        rdc.fact("Claims", rdc.number(row.claims)), rdc.fact("Quantities", rdc.number(row.quantities)), rdc.fact("Set aside", rdc.count(row.set_asides, "passage"))),
      coverage(row), el("h3", {}, "Limits"), el("ul", {}, row.limits.map((each) => el("li", {}, each))));

  const quote = (row) => {
    const ids = row.claims.split(" ");
    const pair = `${row.outer} → ${row.inner}`;
    return rdc.opening({ "data-quote": pair }, `${pair}: ${rdc.count(ids.length, "claim")}`, () => rdc.list(ids.map(rdc.claimLine)));
  };

  rdc.views.sources = () => {
    const { sources, quotes } = rdc.answers;
    return [
      el("h1", {}, "The texts, their limits, and who quotes whom"),
      el("p", {}, "Every passage of every text is in the span of a claim or was set aside with a reason. On the page of a text you can check your own copy of it and see the claims marked in it."),
      sources.slice(0, MOST).map(card),
      sources.length > MOST ? el("p", {}, `The first ${MOST} of ${sources.length} sources; `, el("a", { href: "#tables/sources" }, "all are in the table"), ".") : null,
      el("h2", {}, "Who quotes whom"),
      el("p", {}, "Who passes on whose word, by the number of claims; open a line for them. Passing on is not agreeing."),
      quotes.slice(0, MOST).map(quote),
    ];
  };
})();

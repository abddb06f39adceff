"use strict";
// Transfers: a ledger of who gives what to whom, by how far it went and whose word it is, and the stated amounts.
(() => {
  const { el, svg, link, soft } = rdc;
  const MOST = 400;

  // --- marks and strips -------------------------------------------------------------------------------------------

  const DRAWN = {
    happened: () => svg("circle", { cx: 8, cy: 8, r: 6, class: "full" }),
    possible: () => svg("circle", { cx: 8, cy: 8, r: 6, class: "dashed" }),
    denied: () => [svg("circle", { cx: 8, cy: 8, r: 6 }), svg("path", { d: "M2 2L14 14M14 2L2 14" })],
    open: () => [svg("circle", { cx: 8, cy: 8, r: 6, class: "dotted" }), svg("path", { d: "M8 4v5M8 10.5v2" })],
    ahead: () => svg("path", { d: "M3 3L13 8L3 13Z" }),
    refused: () => [svg("rect", { x: 2.5, y: 2.5, width: 11, height: 11 }), svg("path", { d: "M4 12L12 4" })],
  };
  // The sign of a mark; its words stand beside it or above it.
  rdc.mark = (mark) => svg("svg", { class: `sign ${mark}`, viewBox: "0 0 16 16", "aria-hidden": "true" }, DRAWN[mark]());

  // A strip on which positions are shares of its width, so that it fits every screen.
  const share = (value) => `${(100 * Math.max(0, Math.min(1, value))).toFixed(3)}%`;
  const at = (x, ...shapes) => svg("svg", { x: share(x), y: "10", class: "at" }, shapes);
  const ARROWS = { right: "M-2 -6L8 0L-2 6Z", left: "M2 -6L-8 0L2 6Z" };
  rdc.strip = (props, ticks, ...shapes) =>
    svg("svg", { class: "strip", "aria-hidden": "true", ...props },
      ticks.map(([x]) => svg("line", { x1: share(x), x2: share(x), y1: 0, y2: "100%", class: "tick" })), shapes);
  rdc.line = (from, to, kind) => svg("line", { x1: share(from), x2: share(to), y1: 10, y2: 10, class: kind });
  rdc.dot = (x, kind) => at(x, svg("circle", { r: 5, class: kind }));
  rdc.diamond = (x, kind) => at(x, svg("path", { d: "M0 -6.5L6.5 0L0 6.5L-6.5 0Z", class: kind }));
  rdc.arrow = (x, direction, kind) => at(x, svg("path", { d: ARROWS[direction], class: kind }));
  rdc.cross = (x) => at(x, svg("path", { d: "M-7 -7L7 7M7 -7L-7 7", class: "cross" }));
  // The scale above strips: ticks as [share, text].
  rdc.scale = (ticks) =>
    svg("svg", { class: "scale", "aria-hidden": "true" }, ticks.map(([x, text]) =>
      svg("text", { x: share(x), y: 13, "text-anchor": x < 0.05 ? "start" : x > 0.95 ? "end" : "middle" }, text)));

  // --- amounts ----------------------------------------------------------------------------------------------------

  const SHORT = new Intl.NumberFormat("en", { notation: "compact", compactDisplay: "long", maximumFractionDigits: 2 });
  const ticksTo = (farthest) => {
    const power = 10 ** Math.floor(Math.log10(farthest / 3));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => farthest / each <= 5);
    return Array.from({ length: Math.floor(farthest / step) + 1 }, (_, number) => [number * step / farthest, SHORT.format(number * step)]);
  };

  // From stated end to stated end: a dot is a stated end, a ring an excluded one, an arrow an open one.
  const interval = (row, farthest) => {
    const kind = `${row.mark}${row.hedged ? " hedged" : ""}`;
    const [low, best, high] = [row.low, row.best, row.high].map((value) => (value === null ? null : value / farthest));
    const start = best ?? low ?? 0;
    const end = [row.open ? "ring" : "end", row.mark].join(" ");
    return [
      low === null && high === null ? null : rdc.line(low ?? 0, high ?? 1, kind),
      [low, high].filter((value) => value !== null).map((value) => rdc.dot(value, end)),
      low !== null && high === null ? rdc.arrow(1, "right", row.mark) : null,
      low === null && high !== null ? rdc.arrow(0, "left", row.mark) : null,
      best === null ? null : rdc.diamond(best, row.mark), row.denied ? rdc.cross(start) : null,
    ].flat().filter(Boolean);
  };

  const amount = (row, farthest, ticks) =>
    el("li", { "data-id": row.id, "data-mark": row.mark },
      el("p", {}, rdc.mark(row.mark), " ", el("b", {}, row.words), ` (${row.item})`),
      el("p", { class: "soft" }, rdc.chain(row.claim_id), ` · ${row.date} `, link(row.id)),
      rdc.strip({ height: 20 }, ticks, interval(row, farthest)));

  const amounts = (rows) =>
    [...rdc.groupBy(rows, (row) => row.unit)].map(([unit, members]) => {
      const farthest = 1.12 * Math.max(...members.flatMap((row) => [row.low, row.best, row.high]).map((end) => end || 0)) || 1;
      const ticks = ticksTo(farthest);
      return [
        el("h3", {}, `Unit: ${rdc.words(unit)}`),
        el("ul", { class: "amounts" }, members.map((row) => amount(row, farthest, ticks))), rdc.scale(ticks),
      ];
    });

  // --- the ledger -------------------------------------------------------------------------------------------------

  const entry = (row) =>
    el("li", { "data-id": row.transfer_id, "data-mark": row.mark },
      el("p", {}, el("b", {}, row.sides), ": ", link(row.item_id, row.name)),
      el("p", { class: "state" }, rdc.mark(row.mark), ` ${row.notes}`, row.figures ? soft(row.figures) : ""),
      el("p", { class: "soft" }, rdc.chain(row.claim_id), " ", link(row.claim_id)));

  const TITLES = { mark: "How far", giver: "Giver", receiver: "Receiver", item: "Item", realization: "Realization", source_id: "Source" };

  // An actor stands also for its parts, and an item for its kinds.
  let rows = null;
  const ledger = () => {
    const { items } = rdc.tables;
    // A category that is also the name of an item is offered once.
    const names = new Set(items.numbers.map((row) => items.value(row, "name")));
    const category = (id) => rdc.words(items.value(items.find(id), "category"));
    const kinds = (id) => rdc.withParents("items", id).flatMap((each) => (names.has(category(each)) ? [each] : [each, `all ${category(each)}`]));
    rows = rows || rdc.answers.transfers.map((row) => ({
      ...row, giver: rdc.withParents("actors", row.giver_id), receiver: rdc.withParents("actors", row.receiver_id),
      item: kinds(row.item_id), name: row.item, text: [row.sides, row.item, rdc.chain(row.claim_id)].join(" "),
    }));
    return rows;
  };

  rdc.views.transfers = ({ params }) => {
    const place = el("div", {});
    const below = el("div", { id: "amounts" });
    const count = el("p", { role: "status" });
    const update = () => {
      const chosen = filters.chosen();
      const groups = rdc.groupBy(chosen.slice(0, MOST), (row) => row.mark);
      count.textContent = `${rdc.number(chosen.length)} of ${rdc.count(ledger().length, "transfer")}${chosen.length > MOST ? `; the first ${MOST} are shown` : ""}`;
      place.replaceChildren(...(chosen.length ? [...groups].map(([mark, members]) =>
        el("section", {}, el("h2", { class: "kind" }, rdc.mark(mark), ` ${rdc.marks[mark]} (${members.length})`),
          el("ul", { class: "ledger" }, members.map(entry)))) : [filters.nothing()]));
      const marks = new Map(chosen.map((row) => [row.transfer_id, row.mark]));
      const shown = rdc.answers.estimates.filter((row) => marks.has(row.transfer_id));
      below.replaceChildren(...(shown.length ? amounts(shown.map((row) => ({ ...row, mark: marks.get(row.transfer_id) }))).flat()
        : [el("p", {}, "No amount is stated for these transfers.")]));
    };
    const filters = rdc.filters("transfers", ledger(), TITLES, params, update, (row) => [row.text]);
    update();
    const down = el("button", { type: "button", click: () => below.scrollIntoView() }, "Go to the stated amounts");
    return [
      el("h1", {}, "Who gives what to whom, according to whom"),
      el("p", {}, "Each line is a transfer that a claim states, with whose word it is. Only what stands under “Said to have happened” is stated as such without reservation, and even that is a claim. An actor includes its bodies, officials and forces, and an item its kinds."),
      filters.controls, count, down, place,
      el("section", {}, el("h2", {}, "Stated amounts"),
        el("p", {}, "The amounts of the transfers above, from stated end to stated end. A dot is a stated end, a ring an excluded one, an arrow an open one, a diamond a single value. Dashed: hedged. Crossed out: denied. Containers and other carriers are no amounts; they stand with their transfers above."),
        below),
    ];
  };
})();

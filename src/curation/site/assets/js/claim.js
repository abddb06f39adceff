"use strict";
// The ribbon: where in its text a claim is, and what around it was coded or set aside. It shows positions, never text.
(() => {
  const { svg, el } = rdc;
  const LANE = 10;
  const AROUND = 450;
  const WIDTH = 1000;

  const spansOf = (source) => {
    const claims = rdc.tables.claims.rowsWhere("source_id", source).map((row) => ({ kind: "claim", id: row.claim_id, text: row.claim_text, row }));
    const asides = rdc.tables.set_asides.rowsWhere("source_id", source).map((row) => ({ kind: "aside", id: null, text: rdc.words(row.reason), row }));
    return [...claims, ...asides]
      .map((span) => ({ ...span, start: Number(span.row.char_start), end: Number(span.row.char_end) }))
      .sort((one, other) => one.start - other.start || one.end - other.end);
  };

  // Overlapping spans are drawn in lanes.
  const inLanes = (spans) => {
    const ends = [];
    return spans.map((span) => {
      const free = ends.findIndex((end) => end <= span.start);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = span.end;
      return { ...span, lane };
    });
  };

  const piece = (span, from, scale, here) => {
    const x = Math.max(0, (span.start - from) * scale);
    const width = Math.max(1.5, Math.min(WIDTH, (span.end - from) * scale) - x);
    const where = `characters ${span.start}–${span.end}`;
    const label = span.id ? `${span.id}, ${where}: ${span.text}` : `Set aside, ${span.text}: ${where}`;
    const kind = span.id && span.id === here ? "here" : span.kind;
    const rect = svg("rect", { class: kind, x, width, y: span.lane * LANE + 1, height: LANE - 2, "data-tip": label });
    // The Tab key skips these links, which may be hundreds; the links before and after the claim are there for it.
    return span.id ? svg("a", { href: `#${span.id}`, tabindex: "-1", "aria-label": label }, rect) : rect;
  };

  const strip = (spans, [from, to], here, label, lens) => {
    const scale = WIDTH / (to - from);
    const shown = inLanes(spans.filter((span) => span.end > from && span.start < to));
    const height = LANE * (1 + Math.max(0, ...shown.map((span) => span.lane)));
    const frame = { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", height: Math.min(90, height * 1.4) };
    return svg("svg", { class: "ribbon", role: "group", "aria-label": label, ...frame },
      svg("rect", { class: "ground", width: WIDTH, height }), shown.map((span) => piece(span, from, scale, here)),
      lens ? svg("rect", { class: "lens", x: (lens[0] - from) * scale, width: (lens[1] - lens[0]) * scale, height }) : null);
  };

  rdc.ribbon = (source, here) => {
    const length = Number(rdc.tables.sources.row(rdc.tables.sources.find(source)).text_length) || 1;
    const spans = spansOf(source);
    const own = spans.find((span) => span.id && span.id === here);
    const near = own ? [Math.max(0, own.start - AROUND), Math.min(length, own.end + AROUND)] : null;
    const key = [own ? ["k-here", "this claim"] : null, ["k-claim", own ? "other claims" : "claims"], ["k-aside", "set aside"]];
    return [
      strip(spans, [0, length], here, `The whole text of ${source}`, near),
      own ? el("p", { class: "where" }, `Enlarged: characters ${rdc.number(near[0])} to ${rdc.number(near[1])}`) : null,
      own ? strip(spans, near, here, "The passages around the claim") : null,
      el("p", { class: "key" }, key.filter(Boolean).map(([name, text]) => el("span", { class: name }, text))),
    ];
  };

  // The same in words: what is before and after a claim.
  rdc.neighbours = (source, here) => {
    const spans = spansOf(source);
    const at = spans.findIndex((span) => span.id === here);
    const name = (span) => span && (span.id ? rdc.link(span.id) : `a passage set aside (${span.text})`);
    return [name(spans[at - 1]), name(spans[at + 1])];
  };
})();

// A claim: what is said, by whom through whom, with which quantities, about whom, and how other claims relate to it.
(() => {
  const { el, term, link, soft } = rdc;
  const { claims, claim_relations: relations } = rdc.tables;
  const CODES = [
    "topic", "statement_kind", "polarity", "modality", "temporal_status", "date_basis", "date_status", "record_status",
  ];

  // The stated interval; an open end is named.
  const interval = (row) => {
    const [low, best, high] = [row.value_low, row.value_best, row.value_high].map((cell) => cell && rdc.number(cell));
    if (best) return row.bound_type === "approximate" ? `about ${best}` : best;
    if (low && high) return `${low} to ${high}, no single value stated`;
    if (low) return `${row.bound_type === "more_than" ? "more than" : "at least"} ${low}, no upper end stated`;
    if (high) return `${row.bound_type === "less_than" ? "less than" : "up to"} ${high}, no lower end stated`;
    return "no value stated";
  };

  const quantity = (row, target) => {
    const code = (name) => term("quantities", name, row[name]);
    return [
      el("b", { id: row.quantity_id === target ? "target" : null }, `“${row.value_text}”`),
      ` ${row.item}: ${interval(row)} (${rdc.words(row.unit)})`,
      soft(row.quantity_id, " · ", code("bound_type"), " · ", code("property"),
        row.transfer_measure ? [" · ", code("transfer_measure"), " of ", row.transfer_id] : "",
        row.value_modality === "as_claim" ? "" : [" · value ", code("value_modality")],
        row.ratio_direction ? ` · ${row.ratio_direction} than ${row.ratio_base}` : "",
        row.period ? ` · period ${rdc.date(row.period)}` : "",
        row.rhetorical === "true" ? " · rhetorical, not a measurement" : "",
        row.parent_quantity_id ? [" · based on ", link(row.parent_quantity_id)] : "", row.note ? ` · ${row.note}` : ""),
    ];
  };

  const actor = (row) => [
    link(row.actor_id, rdc.actorName(row.actor_id)), " — ", term("claim_actors", "role", row.role),
    soft(row.name_as_stated ? `named “${row.name_as_stated}”, ` : "not named in the passage, ",
      term("claim_actors", "resolution", row.resolution)),
  ];

  const voice = (row) => {
    const code = (name) => term("claim_attributions", name, row[name]);
    const unnamed = row.specificity === "document" ? "the text" : "somebody";
    return [
      `Step ${row.step}: `, row.actor_id ? link(row.actor_id, rdc.actorName(row.actor_id)) : unnamed,
      soft("act: ", code("act"), " · ", code("specificity"), " · evidence: ", code("evidence"), row.joint === "true" ? " · jointly" : ""),
    ];
  };

  rdc.claimLine = (id) => {
    const row = claims.row(claims.find(id));
    return [link(id), " ", row.claim_text, soft(rdc.chain(id), ` · ${rdc.words(row.polarity)}, ${rdc.words(row.modality)}`)];
  };

  const relation = (row, id) => {
    const outward = row.claim_id === id;
    const kind = term("claim_relations", "relation", row.relation);
    const aspect = [" (", term("claim_relations", "aspect", row.aspect), "): "];
    return [
      outward ? ["This claim ", kind, " another"] : ["Another claim ", kind, " this one"], aspect,
      rdc.claimLine(outward ? row.related_claim_id : row.claim_id),
      soft("origins: ", term("claim_relations", "independence", row.independence), row.note ? ` · ${row.note}` : ""),
    ];
  };

  const agreement = (row) => [
    link(row.agreement_id, rdc.agreementName(row.agreement_id)), " — the claim ",
    term("claim_agreements", "bearing", row.bearing), " it",
  ];

  const event = (row) => {
    return [link(row.event_id, rdc.eventName(row.event_id)), " — the claim ", term("claim_events", "bearing", row.bearing), " it"];
  };

  // The transfers of active claims with their mark and words, those of some column only.
  const byColumn = {};
  rdc.transfersWhere = (column, value) => {
    byColumn[column] = byColumn[column] || rdc.groupBy(rdc.answers.transfers, (row) => row[column]);
    return byColumn[column].get(value) || [];
  };
  rdc.transferred = (row) => [link(row.item_id, row.item), ` (${row.notes})`, row.figures ? soft(row.figures) : ""];
  rdc.transfer = (row) => [rdc.mark(row.mark), ` ${row.sides}: `, rdc.transferred(row)];

  rdc.permalink = (id) =>
    el("p", {}, el("a", { href: `#${id}`, class: "id" }, `#${id}`), " ", rdc.copyButton(rdc.permanentLink(id), "Copy permanent link"));

  rdc.citing = (id) => {
    const wide = rdc.tables.claims_wide;
    const row = wide.find(id);
    const [sentence, source, label] = row < 0 ? [] : ["sentence", "source_id", "source"].map((name) => wide.value(row, name));
    const text = row < 0 ? `${rdc.dataset.citation} ${id}.` : `${sentence} ${source}: ${label}. In: ${rdc.dataset.citation}`;
    const citation = el("pre", { tabindex: "0", role: "region", "aria-label": "Citation of this row" }, text);
    return rdc.section("Cite", el("div", { class: "citation" }, citation, rdc.copyButton(text, "Copy")));
  };

  rdc.allCells = (table, row) =>
    el("details", {}, el("summary", {}, "All cells of this row"),
      el("dl", { class: "cells" }, table.columns.flatMap((column) => [
        el("dt", { "data-tip": column.description }, column.title), el("dd", {}, rdc.cell(table, row, column) || "—"),
      ])));

  const steps = (claim, index) => {
    const siblings = claims.where("source_id", claim.source_id);
    const at = siblings.indexOf(index);
    const step = (row, text) => (row === undefined ? el("span", {}) : link(claims.value(row, "claim_id"), text(claims.value(row, "claim_id"))));
    return el("nav", { class: "steps", "aria-label": "Claims of this source" },
      step(siblings[at - 1], (id) => `← ${id}`), step(siblings[at + 1], (id) => `${id} →`));
  };

  const passage = (claim) => {
    const [before, after] = rdc.neighbours(claim.source_id, claim.claim_id);
    const source = rdc.tables.sources.row(rdc.tables.sources.find(claim.source_id));
    const [start, end, length] = [claim.char_start, claim.char_end, source.text_length].map(rdc.number);
    return rdc.section("Passage",
      el("p", {}, link(claim.source_id), ` ${source.label}. Characters ${start} to ${end} of ${length}. `, rdc.webLink(source.url, "Read the source")),
      rdc.ribbon(claim.source_id, claim.claim_id),
      el("p", { class: "where" }, before ? ["Before it: ", before, ". "] : "Nothing comes before it. ", after ? ["After it: ", after, "."] : "Nothing comes after it."));
  };

  const withdrawn = (claim) =>
    claim.record_status === "withdrawn"
      ? rdc.note("This claim was withdrawn because it misreads its source. It is kept so that citations still work.",
        claim.superseded_by ? [" Its replacement is ", link(claim.superseded_by), "."] : "")
      : null;

  // `target` is the quantity that was asked for, if any.
  rdc.records.claims = (index, target) => {
    const claim = claims.row(index);
    const id = claim.claim_id;
    const nested = (name) => rdc.tables[name].rowsWhere("claim_id", id);
    const related = [...nested("claim_relations"), ...relations.rowsWhere("related_claim_id", id)];
    const origin = claim.origin_id && link(claim.origin_id, rdc.tables.origins.row(rdc.tables.origins.find(claim.origin_id)).label);
    return [
      steps(claim, index), el("h1", {}, `Claim ${id}`), withdrawn(claim),
      el("p", { class: "chain" }, `${rdc.chain(id)}:`), el("p", { class: "claim-text" }, claim.claim_text),
      el("p", { class: "soft" }, "In the editors’ words. A listed claim is not necessarily true."),
      el("ul", { class: "facts" },
        CODES.map((name) => rdc.fact(claims.byName.get(name).title, term("claims", name, claim[name]))),
        rdc.fact("Date", rdc.date(claim.event_date)), rdc.fact("Hedge as worded", claim.hedge && `“${claim.hedge}”`),
        rdc.fact("Original utterance", origin)),
      claim.note ? rdc.note(claim.note) : null,
      rdc.permalink(target || id),
      rdc.section("Who says so", rdc.list(nested("claim_attributions").map(voice))),
      rdc.section("Transfers", rdc.list(rdc.transfersWhere("claim_id", id).map(rdc.transfer))),
      rdc.section("Quantities", rdc.list(nested("quantities").map((row) => quantity(row, target)))),
      rdc.section("Actors", rdc.list(nested("claim_actors").map(actor))),
      rdc.section("Events", rdc.list(nested("claim_events").map(event))),
      rdc.section("Agreements", rdc.list(nested("claim_agreements").map(agreement))),
      rdc.section("Relations to other claims", rdc.list(related.map((row) => relation(row, id)))),
      passage(claim), rdc.citing(id), rdc.allCells(claims, index),
    ];
  };

  // Quantities and transfers are shown with their claim.
  for (const name of ["quantities", "transfers"]) {
    rdc.records[name] = (index) => {
      const row = rdc.tables[name].row(index);
      return rdc.records.claims(claims.find(row.claim_id), rdc.tables[name].value(index, rdc.tables[name].key[0]));
    };
  }
})();

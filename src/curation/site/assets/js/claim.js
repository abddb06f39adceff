"use strict";
// One claim: what is said, by whom through whom, with which figures, about whom, and how other claims bear on it.
(() => {
  const { el, term, link } = rdc;
  const CODES = ["topic", "statement_kind", "polarity", "modality", "temporal_status", "date_basis", "date_status", "record_status"];

  rdc.fact = (name, ...value) => (value.flat().some((part) => part !== "" && part !== null) ? el("li", {}, el("span", { class: "name" }, `${name}: `), ...value) : null);

  rdc.section = (title, ...content) => {
    const shown = content.flat().filter((part) => part !== null && part !== "");
    return shown.length ? el("section", {}, el("h2", {}, title), shown) : null;
  };

  rdc.list = (items) => (items.length ? el("ul", { class: "list" }, items.map((item) => el("li", {}, item))) : null);

  const number = (text) => (text === null ? null : Number(text).toLocaleString("en", { maximumFractionDigits: 6 }));

  // The interval that the words state, with an open end said to be open.
  const interval = (row) => {
    const [low, best, high] = [number(row.value_low), number(row.value_best), number(row.value_high)];
    if (best !== null) return row.bound_type === "approximate" ? `about ${best}` : best;
    if (low !== null && high !== null) return `${low} to ${high}, no single value stated`;
    if (low !== null) return `${row.bound_type === "more_than" ? "more than" : "at least"} ${low}, upper end open`;
    if (high !== null) return `${row.bound_type === "less_than" ? "less than" : "up to"} ${high}, lower end open`;
    return "no value stated";
  };

  const quantity = (row, sought) => [
    el("b", row.quantity_id === sought ? { id: "sought", class: "sought" } : {}, `“${row.value_text}”`), ` ${row.item}: ${interval(row)}`, ` (${rdc.words(row.unit)})`,
    el("span", { class: "soft" }, row.quantity_id, " · ", term("quantities", "bound_type", row.bound_type), " · ", term("quantities", "property", row.property),
      row.stage === "not_applicable" ? "" : [" · ", term("quantities", "stage", row.stage)],
      row.value_modality === "as_claim" ? "" : [" · value ", term("quantities", "value_modality", row.value_modality)],
      row.ratio_direction ? ` · ${row.ratio_direction} than ${row.ratio_base}` : "", row.period ? ` · period ${row.period}` : "",
      row.rhetorical === "true" ? " · rhetorical, no measurement" : "",
      row.parent_quantity_id ? [" · rests on ", link(row.parent_quantity_id)] : "", row.note ? ` · ${row.note}` : ""),
  ];

  const actor = (row) => [
    link(row.actor_id, rdc.actorName(row.actor_id)), " — ", term("claim_actors", "role", row.role),
    el("span", { class: "soft" }, row.name_as_stated ? `named “${row.name_as_stated}”, ` : "not named there, ", term("claim_actors", "resolution", row.resolution)),
  ];

  const voice = (row) => [
    `Step ${row.step}: `, row.actor_id ? link(row.actor_id, rdc.actorName(row.actor_id)) : rdc.words(row.specificity === "document" ? "the text" : "somebody"), " ",
    term("claim_attributions", "act", row.act),
    el("span", { class: "soft" }, term("claim_attributions", "specificity", row.specificity), " · evidence: ", term("claim_attributions", "evidence", row.evidence), row.joint === "true" ? " · jointly" : ""),
  ];

  rdc.claimLine = (id) => {
    const claims = rdc.tables.claims;
    const row = claims.find(id);
    if (row < 0) return [id];
    return [link(id), " ", claims.value(row, "claim_text"), el("span", { class: "soft" }, rdc.chain(id), " · ", rdc.words(claims.value(row, "polarity")), ", ", rdc.words(claims.value(row, "modality")))];
  };

  const relation = (row, id) => {
    const outward = row.claim_id === id;
    return [
      outward ? "It " : "Another claim ", term("claim_relations", "relation", row.relation), outward ? " another (" : " it (", term("claim_relations", "aspect", row.aspect), "): ",
      rdc.claimLine(outward ? row.related_claim_id : row.claim_id),
      el("span", { class: "soft" }, "origins: ", term("claim_relations", "independence", row.independence), row.note ? ` · ${row.note}` : ""),
    ];
  };

  const agreement = (row) => [link(row.agreement_id, rdc.agreementName(row.agreement_id)), " — the claim ", term("claim_agreements", "bearing", row.bearing), " it"];

  rdc.permalink = (id) => el("p", {}, el("a", { href: `#${id}`, class: "id" }, `#${id}`), " ", rdc.copyButton(rdc.permanent(id), "Copy permanent link"));

  rdc.citing = (id) => {
    const text = `${rdc.dataset.citation} ${id}.`;
    return rdc.section("Cite", el("div", { class: "citation" }, el("pre", { tabindex: "0", role: "region", "aria-label": "Citation of this row" }, text), rdc.copyButton(text, "Copy")));
  };

  rdc.allCells = (table, row) =>
    el("details", {}, el("summary", {}, "All cells of this row"),
      el("dl", { class: "cells" }, table.columns.flatMap((column) => [el("dt", { "data-tip": column.description }, column.title), el("dd", {}, rdc.cell(table, row, column, "") || "—")])));

  const steps = (claim, index) => {
    const siblings = rdc.tables.claims.where("source_id", claim.source_id);
    const at = siblings.indexOf(index);
    const id = (row) => rdc.tables.claims.value(row, "claim_id");
    return el("nav", { class: "steps", "aria-label": "Claims of this source" },
      at > 0 ? link(id(siblings[at - 1]), `← ${id(siblings[at - 1])}`) : el("span"),
      at < siblings.length - 1 ? link(id(siblings[at + 1]), `${id(siblings[at + 1])} →`) : el("span"));
  };

  const place = (claim) => {
    const [before, after] = rdc.around(claim.source_id, claim.claim_id);
    const source = rdc.tables.sources.row(rdc.tables.sources.find(claim.source_id));
    return rdc.section("Its place in its source",
      el("p", {}, link(claim.source_id), ` ${source.label}. `, `Characters ${Number(claim.char_start).toLocaleString("en")} to ${Number(claim.char_end).toLocaleString("en")} of ${Number(source.text_length).toLocaleString("en")}.`,
        rdc.isSafe(source.url || "") ? [" ", el("a", { href: source.url }, "Read the source")] : ""),
      rdc.ribbon(claim.source_id, claim.claim_id),
      el("p", { class: "where" }, before ? ["Before it: ", before, ". "] : "Nothing is before it. ", after ? ["After it: ", after, "."] : "Nothing is after it."));
  };

  rdc.records.claims = (index, sought) => {
    const claim = rdc.tables.claims.row(index);
    const id = claim.claim_id;
    const nested = (name) => rdc.tables[name].rowsWhere("claim_id", id);
    const relations = [...nested("claim_relations"), ...rdc.tables.claim_relations.rowsWhere("related_claim_id", id)];
    const codes = CODES.map((name) => rdc.fact(rdc.tables.claims.byName.get(name).title, term("claims", name, claim[name])));
    return [
      steps(claim, index),
      el("h1", {}, `Claim ${id}`),
      claim.record_status === "withdrawn" ? el("p", { class: "note" }, "This claim was withdrawn: it is kept, and no longer held to be a right reading.", claim.superseded_by ? [" It gave way to ", link(claim.superseded_by), "."] : "") : null,
      el("p", { class: "chain" }, `${rdc.chain(id)}:`),
      el("p", { class: "claim-text" }, claim.claim_text),
      el("p", { class: "soft" }, "In the editors’ words. That it is listed does not mean that it is true."),
      el("ul", { class: "facts" }, codes, rdc.fact("Date", claim.event_date || ""), rdc.fact("Hedge as worded", claim.hedge ? `“${claim.hedge}”` : ""), rdc.fact("Root utterance", claim.origin_id ? el("a", { href: rdc.address(["tables", "claims"], { "f.origin_id": claim.origin_id }) }, claim.origin_id) : "")),
      claim.note ? el("p", { class: "note" }, claim.note) : null,
      rdc.permalink(sought || id),
      rdc.section("Who says so", rdc.list(nested("claim_attributions").map(voice))),
      rdc.section("Figures", rdc.list(nested("quantities").map((row) => quantity(row, sought)))),
      rdc.section("Actors", rdc.list(nested("claim_actors").map(actor))),
      rdc.section("Agreements", rdc.list(nested("claim_agreements").map(agreement))),
      rdc.section("How other claims bear on it, and it on them", rdc.list(relations.map((row) => relation(row, id)))),
      place(claim),
      rdc.citing(id),
      rdc.allCells(rdc.tables.claims, index),
    ];
  };

  // A figure is shown with its claim.
  rdc.records.quantities = (index) => {
    const row = rdc.tables.quantities.row(index);
    return rdc.records.claims(rdc.tables.claims.find(row.claim_id), row.quantity_id);
  };
})();

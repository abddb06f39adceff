"use strict";
// The tables: cells by column, rows found by key or by column, and the texts that a search looks through.
(() => {
  const part = (name) => JSON.parse(rdc.byId(`data-${name}`).textContent);
  const data = part("about");
  // Computes a property when it is first read.
  const lazily = (object, name, compute) =>
    Object.defineProperty(object, name, {
      configurable: true,
      get: () => {
        const value = compute();
        Object.defineProperty(object, name, { value });
        return value;
      },
    });

  class Table {
    constructor(properties) {
      Object.assign(this, properties);
      this.length = properties.rows;
      this.byName = new Map(this.columns.map((column) => [column.name, column]));
      this.indexes = new Map();
      lazily(this, "cells", () => part(`cells-${this.name}`));
    }

    get numbers() {
      return Array.from({ length: this.length }, (_, row) => row);
    }

    // The text of a cell, or null.
    value(row, column) {
      return this.cells[column][row];
    }

    // A row, whose cells are its properties.
    row(index) {
      return new Proxy(this, { get: (table, column) => (column === "index" ? index : table.value(index, column)) });
    }

    // The numbers of the rows that have a text in a column.
    where(column, text) {
      if (!this.indexes.has(column)) {
        this.indexes.set(column, rdc.groupBy(this.numbers, (row) => this.value(row, column)));
      }
      return this.indexes.get(column).get(text) || [];
    }

    rowsWhere(column, text) {
      return this.where(column, text).map((index) => this.row(index));
    }

    // The number of the row with a key, or -1.
    find(key) {
      const [found] = this.where(this.key[0], key);
      return found === undefined ? -1 : found;
    }
  }

  rdc.groupBy = (items, keyOf) => {
    const groups = new Map();
    for (const item of items) {
      const key = keyOf(item);
      if (groups.has(key)) groups.get(key).push(item);
      else groups.set(key, [item]);
    }
    return groups;
  };

  rdc.dataset = data.dataset;
  rdc.marks = Object.assign(Object.create(null), data.marks);
  rdc.tables = Object.fromEntries(data.tables.map((properties) => [properties.name, new Table(properties)]));
  // The rows that the views show, by name.
  rdc.answers = {};
  for (const name of ["transfers", "estimates", "events", "conflicts", "sources", "quotes"]) {
    lazily(rdc.answers, name, () => part(`rows-${name}`));
  }
  lazily(rdc, "chains", () => part("chains"));
  lazily(rdc, "dates", () => part("dates"));
  rdc.chain = (claim) => rdc.chains[claim] || "";
  // A date in words, and as moments: the first and that after the last, or null for an open end.
  rdc.date = (text) => (rdc.isEmpty(text) ? "" : (rdc.dates[text] || [text])[0]);
  rdc.moments = (text) => (rdc.dates[text] || []).slice(1);
  rdc.isActive = (claim) => rdc.tables.claims_wide.find(claim) >= 0;

  const nameIn = (table, id, column = "name") => {
    const row = rdc.tables[table].find(id);
    return row < 0 ? id || "" : rdc.tables[table].value(row, column);
  };
  rdc.actorName = (id) => nameIn("actors", id);
  rdc.agreementName = (id) => nameIn("agreements", id);
  rdc.itemName = (id) => nameIn("items", id);
  rdc.eventName = (id) => nameIn("events", id, "label");
  // A code in words, or the name of what an identifier stands for.
  rdc.nameOf = (id) => (/^ACT-/.test(id) ? rdc.actorName(id) : /^ITM-/.test(id) ? rdc.itemName(id) : rdc.marks[id] || rdc.words(id));
  // A row and all above it, by the column parent_id.
  rdc.withParents = (table, id) => {
    const row = rdc.tables[table].find(id);
    return row < 0 ? [] : [id, ...rdc.withParents(table, rdc.tables[table].value(row, "parent_id"))];
  };
  // A row and all below it.
  rdc.withParts = (table, id) =>
    [id, ...rdc.tables[table].rowsWhere("parent_id", id).flatMap((row) => rdc.withParts(table, row[rdc.tables[table].key[0]]))];

  // The table that has a row with this key; the cells of a table are not read if its keys look different.
  rdc.tableOf = (id) =>
    Object.values(rdc.tables).filter((table) => rdc.records[table.name]).find((table) => {
      const { pattern } = table.byName.get(table.key[0]);
      return table.key.length === 1 && (!pattern || new RegExp(pattern, "u").test(id)) && table.find(id) >= 0;
    });

  // --- search -----------------------------------------------------------------------------------------------------

  // The words of a text: without case and accents, a figure apart from its unit and without thousands separators.
  rdc.wordsOf = (text) =>
    (text || "").normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "")
      .replace(/(\d)[,\u202f\u00a0](?=\d{3}(?!\d))/gu, "$1").replace(/(\d)(?=\p{L})/gu, "$1 ")
      .match(/\d+(\.\d+)+|[\p{L}\p{N}]+/gu) || [];
  const joined = (texts) => ` ${texts.flatMap((text) => rdc.wordsOf(text)).join(" ")} `;
  rdc.hasWords = (text, words) => !words.length || ((folded) => words.every((word) => folded.includes(` ${word}`)))(joined([text]));

  // Every name of an actor: in the tables, in the texts, and as people type it.
  const names = new Map();
  rdc.namesOf = (actor) => {
    if (!names.has(actor)) {
      const name = rdc.actorName(actor);
      const others = rdc.tables.actor_names.rowsWhere("actor_id", actor).map((row) => row.name);
      names.set(actor, [...new Set([name, ...others, ...(data.typed[name] || [])])]);
    }
    return names.get(actor);
  };

  // A claim is found by its words, its figures, and every name of its actors and of what they are part of; any other row
  // by its cells and the names of its actors.
  const FOUND_BY = ["claim_id", "claim_text", "hedge", "note"];
  const ownText = (table, row) => {
    const columns = table.columns.map((column) => column.name).filter((name) => !name.endsWith("sha256"));
    if (table.key.join() !== "claim_id") return joined(columns.map((name) => table.value(row, name)));
    const figures = rdc.tables.quantities.rowsWhere("claim_id", table.value(row, "claim_id"));
    const cells = FOUND_BY.map((name) => table.value(row, name));
    return joined([...cells, ...figures.flatMap((each) => [each.value_text, each.item])]);
  };
  const actorsOf = (table, row) => {
    const columns = table.columns.filter((column) => column.refers_to === "actors" || column.name === "actor_id");
    if (table.key.join() === "actor_id") return [table.value(row, "actor_id")];
    if (table.key.join() !== "claim_id") return columns.map((column) => table.value(row, column.name));
    const linked = [rdc.tables.claim_actors, rdc.tables.claim_attributions];
    return linked.flatMap((each) => each.rowsWhere("claim_id", table.value(row, "claim_id")).map((found) => found.actor_id))
      .flatMap((actor) => rdc.withParents("actors", actor));
  };

  // The words of each row: its own, and the names of its actors.
  const texts = new Map();
  rdc.searchTexts = (name) => {
    const table = rdc.tables[name];
    const called = (row) => joined([...new Set(actorsOf(table, row))].filter(Boolean).flatMap(rdc.namesOf));
    if (!texts.has(name)) texts.set(name, table.numbers.map((row) => [ownText(table, row), called(row)]));
    return texts.get(name);
  };

  // Prepares the texts when the browser is idle, so that the first search is fast.
  rdc.prepare = (name) => (window.requestIdleCallback || setTimeout)(() => rdc.searchTexts(name));

  // How many letters two words differ by, counted up to `most` + 1.
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let above = [...Array(other.length + 1).keys()];
    for (let row = 1; row <= one.length; row += 1) {
      const line = [row];
      for (let at = 1; at <= other.length; at += 1) {
        line.push(Math.min(above[at] + 1, line[at - 1] + 1, above[at - 1] + (one[row - 1] !== other[at - 1])));
      }
      above = line;
    }
    return above[other.length];
  };

  // The known words that are most like one that no row of a table has; none for short words and figures.
  const corrections = new Map();
  const similar = (name, word) => {
    const key = `${name} ${word}`;
    const most = word.length < 5 || /\d/.test(word) ? 0 : word.length < 8 ? 1 : 2;
    if (!corrections.has(key)) {
      const known = [...new Set(rdc.searchTexts(name).flat().join(" ").split(" "))].filter((each) => each.length > 3);
      const near = most ? known.map((each) => [each, distance(word, each, most)]).filter(([, far]) => far <= most) : [];
      const least = Math.min(...near.map(([, far]) => far));
      corrections.set(key, near.filter(([, far]) => far === least).map(([each]) => each));
    }
    return corrections.get(key);
  };

  // The rows that have every word of a query, or a similar one where no row has it; `corrected` lists those.
  rdc.matching = (name, query, rows) => {
    const found = rdc.searchTexts(name);
    const has = (row, word) => found[row].some((text) => text.includes(` ${word}`));
    const choices = rdc.wordsOf(query).map((word) => {
      const known = found.some((row, index) => has(index, word));
      return known ? [word] : similar(name, word);
    });
    const matching = rows.filter((row) => choices.every((words) => words.some((word) => has(row, word))));
    const corrected = choices.filter((words, at) => words.length && words[0] !== rdc.wordsOf(query)[at]).flat();
    return Object.assign(matching, { corrected, words: choices.flat() });
  };
  rdc.correction = ({ corrected }) =>
    corrected && corrected.length ? rdc.note(`Nothing has exactly these words; what has ${corrected.map((word) => `“${word}”`).join(" or ")} is shown.`) : null;
})();

"use strict";
// The tables: cells by column, rows found by key or by column, and the texts that a search looks through.
(() => {
  const part = (name) => JSON.parse(rdc.byId(`data-${name}`).textContent);
  const data = part("about");
  // A column that repeats its texts is stored as the distinct texts and the number of each cell's text.
  const unpacked = (column) => (Array.isArray(column) ? column : column.at.map((number) => column.of[number]));
  const unpackedAll = (columns) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, unpacked(column)]));
  const rowsOf = (packed) => {
    const columns = Object.entries(unpackedAll(packed));
    return columns[0][1].map((_, row) => Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]])));
  };
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
      lazily(this, "cells", () => unpackedAll(part(`cells-${this.name}`)));
    }

    get numbers() {
      return Array.from({ length: this.length }, (_, row) => row);
    }

    // The text of a cell, or null.
    value(row, column) {
      const cell = this.cells[column][row];
      const { values } = this.byName.get(column);
      return typeof cell === "number" && values ? values[cell] : cell;
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
  rdc.figures = data.figures;
  rdc.themes = data.themes;
  rdc.conflicting = data.conflicting;
  rdc.mostDrawn = data.most_drawn;
  rdc.tables = Object.fromEntries(data.tables.map((properties) => [properties.name, new Table(properties)]));
  rdc.figures.forEach((figure) => lazily(figure, "rows", () => rowsOf(part(`rows-${figure.name}`))));
  lazily(rdc, "chains", () => part("chains"));
  rdc.chain = (claim) => rdc.chains[claim] || "";

  const nameIn = (table, id) => {
    const row = rdc.tables[table].find(id);
    return row < 0 ? id || "" : rdc.tables[table].value(row, "name");
  };
  rdc.actorName = (id) => nameIn("actors", id);
  rdc.agreementName = (id) => nameIn("agreements", id);
  rdc.itemName = (id) => nameIn("items", id);

  // The table that has a row with this key; the cells of a table are not read if its keys look different.
  rdc.tableOf = (id) =>
    Object.values(rdc.tables).find((table) => {
      const { pattern } = table.byName.get(table.key[0]);
      return table.key.length === 1 && (!pattern || new RegExp(pattern, "u").test(id)) && table.find(id) >= 0;
    });

  // --- search -----------------------------------------------------------------------------------------------------

  const fold = (text) => text.normalize("NFKC").toLowerCase().replaceAll("’", "'");
  rdc.fold = fold;
  rdc.wordsOf = (query) => fold(query || "").split(/\s+/).filter(Boolean);

  const names = new Map();
  const namesOf = (actor) => {
    if (!names.has(actor)) {
      const others = actor ? rdc.tables.actor_names.rowsWhere("actor_id", actor).map((row) => row.name) : [];
      const forms = [...new Set([rdc.actorName(actor), ...others])];
      names.set(actor, { forms, folded: fold(forms.join(" | ")) });
    }
    return names.get(actor);
  };
  rdc.namesOf = (actor) => namesOf(actor).forms;

  // A claim is found by its words and by every name of its actors, any other row by its cells and its actor's names.
  const textOf = (table, row) => {
    const joined = (columns) => fold(columns.map((column) => table.value(row, column) || "").join(" "));
    if (table.name !== "claims") {
      const columns = table.columns.map((column) => column.name).filter((name) => !name.endsWith("sha256"));
      const called = table.byName.has("actor_id") ? namesOf(table.value(row, "actor_id")).folded : "";
      return `${joined(columns)} ${called}`;
    }
    const id = table.value(row, "claim_id");
    const linked = [rdc.tables.claim_actors, rdc.tables.claim_attributions];
    const actors = new Set(linked.flatMap((each) => each.rowsWhere("claim_id", id).map((found) => found.actor_id)));
    const called = [...actors].filter(Boolean).map((actor) => namesOf(actor).folded);
    return `${id.toLowerCase()} ${joined(["claim_text", "hedge", "note"])} | ${called.join(" | ")}`;
  };

  const texts = new Map();
  rdc.searchTexts = (name) => {
    const table = rdc.tables[name];
    if (!texts.has(name)) texts.set(name, table.numbers.map((row) => textOf(table, row)));
    return texts.get(name);
  };

  // Prepares the texts when the browser is idle, so that the first search is fast.
  rdc.prepare = (name) => (window.requestIdleCallback || setTimeout)(() => rdc.searchTexts(name));

  // The rows that contain every word of a query.
  rdc.matching = (name, query, rows) => {
    const words = rdc.wordsOf(query);
    if (!words.length) return rows;
    const found = rdc.searchTexts(name);
    return rows.filter((row) => words.every((word) => found[row].includes(word)));
  };
})();

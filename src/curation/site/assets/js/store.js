"use strict";
// The tables: columns of cells, rows found by key or by a column, and what each row can be found by.
(() => {
  const part = (name) => JSON.parse(rdc.byId(`data-${name}`).textContent);
  const data = part("about");
  // A column whose texts come again and again is stored as the texts and the number of each.
  const unpacked = (column) => (Array.isArray(column) ? column : column.at.map((number) => column.of[number]));
  const unpackedAll = (columns) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, unpacked(column)]));
  const rowsOf = (packed) => {
    const columns = Object.entries(unpackedAll(packed));
    const length = columns.length ? columns[0][1].length : 0;
    return Array.from({ length }, (_, row) => Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]])));
  };
  const rowsOfAll = (lists) => Object.fromEntries(Object.entries(lists).map(([name, packed]) => [name, rowsOf(packed)]));
  const fold = (text) => text.normalize("NFKC").toLowerCase().replaceAll("’", "'");

  class Table {
    constructor(said) {
      Object.assign(this, said);
      this.length = said.rows;
      this.byName = new Map(this.columns.map((column) => [column.name, column]));
      this.indexes = new Map();
    }

    // The cells by column; read when they are first asked for.
    get cells() {
      const cells = unpackedAll(part(`cells-${this.name}`));
      Object.defineProperty(this, "cells", { value: cells });
      return cells;
    }

    // The text of a cell, or null.
    value(row, column) {
      const cell = this.cells[column][row];
      const values = this.byName.get(column).values;
      return typeof cell === "number" && values ? values[cell] : cell;
    }

    row(index) {
      return new Proxy(this, { get: (table, column) => (column === "index" ? index : table.value(index, column)) });
    }

    // The numbers of the rows that have a text in a column.
    where(column, text) {
      let index = this.indexes.get(column);
      if (!index) {
        index = new Map();
        for (let row = 0; row < this.length; row++) {
          const value = this.value(row, column);
          if (index.has(value)) index.get(value).push(row);
          else index.set(value, [row]);
        }
        this.indexes.set(column, index);
      }
      return index.get(text) || [];
    }

    find(key) {
      const found = this.where(this.key[0], key);
      return found.length ? found[0] : -1;
    }

    rowsWhere(column, text) {
      return this.where(column, text).map((index) => this.row(index));
    }
  }

  rdc.dataset = data.dataset;
  rdc.figures = data.figures;
  rdc.themes = data.themes;
  rdc.tables = Object.fromEntries(data.tables.map((said) => [said.name, new Table(said)]));
  rdc.mostDrawn = data.most_drawn;
  rdc.fold = fold;
  let chains = null;
  rdc.chain = (claim) => {
    chains = chains || part("chains");
    return chains[claim] || "";
  };
  // The rows of a figure; read when it is first shown.
  for (const figure of rdc.figures) {
    let rows = null;
    Object.defineProperty(figure, "data", { get: () => (rows = rows || rowsOfAll(part(`rows-${figure.name}`))) });
  }
  rdc.actorName = (id) => nameIn("actors", "name", id);
  rdc.agreementName = (id) => nameIn("agreements", "name", id);

  const nameIn = (table, column, id) => {
    const row = rdc.tables[table].find(id);
    return row < 0 ? id || "" : rdc.tables[table].value(row, column);
  };

  // The table that has a row of this name as its whole key; where no key looks so, no cell is read.
  rdc.tableOf = (id) =>
    Object.values(rdc.tables).find((table) => table.key.length === 1 && looksRight(table, id) && table.find(id) >= 0) || null;

  const looksRight = (table, id) => {
    const { pattern } = table.byName.get(table.key[0]);
    return !pattern || new RegExp(pattern, "u").test(id);
  };

  // What each row is found by: its own texts, and every name of the actors that it is about.
  const made = new Map();
  const maker = (name) => {
    if (!made.has(name)) made.set(name, name === "claims" ? claimTexts() : ownTexts(rdc.tables[name]));
    return made.get(name);
  };

  rdc.haystack = (name) => {
    const texts = maker(name);
    while (texts.next < rdc.tables[name].length) texts.add(texts.next++);
    return texts.found;
  };

  // Prepares in idle moments what a search looks through, so that the first letter finds at once.
  rdc.prepare = (name) => {
    const idle = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 8 }), 30));
    const work = (deadline) => {
      const texts = maker(name);
      while (texts.next < rdc.tables[name].length && deadline.timeRemaining() > 2) {
        for (let row = 0; row < 100 && texts.next < rdc.tables[name].length; row++) texts.add(texts.next++);
      }
      if (texts.next < rdc.tables[name].length) idle(work);
    };
    idle(work);
  };

  const ownTexts = (table) => {
    const columns = table.columns.filter((column) => !column.name.endsWith("sha256")).map((column) => column.name);
    const found = [];
    const add = (row) => {
      const named = table.byName.has("actor_id") ? namesOf(table.value(row, "actor_id")).folded : "";
      found.push(fold(columns.map((column) => table.value(row, column) || "").join(" ")) + " " + named);
    };
    return { found, add, next: 0 };
  };

  const names = new Map();
  const namesOf = (actor) => {
    if (!names.has(actor)) {
      const rows = actor ? rdc.tables.actor_names.where("actor_id", actor) : [];
      const forms = [...new Set([rdc.actorName(actor), ...rows.map((row) => rdc.tables.actor_names.value(row, "name"))])];
      names.set(actor, { forms, folded: fold(forms.join(" | ")) });
    }
    return names.get(actor);
  };
  rdc.namesOf = (actor) => namesOf(actor).forms;

  const claimTexts = () => {
    const table = rdc.tables.claims;
    const found = [];
    const add = (row) => {
      const id = table.value(row, "claim_id");
      const actors = new Set();
      for (const linked of [rdc.tables.claim_actors, rdc.tables.claim_attributions]) {
        for (const each of linked.where("claim_id", id)) actors.add(linked.value(each, "actor_id"));
      }
      const own = ["claim_text", "hedge", "note"].map((column) => table.value(row, column) || "").join(" ");
      const called = [...actors].filter(Boolean).map((actor) => namesOf(actor).folded);
      found.push(`${id.toLowerCase()} ${fold(own)} | ${called.join(" | ")}`);
    };
    return { found, add, next: 0 };
  };

  // The rows in which every word of a query is found.
  rdc.matching = (name, query, rows) => {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (!words.length) return rows;
    const texts = rdc.haystack(name);
    return rows.filter((row) => words.every((word) => texts[row].includes(word)));
  };
})();

"use strict";
// Browsing: any table with search, filters, order and pages, as a plain HTML table; its state is in the address.
(() => {
  const { el } = rdc;
  const PAGE = 30;
  const MOST_CHOICES = 300;
  const LONG = 110;
  // Columns of texts that can be chosen from.
  const CHOSEN = new Set(["voice", "source_id"]);
  // What can be chosen of a cell: each of the voices that speak together. No name has a comma or “and”.
  const choices = (table, row, { name }) => {
    const value = table.value(row, name);
    return name === "voice" && value ? value.split(/, | and /) : [value];
  };
  const WIDE = new Set(["claim_text", "label", "item", "description", "transfers", "sentence"]);

  // --- order ------------------------------------------------------------------------------------------------------

  const isNumeric = (column) => column.type === "integer" || column.type === "number";

  // Numbers and ordered vocabularies sort by value and texts by code point; an empty cell comes last either way.
  const sorted = (table, rows, sort) => {
    const direction = sort.startsWith("-") ? -1 : 1;
    const column = table.byName.get(sort.replace(/^-/, ""));
    if (!column) return rows;
    const cells = table.cells[column.name];
    const places = column.values && new Map(column.values.map((value, place) => [value, place]));
    const value = isNumeric(column) ? (row) => Number(cells[row]) : (row) => (places ? places.get(cells[row]) : cells[row]);
    return [...rows].sort((one, other) => {
      if (cells[one] === null || cells[other] === null) return (cells[one] === null) - (cells[other] === null) || one - other;
      const [a, b] = [value(one), value(other)];
      return direction * ((a > b) - (a < b)) || one - other;
    });
  };

  // --- the grid ---------------------------------------------------------------------------------------------------

  rdc.cell = (table, row, column, query) => {
    const value = table.value(row, column.name);
    if (rdc.isEmpty(value)) return "";
    if (column.values) return rdc.termInList(table.name, column.name, value);
    const isKey = table.key.length === 1 && table.key[0] === column.name;
    if (column.refers_to || isKey || column.name === "source_id") return rdc.link(value, rdc.marked(value, query));
    return rdc.webLink(value, value) || rdc.marked(value, query);
  };

  // In a grid a long text is folded, so that the rows stay even; a note always is.
  const folded = (table, row, column, query) => {
    const text = table.value(row, column.name);
    const whole = rdc.cell(table, row, column, query);
    const isNote = column.name === "note";
    if (!text || column.name === "claim_text" || (text.length <= LONG && !isNote)) return whole;
    const start = isNote ? "Note" : `${text.slice(0, LONG - 25).replace(/\S*$/u, "")}…`;
    return el("details", { class: "fold" }, el("summary", {}, el("span", { class: "start" }, start)), whole);
  };

  // The key first, then the claim in our own words, then the other columns as in the CSV.
  const ordered = (table) => {
    const rank = ({ name, text }) => (table.key.includes(name) ? 0 : text === "own_words" && name !== "note" ? 1 : 2);
    return [...table.columns].sort((one, other) => rank(one) - rank(other));
  };

  const classOf = (column) => {
    if (column.name.endsWith("sha256")) return "sha";
    if (WIDE.has(column.name)) return "wide";
    return isNumeric(column) ? "number" : null;
  };

  const header = (column, sort, change) => {
    const state = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : "none";
    const next = state === "ascending" ? `-${column.name}` : column.name;
    const click = () => change({ sort: next, page: "" });
    return el("th", { scope: "col", "aria-sort": state, class: classOf(column) },
      el("button", { type: "button", "data-tip": column.description, click }, column.title));
  };

  const grid = (table, rows, state, change, words) => {
    const columns = ordered(table);
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    if (!rows.length) return [table.length ? rdc.nothing(alone(table, state)) : rdc.note("This table has no row.")];
    const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
    const sort = state.sort || "";
    const shown = sorted(table, rows, sort).slice((page - 1) * PAGE, page * PAGE);
    const cells = (row) => columns.map((column) => el("td", { class: classOf(column), "data-name": column.title }, folded(table, row, column, words)));
    return [
      rdc.scroll(`Rows of ${table.title}`,
        rdc.table({ class: "grid" }, table.title, columns.map((column) => header(column, sort, change)), shown.map(cells))),
      pages > 1 ? pager(page, pages, change) : null,
    ];
  };

  const pager = (page, pages, change) => {
    const button = (text, to) => {
      const click = () => change({ page: to > 1 ? String(to) : "" });
      return el("button", { type: "button", disabled: to < 1 || to > pages, click }, text);
    };
    return el("div", { class: "pages" },
      button("Previous", page - 1), el("span", {}, `Page ${page} of ${rdc.number(pages)}`), button("Next", page + 1));
  };

  // --- filters ----------------------------------------------------------------------------------------------------

  // The values of a column in use, in the order of its vocabulary; null if there are too many to choose from.
  const known = new Map();
  const distinct = (table, column) => {
    const key = `${table.name}.${column.name}`;
    if (!known.has(key)) {
      const found = new Set(table.numbers.flatMap((row) => choices(table, row, column)));
      found.delete(null);
      const values = column.values ? column.values.filter((value) => found.has(value)) : [...found].sort();
      known.set(key, values.length > MOST_CHOICES ? null : values);
    }
    return known.get(key);
  };

  const filters = (table, state, change) =>
    table.columns
      .filter((column) => column.values || column.type === "boolean" || column.refers_to || CHOSEN.has(column.name))
      .filter((column) => (distinct(table, column) || []).length > 1)
      .map((column) => {
        const text = column.refers_to === "actors" ? rdc.actorName : column.values ? rdc.words : (value) => value;
        const choose = (value) => change({ [`f.${column.name}`]: value, page: "" });
        return rdc.select(column.name, column.title, distinct(table, column), state[`f.${column.name}`], choose, text);
      });

  const filtered = (table, state) => {
    const wanted = table.columns.filter((column) => state[`f.${column.name}`]);
    const fits = (row) => wanted.every((column) => choices(table, row, column).includes(state[`f.${column.name}`]));
    return rdc.matching(table.name, state.q, table.numbers.filter(fits));
  };

  // --- the rows as a file -----------------------------------------------------------------------------------------

  // The cells as in the CSV files of the dataset.
  const csv = (table, rows) => {
    const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const names = table.columns.map((column) => column.name);
    const lines = rows.map((row) => names.map((name) => quoted(table.value(row, name) || "")));
    return [names, ...lines].map((line) => `${line.join(",")}\n`).join("");
  };

  const download = (name, text) => {
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const anchor = el("a", { download: name });
    anchor.href = address;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };

  // How many rows each filter alone leaves.
  const alone = (table, state) =>
    Object.keys(state).filter((key) => state[key] && (key === "q" || key.startsWith("f.")))
      .map((key) => [`“${rdc.nameOf(state[key])}”`, filtered(table, { [key]: state[key] }).length]);

  // --- the view ---------------------------------------------------------------------------------------------------

  const explanation = (table) => {
    const definitions = (entries) =>
      el("dl", { class: "words" }, entries.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]));
    return el("details", {}, el("summary", {}, "What the columns and codes mean"),
      definitions(table.columns.map((column) => [column.title, column.description])),
      table.columns.filter((column) => column.values).map((column) => [
        el("h3", {}, column.title), el("p", { class: "soft" }, column.description),
        definitions(column.values.map((value) => [rdc.words(value), column.definitions[value]])),
      ]));
  };

  // Replaces the grid and keeps its scroll position and the focus on the same button.
  const replace = (container, nodes) => {
    const active = document.activeElement;
    const label = active.tagName === "BUTTON" && container.contains(active) ? active.textContent : null;
    const { scrollLeft = 0 } = container.querySelector(".scroll") || {};
    container.replaceChildren(...nodes.filter(Boolean));
    const scroll = container.querySelector(".scroll");
    if (scroll) scroll.scrollLeft = scrollLeft;
    const buttons = [...container.querySelectorAll("button:enabled")];
    const same = buttons.find((button) => button.textContent === label);
    if (same) same.focus();
  };

  rdc.views.tables = ({ path, params }) => {
    const table = rdc.tables[path[1]] || rdc.tables.claims_wide;
    const state = { ...params };
    const count = el("p", { role: "status" });
    const place = el("div", {});
    const update = () => {
      const rows = filtered(table, state);
      const total = rdc.count(table.length, "row");
      count.textContent = rows.length === table.length ? total : `${rdc.number(rows.length)} of ${total}`;
      replace(place, [rdc.correction(rows), ...grid(table, rows, state, change, (rows.words || []).join(" "))]);
    };
    const change = (wanted) => {
      Object.assign(state, wanted);
      rdc.remember(["tables", table.name], state);
      update();
    };
    const find = (q) => change({ q, page: "" });
    const save = () => download(`${table.name}.csv`, csv(table, sorted(table, filtered(table, state), state.sort || "")));
    const clear = () => { location.hash = rdc.address(["tables", table.name]); };
    update();
    rdc.prepare(table.name);
    const tables = Object.values(rdc.tables);
    return [
      el("h1", {}, table.title),
      rdc.chooser("Tables", tables.map((each) => [each.title, rdc.address(["tables", each.name]), each === table])),
      el("p", {}, table.description),
      explanation(table),
      rdc.controls(
        rdc.searchField("Search, including names and aliases", "table-search", state.q, find),
        filters(table, state, change), el("button", { type: "button", click: clear }, "Clear"),
        el("button", { type: "button", click: save }, "Download CSV")),
      count, place,
    ];
  };
})();

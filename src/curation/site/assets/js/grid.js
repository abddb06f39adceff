"use strict";
// The grid: rows of a table sorted, filtered and shown page by page, as a table of HTML that every reader can walk.
(() => {
  const { el } = rdc;
  const PAGE = 30;
  const WIDE = new Set(["claim_text", "note", "label", "item", "description"]);

  // Numbers sort by value and texts by their signs; an empty cell comes last either way.
  const order = (table, column) => {
    const said = table.byName.get(column);
    const cells = table.cells[column];
    if (said.values) return (one, other) => rank(cells[one], other === undefined ? 0 : cells[other], (a, b) => a - b);
    if (said.type === "integer" || said.type === "number") {
      return (one, other) => rank(cells[one], cells[other], (a, b) => Number(a) - Number(b));
    }
    return (one, other) => rank(cells[one], cells[other], (a, b) => (a < b ? -1 : a > b ? 1 : 0));
  };

  const rank = (one, other, compare) => {
    if (one === null || other === null) return one === other ? 0 : one === null ? Infinity : -Infinity;
    return compare(one, other);
  };

  rdc.sorted = (table, rows, sort) => {
    const descending = sort.startsWith("-");
    const column = descending ? sort.slice(1) : sort;
    if (!table.byName.has(column)) return rows;
    const compare = order(table, column);
    return [...rows].sort((one, other) => {
      const found = compare(one, other);
      if (found === Infinity) return 1;
      if (found === -Infinity) return -1;
      return (descending ? -found : found) || one - other;
    });
  };

  rdc.cell = (table, row, column, query) => {
    const value = table.value(row, column.name);
    if (value === null || value === undefined) return "";
    if (column.values) return rdc.term(table.name, column.name, value, false);
    if (column.leads_to || (table.key.length === 1 && table.key[0] === column.name)) return rdc.link(value, ...rdc.marked(value, query));
    if (/^https?:\/\//.test(value)) return el("a", { href: value }, value);
    return rdc.marked(value, query);
  };

  // The key first, then what the row says, then the rest as the CSV has it.
  const inOrder = (table) => {
    const rank = (column) => (table.key.includes(column.name) ? 0 : column.text === "own_words" && column.name !== "note" ? 1 : 2);
    return [...table.columns].sort((one, other) => rank(one) - rank(other));
  };

  const classOf = (column) => {
    if (column.name.endsWith("sha256")) return "sha";
    if (WIDE.has(column.name)) return "wide";
    return column.type === "integer" || column.type === "number" ? "number" : null;
  };

  const header = (table, columns, sort, change) =>
    columns.map((column) => {
      const state = sort === column.name ? "ascending" : sort === `-${column.name}` ? "descending" : "none";
      const next = state === "ascending" ? `-${column.name}` : column.name;
      return el("th", { scope: "col", "aria-sort": state, class: classOf(column) },
        el("button", { type: "button", "data-tip": column.description, click: () => change({ sort: next, page: "" }) }, column.title));
    });

  // Shows rows of a table; `change` is called with what the reader wants otherwise.
  rdc.grid = (table, rows, state, change) => {
    const columns = inOrder(table);
    const pages = Math.max(1, Math.ceil(rows.length / PAGE));
    const page = Math.min(Math.max(1, Number(state.page) || 1), pages);
    const shown = rdc.sorted(table, rows, state.sort || "").slice((page - 1) * PAGE, page * PAGE);
    const body = shown.map((row) =>
      el("tr", {}, columns.map((column) => el("td", { class: classOf(column) }, rdc.cell(table, row, column, state.q)))));
    return [
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Rows of ${table.title}` },
        el("table", { class: "grid" }, el("caption", { class: "hidden" }, table.title),
          el("thead", {}, el("tr", {}, header(table, columns, state.sort || "", change))), el("tbody", {}, body))),
      pager(page, pages, change),
    ];
  };

  const pager = (page, pages, change) =>
    pages === 1 ? null : el("div", { class: "pages" },
      el("button", { type: "button", disabled: page === 1, click: () => change({ page: page - 1 > 1 ? String(page - 1) : "" }) }, "Previous"),
      el("span", {}, `Page ${page} of ${pages.toLocaleString("en")}`),
      el("button", { type: "button", disabled: page === pages, click: () => change({ page: String(page + 1) }) }, "Next"));
})();

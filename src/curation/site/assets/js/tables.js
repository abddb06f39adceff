"use strict";
// Browsing: any table with its search, its filters, what its codes mean, and its state in the address.
(() => {
  const { el } = rdc;
  const MOST_CHOICES = 300;

  // Puts new nodes in place, and the focus on the button that had it.
  rdc.replace = (container, ...nodes) => {
    const active = document.activeElement;
    const label = active && active.tagName === "BUTTON" && container.contains(active) ? active.textContent : null;
    const left = container.querySelector(".scroll") ? container.querySelector(".scroll").scrollLeft : 0;
    container.replaceChildren(...nodes.flat().filter(Boolean));
    if (left && container.querySelector(".scroll")) container.querySelector(".scroll").scrollLeft = left;
    if (label === null) return;
    const same = [...container.querySelectorAll("button")].find((button) => button.textContent === label && !button.disabled);
    if (same) same.focus();
  };

  // Columns that are filtered by choosing: vocabularies, truth values, and what names few rows of another table.
  const choosable = (table) =>
    table.columns.filter((column) => (column.values || column.type === "boolean" || column.leads_to) && (distinct(table, column) || []).length > 1);

  // The values that a column has, or null where they are too many to choose from.
  const known = new Map();
  const distinct = (table, column) => {
    const key = `${table.name}.${column.name}`;
    if (!known.has(key)) known.set(key, seen(table, column));
    return known.get(key);
  };

  const seen = (table, column) => {
    const found = new Set();
    for (const cell of table.cells[column.name]) {
      found.add(cell);
      if (found.size > MOST_CHOICES) return null;
    }
    found.delete(null);
    return [...found].map((cell) => (typeof cell === "number" ? column.values[cell] : cell)).sort();
  };

  const label = (column, value) => {
    if (column.leads_to === "actors") return rdc.actorName(value);
    return column.values ? rdc.words(value) : value;
  };

  const filterOf = (table, column, state, change) => {
    const key = `f.${column.name}`;
    const used = distinct(table, column);
    const values = column.values ? column.values.filter((value) => used.includes(value)) : used;
    const options = values.map((value) => el("option", { value, selected: state[key] === value, title: rdc.definition(table.name, column.name, value) }, label(column, value)));
    return el("label", {}, column.title,
      el("select", { "data-column": column.name, change: (event) => change({ [key]: event.target.value, page: "" }) }, el("option", { value: "" }, "any"), options));
  };

  rdc.filtered = (table, state) => {
    let rows = Array.from({ length: table.length }, (_, row) => row);
    for (const column of table.columns) {
      const wanted = state[`f.${column.name}`];
      if (!wanted) continue;
      const cells = table.cells[column.name];
      const cell = column.values ? column.values.indexOf(wanted) : wanted;
      rows = rows.filter((row) => cells[row] === cell);
    }
    return rdc.matching(table.name, state.q || "", rows);
  };

  const explained = (table) => {
    const coded = table.columns.filter((column) => column.values);
    const words = (column) => [
      el("h3", {}, column.title), el("p", { class: "soft" }, column.description),
      el("dl", { class: "words" }, column.values.flatMap((value) => [el("dt", {}, rdc.words(value)), el("dd", {}, column.definitions[value])])),
    ];
    const columns = el("dl", { class: "words" }, table.columns.flatMap((column) => [el("dt", {}, column.title), el("dd", {}, column.description)]));
    return el("details", { class: "explained" }, el("summary", {}, "What the columns and codes mean"), columns, coded.map(words));
  };

  rdc.chooser = (label_, choices) =>
    el("ul", { class: "chooser", "aria-label": label_ }, choices.map(([text, href, current]) =>
      el("li", {}, el("a", { href, "aria-current": current ? "true" : null }, text))));

  rdc.views.tables = ({ path, params }) => {
    const table = rdc.tables[path[1]] || rdc.tables.claims;
    const state = { ...params };
    const count = el("p", { role: "status" });
    const place = el("div", {});
    const change = (wanted) => {
      Object.assign(state, wanted);
      rdc.remember(["tables", table.name], state);
      update();
    };
    const update = () => {
      const rows = rdc.filtered(table, state);
      count.textContent = rows.length === table.length ? rdc.count(table.length, "row") : `${rows.length.toLocaleString("en")} of ${rdc.count(table.length, "row")}`;
      rdc.replace(place, rdc.grid(table, rows, state, change));
    };
    const search = el("input", { type: "search", id: "table-search", value: state.q || "", input: (event) => change({ q: event.target.value, page: "" }) });
    const clear = el("button", { type: "button", click: () => { location.hash = rdc.address(["tables", table.name]); } }, "Clear");
    update();
    rdc.prepare(table.name);
    return [
      el("h1", {}, table.title),
      rdc.chooser("Tables", Object.values(rdc.tables).map((each) => [each.title, rdc.address(["tables", each.name]), each === table])),
      el("p", {}, table.description, " ", el("a", { href: `downloads/${table.name}.csv`, download: true }, "Download as CSV")),
      explained(table),
      el("div", { class: "controls", role: "group", "aria-label": "Filters" },
        el("label", { for: "table-search" }, "Search, names and aliases included", search),
        choosable(table).map((column) => filterOf(table, column, state, change)), clear),
      count, place,
    ];
  };
})();

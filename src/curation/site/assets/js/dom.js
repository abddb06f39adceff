"use strict";
// The one name that the scripts of the page share.
const rdc = {};

// Elements made of text: nothing here or elsewhere treats a text as HTML.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SAFE = /^(#|https?:\/\/[^\s]+$|figures\/|downloads\/)/;
  const isEmpty = (value) => value === null || value === undefined || value === "";

  const fill = (node, props, children) => {
    for (const [name, value] of Object.entries(props)) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") node.addEventListener(name, value);
      else if (name === "href") setHref(node, String(value));
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    node.append(...children.flat(Infinity).filter((child) => !isEmpty(child)));
    return node;
  };

  // A cell may contain any address; only web addresses and places on this page become links.
  const setHref = (node, value) => {
    if (!SAFE.test(value)) return;
    node.setAttribute("href", value);
    if (/^https?:/.test(value)) node.setAttribute("rel", "noreferrer noopener");
  };

  rdc.el = (tag, props, ...children) => fill(document.createElement(tag), props, children);
  rdc.svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);
  const { el } = rdc;
  rdc.isEmpty = isEmpty;
  rdc.byId = (id) => document.getElementById(id);
  rdc.webLink = (address, text) => (/^https?:\/\//.test(address || "") ? el("a", { href: address }, text) : "");
  rdc.soft = (...content) => el("span", { class: "soft" }, content);
  rdc.note = (...content) => el("p", { class: "note" }, content);
  rdc.scroll = (label, ...content) => el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
  rdc.controls = (...content) => el("div", { class: "controls", role: "group", "aria-label": "Filters" }, content);
  rdc.list = (items) => (items.length ? el("ul", { class: "list" }, items.map((item) => el("li", {}, item))) : null);

  rdc.section = (title, ...content) => {
    const shown = content.flat().filter((part) => !isEmpty(part));
    return shown.length ? el("section", {}, el("h2", {}, title), shown) : null;
  };

  rdc.fact = (name, ...value) =>
    value.flat().every(isEmpty) ? null : el("li", {}, el("span", { class: "name" }, `${name}: `), value);

  // A choice among values; `change` is called with the chosen one, which is empty for any.
  rdc.select = (name, title, values, chosen, change, text = rdc.words) =>
    el("label", {}, title,
      el("select", { "data-column": name, change: (event) => change(event.target.value) },
        el("option", { value: "" }, "any"),
        values.map((value) => el("option", { value, selected: value === chosen }, text(value)))));

  rdc.searchField = (label, id, value, change) =>
    el("label", { for: id }, label,
      el("input", { type: "search", id, value: value || "", autocomplete: "off", input: (event) => change(event.target.value) }));

  // Choices that narrow rows, one for each key in `titles` that has several values, and a search; they are kept in the
  // address. A row has one value for a key or a list of them. `textsOf` returns the texts in each of which every word is.
  rdc.filters = (view, rows, titles, params, update, textsOf) => {
    const state = { ...params };
    const keys = Object.keys(titles);
    const valuesOf = (row, key) => [row[key]].flat();
    const change = (key) => (value) => {
      state[key] = value;
      rdc.remember([view], state);
      update();
    };
    const choice = (key) => {
      const values = [...new Set(rows.flatMap((row) => valuesOf(row, key)))].filter((value) => !isEmpty(value));
      const sorted = values.sort((one, other) => rdc.nameOf(one).localeCompare(rdc.nameOf(other), "en"));
      return values.length < 2 ? null : rdc.select(key, titles[key], sorted, state[key], change(key), rdc.nameOf);
    };
    const tests = { q: (row) => textsOf(row).every((text) => rdc.hasWords(text, rdc.wordsOf(state.q))) };
    for (const key of keys) tests[key] = (row) => valuesOf(row, key).includes(state[key]);
    const active = () => Object.keys(tests).filter((key) => state[key]);
    const clear = el("button", { type: "button", click: () => { location.hash = rdc.address([view]); } }, "Clear");
    const unknown = Object.keys(params).filter((key) => key !== "q" && !keys.includes(key));
    return {
      controls: [
        rdc.controls(rdc.searchField("Search", `${view}-search`, state.q, change("q")), keys.map(choice), clear),
        unknown.length ? rdc.note(`This view does not filter by ${unknown.map((key) => `“${key}”`).join(" or ")}, only by ${["q", ...keys].join(", ")}.`) : null,
      ],
      chosen: () => rows.filter((row) => active().every((key) => tests[key](row))),
      nothing: () => rdc.nothing(active().map((key) => [`“${rdc.nameOf(state[key])}”`, rows.filter(tests[key]).length])),
    };
  };

  // What a view says instead of rows: how many each filter alone would leave, as [name, number].
  rdc.nothing = (alone) =>
    rdc.note("Nothing fits all of these: ", alone.map(([name, number]) => `${name} alone fits ${number}`).join(", "), ". Change one of them, or clear them all.");

  // A list of claims by id, made when it is opened.
  rdc.opening = (props, summary, make) => {
    const details = el("details", props, el("summary", {}, summary));
    const fillOnce = () => details.open && details.childElementCount === 1 && fill(details, {}, [make()]);
    details.addEventListener("toggle", fillOnce);
    fillOnce();
    return details;
  };

  // A table with a caption for screen readers, headings, and rows of th and td elements.
  rdc.table = (props, caption, heads, rows) =>
    el("table", props, el("caption", { class: "hidden" }, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => (head.tagName ? head : el("th", { scope: "col" }, head))))),
      el("tbody", {}, rows.map((cells) => el("tr", {}, cells))));

  // Links to the alternatives of a view, as [text, address, whether it is the current one].
  rdc.chooser = (label, choices) =>
    el("ul", { class: "chooser", "aria-label": label }, choices.map(([text, href, current]) =>
      el("li", {}, el("a", { href, "aria-current": current ? "true" : null }, text))));

  // The views by name, and the pages of rows by table; the other scripts add theirs.
  rdc.views = Object.create(null);
  rdc.records = Object.create(null);

  // Tells screen readers.
  rdc.announce = (text) => {
    rdc.byId("status").textContent = text;
  };

  rdc.copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page in a folder may not be allowed to use the clipboard; an invisible field can still be copied from.
      const field = el("textarea", { class: "hidden", readonly: true, "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    rdc.announce("Copied.");
    rdc.showTip(document.activeElement, "Copied", 1200);
  };
  rdc.copyButton = (text, label) => el("button", { type: "button", click: () => rdc.copy(text) }, label);
})();

// Addresses: a view and its state are behind the # of the address, so that it can be shared and returned to.
(() => {
  rdc.address = (path, params = {}) => {
    const query = new URLSearchParams(Object.entries(params).filter(([, value]) => !rdc.isEmpty(value))).toString();
    return `#${path.map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
  };

  const decoded = (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };

  rdc.here = () => {
    const [path, query] = location.hash.slice(1).split(/\?(.*)/s);
    return { path: path.split("/").map(decoded), params: Object.fromEntries(new URLSearchParams(query || "")) };
  };

  // Puts the state of the current view into the address without leaving it.
  rdc.remember = (path, params) => history.replaceState(null, "", rdc.address(path, params));
  rdc.link = (id, ...text) => rdc.el("a", { href: rdc.address([id]), class: text.length ? null : "ref" }, text.length ? text : id);
  rdc.permanentLink = (id) => `${rdc.dataset.homepage || location.href.split("#")[0]}#${id}`;
})();

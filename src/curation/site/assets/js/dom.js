"use strict";
// The one name that the scripts of the page share.
const rdc = {};
// Vega clears its element by assigning an empty text, and is itself a script that runs when the first chart is drawn.
// Any other text that would become HTML or a script is refused.
if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => (text === "" ? "" : null),
    createScript: (text) => (text === document.getElementById("vega").textContent ? text : null),
  });
}

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

  // Choices that narrow rows, one for each key in `titles` that has several values; they are kept in the address.
  rdc.filters = (view, rows, titles, params, update) => {
    const state = { ...params };
    const keys = Object.keys(titles);
    const choice = (key) => {
      const values = [...new Set(rows.map((row) => row[key]))].sort();
      if (values.length < 2) return null;
      return rdc.select(key, titles[key], values, state[key], (value) => {
        state[key] = value;
        rdc.remember([view], state);
        update();
      });
    };
    return {
      controls: rdc.controls(keys.map(choice)),
      chosen: () => rows.filter((row) => keys.every((key) => !state[key] || row[key] === state[key])),
    };
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
  rdc.link = (id, ...text) => rdc.el("a", { href: rdc.address([id]) }, text.length ? text : id);
  rdc.permanentLink = (id) => `${rdc.dataset.homepage || location.href.split("#")[0]}#${id}`;
})();

"use strict";
// Elements, made of texts: nothing here, and nothing elsewhere, takes a text for HTML.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SAFE = /^(#|https?:\/\/[^\s]+$|figures\/|downloads\/)/;

  const fill = (node, props, children) => {
    for (const [name, value] of Object.entries(props || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") node.addEventListener(name, value);
      else if (name === "href") setHref(node, String(value));
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };

  // A cell may hold any address; only those of the web, and places of this page, become links.
  const setHref = (node, value) => {
    if (!SAFE.test(value)) return;
    node.setAttribute("href", value);
    if (/^https?:/.test(value)) node.setAttribute("rel", "noreferrer noopener");
  };

  rdc.el = (tag, props, ...children) => fill(document.createElement(tag), props, children);
  rdc.svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);
  // The views by name, and the pages of rows by table; each script adds its own.
  rdc.views = Object.create(null);
  rdc.records = Object.create(null);
  rdc.isSafe = (value) => SAFE.test(value);
  rdc.byId = (id) => document.getElementById(id);

  rdc.tell = (text) => {
    rdc.byId("told").textContent = text;
  };

  rdc.copyButton = (text, label) =>
    rdc.el("button", { type: "button", click: () => rdc.copy(text) }, label);

  rdc.copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages in a folder may not use the clipboard; an invisible field can still be copied from.
      const field = rdc.el("textarea", { class: "hidden", readonly: true, "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    rdc.tell("Copied.");
    rdc.notice("Copied");
  };

  // Says for a moment what was done, where the pointer or the focus is.
  rdc.notice = (text) => rdc.showTip && rdc.showTip(document.activeElement, text, 1200);
})();

"use strict";
// The application: shows what the address asks for, and says where the reader is.
(() => {
  const { el } = rdc;
  const overview = rdc.byId("overview");
  const other = rdc.byId("other");
  const title = document.title;
  let waiting = [];
  let first = true;

  // Runs when the view that is being made stands in the page, where widths are known.
  rdc.whenShown = (action) => waiting.push(action);

  rdc.missing = (name) => [el("h1", {}, "Nothing here"), el("p", {}, `There is no view and no row called “${name}”. `, el("a", { href: "#overview" }, "Overview"))];

  const content = (here) => {
    const name = here.path[0];
    if (rdc.views[name]) return rdc.views[name](here);
    const table = rdc.tableOf(name);
    if (table && rdc.records[table.name]) return rdc.records[table.name](table.find(name), undefined, here.params);
    return rdc.missing(name);
  };

  const current = (name) => {
    for (const anchor of document.querySelectorAll("header nav a")) {
      if (anchor.getAttribute("href") === `#${name}`) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
    }
  };

  const show = () => {
    const here = rdc.here();
    const name = here.path[0] || "overview";
    const home = name === "overview";
    // The overview stands already; what the other views show comes after it in the page.
    if (!home && document.readyState === "loading") return document.addEventListener("DOMContentLoaded", show, { once: true });
    waiting = [];
    rdc.byId("tip").hidden = true;
    overview.hidden = !home;
    other.hidden = home;
    other.replaceChildren(...(home ? [] : content(here).flat(Infinity).filter(Boolean)));
    waiting.forEach((action) => action());
    current(name);
    const heading = other.querySelector("h1");
    document.title = home || !heading ? title : `${heading.textContent} – ${title}`;
    if (!first) arrive();
    first = false;
    document.documentElement.dataset.shown = location.hash || "#";
  };

  // A new view begins at its top, or at what was asked for, and with the focus there.
  const arrive = () => {
    const sought = rdc.byId("sought");
    if (sought) sought.scrollIntoView({ block: "center" });
    else window.scrollTo(0, 0);
    rdc.byId("view").focus({ preventScroll: true });
    rdc.tell(document.title);
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => rdc.copy(rdc.byId(button.dataset.copy).textContent));
  }
  // The way past the header leaves the address as it is.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    rdc.byId("view").focus();
  });
  window.addEventListener("hashchange", show);
  show();
  window.addEventListener("load", () => rdc.prepare("claims"));
})();

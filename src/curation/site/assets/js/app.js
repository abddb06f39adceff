"use strict";
// Light and dark: as in the system, or as the reader chose; the choice is stored if the browser allows it.
(() => {
  const CHOICES = ["system", "light", "dark"];
  const stored = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  let choice = CHOICES.includes(stored()) ? stored() : "system";

  const apply = () => {
    if (choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    rdc.byId("theme-name").textContent = choice;
  };

  rdc.byId("theme").addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // The choice then lasts until the reader leaves the page.
    }
    apply();
  });
  apply();
})();

// The application: shows the view that the address names.
(() => {
  const { el } = rdc;
  // The views that are in the page already.
  const fixed = { overview: rdc.byId("home"), method: rdc.byId("method") };
  const other = rdc.byId("other");
  const title = document.title;
  let first = true;

  const missing = (name) => [
    el("h1", {}, "Not found"), el("p", {}, `No view and no row is called “${name}”. `, el("a", { href: "#overview" }, "Go to the overview")),
  ];

  // Views of earlier versions, whose addresses may be in use.
  Object.assign(rdc.views, { estimates: rdc.views.transfers, timeline: rdc.views.events });

  const content = (here) => {
    const name = here.path[0];
    if (rdc.views[name]) return rdc.views[name](here);
    const table = rdc.tableOf(name);
    return table && rdc.records[table.name] ? rdc.records[table.name](table.find(name), undefined, here.params) : missing(name);
  };

  const markCurrent = (name) => {
    for (const anchor of document.querySelectorAll("header nav a")) {
      if (anchor.getAttribute("href") === `#${name}`) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
    }
  };

  const show = () => {
    const here = rdc.here();
    const name = here.path[0] || "overview";
    const ready = Object.hasOwn(fixed, name);
    // The data of the other views come after this script.
    if (!ready && document.readyState === "loading") return document.addEventListener("DOMContentLoaded", show, { once: true });
    rdc.byId("tip").hidden = true;
    for (const [each, node] of Object.entries(fixed)) node.hidden = each !== name;
    other.hidden = ready;
    other.replaceChildren(...(ready ? [] : content(here).flat(Infinity).filter(Boolean)));
    markCurrent(name);
    const heading = (ready ? fixed[name] : other).querySelector("h1");
    document.title = name === "overview" || !heading ? title : `${heading.textContent} – ${title}`;
    if (!first || rdc.byId("target")) arrive();
    first = false;
    document.documentElement.dataset.shown = location.hash || "#";
  };

  // A new view begins at its top or at its target, with the focus there.
  const arrive = () => {
    const target = rdc.byId("target");
    if (target) target.scrollIntoView({ block: "center" });
    else window.scrollTo(0, 0);
    rdc.byId("view").focus({ preventScroll: true });
    rdc.announce(document.title);
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => rdc.copy(rdc.byId(button.dataset.copy).textContent));
  }
  // The skip link leaves the address as it is.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    rdc.byId("view").focus();
  });
  window.addEventListener("hashchange", show);
  show();
  window.addEventListener("load", () => rdc.prepare("claims_wide"));
})();

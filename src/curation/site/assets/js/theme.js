"use strict";
// Light and dark: as the system has it, or as the reader chose; the choice is kept where the browser allows it.
(() => {
  const CHOICES = ["system", "light", "dark"];
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system";
    }
  };
  let choice = CHOICES.includes(kept()) ? kept() : "system";
  const listeners = [];

  rdc.theme = () => (choice === "system" ? (dark.matches ? "dark" : "light") : choice);
  rdc.onTheme = (listener) => listeners.push(listener);

  const apply = () => {
    if (choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    rdc.byId("theme-name").textContent = choice;
    listeners.forEach((listener) => listener());
  };

  rdc.byId("theme").addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // The choice then holds until the page is left.
    }
    apply();
  });
  dark.addEventListener("change", () => choice === "system" && apply());
  apply();
})();

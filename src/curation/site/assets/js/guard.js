"use strict";
// The one name that the scripts of the page share.
const rdc = {};
// Vega empties its element by writing no HTML at all, and is itself a script that is run when a chart is first drawn;
// any other text that is to become HTML or a script is refused, whoever tries.
if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => (text === "" ? "" : null),
    createScript: (text) => (text === document.getElementById("vega").textContent ? text : null),
  });
}

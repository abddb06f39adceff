"use strict";
// Addresses: a view and its state stand behind the # of the address, so that a view can be shared and gone back to.
(() => {
  rdc.address = (path, params = {}) => {
    const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined));
    const text = query.toString();
    return "#" + path.map((part) => encodeURIComponent(part)).join("/") + (text ? "?" + text : "");
  };

  rdc.here = () => {
    const [path, query] = location.hash.slice(1).split(/\?(.*)/s);
    return { path: path.split("/").map(decoded), params: Object.fromEntries(new URLSearchParams(query || "")) };
  };

  const decoded = (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };

  // Writes the state of the view that is shown into the address, without leaving it.
  rdc.remember = (path, params) => history.replaceState(null, "", rdc.address(path, params));

  rdc.link = (id, ...text) => rdc.el("a", { href: rdc.address([id]) }, ...(text.length ? text : [id]));

  // The address by which a place of the page is found from anywhere.
  rdc.permanent = (id) => (rdc.dataset.homepage || location.href.split("#")[0]) + "#" + id;
})();

"use strict";
// The ribbon: where in its text a claim lies, and what around it was coded or set aside. It shows places, never text.
(() => {
  const { svg, el } = rdc;
  const LANE = 10;
  const AROUND = 450;
  const WIDTH = 1000;

  const spansOf = (source) => {
    const of = (name, kind) => rdc.tables[name].rowsWhere("source_id", source).map((row) => ({
      kind, start: Number(row.char_start), end: Number(row.char_end),
      id: kind === "claim" ? row.claim_id : null, text: kind === "claim" ? row.claim_text : rdc.words(row.reason),
    }));
    return [...of("claims", "claim"), ...of("set_asides", "set")].sort((one, other) => one.start - other.start || one.end - other.end);
  };

  const inLanes = (spans) => {
    const ends = [];
    for (const span of spans) {
      let lane = ends.findIndex((end) => end <= span.start);
      if (lane < 0) lane = ends.length;
      ends[lane] = span.end;
      span.lane = lane;
    }
    return ends.length;
  };

  const piece = (span, from, scale, here) => {
    const x = Math.max(0, (span.start - from) * scale);
    const width = Math.max(1.5, Math.min(WIDTH, (span.end - from) * scale) - x);
    const said = span.id ? `${span.id}, characters ${span.start}–${span.end}: ${span.text}` : `Set aside, ${span.text}: characters ${span.start}–${span.end}`;
    const rect = svg("rect", { class: span.id === here ? "here" : span.kind, x, width, y: span.lane * LANE + 1, height: LANE - 2, "data-tip": said });
    // The neighbours are also reached by the links before and after; the ribbon would be a hundred stops of the Tab key.
    return span.id ? svg("a", { href: `#${span.id}`, tabindex: "-1", "aria-label": said }, rect) : rect;
  };

  const strip = (spans, from, to, here, label, lens) => {
    const scale = WIDTH / (to - from);
    const seen = spans.filter((span) => span.end > from && span.start < to);
    const lanes = Math.max(1, inLanes(seen));
    const height = lanes * LANE;
    return svg("svg", { class: "ribbon", viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", height: Math.min(90, height * 1.4), role: "group", "aria-label": label },
      svg("rect", { class: "ground", width: WIDTH, height }), seen.map((span) => piece({ ...span }, from, scale, here)),
      lens ? svg("rect", { class: "lens", x: (lens[0] - from) * scale, width: (lens[1] - lens[0]) * scale, y: 0, height }) : null);
  };

  rdc.ribbon = (source, here) => {
    const length = Number(rdc.tables.sources.row(rdc.tables.sources.find(source)).text_length) || 1;
    const spans = spansOf(source);
    const at = spans.find((span) => span.id === here);
    const parts = [];
    if (at) {
      const near = [Math.max(0, at.start - AROUND), Math.min(length, at.end + AROUND)];
      parts.push(strip(spans, 0, length, here, `The whole text of ${source}`, near));
      parts.push(el("p", { class: "where" }, `Closer: characters ${near[0].toLocaleString("en")} to ${near[1].toLocaleString("en")}`));
      parts.push(strip(spans, ...near, here, "The passages around the claim"));
    } else parts.push(strip(spans, 0, length, null, `The whole text of ${source}`));
    const key = [at ? ["k-here", "this claim"] : null, ["k-claim", at ? "other claims" : "claims"], ["k-set", "set aside"]].filter(Boolean);
    return [...parts, el("p", { class: "key" }, key.map(([name, text]) => el("span", { class: name }, text)))];
  };

  // What lies before and after a claim, for readers who do not see the ribbon.
  rdc.around = (source, here) => {
    const spans = spansOf(source);
    const at = spans.findIndex((span) => span.id === here);
    const said = (span) => (span ? (span.id ? rdc.link(span.id, span.id) : `a passage set aside (${span.text})`) : null);
    return [said(spans[at - 1]), said(spans[at + 1])];
  };
})();

"use strict";
// Your copy: a reader's own file of a source text, compared by its hash in the browser, with the claims marked in it.
// The file is read in this page and sent nowhere; the policy of the page allows no request.
(() => {
  const { el } = rdc;
  const { sources, claims } = rdc.tables;
  const LARGEST = 20_000_000;

  const sha256 = async (bytes) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // As where the dataset is made: NFC, and each run of spaces as one space. `trim` would also remove a byte order mark.
  const SPACES = /[\p{White_Space}\x1c-\x1f]+/gu;
  const folded = (text) => new TextEncoder().encode(text.normalize("NFC").replace(SPACES, " ").replace(/^ | $/g, ""));

  const decoded = (bytes) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  };

  // The text in pieces, each with the claims whose spans cover it. Spans count code points, which Array.from splits into.
  const pieces = (text, spans) => {
    const signs = Array.from(text);
    const inside = (place) => place > 0 && place < signs.length;
    const cuts = [0, ...new Set(spans.flatMap(({ start, end }) => [start, end]).filter(inside)), signs.length];
    cuts.sort((one, other) => one - other);
    return cuts.slice(1).map((end, at) => {
      const start = cuts[at];
      return { text: signs.slice(start, end).join(""), start, end, claims: spans.filter((span) => span.start <= start && end <= span.end) };
    });
  };

  // Each piece links to its first claim; after a span come the numbers of the claims that end there.
  const marked = (text, source) => {
    const spans = claims.rowsWhere("source_id", source).filter((row) => rdc.isActive(row.claim_id))
      .map((row) => ({ id: row.claim_id, start: Number(row.char_start), end: Number(row.char_end) }));
    return pieces(text, spans).flatMap((piece) => {
      const ids = piece.claims.map((claim) => claim.id);
      if (!ids.length) return [piece.text];
      const tip = ids.map((id) => `${id}: ${claims.value(claims.find(id), "claim_text")}`).join("\n");
      const ending = piece.claims.filter((claim) => claim.end === piece.end).map((claim) => rdc.link(claim.id, claim.id.split("-").pop()));
      return [el("mark", { "data-tip": tip, "data-claims": ids.join(" ") }, piece.text), ending.length ? el("sup", {}, ending.map((each) => [" ", each])) : ""];
    });
  };

  // What to say of a file that is not the text of the source itself.
  const different = async (text, hash, source) => {
    const same = sources.rowsWhere("text_sha256", hash)[0];
    if (same) return ["This is the text of ", rdc.link(same.source_id), ", not of this source. Open it there."];
    if (text !== null && (await sha256(folded(text))) === source.text_folded_sha256) {
      return ["Only spaces or line breaks differ from the text that was coded. Positions count every character, so that nothing can be marked. Use the original file."];
    }
    return ["This is not the text that was coded: its SHA-256 is ", el("code", {}, hash), "."];
  };

  const check = async (file, id, place) => {
    const source = sources.row(sources.find(id));
    const say = (...words) => place.replaceChildren(rdc.note(...words));
    if (!window.crypto || !crypto.subtle) return say("Your browser checks files only on pages from a folder or over https.");
    if (file.size > LARGEST) return say("The file is too large for a text.");
    const bytes = await file.arrayBuffer();
    const hash = await sha256(bytes);
    const text = decoded(bytes);
    if (hash !== source.text_sha256) return say(await different(text, hash, source));
    place.replaceChildren(
      el("p", {}, "This is the text that was coded. Each claim is marked where it stands; its number follows it and leads to the claim. The text is only in this window."),
      el("div", { class: "copy", tabindex: "0", role: "region", "aria-label": "Your copy with its claims" }, marked(text, id)));
    rdc.announce("The file is the text that was coded. Its claims are marked.");
  };

  rdc.yourCopy = (id) => {
    const place = el("div", { role: "status" });
    const take = (files) => files.length && check(files[0], id, place);
    const input = el("input", { type: "file", id: "copy-file", accept: ".txt,text/plain", change: () => take(input.files) });
    const drop = (event) => {
      event.preventDefault();
      take(event.dataTransfer.files);
    };
    return rdc.section("Your copy of the text",
      el("p", {}, "If you have the text, choose its file or drop it here. Your browser compares its SHA-256 and marks the claims in it. Nothing is sent."),
      el("div", { class: "drop", dragover: (event) => event.preventDefault(), drop }, el("label", { for: "copy-file" }, "The file of the text "), input),
      place);
  };
})();

"use strict";
// Events: a timeline of what claims say happened or will happen, each with all that is said about it.
(() => {
  const { el, term, termInList, link, soft } = rdc;
  const DAYS = 24 * 3600 * 1000;
  const SHORT = 10 * DAYS;
  const MOST = 500;

  const said = (id) => rdc.tables.claim_events.rowsWhere("event_id", id).filter((row) => rdc.isActive(row.claim_id));
  const claim = (id) => rdc.tables.claims.row(rdc.tables.claims.find(id));

  // --- dates ------------------------------------------------------------------------------------------------------

  // The dates that the claims which affirm an event give it, each with these claims.
  const given = (id) => {
    const dated = said(id).filter((row) => row.bearing === "affirms" && claim(row.claim_id).event_date);
    return rdc.groupBy(dated.map((row) => row.claim_id), (each) => claim(each).event_date);
  };
  // The dates of an event: as the voices give them, or else its own.
  const datesOf = (event) => {
    const dates = [...given(event.event_id).keys()].sort();
    return dates.length ? dates : event.date ? [event.date] : [];
  };

  // The time that all dates cover, with a margin for open ends, and the years in it.
  let range = null;
  const axis = () => {
    if (!range) {
      const ends = rdc.answers.events.flatMap(datesOf).flatMap(rdc.moments).filter((each) => typeof each === "number");
      const [first, last] = [Math.min(...ends), Math.max(...ends)];
      const margin = 0.03 * Math.max(last - first, DAYS);
      const at = (moment) => (moment - first + margin) / (last - first + 2 * margin);
      const years = [];
      for (let year = new Date(first).getUTCFullYear(); Date.UTC(year) <= last; year += 1) years.push([at(Date.UTC(year)), String(year)]);
      range = { at, ticks: years.filter(([x]) => x >= 0) };
    }
    return range;
  };

  const shapes = (event, date) => {
    const { at } = axis();
    const [begin, finish] = rdc.moments(date);
    if (begin == null && finish == null) return [];
    const kind = ["date", /[~?%]/.test(date) ? "hedged" : "", event.warning ? "contested" : ""].join(" ");
    if (begin != null && finish != null && finish - begin <= SHORT) return [rdc.diamond((at(begin) + at(finish)) / 2, kind)];
    return [
      rdc.line(begin == null ? 0 : at(begin), finish == null ? 1 : at(finish), kind),
      begin == null ? rdc.arrow(0, "left", kind) : null, finish == null ? rdc.arrow(1, "right", kind) : null,
    ].filter(Boolean);
  };
  const strip = (event) => (date) => rdc.strip({ height: 20, "data-date": date }, axis().ticks, shapes(event, date));

  const status = (event) => (event.warning ? el("b", { class: "warning" }, `⚠ ${event.warning}`) : rdc.words(event.date_status));
  const dateLine = (event) => {
    const dates = datesOf(event);
    if (!dates.length) return "No claim says when.";
    return [dates.map(rdc.date).join(" or "), " (", status(event), ")"];
  };

  // --- one event --------------------------------------------------------------------------------------------------

  const counts = (event) => {
    const rests = event.independent_origins || event.without_origin
      ? `${event.independent_origins ? rdc.count(event.independent_origins, "independent known origin") : "no known origin"}, ${rdc.count(event.without_origin, "text")} without origin` : event.rests_on;
    return `${rdc.count(event.claims, "claim")} in ${rdc.count(event.sources, "text")} · ${rests}`;
  };

  rdc.eventDetails = (id) => {
    const event = rdc.answers.events.find((row) => row.event_id === id);
    const row = rdc.tables.events.row(rdc.tables.events.find(id));
    const voices = ([date, ids]) => [rdc.date(date), ": ", ids.map((each, at) => [at ? ", " : "", rdc.chain(each), " ", link(each)]), strip(event)(date)];
    const bearings = rdc.tables.claim_events.byName.get("bearing").values;
    const groups = bearings.map((bearing) => [bearing, said(id).filter((each) => each.bearing === bearing)]).filter(([, rows]) => rows.length);
    return [
      event.warning ? rdc.note(event.warning[0].toUpperCase(), event.warning.slice(1), ". ", row.note) : row.note ? rdc.note(row.note) : null,
      el("ul", { class: "facts" },
        rdc.fact("Kind", term("events", "kind", row.kind)), rdc.fact("Date", dateLine(event)),
        rdc.fact("How the date is known", term("events", "date_status", row.date_status)),
        rdc.fact("Place", row.place_id && link(row.place_id, rdc.actorName(row.place_id))),
        rdc.fact("Agreement", row.agreement_id && link(row.agreement_id, rdc.agreementName(row.agreement_id))),
        rdc.fact("Known origins", event.origins)),
      el("p", {}, counts(event)),
      rdc.section("Dates that are given", rdc.list([...given(id)].sort(([one], [other]) => (one > other) - (one < other)).map(voices))),
      rdc.section("What the claims say of it", groups.map(([bearing, rows]) =>
        [el("h3", {}, termInList("claim_events", "bearing", bearing), ` (${rows.length})`), rdc.list(rows.map((each) => rdc.claimLine(each.claim_id)))]).flat()),
    ];
  };

  rdc.records.events = (index) => {
    const { events } = rdc.tables;
    const id = events.value(index, "event_id");
    return [el("h1", {}, rdc.eventName(id)), rdc.eventDetails(id), rdc.permalink(id), rdc.citing(id), rdc.allCells(events, index)];
  };

  // --- the timeline -----------------------------------------------------------------------------------------------

  const summary = (event) => [
    el("span", { class: "event-name" }, el("b", {}, event.label), soft(`${rdc.words(event.kind)} · ${counts(event)}`)),
    el("span", { class: "event-date" }, dateLine(event), datesOf(event).map(strip(event))),
  ];
  const opened = (event) =>
    rdc.opening({ class: "event", "data-id": event.event_id }, summary(event), () =>
      el("div", { class: "inside" }, el("p", {}, link(event.event_id, "Page of this event")), rdc.eventDetails(event.event_id)));

  const rest = (events) => (events.length > MOST ? el("p", {}, `The first ${MOST} are shown; filter to see the others.`) : null);
  const TITLES = { kind: "Kind", date_status: "Date", rests_on: "Rests on" };

  rdc.views.events = ({ params }) => {
    const all = rdc.answers.events;
    const place = el("div", {});
    const count = el("p", { role: "status" });
    const update = () => {
      const chosen = filters.chosen();
      const [dated, undated] = [true, false].map((has) => chosen.filter((event) => has === datesOf(event).length > 0));
      const shown = [dated.slice(0, MOST), undated.slice(0, MOST)].map((events) => events.map(opened));
      count.textContent = `${rdc.number(chosen.length)} of ${rdc.count(all.length, "event")}; no claim dates ${rdc.number(undated.length)} of them`;
      place.replaceChildren(...[
        chosen.length ? null : filters.nothing(),
        dated.length ? [el("div", { class: "axis" }, rdc.scale(axis().ticks)), shown[0], rest(dated)] : null,
        undated.length ? [el("h2", {}, `Events that no claim dates (${undated.length})`), shown[1], rest(undated)] : null,
      ].flat(2).filter(Boolean));
    };
    const filters = rdc.filters("events", all, TITLES, params, update, (event) => [[event.label, event.note, event.place].join(" ")]);
    update();
    return [
      el("h1", {}, "What the claims say happened when"),
      el("p", {}, "Each line is an event that claims speak of; open it for all that is said about it. A bar covers the days that a date may mean, a diamond is a date known to within ten days, an arrow an open end; dashed is approximate. Where voices give different dates, each has a line. An event is listed because claims speak of it, not because it is known to have happened. Origins of one government count as one; a text that names no origin may rest on anything."),
      filters.controls, count, place,
    ];
  };
})();

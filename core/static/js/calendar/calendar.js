/**
 * The calendar. Where there is room the timeline is drawn (EventCalendar, loaded then); the phone keeps the agenda that
 * came with the page. A drag moves nothing: it opens the form that the button "Move" opens, filled in.
 */

import { $ } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { debounce } from "../lib/dom.js";
import { dialogById } from "../lib/dialog.js";
import { el } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { on } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { t } from "../lib/i18n.js";

const page = /** @type {HTMLElement} */ ($("[data-calendar]"));
const place = /** @type {HTMLElement} */ ($("[data-timeline]"));
const wide = matchMedia("(min-width: 48em)");
const VIEWS = { day: "resourceTimelineDay", week: "resourceTimelineWeek", month: "resourceTimelineMonth" };
const htmx = () => /** @type {any} */ (window).htmx;
let calendar = /** @type {any} */ (null);
let loading = false;
let pending = /** @type {null | (() => void)} */ (null);

/** What a dialog shows comes from the server. @param {string} url */
function ask(url) {
  const dialog = dialogById("form-dialog");
  if (!dialog) return location.assign(url);
  htmx().ajax("GET", url, { target: "#form-slot" });
  open(dialog);
}

/** A wall clock's time without a zone, as the server wrote it. @param {Date} date */
const wall = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

/** The form for what was dragged; unless it is sent, the bar goes back. @param {any} info */
function dropped(info) {
  const { event, oldEvent, oldResource, newResource } = info;
  const target = newResource?.id ?? "";
  if (!/^\d*$/.test(target) || (target && !oldResource)) return info.revert();
  const moved = event.start.getTime() - oldEvent.start.getTime();
  const begins = new Date(new Date(event.extendedProps.begins).getTime() + moved);
  const query = new URLSearchParams({ start: wall(begins) });
  if (target) query.set("swap", `${oldResource.id}:${target}`);
  pending = info.revert;
  ask(`${event.extendedProps.url}time/?${query}`);
}

/** @param {any} info */
function content({ event }) {
  if (event.display === "background") return "";
  const { steps, state } = event.extendedProps;
  return { domNodes: [el("strong", { text: event.title }), ...(steps ? [" ", el("span", { text: steps })] : []), el("span", { class: "visually-hidden", text: ` ${state}` })] };
}

function options({ resources, events }) {
  const { view = "day", date, from, until } = page.dataset;
  const month = view === "month";
  return {
    view: VIEWS[view], date, resources, events, firstDay: 1, locale: document.documentElement.lang,
    headerToolbar: { start: "", center: "", end: "" },
    slotMinTime: from, slotMaxTime: until, slotDuration: month ? "24:00" : view === "week" ? "02:00" : "00:30", slotWidth: month ? 44 : view === "week" ? 56 : 40,
    slotLabelInterval: view === "day" ? "01:00" : undefined,
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    dayHeaderFormat: { weekday: "short", day: "numeric" }, snapDuration: "00:15",
    eventDurationEditable: false, eventStartEditable: true,
    nowIndicator: Intl.DateTimeFormat().resolvedOptions().timeZone === page.dataset.zone, // it shows the viewer's clock displayEventEnd: false,
    buttonText: (/** @type {object} */ texts) => ({ ...texts, expand: t("expand"), collapse: t("collapse") }),
    eventContent: content, eventDrop: dropped,
    eventClick: ({ event, jsEvent }) => { jsEvent.preventDefault(); if (event.extendedProps.url) ask(event.extendedProps.url); },
  };
}

/** @param {string} tag @param {Record<string, string>} props */
const loaded = (tag, props) => new Promise((resolve, reject) => document.head.append(el(tag, { ...props, onload: resolve, onerror: reject })));

async function draw() {
  if (calendar || loading || !wide.matches) return;
  loading = true;
  try {
    const [data] = await Promise.all([get(page.dataset.events ?? ""), loaded("link", { rel: "stylesheet", href: page.dataset.style ?? "" }), loaded("script", { src: page.dataset.script ?? "" })]);
    place.hidden = false;
    page.classList.add("is-drawn");
    calendar = /** @type {any} */ (window).EventCalendar.create(place, options(data));
  } catch {
    loading = false; // the agenda stays
  }
}

const refresh = debounce(async () => {
  htmx().ajax("GET", location.pathname + (page.dataset.page ?? ""), { target: "#agenda", swap: "outerHTML" });
  if (!calendar || pending) return;
  const data = await get(page.dataset.events ?? "").catch(() => null);
  if (!data) return;
  calendar.setOption("resources", data.resources);
  calendar.setOption("events", data.events);
}, 250);

document.addEventListener("close", (event) => {
  if (/** @type {Element} */ (event.target).id !== "form-dialog" || !pending) return;
  pending();
  pending = null;
}, true);
on(document, "change", "[data-auto-submit]", (event, field) => /** @type {HTMLSelectElement} */ (field).form?.requestSubmit());
on(document, "click", "[data-print]", () => window.print());
wide.addEventListener("change", draw);
draw();
connect(page.dataset.socket ?? "", { onPoke: refresh, onCatchUp: refresh, at: JSON.parse($("#calendar-at")?.textContent ?? "{}") });

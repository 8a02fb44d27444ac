/** The selection desk: the adviser leafs, compares and holds up; the customer's phone decides, and it shows here. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { on } from "../lib/dom.js";
import { post } from "../lib/api.js";
import { connect } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { Stage } from "../cull/stage.js";
import { Film } from "./film.js";
import { Model } from "./model.js";
import { Side } from "./side.js";

const LOOK_AGAIN = 30000; // a phone that left without a word is gone by then
const root = /** @type {HTMLElement} */ ($("[data-sit]"));
const model = new Model();
const film = new Film($("[data-strip]"), $("[data-strip-row]"), choose);
const stage = new Stage($("[data-stage]"), activate);
const side = new Side(root, model);
let current = 0;
let last = 0; // where it stood among those shown
let compared = []; // numbers, while comparing

const photo = () => model.by.get(current);
const place = () => model.shown.findIndex(({ number }) => number === current);
const use = () => Number(/** @type {HTMLSelectElement} */ ($("[data-use]")).value);

// -- Where one is ------------------------------------------------------------------------------------------------------
function go(number) {
  if (number === undefined || !model.by.has(number)) return;
  current = number;
  draw();
  film.show(place());
}

/** @param {number} by */
function step(by) {
  const row = compared.length ? compared : model.shown.map(({ number }) => number);
  const at = row.indexOf(current) + by;
  go(row[Math.min(row.length - 1, Math.max(0, at))]);
}

function choose(number, event) {
  if (event.shiftKey || event.ctrlKey || event.metaKey) model.mark(number);
  compared = [];
  go(number);
}

function activate(number) {
  if (number === current) return;
  current = number;
  draw();
}

function compare() {
  if (compared.length) compared = [];
  else if (photo()) {
    compared = model.group(photo());
    if (!compared.length) toast(t("desk_few"), { tone: "info" });
    else if (!compared.includes(current)) [current] = compared;
  }
  draw();
}

// -- What one says -----------------------------------------------------------------------------------------------------
/** Ask the server; what it refuses is said in words. @param {() => Promise<any>} work */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    const code = String(error.data?.code ?? "").replace(".", "_");
    const said = code && t(code) !== code ? t(code) : error.message;
    toast(said, { tone: "bad", key: "desk" });
    return null;
  }
}

/** @param {boolean} wanted */
async function sit(wanted) {
  const told = await attempt(() => post(root.dataset.sitting ?? "", { on: wanted }));
  if (told) model.sit(told);
  return told;
}

/** Hold up what is before us: one photograph, or those compared. The same again takes it down. */
async function show() {
  const numbers = compared.length ? compared : [current].filter(Boolean);
  if (!numbers.length || (!model.sitting.on && !(await sit(true)))) return;
  const same = numbers.join() === model.sitting.photos.join();
  await hold(same ? [] : numbers);
}

async function hold(photos) {
  const told = await attempt(() => post(root.dataset.shown ?? "", { photos }));
  if (told) model.sit(told);
}

async function suggest() {
  const one = photo();
  if (!one) return;
  const slot = use();
  const wanted = !one.suggested.includes(slot);
  if (!(await attempt(() => post(root.dataset.suggestion ?? "", { photo: one.number, slot, on: wanted })))) return;
  load();
}

/** The shop's screen: the browser's own full screen where it is allowed, the plain view in any case. */
function present(on = !document.body.classList.contains("is-presenting")) {
  document.body.classList.toggle("is-presenting", on);
  if (on) document.documentElement.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) document.exitFullscreen();
  film.show(place());
  draw();
}

const VERBS = {
  previous: () => step(-1),
  next: () => step(1),
  show,
  compare,
  mark: () => { if (current) model.mark(current); },
  zoom: () => stage.toggle(),
  present: () => present(),
};

// -- The screen --------------------------------------------------------------------------------------------------------
function draw() {
  const { shown } = model;
  compared = compared.filter((number) => model.by.has(number));
  if (place() < 0 && !compared.length) current = shown[Math.min(last, shown.length - 1)]?.number ?? 0; // it left the filter
  last = Math.max(0, place());
  const panes = (compared.length ? compared.map((number) => model.by.get(number)) : [photo()]).filter(Boolean);
  stage.draw(panes, current);
  for (const [number, { pane }] of stage.panes) label(pane, model.by.get(number)?.value ?? "");
  const empty = $("[data-empty]");
  empty.hidden = panes.length > 0;
  empty.textContent = t("desk_nothing");
  stage.preload(shown.slice(last + 1, last + 3));
  film.draw(shown, current, model.aside);
  side.draw(photo(), use());
  const pressed = { show: Boolean(photo()?.held), compare: compared.length > 0, mark: model.aside.has(current), present: document.body.classList.contains("is-presenting") };
  for (const [act, is] of Object.entries(pressed)) $(`[data-act=${act}]`).setAttribute("aria-pressed", String(is));
}

/** What was decided, on the photograph itself. @param {HTMLElement} pane @param {string} value */
function label(pane, value) {
  pane.dataset.value = value;
  pane.classList.toggle("is-decided", value === "yes");
  $("figcaption > span:last-child", pane).textContent = t(`desk_${value || "open"}`);
}

// -- Fresh numbers -----------------------------------------------------------------------------------------------------
let asking = false;
let again = false;

/** Fetch sheet and bill. A poke while they are under way asks once more: nothing is fetched twice at a time. */
async function load() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const bill = get(root.dataset.bill ?? "");
    bill.catch(() => {}); // it is waited for below
    const said = model.load(await get(root.dataset.sheet ?? "")); // the decision shows first
    $("#sit-bill").outerHTML = await bill;
    for (const { number, value } of said.slice(0, 3)) announce(t("desk_decided", { n: number, what: t(`desk_${value || "open"}`) }));
  } catch (error) {
    if (!model.photos.length) $("[data-empty]").textContent = error.message;
  } finally {
    asking = false;
  }
  if (again) { again = false; load(); }
}

connect(root.dataset.socket ?? "", {
  at: JSON.parse($("#sit-position").textContent),
  onPoke: ({ type }) => { if (type !== "photos.marked") load(); },
  onCatchUp: () => load(),
});
setInterval(() => { if (model.phones.length && document.visibilityState === "visible") load(); }, LOOK_AGAIN);

// -- Keys and buttons --------------------------------------------------------------------------------------------------
const keys = new Map($$("[data-act]", root).map((button) => [button.dataset.key, button.dataset.act]));
on(root, "click", "[data-act]", (_event, button) => VERBS[button.dataset.act ?? ""]());
on(root, "click", "[data-begin]", () => sit(true));
on(root, "click", "[data-end]", () => sit(false));
on(root, "click", "[data-lower]", () => hold([]));
on(root, "click", "[data-suggest]", suggest);
on(root, "change", "[data-use]", () => draw());
on(document, "change", "[data-seat]", (_event, select) => /** @type {HTMLSelectElement} */ (select).form?.requestSubmit());
on(document, "change", "[data-filter]", (_event, select) => {
  model.filter = /** @type {HTMLSelectElement} */ (select).value;
  compared = [];
  model.changed();
  film.show(place());
  select.blur(); // the keys are for the photographs again
});
document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement && document.body.classList.contains("is-presenting")) present(false); });
document.addEventListener("keydown", (event) => {
  const where = /** @type {HTMLElement} */ (event.target);
  if (where.closest("input, select, textarea, dialog[open], .menu") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    if (compared.length) compare();
    else if (document.body.classList.contains("is-presenting")) present(false);
    return;
  }
  const name = keys.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  if (!name) return;
  event.preventDefault();
  VERBS[name]();
});

model.addEventListener("change", draw);
load();

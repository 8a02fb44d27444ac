/** The cull page: keys and buttons to verbs, the sheet to the screen, changes to the outbox. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { on } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { Caption } from "./caption.js";
import { Group } from "./group.js";
import { Outbox } from "./outbox.js";
import { Sheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { Strip } from "./strip.js";

const root = /** @type {HTMLElement} */ ($("[data-cull]"));
const sheet = new Sheet();
const outbox = new Outbox(root.dataset.marks ?? "", root.dataset.gallery ?? "");
const strip = new Strip($("[data-strip]"), $("[data-strip-row]"), choose);
const stage = new Stage($("[data-stage]"), activate);
const caption = new Caption($("[data-caption]"), root);
const group = new Group(root, sheet, () => target());
let current = 0; // a number
let last = 0; // where it stood among those shown
let compared = []; // numbers, while comparing

const place = () => sheet.shown.findIndex((photo) => photo.number === current);
const photo = () => sheet.by.get(current);

/** What a verb is done to: the marked group, else the photograph (the active one while comparing). */
function target() {
  if (!compared.length && sheet.marked.size) return [...sheet.marked].map((number) => sheet.by.get(number));
  const one = photo();
  return one ? [one] : [];
}

// -- Where one is ------------------------------------------------------------------------------------------------------
function go(number) {
  if (number === undefined || !sheet.by.has(number)) return;
  current = number;
  draw();
  strip.show(place());
}

/** @param {number} by */
function step(by) {
  if (compared.length) {
    const at = compared.indexOf(current) + by;
    activate(compared[Math.min(compared.length - 1, Math.max(0, at))]);
    return;
  }
  const { shown } = sheet;
  go(shown[Math.min(shown.length - 1, Math.max(0, place() + by))]?.number);
}

function choose(number, event) {
  if (event.shiftKey) {
    const [from, to] = [place(), sheet.shown.findIndex((each) => each.number === number)].sort((a, b) => a - b);
    sheet.mark(sheet.shown.slice(from, to + 1).map((each) => each.number), true);
  } else if (event.ctrlKey || event.metaKey) {
    sheet.mark([number]);
  }
  compared = [];
  go(number);
}

function activate(number) {
  if (number === current) return;
  current = number;
  draw();
}

// -- What one does -----------------------------------------------------------------------------------------------------
/** Say it, send it, remember the way back. @param {any[]} photos @param {object} change */
function say(photos, change) {
  const before = photos.map((each) => [each, Object.fromEntries(Object.keys(change).map((name) => [name, each[name]]))]);
  const here = current;
  const said = sheet.say(photos, change);
  if (!said.length) return;
  for (const each of said) outbox.put(each.number, change);
  sheet.remember(() => {
    for (const [each, was] of before) if (sheet.by.has(each.number)) {
      sheet.say([sheet.by.get(each.number)], was);
      outbox.put(each.number, was);
    }
    go(here);
  });
}

/** Flag and go on to what would have come next. */
function flag(value) {
  const photos = target();
  const next = sheet.shown[place() + 1]?.number;
  const single = photos.length === 1 && !sheet.marked.size && !compared.length;
  say(photos, { flag: value });
  if (single && value && $("[data-advance]").checked) go(next ?? current);
}

function best() {
  const mates = photo() ? sheet.mates(photo()) : [];
  if (mates.length < 2) { toast(t("cull_nostack"), { tone: "info" }); return; }
  const sharpest = mates.find((each) => each.best) ?? mates[0];
  const steps = sheet.steps.length;
  say(mates.filter((each) => each !== sharpest && !each.chosen), { flag: "reject" });
  say([sharpest], { flag: "keep" });
  const backs = sheet.steps.splice(steps);
  sheet.remember(() => backs.reverse().forEach(({ back }) => back()));
  go(sharpest.number);
}

function compare() {
  if (compared.length) { compared = []; draw(); return; }
  const marked = [...sheet.marked].slice(0, 4);
  const mates = photo() ? sheet.mates(photo()).filter((each) => each.flag !== "reject").map((each) => each.number) : [];
  const beside = sheet.shown.slice(place(), place() + 2).map((each) => each.number);
  const from = Math.max(0, Math.min(mates.indexOf(current) - 1, mates.length - 4));
  compared = marked.length > 1 ? marked : mates.length > 1 ? mates.slice(from, from + 4) : beside;
  if (compared.length < 2) compared = [];
  else if (!compared.includes(current)) [current] = compared;
  draw();
}

const VERBS = {
  previous: () => step(-1),
  next: () => step(1),
  keep: () => flag("keep"),
  reject: () => flag("reject"),
  unflag: () => flag(""),
  recommend: () => { const photos = target(); say(photos, { recommended: !photos.every((each) => each.recommended) }); },
  cover: () => { if (photo()) group.cover(photo()); },
  compare,
  zoom: () => stage.toggle(),
  select: () => { if (current) sheet.mark([current]); },
  best,
  undo: () => { sheet.undo(); },
};

function act(name) {
  if (name.startsWith("stars-")) say(target(), { stars: Number(name.slice(6)) });
  else VERBS[name]?.();
}

// -- The screen --------------------------------------------------------------------------------------------------------
function draw() {
  const { shown } = sheet;
  if (place() < 0 && !compared.length) current = shown[Math.min(last, shown.length - 1)]?.number ?? 0; // it left the filter
  last = Math.max(0, place());
  const panes = (compared.length ? compared.map((number) => sheet.by.get(number)) : [photo()]).filter(Boolean);
  stage.draw(panes, current);
  const empty = $("[data-empty]");
  empty.hidden = panes.length > 0;
  empty.textContent = t("cull_nothing");
  const at = place();
  stage.preload(shown.slice(at + 1, at + 3));
  strip.draw(shown, current, sheet.marked);
  caption.draw(photo(), at, sheet);
  group.draw();
}

outbox.addEventListener("state", ({ detail: { state, n } }) => {
  const chip = $("[data-saving]");
  chip.dataset.saving = state;
  chip.textContent = t(`cull_${state}`, { n });
  chip.className = `chip ${{ waiting: "t-warn", failed: "t-bad" }[state] ?? ""}`;
  $("[data-retry]").hidden = state !== "waiting" && state !== "failed";
});

let own = 0; // batches of ours that the stream will tell of
outbox.addEventListener("answer", ({ detail: { saved, refused } }) => {
  if (saved.length) own += 1;
  for (const why of new Set(refused.map((each) => each.why))) {
    const some = refused.filter((each) => each.why === why);
    toast(some.length > 1 ? t(`cull_${why}_many`, { n: some.length }) : t(`cull_${why}`, { n: some[0].photo }), { tone: "bad" });
  }
  for (const { photo: number, why, flag: stands } of refused) {
    const held = sheet.by.get(number);
    if (held) sheet.say([held], { flag: stands, ...(why === "chosen" ? { chosen: true } : {}) });
  }
});

async function load() {
  const told = await get(root.dataset.sheet ?? "");
  sheet.load(told);
  for (const [number, change] of outbox.waiting) if (sheet.by.has(number)) sheet.say([sheet.by.get(number)], change);
}

let later = 0;
const reload = () => { clearTimeout(later); later = setTimeout(() => load().catch(() => reload()), 1500); };
connect(root.dataset.socket ?? "", {
  onPoke: ({ type }) => {
    if ((type === "photos.culled" || type === "photos.marked") && own > 0) own -= 1;
    else if (type !== "photo.noted") reload();
  },
  onCatchUp: reload,
});

// -- Keys and buttons --------------------------------------------------------------------------------------------------
const keys = new Map($$("[data-act]", root).map((button) => [button.dataset.key, button.dataset.act]));
on(root, "click", "[data-act]", (_event, button) => act(button.dataset.act ?? ""));
on(document, "click", "[data-retry]", () => outbox.now());
on(document, "change", "[data-filter]", (_event, select) => {
  sheet.filter = /** @type {HTMLSelectElement} */ (select).value;
  compared = [];
  sheet.changed();
  strip.show(place());
  select.blur(); // the keys are for the photographs again
});
document.addEventListener("keydown", (event) => {
  const where = /** @type {HTMLElement} */ (event.target);
  if (where.closest("input:not([type=checkbox]), select, textarea, dialog[open], .menu")) return;
  if (event.key === "Escape" && compared.length) { compare(); return; }
  if (event.altKey) return;
  const name = keys.get((event.ctrlKey || event.metaKey ? "ctrl+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key));
  if (!name) return;
  event.preventDefault();
  act(name);
});

sheet.addEventListener("change", draw);
load().catch((error) => { $("[data-empty]").textContent = error.message; });

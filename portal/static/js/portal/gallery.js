/**
 * The phone gallery: puts store, outbox, grid and bars together. What the first screen does not need (lightbox, notes,
 * live, dialogs) is loaded once it stands: in idle time, at the first touch, or when it is used before that.
 */

import { $ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Bar } from "./bar.js";
import { Choosing } from "./choosing.js";
import { tell } from "./choosing.js";
import { Outbox } from "./outbox.js";
import { Store } from "./store.js";
import { Tiles } from "./tiles.js";
import { View } from "./view.js";
import { Virtual } from "./virtual.js";

const boot = JSON.parse($("#gallery-boot").textContent);
const grid = $("#grid");
const store = new Store(boot.rules, boot.coin);
const outbox = new Outbox(boot);
const choosing = new Choosing(store, outbox);
const tiles = new Tiles(store);
const virtual = new Virtual(grid, tiles);
const view = new View(grid, store, virtual, boot.key);
const TOUCHED = ["pointerdown", "keydown", "scroll", "online"]; // somebody is here: what a tap needs is fetched at once
let spent = false;
let opened = null;
let settled = false;

/** What the lazily loaded modules may use. */
const gallery = { boot, store, outbox, choosing, tiles, virtual, view, load, open, use, together, get lightbox() { return opened; } };

/** Fetch what counts now; whatever this phone has not sent yet is laid over it. */
async function load(tries = 0) {
  try {
    const response = await fetch(boot.manifest, { credentials: "same-origin" });
    if (!response.ok && store.numbers.length) location.reload(); // logged out, or withdrawn: the page says so
    if (!response.ok) throw new Error(String(response.status));
    const fresh = store.load(await response.json(), outbox.pending(), outbox.placing());
    if (!fresh && tries < 3) return load(tries + 1);
    if (store.rules.state !== boot.rules.state || store.rules.role !== boot.rules.role) restate();
  } catch {
    if (!store.numbers.length) tell(t("unread"), { tone: "bad", key: "manifest", action: { label: t("again"), run: () => load() } });
    return false;
  }
  return true;
}

/** Submitted or opened again meanwhile: the page says other things now, and the server draws it. */
function restate() {
  const word = store.rules.role !== boot.rules.role ? "" : store.open ? "unlocked" : "locked";
  try { sessionStorage.setItem("yl:flash", word); } catch { /* the page itself shows it */ }
  location.reload();
}

/** Somebody else shows their marks here, or is here. @param {any} [poke] */
async function together(poke) {
  try { (await import(boot.modules.together)).join(gallery, poke); } catch { /* the next poke tries again */ }
}

/** @param {number} [number] only this photograph changed */
function changed(number) {
  if (number === undefined && store.others) together();
  if (store.counts.extra) import(boot.modules.swaps).then(({ default: swaps }) => swaps(gallery), () => {});
  if (number === undefined) view.relist();
  else for (const each of new Set([number, view.tileOf(number)])) virtual.refresh(each);
  if (spent === store.spent) return;
  spent = store.spent; // from here on every ring says its price, or none does
  virtual.refresh();
}

/** @param {number} number @param {number[]} [numbers] among which one swipes; by default everything listed @param {() => void} [then] when it is closed */
async function open(number, numbers, then) {
  if (opened) return;
  try {
    const { show } = await import(boot.modules.lightbox);
    if (opened) return;
    opened = await show(gallery, number, numbers ?? view.listed);
    opened.on("destroy", () => {
      opened = null;
      if (history.state?.photo) history.back();
      then?.();
    });
    history.pushState({ photo: number }, "");
  } catch {
    tell(t("unread"), { tone: "bad", key: "lightbox" });
  }
}

/** What a module does that is loaded when it is first wanted. @param {string} part @param {...any} given */
async function use(part, ...given) {
  try {
    await (await import(boot.modules[part])).default(gallery, ...given);
  } catch {
    tell(t("unread"), { tone: "bad", key: part });
  }
}

const KEYS = { " ": "yes", 1: "no", 2: "maybe", 3: "yes" };

/** Arrow keys walk, Enter opens, Space selects, 1 2 3 say, N notes, C compares, Ctrl+Z undoes. @param {KeyboardEvent} event */
function key(event) {
  if (document.querySelector("dialog[open], .pswp") || event.altKey || event.target.matches("input, textarea, select")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") choosing.undo();
  else if (event.ctrlKey || event.metaKey || !onTile(event)) return;
  event.preventDefault();
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key meant something here */
function onTile(event) {
  const number = numberOf(event.target);
  if (!number) return false;
  const { cols } = virtual.measure();
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: cols, ArrowUp: -cols };
  if (event.key in steps) view.walk(virtual.beside(number, steps[event.key]));
  else if (event.key === "Home" || event.key === "End") view.walk(virtual.numbers[event.key === "Home" ? 0 : virtual.numbers.length - 1]);
  else if (event.key in KEYS && !(event.key === " " && event.target.matches("button"))) choosing.toggle(number, KEYS[event.key]);
  else if (event.key.toLowerCase() === "n") use("notes", number);
  else if (event.key.toLowerCase() === "c") use("comparing", number);
  else return false;
  return true;
}

/** @param {EventTarget | null} target */
const numberOf = (target) => Number(/** @type {Element} */ (target)?.closest?.("[data-number]")?.dataset.number ?? 0);

/** Fetched ahead, one after the other: a phone that loses its network still opens photographs and takes notes. */
async function rest() {
  if (settled) return;
  settled = true;
  try {
    for (const part of ["lightbox", "notes", "steps", "stacks", "comparing", "recommended"]) await (await import(boot.modules[part])).prepare?.(boot, gallery);
    for (const type of TOUCHED) removeEventListener(type, rest);
  } catch {
    setTimeout(() => { settled = false; }, 5000); // the next touch tries again, or the network's return
  }
}

/** The first screen stands: the live socket first, the rest when nothing else happens. */
function follow() {
  import(boot.modules.live).then((module) => module.follow(gallery), () => {});
  if (globalThis.requestIdleCallback) requestIdleCallback(rest, { timeout: 4000 });
  else setTimeout(rest, 1000); // Safari
}

/** What the page could not say before it was loaded again. */
function flash() {
  const word = sessionStorage.getItem("yl:flash");
  sessionStorage.removeItem("yl:flash");
  if (word) tell(t(word), { tone: "info", timeout: 8000 });
}

/** The review page sends people to a photograph (`#p12`) or to a filter (`#maybe`). */
function arrive() {
  const [, photo] = location.hash.match(/^#p(\d+)$/) ?? [];
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (photo && store.places.has(Number(photo))) open(Number(photo));
}

on(grid, "click", ".pick", (event, button) => choosing.toggle(numberOf(button), "yes"));
on(grid, "click", ".tile > a", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const number = numberOf(link);
  if (view.piles.told(number).size) use("stacks", number);
  else open(number);
});
on(document, "click", "[data-use]", (event, button) => use(button.dataset.use));
on(document, "click", "#dock a", (event) => {
  if (navigator.onLine) return; // else the browser's own page of no return
  event.preventDefault();
  tell(t("offlineReview"), { tone: "warn", key: "offline" });
});
for (const type of ["contextmenu", "dragstart"]) grid.addEventListener(type, (event) => event.preventDefault());
grid.addEventListener("contextmenu", (event) => { if (numberOf(event.target)) use("comparing", numberOf(event.target)); }); // a long press
for (const type of TOUCHED) addEventListener(type, rest, { passive: true });
document.addEventListener("keydown", key);
addEventListener("popstate", () => opened?.close());
addEventListener("pageshow", (event) => { if (event.persisted) load(); });
store.addEventListener("change", (event) => changed(event.detail ?? undefined));
choosing.addEventListener("astray", () => load());
tiles.piles = view.piles;
new Bar(store, outbox, choosing);
view.start(location.hash.slice(1));
try { flash(); } catch { /* no storage: the page itself shows the state */ }
load().then((ready) => {
  if (!ready) return;
  view.restore();
  arrive();
  outbox.now();
});
if (document.readyState === "complete") follow();
else addEventListener("load", () => setTimeout(follow, 300));

/** The phone gallery: puts store, outbox, grid and bars together. Lightbox and notes are loaded when first used. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { send } from "../lib/api.js";
import { toast } from "../lib/toast.js";
import { t } from "../lib/i18n.js";
import { Bar } from "./bar.js";
import { Choosing } from "./choosing.js";
import { Outbox } from "./outbox.js";
import { Store } from "./store.js";
import { Tiles } from "./tiles.js";
import { Virtual } from "./virtual.js";

const VIEW = "yl:gallery-view";
const boot = JSON.parse($("#gallery-boot").textContent);
const grid = $("#grid");
const store = new Store(boot.rules, boot.language);
const outbox = new Outbox(boot);
const choosing = new Choosing(store, outbox);
const virtual = new Virtual(grid, new Tiles(store, $("#tile")));
let filter = "all";

/** What the other modules may use. */
const gallery = { boot, store, outbox, choosing, virtual, shown: () => store.shown(filter), refresh: load, note, open };

async function load() {
  let manifest;
  try {
    manifest = await send(boot.manifest);
  } catch (error) {
    if (!store.numbers.length) toast(error.message, { tone: "bad", key: "manifest" });
    return;
  }
  store.load(manifest, outbox.pending());
}

function draw(number) {
  if (number !== undefined && filter === "all") {
    virtual.refresh(number);
    if (store.counts.yes >= store.rules.included - 1) for (const near of virtual.mounted.keys()) virtual.refresh(near);
    return;
  }
  const numbers = store.shown(filter);
  virtual.set(numbers);
  $("#empty").hidden = numbers.length > 0;
  grid.toggleAttribute("data-locked", !store.open);
}

function choose(chosen) {
  filter = chosen;
  for (const button of $$("[data-filter]")) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  draw();
  scrollTo({ top: 0 });
}

async function open(number) {
  const { show } = await import(boot.modules.lightbox);
  show(gallery, number);
}

async function note(number) {
  const { ask } = await import(boot.modules.notes);
  return ask(gallery, number);
}

/** Density and fit, kept on the phone. */
function view(change) {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(VIEW) ?? "{}"); } catch { /* a fresh start */ }
  kept = { cols: "3", fit: "cover", ...kept, ...change };
  try { localStorage.setItem(VIEW, JSON.stringify(kept)); } catch { /* only for this page then */ }
  const place = virtual.geometry ? [...virtual.mounted.keys()].find((n) => virtual.mounted.get(n).getBoundingClientRect().bottom > 120) : undefined;
  Object.assign(grid.dataset, kept);
  if (!store.numbers.length) return;
  virtual.geometry = null;
  virtual.draw();
  if (change && place !== undefined) virtual.reveal(place);
}

function showHistory() {
  const list = $("#history-list");
  list.replaceChildren(...store.history.map(({ number, to }, index) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const names = { yes: "photoYes", maybe: "photoMaybe", no: "photoNo", "": "photo" };
    item.className = "row row-between";
    button.type = "button";
    button.className = "btn btn-sm";
    button.dataset.step = String(index);
    button.textContent = t("undo");
    item.append(t(names[to], { number }), button);
    return item;
  }).reverse());
  $("#history-none").hidden = store.history.length > 0;
  $("#history").showModal();
}

/** Arrow keys walk, Space picks, 1 2 3 say, N notes, Ctrl+Z undoes. */
function key(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    event.preventDefault();
    choosing.undo();
    return;
  }
  const tile = event.target.closest?.("[data-number]");
  if (!tile || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open], .pswp")) return;
  const number = Number(tile.dataset.number);
  const values = { " ": "yes", 1: "no", 2: "maybe", 3: "yes" };
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: virtual.geometry.cols, ArrowUp: -virtual.geometry.cols };
  if (event.key in steps) walk(number, steps[event.key]);
  else if (event.key in values && !(event.key === " " && event.target.matches("button"))) choosing.toggle(number, values[event.key]);
  else if (event.key === "n" || event.key === "N") note(number);
  else return;
  event.preventDefault();
}

function walk(number, step) {
  const next = virtual.numbers[virtual.places.get(number) + step];
  if (next !== undefined) virtual.reveal(next)?.querySelector("a").focus({ preventScroll: true });
}

on(grid, "click", ".pick", (event, button) => choosing.toggle(Number(button.closest("[data-number]").dataset.number), "yes"));
on(grid, "click", ".tile > a", (event, link) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(Number(link.closest("[data-number]").dataset.number));
});
on(document, "click", "[data-filter]", (event, button) => choose(button.dataset.filter));
on(document, "click", "button[data-cols]", (event, button) => view({ cols: button.dataset.cols }));
on(document, "click", "button[data-fit]", () => view({ fit: grid.dataset.fit === "cover" ? "contain" : "cover" }));
on(document, "click", "[data-history]", showHistory);
on(document, "click", "[data-step]", (event, button) => { choosing.undoTo(Number(button.dataset.step)); $("#history").close(); });
grid.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("keydown", key);
addEventListener("pageshow", (event) => { if (event.persisted) load(); });
store.addEventListener("change", (event) => draw(event.detail ?? undefined));
new Bar(store, outbox);
view();
load().then(() => outbox.now());
if (document.readyState === "complete") follow();
else addEventListener("load", follow);

/** The live socket is not needed for the first screen. */
function follow() {
  import(boot.modules.live).then((module) => module.follow(gallery));
}

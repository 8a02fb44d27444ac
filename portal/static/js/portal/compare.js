/**
 * Two to four photographs side by side under one magnifying glass, each with its answers and what they cost. The glass:
 * what it shows (in parts of a picture's frame) and the gestures that move it.
 */

import { open } from "../lib/dialog.js";
import { start } from "../lib/dialog.js";
import { $ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { keepOne } from "./keeping.js";
import { keepPrice } from "./keeping.js";

start();

export const MOST = 6;
const TAP_MS = 320;
const TAP_PX = 12;
const TWICE = 2.5; // what a double tap magnifies
const BELOW = 104; // px of a pane that its buttons take
const EDGE = 1600;
const ACTS = [["no", "x", "wordDrop"], ["maybe", "question-mark", "wordMaybe"], ["yes", "heart", "wordSelect"]];
const SAID = { yes: "wordYes", maybe: "wordMaybe", no: "wordNo", "": "wordNone" };
const KEYS = { 1: "no", 2: "maybe", 3: "yes" };
const MOVES = { ArrowLeft: [0.1, 0], ArrowRight: [-0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
const CLOSER = 1.5;

const within = (value, most) => Math.max(-most, Math.min(most, value));

export class Glass extends EventTarget {
  scale = 1;
  x = 0; // how far the picture is moved, in widths and heights of its frame
  y = 0;

  /** Magnify around a point that stays where it is. @param {number} factor @param {number} [px] from the frame's middle, -0.5 to 0.5 @param {number} [py] */
  zoom(factor, px = 0, py = 0) {
    const scale = Math.max(1, Math.min(MOST, this.scale * factor));
    const times = scale / this.scale;
    this.set(scale, px - (px - this.x) * times, py - (py - this.y) * times);
  }

  /** @param {number} dx @param {number} dy in frames */
  pan(dx, dy) {
    this.set(this.scale, this.x + dx, this.y + dy);
  }

  /** In and out again, as a double tap does. */
  toggle(px, py) {
    this.zoom(this.scale > 1.05 ? 1 / MOST : TWICE, px, py);
  }

  /** A picture never leaves its frame. */
  set(scale, x, y) {
    const room = (scale - 1) / 2;
    Object.assign(this, { scale, x: within(x, room), y: within(y, room) });
    this.dispatchEvent(new Event("moved"));
  }

  get transform() {
    return `translate(${this.x * 100}%, ${this.y * 100}%) scale(${this.scale})`;
  }
}

/**
 * How many columns show the most of every picture: two may lie side by side or one above the other, more are a grid.
 * @param {number} n @param {number} width @param {number} height of all of it @param {number} ratio of the pictures
 */
export function columns(n, width, height, ratio) {
  const area = (cols) => {
    const [w, h] = [width / cols, height / Math.ceil(n / cols) - BELOW];
    return h <= 0 ? 0 : Math.min(w, h * ratio) ** 2 / ratio;
  };
  return (n > 2 ? [2, n] : [1, 2]).reduce((best, cols) => (area(cols) > area(best) ? cols : best));
}

/** Where a pointer is, from the middle of the frame. */
function placeOf(event, { left, top, width, height }) {
  return { x: (event.clientX - left) / width - 0.5, y: (event.clientY - top) / height - 0.5, at: event.timeStamp };
}

const middle = (points) => ({ x: points.reduce((sum, { x }) => sum + x, 0) / points.length, y: points.reduce((sum, { y }) => sum + y, 0) / points.length });
const apart = ([a, b], box) => Math.hypot((a.x - b.x) * box.width, (a.y - b.y) * box.height);

/** Pinch, drag, double tap and wheel on one frame move the glass of all. @param {HTMLElement} frame @param {Glass} glass */
export function gestures(frame, glass) {
  /** @type {Map<number, {x: number, y: number, at: number}>} */
  const fingers = new Map();
  let begun = { x: 0, y: 0, at: 0 };
  let tapped = -TAP_MS;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    frame.setPointerCapture(event.pointerId);
    begun = placeOf(event, frame.getBoundingClientRect());
    fingers.set(event.pointerId, begun);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const box = frame.getBoundingClientRect();
    const before = [...fingers.values()];
    fingers.set(event.pointerId, placeOf(event, box));
    const after = [...fingers.values()];
    const [from, to] = [middle(before), middle(after)];
    glass.pan(to.x - from.x, to.y - from.y);
    if (after.length === 2) glass.zoom(apart(after, box) / Math.max(1, apart(before, box)), to.x, to.y);
  });
  frame.addEventListener("pointerup", (event) => {
    const box = frame.getBoundingClientRect();
    const here = placeOf(event, box);
    const still = fingers.size === 1 && apart([begun, here], box) < TAP_PX;
    if (still && here.at - tapped < TAP_MS) glass.toggle(here.x, here.y);
    tapped = still && here.at - tapped >= TAP_MS ? here.at : -TAP_MS;
    fingers.delete(event.pointerId);
  });
  frame.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = placeOf(event, frame.getBoundingClientRect());
    glass.zoom(Math.exp(-event.deltaY / 300), x, y);
  }, { passive: false });
  for (const type of ["dragstart", "contextmenu"]) frame.addEventListener(type, (event) => event.preventDefault());
}

/**
 * @param {any} gallery what gallery.js offers @param {number[]} numbers two to four @param {number[]} [all] what "keep this one" is about
 * @param {(kept: boolean) => void} [then] when it is closed
 */
export async function compare(gallery, numbers, all = numbers, then = () => {}) {
  await style(gallery.boot.modules.triageCss);
  new Comparison(gallery, numbers, all, then);
}

class Comparison {
  constructor(gallery, numbers, all, then) {
    Object.assign(this, { gallery, numbers, all, store: gallery.store });
    const glass = this.glass = new Glass();
    const dialog = this.dialog = /** @type {HTMLDialogElement} */ ($("#compare"));
    this.panes = numbers.map((number) => this.pane(number));
    this.undo = el("button", { type: "button", class: "lb-round", "aria-label": t("undo"), onclick: () => gallery.choosing.undo() }, icon("arrow-back-up"));
    const tool = (name, word, does) => el("button", { type: "button", class: "lb-round", "aria-label": t(word), onclick: does }, icon(name));
    const tools = [tool("minus", "smallerAll", () => glass.zoom(1 / CLOSER)), tool("maximize", "wholeAll", () => glass.set(1, 0, 0)), tool("plus", "largerAll", () => glass.zoom(CLOSER))];
    const shut = el("button", { type: "button", class: "lb-round", "aria-label": t("close"), onclick: () => dialog.close() }, icon("x"));
    this.grid = el("div", { class: "cmp-grid" }, ...this.panes.map(({ node }) => node));
    dialog.replaceChildren(el("div", { class: "cmp-head" }, shut, el("h2", { id: "compare-title", text: t("compare") }), this.undo, ...tools), this.grid);
    this.ends = new AbortController();
    const { signal } = this.ends;
    glass.addEventListener("moved", () => this.look());
    this.store.addEventListener("change", () => this.draw(), { signal });
    addEventListener("resize", () => this.fit(), { signal });
    dialog.addEventListener("keydown", (event) => this.key(event), { signal });
    dialog.addEventListener("close", () => { this.ends.abort(); dialog.replaceChildren(); then(dialog.returnValue === "kept"); }, { signal });
    dialog.returnValue = "";
    open(dialog);
    this.fit();
    this.draw();
  }

  /** @param {number} number */
  pane(number) {
    const { gallery, store, all } = this;
    const image = el("img", { src: store.src(number, "p"), alt: t("photo", { number }), draggable: "false", decoding: "async" });
    image.style.backgroundImage = `url("${store.src(number, "t")}")`; // until the large one is there
    const frame = el("div", { class: "cmp-frame" }, image, el("span", { class: "cmp-number num", "aria-hidden": "true", text: number }));
    gestures(frame, this.glass);
    const does = (act) => gallery.choosing.toggle(number, act);
    const buttons = ACTS.map(([act, name, word]) => el("button", { type: "button", dataset: { v: act }, "aria-label": `${t(word)}: ${t("photo", { number })}`, onclick: () => does(act) }, icon(name), el("b")));
    const keep = el("button", { type: "button", class: "btn btn-cream cmp-keep", onclick: () => this.keep(number) }, el("span", { text: t("keepOne") }), el("b"), el("span", { class: "visually-hidden", text: t("keepOneOf", { number, n: all.length - 1 }) }));
    const said = el("span", { class: "visually-hidden" });
    const node = el("figure", { class: "cmp-pane", dataset: { number } }, frame, el("figcaption", {}, said, el("div", { class: "cmp-acts" }, ...buttons), keep));
    return { number, node, image, buttons, keep, said };
  }

  keep(number) {
    if (keepOne(this.gallery, number, this.all)) this.dialog.close("kept");
  }

  fit() {
    const ratio = this.numbers.reduce((sum, number) => { const [w, h] = this.store.size(number, EDGE); return sum + w / h; }, 0) / this.numbers.length;
    this.grid.dataset.cols = String(columns(this.numbers.length, this.grid.clientWidth, this.grid.clientHeight, ratio));
  }

  look() {
    for (const { image } of this.panes) image.style.transform = this.glass.transform;
    this.dialog.dataset.scale = this.glass.scale.toFixed(2);
  }

  draw() {
    const { store } = this;
    this.undo.disabled = !store.history.length || !store.open;
    for (const { number, node, buttons, keep, said } of this.panes) {
      const value = store.value(number);
      const price = store.open ? store.priceOf(number) : 0;
      const keeping = keepPrice(store, number, this.all);
      node.dataset.state = value || "none";
      said.textContent = `${t("photo", { number })}: ${t(SAID[value])}`;
      for (const button of buttons) {
        button.disabled = !store.open;
        button.setAttribute("aria-pressed", String(button.dataset.v === value));
      }
      buttons[2].lastChild.textContent = price ? `+${store.price(price)}` : "";
      keep.disabled = !store.open || keeping === null;
      keep.children[1].textContent = keeping > 0 ? ` +${store.price(keeping)}` : "";
    }
  }

  /** + and - zoom, arrows move what is seen, 1 2 3 answer for the photograph that has the focus. @param {KeyboardEvent} event */
  key(event) {
    const { key } = event;
    const number = Number(event.target.closest?.("[data-number]")?.dataset.number ?? 0);
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") this.gallery.choosing.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (key === "+" || key === "=") this.glass.zoom(CLOSER);
    else if (key === "-") this.glass.zoom(1 / CLOSER);
    else if (key === "0") this.glass.set(1, 0, 0);
    else if (key in MOVES) this.glass.pan(...MOVES[key]);
    else if (key in KEYS && number) this.gallery.choosing.toggle(number, KEYS[key]);
    else return;
    event.preventDefault();
  }
}

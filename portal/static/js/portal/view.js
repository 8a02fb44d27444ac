/** What of the gallery is shown and how: filter, density, whole or filled pictures; kept on the phone, found again. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { read } from "./kept.js";
import { write } from "./kept.js";
import { Piles } from "./tiles.js";

const KEY = "yl:gallery-view";
const FILTERS = ["all", "yes", "maybe", "left", "no", "noted", "rec"];
const FOLDED = ["all", "left"]; // elsewhere each photograph counts by itself

export class View {
  /**
   * @param {HTMLElement} grid
   * @param {import("./store.js").Store} store
   * @param {import("./virtual.js").Virtual} virtual
   * @param {string} key
   */
  constructor(grid, store, virtual, key) {
    Object.assign(this, { grid, store, virtual });
    this.place = `yl:at:${key}`;
    this.filter = "all";
    this.look = 0;
    this.piles = new Piles(store);
    /** @type {number[]} */
    this.listed = [];
  }

  /** Wire the controls and put the grid into the shape it had. @param {string} filter from the address, if any */
  start(filter) {
    history.scrollRestoration = "manual";
    this.left = this.recall();
    this.mark(FILTERS.includes(filter) ? filter : this.left?.filter ?? "all", FILTERS.includes(filter) ? 0 : this.left?.look);
    this.shape();
    on(document, "click", "[data-filter]", (event, button) => this.choose(button.dataset.filter));
    on(document, "click", "[data-look]", (event, button) => this.choose(this.filter, Number(button.dataset.look)));
    on(document, "click", "button[data-stacks]", () => this.shape({ stacks: this.grid.dataset.stacks === "on" ? "off" : "on" }));
    on(document, "click", "button[data-cols]", (event, button) => this.shape({ cols: button.dataset.cols }));
    on(document, "click", "button[data-fit]", (event, button) => this.shape({ fit: button.dataset.fit }));
    addEventListener("pagehide", () => this.remember());
  }

  /** @param {string} filter @param {number} [look] from 1; 0: all of them */
  choose(filter, look = this.look) {
    this.mark(filter, look);
    this.listed = [];
    scrollTo({ top: 0 });
    this.relist();
  }

  mark(filter, look = 0) {
    this.filter = filter;
    this.look = look;
    for (const button of $$("[data-filter]")) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
    for (const button of $$("[data-look]")) button.setAttribute("aria-pressed", String(Number(button.dataset.look) === look));
  }

  /** The list of the filter. A photograph that no longer fits stays until the filter is chosen again: nothing jumps. */
  relist() {
    const { store, filter, look } = this;
    if (look && !store.looks?.includes(look)) this.mark(filter); // the studio has arranged them anew
    const fits = new Set([...store.shown(filter), ...(filter === "all" ? [] : this.listed)]);
    const inLook = store.numbers.filter((number) => fits.has(number));
    this.listed = this.look ? inLook.filter((number) => store.lookOf(number) === this.look) : inLook;
    this.virtual.set(this.piles.fold(this.listed, this.folds));
    for (const node of $$("[data-look-count]")) node.textContent = String(inLook.filter((number) => store.lookOf(number) === Number(node.dataset.lookCount)).length);
    $("#empty").hidden = this.listed.length > 0;
    this.grid.toggleAttribute("data-locked", !store.open);
  }

  /** Density and fit, kept on the phone. @param {{cols?: string, fit?: string}} [change] */
  shape(change) {
    let kept = { cols: "3", fit: "cover", stacks: "on" };
    try { Object.assign(kept, JSON.parse(read(KEY) ?? "{}"), change); } catch { /* a fresh start */ }
    if (change) write(KEY, JSON.stringify(kept));
    const first = change && this.listed.length ? this.virtual.topmost(this.head) : undefined;
    Object.assign(this.grid.dataset, kept);
    for (const button of $$("button[data-cols]")) button.setAttribute("aria-pressed", String(button.dataset.cols === kept.cols));
    for (const button of $$("button[data-fit]")) button.setAttribute("aria-pressed", String(button.dataset.fit === kept.fit));
    for (const button of $$("button[data-stacks]")) button.setAttribute("aria-pressed", String(kept.stacks === "on"));
    if (!change) return;
    $("details.menu[open]")?.removeAttribute("open");
    this.virtual.geometry = null;
    if (change.stacks) this.relist();
    else this.virtual.draw();
    if (first !== undefined && scrollY > 0) this.reveal(first);
  }

  get head() {
    return $(".gallery-head").offsetHeight;
  }

  get dock() {
    return $("#dock").offsetHeight;
  }

  /** Bring a photograph out from under the bars and give it the focus. @param {number | undefined} number */
  walk(number) {
    if (number !== undefined) this.reveal(number)?.querySelector("a").focus({ preventScroll: true });
  }

  /** The tile of a photograph, or of the stack in which it is. @param {number} number */
  reveal(number) {
    return this.virtual.reveal(this.tileOf(number), this.head, this.dock);
  }

  /** The photograph under whose tile this one is found. @param {number} number @returns {number} */
  tileOf(number) {
    return this.piles.covers.get(number) ?? number;
  }

  get folds() {
    return this.grid.dataset.stacks !== "off" && FOLDED.includes(this.filter);
  }

  recall() {
    const [entry] = performance.getEntriesByType("navigation");
    if (entry?.type === "navigate") return null;
    try {
      return JSON.parse(sessionStorage.getItem(this.place) ?? "null");
    } catch {
      return null;
    }
  }

  remember() {
    try {
      sessionStorage.setItem(this.place, JSON.stringify({ y: scrollY, filter: this.filter, look: this.look }));
    } catch { /* the page begins at its top then */ }
  }

  /** Back to where the person was before they looked at another page. */
  restore() {
    if (this.left) scrollTo({ top: this.left.y });
  }
}

/** What of the gallery is shown and how: filter, density, whole or filled pictures; kept on the phone, found again. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { read } from "./kept.js";
import { write } from "./kept.js";

const KEY = "yl:gallery-view";
const FILTERS = ["all", "yes", "maybe", "left", "no", "noted"];

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
    /** @type {number[]} */
    this.listed = [];
  }

  /** Wire the controls and put the grid into the shape it had. @param {string} filter from the address, if any */
  start(filter) {
    history.scrollRestoration = "manual";
    this.left = this.recall();
    this.mark(FILTERS.includes(filter) ? filter : this.left?.filter ?? "all");
    this.shape();
    on(document, "click", "[data-filter]", (event, button) => this.choose(button.dataset.filter));
    on(document, "click", "button[data-cols]", (event, button) => this.shape({ cols: button.dataset.cols }));
    on(document, "click", "button[data-fit]", (event, button) => this.shape({ fit: button.dataset.fit }));
    addEventListener("pagehide", () => this.remember());
  }

  /** @param {string} filter */
  choose(filter) {
    this.mark(filter);
    this.listed = [];
    scrollTo({ top: 0 });
    this.relist();
  }

  mark(filter) {
    this.filter = filter;
    for (const button of $$("[data-filter]")) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  }

  /** The list of the filter. A photograph that no longer fits stays until the filter is chosen again: nothing jumps. */
  relist() {
    const { store, filter } = this;
    const fits = new Set([...store.shown(filter), ...(filter === "all" ? [] : this.listed)]);
    this.listed = fits.size === store.numbers.length ? store.numbers : store.numbers.filter((number) => fits.has(number));
    this.virtual.set(this.listed);
    $("#empty").hidden = this.listed.length > 0;
    this.grid.toggleAttribute("data-locked", !store.open);
  }

  /** Density and fit, kept on the phone. @param {{cols?: string, fit?: string}} [change] */
  shape(change) {
    let kept = { cols: "3", fit: "cover" };
    try { Object.assign(kept, JSON.parse(read(KEY) ?? "{}"), change); } catch { /* a fresh start */ }
    if (change) write(KEY, JSON.stringify(kept));
    const first = change && this.listed.length ? this.virtual.topmost(this.head) : undefined;
    Object.assign(this.grid.dataset, kept);
    for (const button of $$("button[data-cols]")) button.setAttribute("aria-pressed", String(button.dataset.cols === kept.cols));
    for (const button of $$("button[data-fit]")) button.setAttribute("aria-pressed", String(button.dataset.fit === kept.fit));
    if (!change) return;
    $("details.menu[open]")?.removeAttribute("open");
    this.virtual.geometry = null;
    this.virtual.draw();
    if (first !== undefined && scrollY > 0) this.virtual.reveal(first, this.head, this.dock);
  }

  get head() {
    return $(".gallery-head").offsetHeight;
  }

  get dock() {
    return $("#dock").offsetHeight;
  }

  /** Bring a photograph out from under the bars and give it the focus. @param {number | undefined} number */
  walk(number) {
    if (number !== undefined) this.virtual.reveal(number, this.head, this.dock)?.querySelector("a").focus({ preventScroll: true });
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
      sessionStorage.setItem(this.place, JSON.stringify({ y: scrollY, filter: this.filter }));
    } catch { /* the page begins at its top then */ }
  }

  /** Back to where the person was before they looked at another page. */
  restore() {
    if (this.left) scrollTo({ top: this.left.y });
  }
}

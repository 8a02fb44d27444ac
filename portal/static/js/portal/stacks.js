/** A stack of similar shots, opened: look at each, select some, compare, or keep one and drop the rest. */

import { $ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { start } from "../lib/dialog.js";
import { t } from "../lib/i18n.js";
import { compare } from "./compare.js";
import { candidates } from "./keeping.js";
import { keepOne } from "./keeping.js";
import { keepPrice } from "./keeping.js";

start();

/** @param {any} boot */
export const prepare = (boot) => style(boot.modules.triageCss);

/** @param {any} gallery what gallery.js offers @param {number} number any photograph of the stack */
export default async function stack(gallery, number) {
  await prepare(gallery.boot);
  const numbers = gallery.view.piles.of(number);
  if (numbers.length > 1) new Stack(gallery, number, numbers);
}

class Stack {
  constructor(gallery, number, numbers) {
    Object.assign(this, { gallery, number, numbers, store: gallery.store });
    const dialog = this.dialog = /** @type {HTMLDialogElement} */ ($("#stack"));
    $("[data-title]", dialog).textContent = t("similar", { n: numbers.length });
    this.ones = numbers.map((each) => this.one(each));
    $("ul", dialog).replaceChildren(...this.ones.map(({ node }) => node));
    const ends = new AbortController();
    const { signal } = ends;
    $("[data-compare-stack]", dialog).addEventListener("click", () => this.compare(), { signal });
    this.store.addEventListener("change", () => this.draw(), { signal });
    dialog.addEventListener("keydown", (event) => this.key(event), { signal });
    dialog.addEventListener("close", () => {
      ends.abort();
      $("ul", dialog).replaceChildren();
      gallery.view.relist(); // what is selected of it lies on top
      if (!dialog.returnValue) gallery.view.walk(number);
    }, { signal });
    dialog.returnValue = "";
    this.draw();
    open(dialog);
  }

  /** @param {number} number */
  one(number) {
    const { gallery, numbers } = this;
    const tile = gallery.tiles.make(number, true, "div");
    const large = (event) => {
      event.preventDefault();
      this.leave("large");
      gallery.open(number, numbers, () => stack(gallery, number));
    };
    tile.querySelector("a").addEventListener("click", large);
    tile.querySelector(".pick").addEventListener("click", () => gallery.choosing.toggle(number, "yes"));
    tile.addEventListener("contextmenu", (event) => event.preventDefault());
    const keep = el("button", { type: "button", class: "btn btn-block", onclick: () => this.keep(number) }, el("span", { text: t("keepOne") }), el("b", { class: "num" }), el("span", { class: "visually-hidden", text: t("keepOneOf", { number, n: numbers.length - 1 }) }));
    return { number, tile, keep, node: el("li", { dataset: { number } }, tile, keep) };
  }

  draw() {
    const { store, gallery } = this;
    for (const [place, { number, tile, keep }] of this.ones.entries()) {
      gallery.tiles.show(tile, number, place, this.numbers.length, true);
      const price = keepPrice(store, number, this.numbers);
      keep.disabled = !store.open || price === null;
      keep.children[1].textContent = price > 0 ? ` +${store.price(price)}` : "";
    }
  }

  keep(number) {
    if (keepOne(this.gallery, number, this.numbers)) this.leave("");
  }

  compare() {
    this.leave("compare");
    compare(this.gallery, candidates(this.store, this.numbers), this.numbers, (kept) => (kept ? this.gallery.view.walk(this.number) : stack(this.gallery, this.number)));
  }

  /** @param {string} where the focus goes, if not back to the list */
  leave(where) {
    this.dialog.close(where);
  }

  /** 1 2 3 answer for the photograph that has the focus, C compares. @param {KeyboardEvent} event */
  key(event) {
    const number = Number(event.target.closest?.("[data-number]")?.dataset.number ?? 0);
    const value = { 1: "no", 2: "maybe", 3: "yes" }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (value && number) this.gallery.choosing.toggle(number, value);
    else if (event.key.toLowerCase() === "c") this.compare();
    else return;
    event.preventDefault();
  }
}

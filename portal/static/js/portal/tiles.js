/** One photograph as a tile: four elements, made like the server's, shown from the store. */

import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const NAMES = { yes: "photoYes", maybe: "photoMaybe", no: "photoNo", "": "photo" };
const EDGE = 400;

export class Tiles {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /** @param {number} number @param {boolean} load false while a fling goes past */
  make(number, load) {
    const { store } = this;
    const [width, height] = store.size(number, EDGE);
    const image = el("img", { width, height, decoding: "async", draggable: "false" });
    const node = el("li", { class: "tile", dataset: { number } },
      el("a", { href: store.src(number, "p"), draggable: "false" }, image),
      el("button", { type: "button", class: "pick" }));
    this.tint(node, number);
    if (load) this.load(node);
    return node;
  }

  /** The dominant colour stands for the picture until it is there. */
  tint(node, number) {
    node.style.backgroundColor = this.store.color(number);
  }

  /** Begin to fetch the picture of a tile that is to stay. */
  load(node) {
    const image = node.querySelector("img");
    if (!image.hasAttribute("src")) image.src = this.store.src(Number(node.dataset.number), "t");
  }

  /** @returns {Promise<void>} kept when the picture can be seen, broken when it cannot be had */
  there(node) {
    return node.querySelector("img").decode();
  }

  /** A picture nobody sees any more must not stand in the way of those that somebody does. */
  cancel(node) {
    const image = node.querySelector("img");
    if (!image.complete) image.removeAttribute("src");
  }

  /** Try pictures again that the network has lost. */
  again(node) {
    const image = node.querySelector("img");
    if (image.hasAttribute("src") && image.complete && !image.naturalWidth) image.src = image.src;
  }

  /** @param {HTMLElement} node @param {number} number @param {number} place @param {number} all */
  show(node, number, place, all) {
    const { store } = this;
    const value = store.value(number);
    const price = store.open ? store.priceOf(number) : 0;
    const button = node.querySelector(".pick");
    node.dataset.state = value || "none";
    node.toggleAttribute("data-noted", store.noted.has(number));
    node.setAttribute("aria-setsize", String(all));
    node.setAttribute("aria-posinset", String(place + 1));
    node.querySelector("img").alt = t(NAMES[value], { number }) + (store.noted.has(number) ? t("hasNote") : "");
    button.hidden = !store.open;
    button.setAttribute("aria-pressed", String(value === "yes"));
    button.setAttribute("aria-label", price ? t("pickFor", { number, price: store.price(price) }) : t("pick", { number }));
    if (price) button.dataset.price = `+${store.price(price)}`;
    else delete button.dataset.price;
  }

  /** Only one tile at a time is on the Tab key's way. @param {HTMLElement} node @param {boolean} on */
  reach(node, on) {
    for (const each of [node.querySelector("a"), node.querySelector("button")]) each.tabIndex = on ? 0 : -1;
  }
}

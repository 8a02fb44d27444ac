/** One photograph as a tile: four elements, made like the server's, shown from the store; and which of them stand for a stack. */

import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const NAMES = { yes: "photoYes", maybe: "photoMaybe", no: "photoNo", "": "photo" };
const EDGE = 400;

export class Tiles {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Piles | undefined} which tiles stand for several photographs */
    this.piles = undefined;
  }

  /** @param {number} number @param {boolean} load false while a fling goes past @param {string} [tag] */
  make(number, load, tag = "li") {
    const { store } = this;
    const [width, height] = store.size(number, EDGE);
    const image = el("img", { width, height, decoding: "async", draggable: "false" });
    const node = el(tag, { class: "tile", dataset: { number } },
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

  /** @param {HTMLElement} node @param {number} number @param {number} place @param {number} all @param {boolean} [alone] not for its stack */
  show(node, number, place, all, alone = false) {
    const { store } = this;
    const value = store.value(number);
    const price = store.open ? store.priceOf(number) : 0;
    const button = node.querySelector(".pick");
    node.dataset.state = value || "none";
    node.toggleAttribute("data-noted", store.noted.has(number));
    if (!alone) node.setAttribute("aria-setsize", String(all));
    if (!alone) node.setAttribute("aria-posinset", String(place + 1));
    node.querySelector("img").alt = t(NAMES[value], { number }) + this.tag(node, number, alone) + (store.noted.has(number) ? t("hasNote") : "");
    node.toggleAttribute("data-compared", store.compared.has(number));
    button.hidden = !store.open;
    button.setAttribute("aria-pressed", String(value === "yes"));
    button.setAttribute("aria-label", price ? t("pickFor", { number, price: store.price(price) }) : t("pick", { number }));
    if (price) button.dataset.price = `+${store.price(price)}`;
    else delete button.dataset.price;
  }

  /** A recommendation and the size of a stack stand on the picture; answers them in words. @param {HTMLElement} node @param {number} number */
  tag(node, number, alone) {
    const { size, picked } = (alone ? null : this.piles?.told(number)) ?? { size: 0, picked: 0 };
    const recommended = this.store.recommended.has(number);
    const tags = [];
    if (size) tags.push(el("span", { class: "tile-tag is-stack", text: `×${size}` }, ...(picked ? [el("b", { text: ` ♥${picked}` })] : [])));
    if (recommended) tags.push(el("span", { class: "tile-tag", text: `★ ${t("ourPick")}` }));
    node.querySelector(".tile-tags")?.remove();
    if (tags.length) node.append(el("span", { class: "tile-tags", "aria-hidden": "true" }, ...tags));
    node.toggleAttribute("data-stack", size > 0);
    return (recommended ? t("isOurPick") : "") + (size ? t("inStack", { n: size }) : "") + (picked ? t("stackYes", { n: picked }) : "");
  }

  /** Only one tile at a time is on the Tab key's way. @param {HTMLElement} node @param {boolean} on */
  reach(node, on) {
    for (const each of [node.querySelector("a"), node.querySelector("button")]) each.tabIndex = on ? 0 : -1;
  }
}

/**
 * Stacks of similar shots: in the list one photograph stands for each. Pure. The rule is that of
 * selection.selectors.first_covers: what is selected of it, else what the studio recommends, else the first.
 */
export class Piles {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<number, number>} photograph → the one that stands for it */
    this.covers = new Map();
  }

  /** Every photograph of the stack in which this one is; itself alone when in none. @param {number} number @returns {number[]} */
  of(number) {
    const { store } = this;
    const pile = store.pileOf(number);
    return pile ? store.numbers.filter((each) => store.pileOf(each) === pile) : [number];
  }

  /**
   * The list with one photograph for each stack, where the first of it stood.
   * @param {number[]} numbers @param {boolean} [on] false: nothing is folded @returns {number[]}
   */
  fold(numbers, on = true) {
    const { store } = this;
    this.covers = new Map();
    if (!on || !store.stacks) return numbers;
    /** @type {Map<number, number[]>} */
    const piles = new Map();
    for (const number of numbers) {
      const pile = store.pileOf(number) || -number;
      piles.set(pile, [...(piles.get(pile) ?? []), number]);
    }
    return [...piles.values()].map((members) => {
      const cover = members.find((each) => store.value(each) === "yes") ?? members.find((each) => store.recommended.has(each)) ?? members[0];
      if (members.length > 1) for (const each of members) this.covers.set(each, cover);
      return cover;
    });
  }

  /** How many photographs this one stands for in the list, 0 when only for itself; and how many of them are selected. @param {number} number */
  told(number) {
    if (this.covers.get(number) !== number) return { size: 0, picked: 0 };
    const members = this.of(number);
    return { size: members.length, picked: members.filter((each) => this.store.value(each) === "yes").length };
  }
}

/** One photograph as a tile: made from the page's template, shown from the store. */

import { t } from "../lib/i18n.js";

const NAMES = { yes: "photoYes", maybe: "photoMaybe", no: "photoNo", "": "photo" };

export class Tiles {
  /** @param {import("./store.js").Store} store @param {HTMLTemplateElement} template */
  constructor(store, template) {
    this.store = store;
    this.template = template;
  }

  make(number) {
    const node = /** @type {HTMLElement} */ (this.template.content.firstElementChild.cloneNode(true));
    const image = node.querySelector("img");
    node.dataset.number = String(number);
    node.style.backgroundColor = this.store.color(number);
    [image.width, image.height] = this.store.size(number, 400);
    image.src = this.store.src(number, "t");
    node.querySelector("a").href = this.store.src(number, "p");
    return node;
  }

  show(node, number, place, all) {
    const store = this.store;
    const value = store.value(number);
    const button = node.querySelector(".pick");
    node.dataset.state = value || "none";
    node.setAttribute("aria-setsize", String(all));
    node.setAttribute("aria-posinset", String(place + 1));
    node.querySelector("img").alt = t(NAMES[value], { number });
    node.querySelector(".tile-tag").hidden = !store.noted.has(number);
    button.setAttribute("aria-pressed", String(value === "yes"));
    const price = value === "yes" ? 0 : store.nextPrice;
    button.setAttribute("aria-label", price ? t("pickFor", { number, price: store.price(price) }) : t("pick", { number }));
    button.hidden = !store.open;
  }
}

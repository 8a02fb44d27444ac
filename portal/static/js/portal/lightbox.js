/**
 * One photograph large: the only importer of PhotoSwipe. Swipe up selects and goes on, down closes; every gesture has
 * a button in the bar, which also says what this very photograph would cost.
 */

import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const EDGE = 1600;
const SWIPE = 70;
const ACTS = [["no", "x"], ["maybe", "question-mark"], ["yes", "heart"], ["note", "edit"]];
const KEYS = { 1: "no", 2: "maybe", 3: "yes", " ": "yes" };

let loading;

/** @param {any} boot */
function photoswipe(boot) {
  loading ??= new Promise((resolve, reject) => {
    const sheet = el("link", { rel: "stylesheet", href: boot.modules.photoswipeCss });
    sheet.onload = () => import(boot.modules.photoswipe).then((module) => resolve(module.default), reject);
    sheet.onerror = reject;
    document.head.append(sheet);
  });
  return loading;
}

/** @param {any} gallery what gallery.js offers @param {number} number */
export async function show(gallery, number) {
  const PhotoSwipe = await photoswipe(gallery.boot);
  new Lightbox(gallery, number, PhotoSwipe);
}

class Lightbox {
  constructor(gallery, number, PhotoSwipe) {
    this.gallery = gallery;
    this.store = gallery.store;
    this.numbers = [...gallery.shown()]; // a filter must not move photographs away under the thumb
    const pswp = new PhotoSwipe({
      dataSource: this.numbers.map((each) => this.item(each)),
      index: Math.max(0, this.numbers.indexOf(number)),
      bgOpacity: 1,
      loop: false,
      preload: [1, 2],
      wheelToZoom: true,
      padding: { top: 56, bottom: 190, left: 0, right: 0 },
      closeTitle: t("close"),
      zoomTitle: t("zoom"),
      arrowPrevTitle: t("previous"),
      arrowNextTitle: t("following"),
      errorMsg: t("failed"),
      indexIndicatorSep: " / ",
      tapAction: "toggle-controls",
      trapFocus: true,
      returnFocus: false,
    });
    this.pswp = pswp;
    this.wire();
    pswp.init();
  }

  item(number) {
    const [width, height] = this.store.size(number, EDGE);
    return { src: this.store.src(number, "p"), msrc: this.store.src(number, "t"), width, height, alt: t("photo", { number }) };
  }

  get number() {
    return this.numbers[this.pswp.currIndex];
  }

  wire() {
    const { pswp } = this;
    pswp.on("uiRegister", () => this.bar());
    pswp.on("change", () => this.draw());
    pswp.addFilter("thumbEl", (thumb, item, index) => this.gallery.virtual.mounted.get(this.numbers[index])?.querySelector("img") ?? thumb);
    pswp.on("verticalDrag", (event) => {
      this.drag = event.panY;
      if (event.panY < 0) event.preventDefault();
    });
    pswp.on("pointerUp", () => {
      if ((this.drag ?? 0) < -SWIPE && pswp.currSlide.currZoomLevel <= pswp.currSlide.zoomLevels.initial * 1.05) this.keepAndGoOn();
      this.drag = 0;
    });
    pswp.on("keydown", (event) => this.key(event));
    const changed = () => this.draw();
    this.store.addEventListener("change", changed);
    pswp.on("close", () => this.store.removeEventListener("change", changed));
    pswp.on("destroy", () => this.gallery.virtual.reveal(this.number)?.querySelector("a").focus({ preventScroll: true }));
  }

  bar() {
    const words = { no: this.word("no"), maybe: this.word("maybe"), yes: this.word("yes"), note: this.word("note") };
    this.price = el("p", { class: "lightbox-price num" });
    this.buttons = ACTS.map(([act, name]) => el("button", { type: "button", dataset: { v: act }, onclick: () => this.act(act) }, icon(name), el("span", { text: words[act] })));
    this.undo = el("button", { type: "button", class: "lightbox-undo", onclick: () => this.gallery.choosing.undo() }, icon("arrow-back-up"), el("span", { text: t("undo") }));
    const acts = el("div", { class: "lightbox-acts" }, ...this.buttons);
    const bar = el("div", { class: "lightbox-bar" }, this.price, acts);
    for (const type of ["pointerdown", "click"]) bar.addEventListener(type, (event) => event.stopPropagation());
    this.pswp.element.append(bar);
    this.pswp.ui.registerElement({ name: "undo", order: 8, appendTo: "bar", html: "", onInit: (node) => node.append(this.undo) });
    this.draw();
  }

  word(act) {
    return document.getElementById("lightbox-words").dataset[act];
  }

  draw() {
    if (!this.price || this.number === undefined) return;
    const { store } = this;
    const { counts, rules } = store;
    const value = store.value(this.number);
    for (const button of this.buttons) {
      const act = button.dataset.v;
      button.disabled = !store.open && act !== "note";
      if (act !== "note") button.setAttribute("aria-pressed", String(value === act));
      else button.setAttribute("aria-pressed", String(store.noted.has(this.number)));
    }
    const told = counts.extra ? t("thisPaid", { yes: counts.yes, n: counts.extra, total: store.price(counts.total) }) : t("thisChosen", { yes: counts.yes, included: rules.included });
    const cost = value === "yes" ? "" : store.nextPrice ? t("thisPrice", { price: store.price(store.nextPrice) }) : t("thisFree");
    this.price.replaceChildren(el("span", { text: told }), el("strong", { text: cost }));
    this.undo.disabled = !store.history.length;
  }

  act(act) {
    if (act === "note") this.gallery.note(this.number);
    else this.gallery.choosing.toggle(this.number, act);
  }

  keepAndGoOn() {
    if (this.store.value(this.number) === "yes" || this.gallery.choosing.say(this.number, "yes")) this.pswp.next();
  }

  key({ originalEvent: event, preventDefault }) {
    if (document.querySelector("dialog[open]")) { event.stopPropagation(); return; }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key in KEYS && !(event.key === " " && event.target.matches?.("button"))) this.gallery.choosing.toggle(this.number, KEYS[event.key]);
    else if (event.key.toLowerCase() === "n") this.gallery.note(this.number);
    else return;
    event.preventDefault();
    preventDefault?.();
  }
}

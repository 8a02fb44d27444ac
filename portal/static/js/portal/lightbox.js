/**
 * One photograph large: the only importer of PhotoSwipe. Swipe up selects and goes on, down closes; every gesture has
 * a button in the bar, which also says what this very photograph would cost.
 */

import { announce } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Panel } from "./panel.js";
import { drop } from "./kept.js";
import { read } from "./kept.js";
import { write } from "./kept.js";

const EDGE = 1600;
const LIFT = 64; // px the finger must have gone up
const SEEN = "yl:gestures-seen";
const GO_ON = "yl:go-on"; // kept while an answer leads to the next photograph
const KEYS = { 1: "no", 2: "maybe", 3: "yes", " ": "yes" };

/** @type {Promise<any> | undefined} */
let loading;

/** Everything an offline phone needs to open a photograph. @param {any} boot */
export function prepare(boot) {
  loading ??= Promise.all([import(boot.modules.photoswipe), ...[boot.modules.photoswipeCss, boot.modules.lightboxCss].map(style)]).then(([module]) => module.default);
  loading.catch(() => { loading = undefined; });
  return loading;
}

/** Answers the PhotoSwipe once it is open. @param {any} gallery what gallery.js offers @param {number} number @param {number[]} numbers */
export async function show(gallery, number, numbers) {
  const PhotoSwipe = await prepare(gallery.boot);
  return new Lightbox(gallery, number, numbers, PhotoSwipe).pswp;
}

class Lightbox {
  constructor(gallery, number, numbers, PhotoSwipe) {
    this.gallery = gallery;
    this.store = gallery.store;
    this.numbers = [...numbers]; // a filter must not move photographs away under the thumb
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const pswp = new PhotoSwipe({
      dataSource: this.numbers.map((each) => this.item(each)),
      index: Math.max(0, this.numbers.indexOf(number)),
      bgOpacity: 1,
      loop: false,
      preload: [1, 2],
      wheelToZoom: true,
      paddingFn: (size) => this.padding(size),
      showHideAnimationType: still ? "none" : "zoom",
      zoomAnimationDuration: still ? 0 : 250,
      close: false,
      zoom: false,
      counter: false,
      arrowPrevTitle: t("previous"),
      arrowNextTitle: t("following"),
      errorMsg: t("failed"),
      tapAction: "toggle-controls",
      trapFocus: false, // the page behind is inert instead, so that the note's dialog can have the focus
      returnFocus: false,
    });
    this.pswp = pswp;
    this.wire();
    pswp.init();
  }

  item(number) {
    const [width, height] = this.store.size(number, EDGE);
    const cover = this.gallery.view.grid.dataset.fit === "cover";
    return { src: this.store.src(number, "p"), msrc: this.store.src(number, "t"), width, height, alt: t("photo", { number }), thumbCropped: cover };
  }

  /** The photograph lies between the bars; a low screen has the buttons at its side. */
  padding({ x, y }) {
    if (y < 520 && x > y) return { top: 0, bottom: 0, left: 0, right: 224 };
    const [above, below] = this.panel?.heights ?? [64, 232];
    return { top: Math.min(above, y * 0.2), bottom: Math.min(below, y * 0.45), left: 0, right: 0 };
  }

  get number() {
    return this.numbers[this.pswp.currIndex];
  }

  wire() {
    const { pswp, store, gallery } = this;
    const changed = () => this.draw();
    pswp.on("uiRegister", () => this.dress());
    pswp.on("change", changed);
    pswp.addFilter("thumbEl", (thumb, item, index) => gallery.virtual.mounted.get(this.numbers[index])?.querySelector("img") ?? thumb);
    pswp.on("pointerDown", ({ originalEvent }) => { this.from = originalEvent.clientY; this.lift = 0; });
    pswp.on("verticalDrag", (event) => this.lifting(event));
    pswp.on("pointerUp", ({ originalEvent }) => this.released(originalEvent));
    pswp.on("keydown", (event) => this.key(event));
    store.addEventListener("change", changed);
    pswp.on("close", () => {
      store.removeEventListener("change", changed);
      this.settleBehind(false);
      gallery.view.reveal(this.number);
    });
    pswp.on("destroy", () => gallery.view.walk(this.number));
  }

  dress() {
    const { pswp, gallery } = this;
    this.panel = new Panel(gallery, Boolean(read(GO_ON)), {
      act: (act) => this.act(act),
      place: (slot) => this.gallery.choosing.place(slot, this.number),
      undo: () => this.undo(),
      stack: () => this.leaveFor("stacks"),
      recommended: () => this.gallery.use("recommended"),
      goOn: (on) => (on ? write(GO_ON, "1") : drop(GO_ON)),
      close: () => pswp.close(),
      go: (index) => pswp.goTo(index),
    });
    pswp.element.setAttribute("aria-label", t("lightbox"));
    pswp.element.setAttribute("aria-modal", "true");
    pswp.element.append(...this.panel.nodes);
    const fit = new ResizeObserver(() => pswp.updateSize(true)); // their words wrap on a narrow screen
    for (const node of [this.panel.head, this.panel.bar]) fit.observe(node);
    this.settleBehind(true);
    if (!read(SEEN) && this.store.open && matchMedia("(pointer: coarse)").matches && !document.getElementById("sitting")) { // not over what is held up
      write(SEEN, "1");
      this.panel.teach();
    }
    this.draw();
    setTimeout(() => pswp.element?.focus({ preventScroll: true }), 0);
  }

  /** Nothing behind the photograph can be reached while it is open. @param {boolean} on */
  settleBehind(on) {
    for (const node of document.body.children) if (!node.matches(".pswp, dialog, #toasts, #announcer, script, template")) node.toggleAttribute("inert", on);
  }

  draw() {
    if (this.panel && this.number !== undefined) this.panel.draw(this.numbers, this.pswp.currIndex);
  }

  act(act) {
    if (act === "note") this.gallery.use("notes", this.number);
    else if (this.gallery.choosing.toggle(this.number, act) && this.store.value(this.number) === act && read(GO_ON)) this.goOn();
  }

  goOn() {
    if (this.pswp.currIndex < this.numbers.length - 1) setTimeout(() => this.pswp.next(), 140);
    else announce(t("lastPhoto"));
  }

  /** Another page over this one: the photograph makes way and comes back. @param {string} part */
  leaveFor(part) {
    const { gallery, number } = this;
    this.pswp.on("destroy", () => setTimeout(() => gallery.use(part, number), 0));
    this.pswp.close();
  }

  undo() {
    const { history } = this.store;
    const step = history[history.length - 1];
    if (!step) return;
    this.gallery.choosing.undo(step);
    const index = this.numbers.indexOf(step.number);
    if (index >= 0 && index !== this.pswp.currIndex) this.pswp.goTo(index);
  }

  /** The photograph follows the finger up; down is PhotoSwipe's own gesture. */
  lifting(event) {
    const { currSlide, gestures } = this.pswp;
    const up = this.from - gestures.p1.y;
    this.lift = 0;
    if (up <= 0 || !this.store.open) {
      this.panel.lifted(0);
      return;
    }
    event.preventDefault();
    this.lift = up;
    currSlide.pan.y = currSlide.bounds.center.y - up * 0.5;
    currSlide.applyCurrentZoomPan();
    this.panel.lifted(Math.min(1, up / LIFT), this.number);
  }

  released(event) {
    const enough = this.lift >= LIFT && event.type !== "pointercancel";
    this.lift = 0;
    this.panel?.lifted(0);
    if (enough) setTimeout(() => this.keepAndGoOn(), 0); // after PhotoSwipe has ended its own gesture
  }

  keepAndGoOn() {
    const { number } = this;
    if (this.store.value(number) !== "yes" && !this.gallery.choosing.say(number, "yes")) return;
    this.panel.flash();
    this.goOn();
  }

  key(pressed) {
    const event = pressed.originalEvent;
    const busy = document.querySelector("dialog[open]"); // its keys are its own
    if (!busy && !this.meant(event)) return;
    if (!busy) event.preventDefault();
    pressed.preventDefault();
  }

  /** Whether the key means something here; Escape and the arrows are PhotoSwipe's. @param {KeyboardEvent} event */
  meant(event) {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "z") this.undo();
      return key === "z";
    }
    if (event.altKey || (key === " " && event.target.matches?.("button"))) return false;
    if (key in KEYS) this.act(KEYS[key]);
    else if (key === "n") this.act("note");
    else if (key === "c") this.leaveFor("comparing");
    return key in KEYS || ["n", "c", "z"].includes(key); // z alone would zoom
  }
}

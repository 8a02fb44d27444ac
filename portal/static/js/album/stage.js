/** One spread: a tap sets a pin, a swipe turns the page, "Large" opens all spreads to be pinched. Buttons do the same. */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const SWIPE = 56; // px sideways that turn the page
const TAP = 10; // px a finger may tremble

const zoomed = () => (window.visualViewport?.scale ?? 1) > 1.05;

class Stage {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.sheet = /** @type {HTMLElement} */ ($("[data-sheet]", root));
    this.say = /** @type {HTMLDetailsElement | null} */ ($("[data-say]", root));
    this.large = /** @type {HTMLElement} */ ($("[data-large]", root));
    this.large.hidden = false;
    this.large.addEventListener("click", () => this.enlarge());
    window.visualViewport?.addEventListener("resize", () => this.sheet.classList.toggle("is-zoomed", zoomed()));
    this.wire();
    if (this.say) this.readyForPins();
  }

  wire() {
    let from = null;
    this.sheet.addEventListener("pointerdown", (event) => { from = event.isPrimary && !event.button ? event : null; });
    this.sheet.addEventListener("pointercancel", () => { from = null; });
    this.sheet.addEventListener("pointerup", (event) => {
      if (!from || !event.isPrimary) return;
      const [across, down] = [event.clientX - from.clientX, event.clientY - from.clientY];
      from = null;
      if (Math.hypot(across, down) < TAP) this.tapped(event);
      else if (!zoomed() && Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) this.turn(across < 0 ? "next" : "prev");
    });
    document.addEventListener("keydown", (event) => {
      if (event.target instanceof Element && event.target.closest("input, textarea, dialog, .pswp")) return;
      if (event.key === "ArrowRight") this.turn("next");
      if (event.key === "ArrowLeft") this.turn("prev");
    });
  }

  /** @param {string} way */
  turn(way) {
    /** @type {HTMLElement | null} */ ($(`.spread-nav [rel=${way}]`))?.click();
  }

  readyForPins() {
    this.sheet.classList.add("may-pin");
    for (const hint of this.root.querySelectorAll("[data-needs-script]")) hint.hidden = false;
    on(this.root, "click", "[data-unpin]", () => this.pin(null));
    const { x, y } = this.fields();
    if (x.value && y.value) this.pin([Number(x.value), Number(y.value)]);
  }

  fields() {
    return { x: /** @type {HTMLInputElement} */ ($("[name=x]", this.say)), y: /** @type {HTMLInputElement} */ ($("[name=y]", this.say)) };
  }

  tapped(event) {
    if (!this.say || event.target.closest("a")) return;
    const box = this.sheet.getBoundingClientRect();
    const part = (at, start, size) => Math.max(0, Math.min(1000, Math.round((1000 * (at - start)) / size)));
    this.pin([part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)]);
    this.say.open = true;
    $("textarea", this.say)?.focus();
    announce(t("pinned"));
  }

  /** @param {[number, number] | null} at thousandths of the picture */
  pin(at) {
    const mark = /** @type {any} */ ($("[data-pin]", this.sheet));
    const { x, y } = this.fields();
    [x.value, y.value] = at ? at.map(String) : ["", ""];
    mark.toggleAttribute("hidden", !at);
    $("[data-pinned]", this.say).hidden = !at;
    if (!at) return;
    const [left, top] = at.map((part) => `${part / 10}%`);
    for (const [name, value] of [["cx", left], ["cy", top]]) mark.querySelector("circle").setAttribute(name, value);
    for (const [name, value] of [["x", left], ["y", top]]) mark.querySelector("text").setAttribute(name, value);
  }

  async enlarge() {
    const { photoswipe = "", photoswipeCss = "", lightboxCss = "" } = this.root.dataset;
    const [{ default: PhotoSwipe }] = await Promise.all([import(photoswipe), ...[photoswipeCss, lightboxCss].map(style)]);
    const slides = JSON.parse($("#slides")?.textContent || "[]");
    const here = Math.max(0, slides.findIndex((slide) => slide.page === location.pathname));
    const pswp = new PhotoSwipe({ dataSource: slides, index: here, bgOpacity: 1, loop: false, wheelToZoom: true, showHideAnimationType: "none", closeTitle: t("close"), zoom: false, arrowPrevTitle: t("previous"), arrowNextTitle: t("following") });
    pswp.on("close", () => {
      if (pswp.currIndex !== here) location.assign(slides[pswp.currIndex].page);
      else this.large.focus();
    });
    pswp.init();
    pswp.element.setAttribute("aria-label", t("large"));
  }
}

/** @param {HTMLElement} root */
export const startStage = (root) => new Stage(root);

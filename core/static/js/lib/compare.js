/**
 * Before and after in one frame: drag over the picture, or move the slider; hold the button to see the original alone.
 * Every `[data-compare]` of `root` (components/compare.html).
 */

import { $ } from "./dom.js";
import { $$ } from "./dom.js";

class Compare {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.stage = /** @type {HTMLElement} */ ($(".compare-stage", root));
    this.range = /** @type {HTMLInputElement} */ ($("input", root));
    this.button = /** @type {HTMLButtonElement} */ ($("button", root));
    root.classList.add("is-live");
    /** @type {HTMLElement} */ ($(".compare-tools", root)).hidden = false;
    this.range.addEventListener("input", () => this.cut(Number(this.range.value)));
    this.cut(Number(this.range.value));
    this.drag();
    this.holding();
  }

  /** @param {number} percent of the width that shows the original */
  cut(percent) {
    this.root.style.setProperty("--cut", `${percent}%`);
    this.range.value = String(Math.round(percent));
  }

  drag() {
    const follow = (event) => {
      const { left, width } = this.stage.getBoundingClientRect();
      this.cut(Math.max(0, Math.min(100, (100 * (event.clientX - left)) / width)));
    };
    this.stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.stage.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.stage.addEventListener("pointermove", (event) => { if (this.stage.hasPointerCapture(event.pointerId)) follow(event); });
    this.stage.addEventListener("dragstart", (event) => event.preventDefault());
  }

  /** Pointer and keys hold; a click without either (a screen reader's, a switch's) turns it on and off. */
  holding() {
    const { button } = this;
    button.addEventListener("pointerdown", (event) => { button.setPointerCapture(event.pointerId); this.show(true); });
    for (const type of ["pointerup", "pointercancel", "blur"]) button.addEventListener(type, () => this.show(false));
    const isKey = (event) => event.key === " " || event.key === "Enter";
    button.addEventListener("keydown", (event) => { if (isKey(event)) { event.preventDefault(); this.show(true); } });
    button.addEventListener("keyup", (event) => { if (isKey(event)) { event.preventDefault(); this.show(false); } });
    button.addEventListener("click", (event) => {
      if (event.detail === 0) this.show(!this.root.classList.contains("is-holding"));
    });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** @param {boolean} on */
  show(on) {
    this.root.classList.toggle("is-holding", on);
    this.button.setAttribute("aria-pressed", String(on));
  }
}

/** @param {ParentNode} [root] */
export function startCompare(root = document) {
  for (const found of $$("[data-compare]:not(.is-live)", root)) new Compare(found);
}

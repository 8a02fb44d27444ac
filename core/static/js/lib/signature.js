/**
 * Signing by hand. The pad is fetched when somebody wants to draw; strokes live in the form's own input as points, in
 * thousandths of the width (core/kernel/drawing.py), so that an error, a rotation or a reload loses none.
 */

import { $ } from "./dom.js";
import { $$ } from "./dom.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

const UNITS = 1000;
const PEN = { penColor: "black", minWidth: 0.8, maxWidth: 2.6, minDistance: 3 };

class Box {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.canvas = /** @type {HTMLCanvasElement} */ ($("canvas", root));
    this.input = /** @type {HTMLInputElement} */ ($("[data-strokes]", root));
    this.buttons = { undo: /** @type {HTMLButtonElement} */ ($("[data-undo]", root)), clear: /** @type {HTMLButtonElement} */ ($("[data-clear]", root)) };
    this.cleared = "";
    $("[data-ways]", root).hidden = false;
    root.addEventListener("change", (event) => {
      if (/** @type {HTMLElement} */ (event.target).matches("[type=radio]")) this.show();
    });
    this.buttons.undo.addEventListener("click", () => this.undo());
    this.buttons.clear.addEventListener("click", () => {
      this.cleared = this.input.value;
      this.keep([]);
      this.draw();
    });
    const name = /** @type {HTMLInputElement} */ ($("[data-way=type] input", root));
    if (this.input.value && !name.value) this.radio("draw").checked = true;
    this.show();
  }

  /** @param {string} way */
  radio = (way) => /** @type {HTMLInputElement} */ ($(`[type=radio][value=${way}]`, this.root));

  async show() {
    const way = this.radio("draw").checked ? "draw" : "type";
    for (const panel of $$("[data-way]", this.root)) panel.hidden = panel.dataset.way !== way;
    if (way === "type" || this.pad) return;
    try {
      const { default: Pad } = await import(this.root.dataset.pad);
      this.pad ??= this.start(new Pad(this.canvas, PEN));
    } catch {
      this.radio("type").checked = true;
      this.show();
      toast(t("error"), { tone: "bad" });
    }
  }

  start(pad) {
    pad.addEventListener("endStroke", () => {
      const scale = UNITS / this.canvas.clientWidth;
      const fit = (value, most) => Math.min(most, Math.max(0, Math.round(value * scale)));
      this.keep(pad.toData().map(({ points }) => points.flatMap(({ x, y }) => [fit(x, UNITS), fit(y, this.height)])));
    });
    this.pad = pad;
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    return pad;
  }

  get height() {
    return Math.round((UNITS * this.canvas.clientHeight) / this.canvas.clientWidth);
  }

  /** @returns {number[][]} */
  get strokes() {
    try {
      return JSON.parse(this.input.value || "{}").strokes ?? [];
    } catch {
      return [];
    }
  }

  /** @param {number[][]} strokes */
  keep(strokes) {
    this.input.value = strokes.length ? JSON.stringify({ h: this.height, strokes }) : "";
    this.enable();
  }

  enable() {
    this.buttons.clear.disabled = !this.input.value;
    this.buttons.undo.disabled = !this.input.value && !this.cleared;
  }

  /** The last stroke, or everything that was just cleared. */
  undo() {
    if (this.input.value) this.keep(this.strokes.slice(0, -1));
    else [this.input.value, this.cleared] = [this.cleared, ""];
    this.draw();
  }

  /** What the input holds, at the canvas's present size. */
  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !this.pad) return; // another way of signing is shown
    const ratio = Math.max(devicePixelRatio, 1);
    [this.canvas.width, this.canvas.height] = [width * ratio, height * ratio];
    this.canvas.getContext("2d").scale(ratio, ratio);
    const points = (stroke) => stroke.flatMap((x, i) => (i % 2 ? [] : [{ x: (x * width) / UNITS, y: (stroke[i + 1] * width) / UNITS, pressure: 0.5 }]));
    this.pad.fromData(this.strokes.map((stroke) => ({ ...PEN, points: points(stroke) })));
    this.enable();
  }
}

for (const root of $$("[data-signature]")) new Box(root);

/** One to four photographs large. Zoom and place are one for all of them, so the same eye is seen in each. */

import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const CLOSE = 2.5;
const MOST = 6;

export class Stage {
  /** @param {HTMLElement} root @param {(number: number) => void} onActivate a pane was pressed */
  constructor(root, onActivate) {
    this.root = root;
    this.onActivate = onActivate;
    this.zoom = { scale: 1, x: 0, y: 0 };
    /** @type {Map<number, {pane: HTMLElement, src: string}>} */
    this.panes = new Map();
    root.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("dblclick", (event) => { event.preventDefault(); this.toggle(event); });
  }

  /** @param {any[]} photos @param {number} active number of the pane that keys act on */
  draw(photos, active) {
    const wanted = new Set(photos.map((photo) => photo.number));
    for (const [number, { pane }] of this.panes) if (!wanted.has(number)) { pane.remove(); this.panes.delete(number); }
    this.root.classList.toggle("is-many", photos.length > 1);
    for (const photo of photos) {
      const { pane } = this.pane(photo);
      pane.className = `cull-pane${photo.number === active ? " is-active" : ""}${photo.flag === "reject" ? " is-reject" : ""}`;
      pane.querySelector("figcaption").hidden = photos.length === 1;
    }
    const wantedOrder = photos.map((photo) => this.panes.get(photo.number).pane);
    const order = [...this.root.querySelectorAll(".cull-pane")];
    if (wantedOrder.some((pane, i) => pane !== order[i])) this.root.append(...wantedOrder);
    this.place();
  }

  pane(photo) {
    const known = this.panes.get(photo.number);
    if (known?.src === photo.large) return known;
    known?.pane.remove();
    const img = el("img", { src: photo.large, alt: t("cull_alt", { n: photo.number }), draggable: "false", decoding: "async" });
    const pane = el("figure", { dataset: { number: photo.number } }, img, el("figcaption", {}, el("span", { class: "strong", text: String(photo.number) }), el("span", { text: photo.name })));
    img.style.background = `center / contain no-repeat url("${photo.src}")`;
    img.addEventListener("load", () => { img.style.background = ""; });
    const made = { pane, src: photo.large };
    this.panes.set(photo.number, made);
    return made;
  }

  /** Have the neighbours ready. @param {any[]} photos */
  preload(photos) {
    this.ahead = photos.map((photo) => Object.assign(new Image(), { src: photo.large }));
  }

  get zoomed() {
    return this.zoom.scale > 1;
  }

  /** In to where the pointer is, or out. @param {MouseEvent} [event] */
  toggle(event) {
    if (this.zoomed) this.zoom = { scale: 1, x: 0, y: 0 };
    else this.zoom = { scale: CLOSE, ...this.aim(event, CLOSE) };
    this.place();
  }

  /** Where to move so that the point under the pointer stays; percent of a pane. */
  aim(event, scale) {
    const box = /** @type {Element | null} */ (event?.target)?.closest?.(".cull-pane")?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    const [x, y] = [(event.clientX - box.left) / box.width - 0.5, (event.clientY - box.top) / box.height - 0.5];
    return { x: -x * (scale - 1) * 100, y: -y * (scale - 1) * 100 };
  }

  wheel(event) {
    event.preventDefault();
    const scale = Math.min(MOST, Math.max(1, this.zoom.scale * Math.exp(-event.deltaY / 400)));
    const by = scale / this.zoom.scale;
    const aimed = this.zoomed ? { x: this.zoom.x * by, y: this.zoom.y * by } : this.aim(event, scale);
    this.zoom = scale === 1 ? { scale, x: 0, y: 0 } : { scale, ...aimed };
    this.place();
  }

  press(event) {
    const pane = /** @type {HTMLElement | null} */ (event.target.closest(".cull-pane"));
    if (!pane) return;
    this.onActivate(Number(pane.dataset.number));
    if (!this.zoomed) return;
    const box = pane.getBoundingClientRect();
    const from = { ...this.zoom, left: event.clientX, top: event.clientY };
    const move = (moved) => {
      this.zoom.x = from.x + ((moved.clientX - from.left) / box.width) * 100;
      this.zoom.y = from.y + ((moved.clientY - from.top) / box.height) * 100;
      this.place();
    };
    const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); removeEventListener("pointercancel", end); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  place() {
    const reach = (this.zoom.scale - 1) * 50;
    this.zoom.x = Math.min(reach, Math.max(-reach, this.zoom.x));
    this.zoom.y = Math.min(reach, Math.max(-reach, this.zoom.y));
    this.root.classList.toggle("is-zoomed", this.zoomed);
    const { scale, x, y } = this.zoom;
    for (const { pane } of this.panes.values()) pane.querySelector("img").style.transform = this.zoomed ? `translate(${x}%, ${y}%) scale(${scale})` : "";
  }
}

/** The filmstrip: only the photographs in sight exist as elements, so a thousand scroll like twenty. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const WIDTH = 96;
const BESIDE = 6;

export class Strip {
  /** @param {HTMLElement} box @param {HTMLElement} row @param {(number: number, event: MouseEvent) => void} onChoose */
  constructor(box, row, onChoose) {
    this.box = box;
    this.row = row;
    this.onChoose = onChoose;
    /** @type {Map<number, {li: HTMLElement, state: string}>} */
    this.items = new Map();
    box.addEventListener("scroll", () => this.soon(), { passive: true });
    addEventListener("resize", () => this.soon());
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.paint(); });
  }

  /** @param {any[]} photos @param {number} current a number @param {Set<number>} marked */
  draw(photos, current, marked) {
    Object.assign(this, { photos, current, marked });
    this.row.style.width = `${photos.length * WIDTH}px`;
    this.paint();
  }

  /** Bring a photograph into the middle. @param {number} at its place */
  show(at) {
    const left = at * WIDTH - (this.box.clientWidth - WIDTH) / 2;
    this.box.scrollLeft = Math.max(0, left);
    this.soon();
  }

  paint() {
    const first = Math.max(0, Math.floor(this.box.scrollLeft / WIDTH) - BESIDE);
    const last = Math.min(this.photos.length, Math.ceil((this.box.scrollLeft + this.box.clientWidth) / WIDTH) + BESIDE);
    const seen = new Set();
    for (let at = first; at < last; at += 1) {
      const photo = this.photos[at];
      seen.add(photo.number);
      this.item(photo, at);
    }
    for (const [number, { li }] of this.items) if (!seen.has(number)) { li.remove(); this.items.delete(number); }
  }

  item(photo, at) {
    const { number } = photo;
    const state = this.stateOf(photo);
    let known = this.items.get(number);
    if (known?.state !== state) {
      const li = this.build(photo);
      if (known) known.li.replaceWith(li);
      else this.row.append(li);
      known = { li, state };
      this.items.set(number, known);
    }
    known.li.style.transform = `translateX(${at * WIDTH}px)`;
  }

  /** Whatever an item shows: it is built anew when this changes. @param {any} photo */
  stateOf(photo) {
    const { number } = photo;
    return [photo.src, photo.flag, photo.stars, photo.recommended, photo.stack, photo.best, number === this.current, this.marked.has(number)].join();
  }

  build(photo) {
    const { number, flag, recommended, stars } = photo;
    const css = ["strip-item", number === this.current && "is-current", this.marked.has(number) && "is-marked", flag === "reject" && "is-reject", photo.stack && "is-stacked"];
    const badges = el("span", { class: "badges" });
    if (flag === "keep") badges.append(icon("check"));
    if (flag === "reject") badges.append(icon("eye-off"));
    if (recommended) badges.append(icon("rosette-discount-check"));
    if (photo.best) badges.append(icon("sparkles"));
    const label = [t("cull_alt", { n: number }), flag && t(`cull_${flag}`), stars && t("cull_stars", { n: stars })].filter(Boolean).join(", ");
    const button = el(
      "button",
      { type: "button", tabindex: "-1", "aria-label": label, "aria-current": number === this.current ? "true" : null, dataset: { number }, onclick: (event) => this.onChoose(number, event) },
      el("img", { src: photo.src, alt: "", loading: "lazy", decoding: "async", draggable: "false" }),
      badges,
      el("span", { class: "n", text: stars ? `${number} ${"★".repeat(stars)}` : String(number) }),
    );
    button.style.background = photo.color;
    return el("li", { class: css.filter(Boolean).join(" ") }, button);
  }
}

/** Number, file name and what is known of the photograph in words; which buttons are pressed. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const chip = (text, tone = "", sign = "") => {
  const made = el("span", { class: `chip ${tone && `t-${tone}`}` });
  if (sign) made.append(icon(sign, "icon-sm"));
  made.append(text);
  return made;
};

export class Caption {
  /** @param {HTMLElement} box @param {HTMLElement} root */
  constructor(box, root) {
    this.box = box;
    this.root = root;
  }

  /** @param {any} photo @param {number} at @param {any} sheet */
  draw(photo, at, sheet) {
    $("[data-done]").textContent = t("cull_done", { n: sheet.done, all: sheet.photos.length });
    for (const button of $$("[data-act]", this.root)) {
      const pressed = this.pressed(button.dataset.act ?? "", photo, sheet);
      if (pressed !== undefined) button.setAttribute("aria-pressed", String(pressed));
    }
    if (!photo) { this.box.replaceChildren(); return; }
    const parts = [
      el("span", { class: "num", text: String(photo.number) }),
      el("span", { class: "truncate", text: photo.name }),
      el("span", { class: "muted small", text: t("cull_of", { n: at + 1, all: sheet.shown.length }) }),
    ];
    if (photo.flag) parts.push(chip(t(`cull_${photo.flag}`), photo.flag === "keep" ? "ok" : "neutral", photo.flag === "keep" ? "check" : "eye-off"));
    if (photo.stars) parts.push(el("span", { class: "chip t-gold", "aria-label": t("cull_stars", { n: photo.stars }), text: "★".repeat(photo.stars) }));
    if (photo.recommended) parts.push(chip(t("cull_recommended"), "brand", "rosette-discount-check"));
    if (sheet.cover === photo.number) parts.push(chip(t("cull_cover"), "info", "photo-check"));
    if (photo.chosen) parts.push(chip(t("cull_picked"), "brand", "heart-filled"));
    if (photo.stack) parts.push(chip(t("cull_stack", { n: sheet.mates(photo).length }), "gold", "stack-2"));
    if (photo.best) parts.push(chip(t("cull_best"), "gold", "sparkles"));
    for (const hint of photo.hints) parts.push(chip(t(`cull_${hint}`), "warn", "alert-triangle"));
    this.box.replaceChildren(...parts);
  }

  /** Whether a button stands for what is the case now; undefined: it never does. */
  pressed(act, photo, sheet) {
    if (act.startsWith("stars-")) return act === "stars-0" ? undefined : photo?.stars === Number(act.slice(6));
    const states = {
      keep: photo?.flag === "keep",
      reject: photo?.flag === "reject",
      recommend: Boolean(photo?.recommended),
      cover: Boolean(photo) && sheet.cover === photo.number,
      select: Boolean(photo) && sheet.marked.has(photo.number),
    };
    return states[act];
  }
}

/** Beside the photograph: who is there, what is held up, the customer's numbers, what the photograph is. */

import { $ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { ANSWERS } from "./film.js";

const TONES = { yes: "brand", maybe: "warn", no: "neutral" };

const chip = (text, tone, sign) => el("span", { class: `chip t-${tone}` }, icon(sign, "icon-sm"), text);

export class Side {
  /** @param {HTMLElement} root @param {import("./model.js").Model} model */
  constructor(root, model) {
    this.root = root;
    this.model = model;
  }

  /** @param {any} photo the one before us, if any @param {number} use slot number that suggesting is about */
  draw(photo, use) {
    const { sitting } = this.model;
    $("[data-begin]", this.root).hidden = sitting.on;
    $("[data-end]", this.root).hidden = !sitting.on;
    $("[data-lower]", this.root).hidden = !sitting.photos.length;
    this.drawPhones();
    const which = sitting.photos.join(", ");
    $("[data-held]", this.root).textContent = !sitting.on ? "" : which ? t("desk_held_up", { n: sitting.photos.length, which }) : t("desk_waiting");
    $("[data-muted]", this.root).hidden = !this.model.muted;
    const button = /** @type {HTMLButtonElement} */ ($("[data-suggest]", this.root));
    button.disabled = !photo;
    button.setAttribute("aria-pressed", String(Boolean(photo?.suggested.includes(use))));
    const aside = $("[data-aside]", this.root);
    aside.hidden = !this.model.aside.size;
    aside.textContent = t("desk_aside", { n: this.model.aside.size });
    this.drawCaption(photo);
  }

  drawPhones() {
    const { phones } = this.model;
    const said = phones.map(({ name, follows }) => [t(follows ? "desk_follows" : "desk_here", { name }), follows ? "circle-check" : "phone"]);
    const rows = said.length ? said : [[t("desk_nobody"), "wifi-off"]];
    const text = rows.map(([word]) => word).join("\n");
    if (text === this.told) return;
    this.told = text;
    $("[data-phones]", this.root).replaceChildren(...rows.map(([word, sign]) => el("li", {}, icon(sign), el("span", { class: "grow", text: word }))));
  }

  drawCaption(photo) {
    const box = $("[data-caption]", this.root);
    if (!photo) { box.replaceChildren(); return; }
    const { shown, slots } = this.model;
    const { number, value, uses, suggested } = photo;
    const parts = [
      el("span", { class: "num", text: String(number) }),
      el("span", { class: "muted small", text: t("desk_of", { n: shown.indexOf(photo) + 1, all: shown.length }) }),
    ];
    if (value) parts.push(chip(t(`desk_${value}`), TONES[value], ANSWERS[value]));
    else parts.push(chip(t("desk_open"), "neutral", "circle-dashed"));
    for (const name of uses) parts.push(chip(name, "ok", "check"));
    if (photo.held) parts.push(chip(t("desk_held"), "info", "eye"));
    if (photo.noted) parts.push(chip(t("desk_noted"), "neutral", "edit"));
    if (photo.recommended) parts.push(chip(t("desk_rec"), "gold", "rosette-discount-check"));
    for (const slot of suggested) parts.push(chip(t("desk_suggested", { what: slots.get(slot) ?? t("desk_retouching") }), "gold", "sparkles"));
    box.replaceChildren(...parts);
  }
}

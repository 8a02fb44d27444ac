/**
 * Choosing together: what the others mark, on tiles and over a large photograph, filters for it, and who is here. Loaded
 * once somebody shares their marks; alone nothing of it exists. What is told here the server has allowed for this seat.
 */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const SIGNS = { yes: "♥", maybe: "?" };
const SAID = { yes: "otherYes", maybe: "otherMaybe" };

/** @typedef {{id: number, name: string, role: string, initial: string, values: Map<number, string>}} Other */

class Together {
  /** @param {any} gallery what gallery.js offers */
  constructor(gallery) {
    Object.assign(this, { gallery, store: gallery.store, view: gallery.view });
    /** @type {Map<number, Other>} */
    this.people = new Map();
    /** @type {Set<number>} */
    this.here = new Set(gallery.online);
    this.nav = $(".scenes");
    style(gallery.boot.modules.togetherCss).catch(() => {});
    gallery.virtual.tiles.dress = (node, number) => this.dress(node, number);
    this.store.aside = (number) => this.said(number).map((text) => ` · ${text}`).join("");
    this.store.addEventListener("change", ({ detail }) => { if (detail === null) this.load(); else this.soon(); });
    this.load();
  }

  /** The manifest is new: everybody as it says. */
  load() {
    this.rev = this.store.read;
    const told = this.store.others ?? [];
    this.people = new Map(told.map(({ id, name, role, y, m }) => [id, {
      id, name, role, initial: initialOf(name, told), values: new Map([...m.map((n) => [n, "maybe"]), ...y.map((n) => [n, "yes"])]),
    }]));
    this.offer();
    this.greet([...this.here]);
    this.gallery.virtual.refresh();
    this.soon();
  }

  /** Those who mark. */
  get marking() {
    return [...this.people.values()].filter(({ role }) => role !== "viewer");
  }

  /** A poke: marks of somebody who shows them, or who is here. @param {any} poke */
  hear({ type, by, picks, rev, online }) {
    if (type === "presence") return this.greet(online);
    const other = this.people.get(by);
    if (!other) return this.gallery.load(); // somebody whom the manifest has not named yet
    if (rev <= this.rev) return; // the manifest knew it already
    for (const [number, value] of picks) {
      if (value === "yes" || value === "maybe") other.values.set(number, value);
      else other.values.delete(number);
    }
    this.store.rev = Math.max(this.store.rev, rev); // a manifest on its way may be older than this
    for (const [number] of picks) this.store.changed(number);
  }

  others(number, value) {
    return this.marking.filter(({ values }) => values.get(number) === value);
  }

  // -- Filters --------------------------------------------------------------------------------------------------------
  /** Chips beside the others', while somebody marks too. */
  offer() {
    const mine = (number) => this.store.value(number);
    const theirs = (number, value) => this.others(number, value).length > 0;
    const filters = {
      both: (number) => mine(number) === "yes" && theirs(number, "yes"),
      me: (number) => mine(number) === "yes" && !theirs(number, "yes"),
      you: (number) => mine(number) !== "yes" && theirs(number, "yes"),
      doubt: (number) => mine(number) === "maybe" || theirs(number, "maybe"),
    };
    const names = this.marking;
    const looks = this.store.rules.role === "viewer";
    const words = { both: t("both"), me: t("onlyMe"), you: looks ? `♥ ${names.map(({ name }) => name).join("、")}` : names.length === 1 ? t("onlyYou", { name: names[0].name }) : t("onlyOthers"), doubt: t("doubt") };
    if (looks) for (const name of ["both", "me", "doubt"]) delete filters[name]; // she has no marks of her own
    this.store.filters = names.length ? filters : {};
    for (const chip of this.chips ?? []) chip.remove();
    this.chips = names.length ? Object.keys(filters).map((name) => this.chip(name, words[name])) : [];
    $("[data-filter=all]", this.nav)?.after(...this.chips);
    if (!names.length && this.view.filter in filters) this.view.choose("all");
  }

  chip(name, word) {
    const pressed = String(this.view.filter === name);
    return el("button", { type: "button", dataset: { filter: name }, "aria-pressed": pressed }, `${word} `, el("span", { class: "num", dataset: { together: name } }));
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.count(); });
  }

  count() {
    for (const node of this.nav.querySelectorAll("[data-together]")) node.textContent = String(this.store.shown(node.dataset.together).length);
  }

  // -- Photographs ----------------------------------------------------------------------------------------------------
  /** What the others say of a photograph, in words. @param {number} number @returns {string[]} */
  said(number) {
    return this.marking.flatMap(({ name, values }) => (values.has(number) ? [t(SAID[values.get(number)], { name })] : []));
  }

  /** Initials with a sign on the tile: a heart or a question mark, never a colour alone. */
  dress(node, number) {
    const marks = this.marking.filter(({ values }) => values.has(number)).map(({ initial, values }) => {
      const value = values.get(number) ?? "";
      return el("span", { dataset: { v: value }, text: `${initial}${SIGNS[value]}` });
    });
    let box = node.querySelector(".tile-others");
    if (!marks.length) return box?.remove();
    if (!box) node.append(box = el("span", { class: "tile-others", "aria-hidden": "true" }));
    box.replaceChildren(...marks);
    node.querySelector("img").alt += `, ${this.said(number).join(", ")}`;
  }

  // -- Who is here ----------------------------------------------------------------------------------------------------
  /** @param {number[]} online seats, of those who let themselves be seen */
  greet(online) {
    const names = [...this.people.values()].filter(({ id }) => online.includes(id)).map(({ name }) => name);
    const text = names.length ? t("alsoHere", { names: names.join("、") }) : "";
    this.here = new Set(online);
    if (text === (this.badge?.textContent ?? "")) return;
    this.badge?.remove();
    this.badge = text ? el("a", { class: "here", href: this.gallery.boot.people }, icon("users"), el("span", { text })) : null;
    if (this.badge) this.nav.prepend(this.badge);
    if (text) announce(text);
  }
}

/** The sign of the people's page: a Chinese name's last, else the first letter; two where two people share it. */
function initialOf(name, told) {
  const sign = (each, length) => (/\p{Script=Han}/u.test(each) ? [...each].slice(-length) : [...each].slice(0, length)).join("");
  const alike = told.filter((one) => sign(one.name, 1) === sign(name, 1)).length > 1;
  return sign(name, alike ? 2 : 1);
}

/** @type {Together | undefined} */
let together;

/** Somebody shares their marks, or something was heard of them. @param {any} gallery @param {any} [poke] */
export function join(gallery, poke) {
  together ??= new Together(gallery);
  if (poke) together.hear(poke);
}

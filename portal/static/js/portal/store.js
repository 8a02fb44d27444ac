/**
 * What the phone knows of a gallery: the manifest's columns and this person's picks. Pure: no page, no network.
 * Prices are always computed from the order's own terms; the server computes them again.
 */

import { priceAt } from "./slots.js";
import { Slots } from "./slots.js";
import { totalOf } from "./slots.js";

const LONG = { y: "yes", m: "maybe", n: "no" };
const STEPS = 200;

/**
 * @typedef {"yes" | "maybe" | "no" | ""} Value
 * @typedef {{included: number, extra_minor: number, currency: string, tiers: import("./slots.js").Tiers, also_minor: number, hard: boolean, state: string, main: boolean, role: string}} Rules
 * @typedef {{number: number, from: Value, to: Value, slots: number[], also?: Step[]}} Step `slots`: where the photograph
 *   was; `also`: what was said of others with the same tap
 */

export class Store extends EventTarget {
  /** @param {Rules} rules @param {[string, number]} coin the currency's sign and its decimal places */
  constructor(rules, coin) {
    super();
    this.rules = rules;
    this.rev = 0;
    /** @type {number[]} */
    this.numbers = [];
    /** @type {Map<number, number>} number → place in the columns */
    this.places = new Map();
    /** @type {Map<number, Value>} */
    this.values = new Map();
    /** @type {Set<number>} */
    this.noted = new Set();
    this.signed = new Set(); // in a signed part: they stay selected
    this.slots = new Slots();
    this.rest = rules.also_minor; // what no tap changes: all originals
    /** @type {[number, number][]} photograph, slot (0: retouching) */
    this.suggested = [];
    /** @type {Set<number>} what the studio recommends */
    this.recommended = new Set();
    /** @type {Set<number>} chosen to be compared */
    this.compared = new Set();
    /** @type {Record<string, (number: number) => boolean>} filters of modules that come later */
    this.filters = {};
    /** @type {Step[]} newest last */
    this.history = [];
    this.coin = coin;
  }

  /**
   * Take a manifest. False when it is older than what the server has already told us (it must be fetched again).
   * @param {any} manifest @param {Map<number, Value>} [pending] taps the server has not heard of yet
   * @param {[number, number, boolean][]} [placing] the same for slots: slot, photograph, whether it is in
   */
  load(manifest, pending = new Map(), placing = []) {
    if (manifest.rev < this.rev) return false;
    Object.assign(this, { rev: manifest.rev, base: manifest.base, rules: manifest.rules, colors: manifest.c });
    this.numbers = manifest.id;
    this.revs = manifest.v;
    this.ratios = manifest.r;
    this.places = new Map(manifest.id.map((number, place) => [number, place]));
    this.values = new Map(Object.entries(manifest.mine).map(([number, short]) => [Number(number), LONG[short]]));
    this.noted = new Set(manifest.notes);
    this.signed = new Set(manifest.signed);
    this.slots = new Slots(manifest.slots, manifest.placed);
    this.rest = this.rules.also_minor - this.slots.total;
    this.suggested = manifest.suggested ?? [];
    this.recommended = new Set(manifest.rec);
    this.looks = manifest.l;
    this.stacks = manifest.s;
    this.others = manifest.others;
    this.read = manifest.rev;
    for (const [number, value] of pending) if (this.places.has(number)) this.put(number, value);
    for (const [slot, number, isIn] of placing) if (!isIn || this.value(number) === "yes") this.slots.put(slot, number, isIn);
    this.changed();
    return true;
  }

  /** Change what is known, without an event. @param {number} number @param {Value} value */
  put(number, value) {
    this.told = undefined;
    if (value) this.values.set(number, value);
    else this.values.delete(number);
    if (value !== "yes") this.slots.leave(number);
  }

  /** @param {number} number @returns {Value} */
  value(number) {
    return this.values.get(number) ?? "";
  }

  get open() {
    return this.rules.state === "open" && this.rules.role !== "viewer";
  }

  /** Why nothing can be said. */
  get shut() {
    return this.rules.role === "viewer" ? "viewer" : "locked";
  }

  get counts() {
    if (this.told) return this.told;
    const sums = { yes: 0, maybe: 0, no: 0 };
    for (const value of this.values.values()) sums[value] += 1;
    const all = this.numbers.length;
    const extra = Math.max(0, sums.yes - this.rules.included);
    const left = all - sums.yes - sums.maybe - sums.no;
    const retouched = totalOf(this.rules.extra_minor, this.rules.tiers ?? [], extra);
    const also = this.slots.total + this.rest || 0;
    this.told = { ...sums, all, left, noted: this.noted.size, rec: this.recommended.size, extra, retouched, also, total: retouched + also };
    return this.told;
  }

  /** Whether the included photographs are used up. */
  get spent() {
    return this.counts.yes >= this.rules.included;
  }

  /** Whether a hard limit leaves no room. */
  get full() {
    return this.rules.hard && this.spent;
  }

  /** What selecting one more photograph would cost, in minor units. */
  get nextPrice() {
    return this.spent && !this.rules.hard ? priceAt(this.rules.extra_minor, this.rules.tiers ?? [], this.counts.extra + 1) : 0;
  }

  /** What a tap on this photograph's ring would add to the bill. @param {number} number */
  priceOf(number) {
    return this.value(number) === "yes" ? 0 : this.nextPrice;
  }

  /** As the server writes it. Not Intl's: reading its tables costs an old phone 170 ms. @param {number} minor @returns {string} */
  price(minor) {
    const [sign, places] = this.coin;
    const unit = 10 ** places;
    return sign + (minor / unit).toFixed(minor % unit ? places : 0).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  }

  /** Numbers that a filter shows. @param {string} filter @returns {number[]} */
  shown(filter) {
    if (filter === "all") return this.numbers;
    if (this.filters[filter]) return this.numbers.filter(this.filters[filter]);
    if (filter === "left") return this.numbers.filter((number) => !this.values.has(number));
    if (filter === "noted") return this.numbers.filter((number) => this.noted.has(number));
    if (filter === "rec") return this.numbers.filter((number) => this.recommended.has(number));
    return this.numbers.filter((number) => this.values.get(number) === filter);
  }

  /** The look in which a photograph was taken, from 1; 0: none. @param {number} number @returns {number} */
  lookOf(number) {
    return this.looks?.[this.places.get(number) ?? -1] ?? 0;
  }

  /** What names its stack of similar shots; 0: it is alone. @param {number} number @returns {number} */
  pileOf(number) {
    return this.stacks?.[this.places.get(number) ?? -1] ?? 0;
  }

  /** @param {number} number @param {"t" | "p"} size */
  src(number, size) {
    return `${this.base}${number}-${this.revs[this.places.get(number) ?? 0]}/${size}.webp`;
  }

  /** The dominant colour, until the picture is there. @param {number} number */
  color(number) {
    const place = (this.places.get(number) ?? 0) * 6;
    return `#${this.colors.slice(place, place + 6)}`;
  }

  /** Pixels of a rendition whose long edge is `edge`. @param {number} number @param {number} edge */
  size(number, edge) {
    const ratio = this.ratios[this.places.get(number) ?? 0] / 100;
    return ratio >= 1 ? [edge, Math.round(edge / ratio)] : [Math.round(edge * ratio), edge];
  }

  /** Say something of a photograph; the caller has handed it to the outbox. @param {number} number @param {Value} value */
  say(number, value, { remember = true } = {}) {
    if (remember) this.remember(this.step(number, value));
    this.put(number, value);
    this.changed(number);
  }

  /** @param {number} number @param {Value} to @returns {Step} */
  step(number, to) {
    return { number, from: this.value(number), to, slots: this.slots.of(number) };
  }

  /** @param {...Step} steps */
  remember(...steps) {
    this.history = [...this.history, ...steps].slice(-STEPS);
  }

  /** What was said of a photograph did not count: nobody can take it back. @param {number} number */
  forget(number) {
    this.history = this.history.filter((step) => step.number !== number);
    for (const step of this.history) if (step.also) step.also = step.also.filter((part) => part.number !== number);
  }

  /** The caller has handed it to the outbox. @param {number} slot @param {number} number @param {boolean} isIn */
  place(slot, number, isIn) {
    this.slots.put(slot, number, isIn);
    this.changed(number);
  }

  /** What putting a photograph into a slot would add to the bill. @param {number} slot @param {number} number */
  placePrice(slot, number) {
    return this.slots.has(slot, number) ? 0 : this.slots.nextPrice(slot) + this.priceOf(number);
  }

  /** @param {number} number @param {boolean} has */
  note(number, has) {
    if (has) this.noted.add(number);
    else this.noted.delete(number);
    this.changed(number);
  }

  /** @param {number} [number] only this photograph changed */
  changed(number) {
    this.told = undefined;
    this.dispatchEvent(new CustomEvent("change", { detail: number }));
  }
}

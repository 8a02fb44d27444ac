/**
 * What the phone knows of a gallery: the manifest's columns and this person's picks. Pure: no page, no network.
 * Prices are always computed from the order's own terms; the server computes them again.
 */

const LONG = { y: "yes", m: "maybe", n: "no" };

/**
 * @typedef {"yes" | "maybe" | "no" | ""} Value
 * @typedef {{included: number, extra_minor: number, currency: string, hard: boolean, state: string, main: boolean}} Rules
 */

export class Store extends EventTarget {
  /** @param {Rules} rules @param {string} language */
  constructor(rules, language) {
    super();
    this.rules = rules;
    /** @type {number[]} */
    this.numbers = [];
    /** @type {Map<number, number>} number → place in the columns */
    this.places = new Map();
    /** @type {Map<number, Value>} */
    this.values = new Map();
    /** @type {Set<number>} */
    this.noted = new Set();
    /** @type {{number: number, from: Value, to: Value}[]} newest last */
    this.history = [];
    this.rev = 0;
    const format = { style: "currency", currency: rules.currency };
    this.money = new Intl.NumberFormat(language, { ...format, currencyDisplay: "narrowSymbol" });
    this.digits = this.money.resolvedOptions().maximumFractionDigits ?? 2;
    this.whole = new Intl.NumberFormat(language, { ...format, currencyDisplay: "narrowSymbol", maximumFractionDigits: 0 });
  }

  /** Take a manifest; `pending` (number → value) are taps the server has not heard of yet. */
  load(manifest, pending = new Map()) {
    Object.assign(this, { rev: manifest.rev, base: manifest.base, rules: manifest.rules, colors: manifest.c });
    this.numbers = manifest.id;
    this.revs = manifest.v;
    this.ratios = manifest.r;
    this.places = new Map(manifest.id.map((number, place) => [number, place]));
    this.values = new Map(Object.entries(manifest.mine).map(([number, short]) => [Number(number), LONG[short]]));
    this.noted = new Set(manifest.notes);
    for (const [number, value] of pending) this.put(number, value);
    this.changed();
  }

  put(number, value) {
    if (value) this.values.set(number, value);
    else this.values.delete(number);
  }

  /** @param {number} number @returns {Value} */
  value(number) {
    return this.values.get(number) ?? "";
  }

  get open() {
    return this.rules.state === "open";
  }

  get counts() {
    const told = { yes: 0, maybe: 0, no: 0 };
    for (const value of this.values.values()) told[value] += 1;
    const left = this.numbers.length - told.yes - told.maybe - told.no;
    const extra = Math.max(0, told.yes - this.rules.included);
    return { ...told, left, noted: this.noted.size, extra, total: extra * this.rules.extra_minor };
  }

  /** What selecting one more photograph would cost, in minor units. */
  get nextPrice() {
    return this.counts.yes >= this.rules.included ? this.rules.extra_minor : 0;
  }

  /** Whether a hard limit leaves no room. */
  get full() {
    return this.rules.hard && this.counts.yes >= this.rules.included;
  }

  /** @param {number} minor @returns {string} */
  price(minor) {
    const amount = minor / 10 ** this.digits;
    return (Number.isInteger(amount) ? this.whole : this.money).format(amount);
  }

  /** Numbers that a filter shows. @param {string} filter */
  shown(filter) {
    if (filter === "all") return this.numbers;
    if (filter === "left") return this.numbers.filter((number) => !this.values.has(number));
    if (filter === "noted") return this.numbers.filter((number) => this.noted.has(number));
    return this.numbers.filter((number) => this.values.get(number) === filter);
  }

  /** @param {number} number @param {"t" | "p"} size */
  src(number, size) {
    return `${this.base}${number}-${this.revs[this.places.get(number) ?? 0]}/${size}.webp`;
  }

  color(number) {
    const place = (this.places.get(number) ?? 0) * 6;
    return `#${this.colors.slice(place, place + 6)}`;
  }

  /** Pixels of a rendition whose long edge is `edge`. */
  size(number, edge) {
    const ratio = this.ratios[this.places.get(number) ?? 0] / 100;
    return ratio >= 1 ? [edge, Math.round(edge / ratio)] : [Math.round(edge * ratio), edge];
  }

  /** Say something of a photograph here and now; the caller hands it to the outbox. Answers what was said before. */
  say(number, value, { remember = true } = {}) {
    const from = this.value(number);
    this.put(number, value);
    if (remember) {
      this.history.push({ number, from, to: value });
      if (this.history.length > 20) this.history.shift();
    }
    this.changed(number);
    return from;
  }

  note(number, has) {
    if (has) this.noted.add(number);
    else this.noted.delete(number);
    this.changed(number);
  }

  /** @param {number} [number] only this photograph changed */
  changed(number) {
    this.dispatchEvent(new CustomEvent("change", { detail: number }));
  }
}

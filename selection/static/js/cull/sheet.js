/** What the cull page knows: every photograph, what is said of it, which are shown. Pure: no page, no network. */

const FLAGS = { k: "keep", x: "reject", "-": "" };
const STEPS = 200;

/**
 * @typedef {"" | "keep" | "reject"} Flag
 * @typedef {{number: number, name: string, src: string, large: string, ratio: number, color: string, flag: Flag, stars: number,
 *   recommended: boolean, look: number, stack: number, hints: string[], chosen: boolean, best: boolean}} Photo
 * @typedef {{flag?: Flag, stars?: number, recommended?: boolean}} Change
 */

export class Sheet extends EventTarget {
  constructor() {
    super();
    /** @type {Photo[]} */
    this.photos = [];
    /** @type {Map<number, Photo>} */
    this.by = new Map();
    /** @type {Set<number>} marked for a group */
    this.marked = new Set();
    this.filter = "all";
    this.cover = 0;
    /** @type {{back: () => void}[]} newest last */
    this.steps = [];
  }

  /** @param {any} told the API's columns */
  load(told) {
    const [rec, best, chosen] = [new Set(told.rec), new Set(told.best), new Set(told.chosen)];
    this.photos = told.id.map((number, i) => ({
      number,
      name: told.name[i],
      src: `${told.base}${number}-${told.v[i]}/t.webp`,
      large: `${told.base}${number}-${told.v[i]}/p.webp`,
      ratio: told.r[i] / 100,
      color: `#${told.c.slice(i * 6, i * 6 + 6)}`,
      flag: FLAGS[told.flag[i]],
      stars: Number(told.stars[i]),
      recommended: rec.has(number),
      look: told.look[i],
      stack: told.stack[i],
      hints: told.hints[number] ?? [],
      chosen: chosen.has(number),
      best: best.has(number),
    }));
    this.by = new Map(this.photos.map((photo) => [photo.number, photo]));
    for (const number of this.marked) if (!this.by.has(number)) this.marked.delete(number);
    this.cover = told.cover;
    this.changed();
  }

  /** @returns {Photo[]} */
  get shown() {
    this.list ??= this.photos.filter((photo) => this.passes(photo));
    return this.list;
  }

  /** @param {Photo} photo */
  passes(photo) {
    const { filter } = this;
    if (filter === "all") return true;
    if (filter === "open") return !photo.flag && !photo.stars;
    if (filter === "rec") return photo.recommended;
    if (filter === "stars") return photo.stars >= 3;
    if (filter === "stack") return photo.stack > 0;
    if (filter === "hint") return photo.hints.length > 0;
    if (filter === "nolook") return !photo.look;
    if (filter.startsWith("look-")) return photo.look === Number(filter.slice(5));
    return photo.flag === filter;
  }

  get done() {
    return this.photos.filter((photo) => photo.flag || photo.stars).length;
  }

  /** The photographs of a stack. @param {Photo} photo */
  mates(photo) {
    return photo.stack ? this.photos.filter((each) => each.stack === photo.stack) : [photo];
  }

  /** Say something of photographs; answers what changed, number by number. @param {Photo[]} photos @param {Change} change */
  say(photos, change) {
    const said = photos.filter((photo) => Object.entries(change).some(([name, value]) => photo[name] !== value));
    for (const photo of said) Object.assign(photo, change);
    if (said.length) this.changed();
    return said;
  }

  /** Remember how to take a step back. @param {() => void} back */
  remember(back) {
    this.steps = [...this.steps, { back }].slice(-STEPS);
  }

  undo() {
    const step = this.steps.pop();
    step?.back();
    return Boolean(step);
  }

  /** @param {number[]} numbers @param {boolean} [on] */
  mark(numbers, on) {
    for (const number of numbers) {
      if (on ?? !this.marked.has(number)) this.marked.add(number);
      else this.marked.delete(number);
    }
    this.changed();
  }

  changed() {
    this.list = undefined;
    this.dispatchEvent(new Event("change"));
  }
}

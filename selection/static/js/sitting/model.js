/** What the large screen knows: the customer's own manifest, what is held up, which phones are there. Pure. */

const LONG = { y: "yes", m: "maybe", n: "no" };

/**
 * @typedef {{number: number, name: string, src: string, large: string, color: string, value: string, noted: boolean,
 *   recommended: boolean, look: number, stack: number, uses: string[], suggested: number[], held: boolean}} Photo
 */

export class Model extends EventTarget {
  constructor() {
    super();
    /** @type {Photo[]} */
    this.photos = [];
    /** @type {Map<number, Photo>} */
    this.by = new Map();
    /** @type {Set<number>} put aside to compare */
    this.aside = new Set();
    this.filter = "all";
    this.sitting = { on: false, photos: [] };
    this.phones = [];
    this.slots = new Map();
    this.muted = false;
  }

  /** @param {any} told the API's columns @returns {Photo[]} those of which something else was said than before */
  load(told) {
    const former = this.by;
    const [rec, noted] = [new Set(told.rec), new Set(told.notes)];
    this.slots = new Map((told.slots ?? []).map(([number, , name]) => [number, name]));
    this.photos = told.id.map((number, i) => ({
      number,
      name: "",
      src: `${told.base}${number}-${told.v[i]}/t.webp`,
      large: `${told.base}${number}-${told.v[i]}/p.webp`,
      color: `#${told.c.slice(i * 6, i * 6 + 6)}`,
      value: LONG[told.mine[number]] ?? "",
      noted: noted.has(number),
      recommended: rec.has(number),
      look: told.l?.[i] ?? 0,
      stack: told.s?.[i] ?? 0,
      uses: Object.entries(told.placed ?? {}).filter(([, inside]) => inside.includes(number)).map(([slot]) => this.slots.get(Number(slot))),
      suggested: (told.suggested ?? []).filter(([photo]) => photo === number).map(([, slot]) => slot),
      held: false,
    }));
    this.by = new Map(this.photos.map((photo) => [photo.number, photo]));
    for (const number of this.aside) if (!this.by.has(number)) this.aside.delete(number);
    Object.assign(this, { phones: told.phones, muted: told.muted });
    this.sit(told.sitting);
    return former.size ? this.photos.filter(({ number, value }) => former.has(number) && former.get(number)?.value !== value) : [];
  }

  /** @param {any} sitting what is going on now */
  sit(sitting) {
    this.sitting = { photos: [], ...sitting };
    for (const photo of this.photos) photo.held = this.sitting.photos.includes(photo.number);
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
    if (filter === "left") return !photo.value;
    if (filter === "rec") return photo.recommended || photo.suggested.length > 0;
    if (filter.startsWith("look-")) return photo.look === Number(filter.slice(5));
    return photo.value === filter;
  }

  /** Up to four to see beside each other: those put aside, else the stack, else this one and the next. @param {Photo} photo */
  group(photo) {
    if (this.aside.size > 1) return [...this.aside].slice(0, 4);
    const mates = photo.stack ? this.photos.filter((each) => each.stack === photo.stack).map((each) => each.number) : [];
    if (mates.length > 1) {
      const from = Math.max(0, Math.min(mates.indexOf(photo.number) - 1, mates.length - 4));
      return mates.slice(from, from + 4);
    }
    const at = this.shown.indexOf(photo);
    const pair = this.shown.slice(at, at + 2).map((each) => each.number);
    return pair.length > 1 ? pair : [];
  }

  /** @param {number} number */
  mark(number) {
    if (!this.aside.delete(number) && this.aside.size < 4) this.aside.add(number);
    this.changed();
  }

  changed() {
    this.list = undefined;
    this.dispatchEvent(new Event("change"));
  }
}

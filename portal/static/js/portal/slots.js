/**
 * What photographs are used for, and what that costs. Pure: no page, no network. The arithmetic is that of
 * core.catalog.pricing; the server's figures count.
 */

/** @typedef {[number, number][]} Tiers from which extra on, the price of each: ascending */

/** What the nth extra costs. @param {number} minor @param {Tiers} tiers @param {number} nth */
export const priceAt = (minor, tiers, nth) => tiers.reduce((price, [from, each]) => (nth >= from ? each : price), minor);

/** What all extras cost. @param {number} minor @param {Tiers} tiers @param {number} extra */
export function totalOf(minor, tiers, extra) {
  let total = 0;
  for (let nth = 1; nth <= extra; nth += 1) total += priceAt(minor, tiers, nth);
  return total;
}

export class Slots {
  /** @param {any[]} [rows] the manifest's `slots` @param {Record<string, number[]>} [placed] */
  constructor(rows = [], placed = {}) {
    this.list = rows.map(([number, kind, name, included, , most, minor, tiers]) => ({
      number, kind, name, included, most, minor,
      tiers: tiers.map(({ from, price_minor: each }) => [from, each]),
      inside: new Set(placed[number] ?? []),
    }));
  }

  /** @param {number} slot */
  at(slot) {
    return this.list.find(({ number }) => number === slot);
  }

  has(slot, number) {
    return this.at(slot)?.inside.has(number) ?? false;
  }

  /** Numbers of the slots in which a photograph is. @param {number} number @returns {number[]} */
  of(number) {
    return this.list.filter(({ inside }) => inside.has(number)).map((slot) => slot.number);
  }

  put(slot, number, isIn) {
    if (isIn) this.at(slot)?.inside.add(number);
    else this.at(slot)?.inside.delete(number);
  }

  /** A photograph that is not selected any more leaves every slot. @param {number} number */
  leave(number) {
    for (const { inside } of this.list) inside.delete(number);
  }

  /** @param {number} slot */
  full(slot) {
    const { most, inside } = this.at(slot);
    return most !== null && inside.size >= most;
  }

  /** What one more would cost. @param {number} slot */
  nextPrice(slot) {
    const { included, minor, tiers, inside } = this.at(slot);
    return inside.size < included ? 0 : priceAt(minor, tiers, inside.size - included + 1);
  }

  /** What each slot costs. @returns {[string, number][]} */
  get costs() {
    return this.list.map(({ name, included, minor, tiers, inside }) => [name, totalOf(minor, tiers, Math.max(0, inside.size - included))]);
  }

  get total() {
    return this.costs.reduce((sum, [, cost]) => sum + cost, 0);
  }
}

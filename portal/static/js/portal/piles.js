/**
 * Stacks of similar shots: in the list one photograph stands for each. Pure. The rule is that of
 * selection.selectors.first_covers: what is selected of it, else what the studio recommends, else the first.
 */

export class Piles {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    /** @type {Map<number, number>} photograph → the one that stands for it */
    this.covers = new Map();
  }

  /** Every photograph of the stack in which this one is; itself alone when in none. @param {number} number @returns {number[]} */
  of(number) {
    const { store } = this;
    const pile = store.pileOf(number);
    return pile ? store.numbers.filter((each) => store.pileOf(each) === pile) : [number];
  }

  /**
   * The list with one photograph for each stack, where the first of it stood.
   * @param {number[]} numbers @param {boolean} [on] false: nothing is folded @returns {number[]}
   */
  fold(numbers, on = true) {
    const { store } = this;
    this.covers = new Map();
    if (!on || !store.stacks) return numbers;
    /** @type {Map<number, number[]>} */
    const piles = new Map();
    for (const number of numbers) {
      const pile = store.pileOf(number) || -number;
      piles.set(pile, [...(piles.get(pile) ?? []), number]);
    }
    return [...piles.values()].map((members) => {
      const cover = members.find((each) => store.value(each) === "yes") ?? members.find((each) => store.recommended.has(each)) ?? members[0];
      if (members.length > 1) for (const each of members) this.covers.set(each, cover);
      return cover;
    });
  }

  /** How many photographs this one stands for in the list, 0 when only for itself; and how many of them are selected. @param {number} number */
  told(number) {
    if (this.covers.get(number) !== number) return { size: 0, picked: 0 };
    const members = this.of(number);
    return { size: members.length, picked: members.filter((each) => this.store.value(each) === "yes").length };
  }
}

/**
 * "Keep this one": one photograph of several is selected, the others are dropped, as one step that can be taken back.
 * What stands in a signed part stays selected.
 */

import { t } from "../lib/i18n.js";
import { totalOf } from "./slots.js";

export const MOST = 4; // that can be compared

/**
 * What it adds to the bill (less than 0: takes off it); null when the package has no room for it.
 * @param {import("./store.js").Store} store @param {number} number @param {number[]} numbers all of them
 */
export function keepPrice(store, number, numbers) {
  const { counts, rules } = store;
  const freed = numbers.filter((each) => each !== number && store.value(each) === "yes" && !store.signed.has(each)).length;
  const isNew = store.value(number) !== "yes";
  const yes = counts.yes - freed + Number(isNew);
  if (rules.hard && isNew && yes > rules.included) return null;
  return totalOf(rules.extra_minor, rules.tiers ?? [], Math.max(0, yes - rules.included)) - counts.retouched;
}

/**
 * Answers whether it counts. Room is made before it is taken: the server hears the same order.
 * @param {{store: import("./store.js").Store, choosing: import("./choosing.js").Choosing}} gallery @param {number} number @param {number[]} numbers
 */
export function keepOne({ store, choosing }, number, numbers) {
  const price = keepPrice(store, number, numbers);
  if (!store.open || price === null) return choosing.refuse(store.open ? "limit" : "locked");
  const others = numbers.filter((each) => each !== number && store.value(each) !== "no" && !store.signed.has(each));
  const step = { ...store.step(number, "yes"), also: others.map((each) => store.step(each, "no")) };
  for (const other of others) choosing.set(other, "no", false);
  if (step.from !== "yes") choosing.set(number, "yes", false);
  if (others.length || step.from !== "yes") store.remember(step);
  const facts = { number, n: others.length, price: store.price(Math.max(0, price)) };
  choosing.dispatchEvent(new CustomEvent("said", { detail: { text: t(price > 0 ? "keptExtra" : "keptOne", facts) } }));
  return true;
}

/** Which of a stack are compared: four at most, those that are dropped already only when nothing else is left. */
export function candidates(store, numbers) {
  const left = numbers.filter((number) => store.value(number) !== "no");
  return (left.length > 1 ? left : numbers).slice(0, MOST);
}

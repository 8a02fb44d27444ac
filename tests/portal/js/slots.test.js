// slots.js and what store.js, choosing.js and outbox.js make of it: the server's arithmetic, nothing lost on the way.

import { acknowledged, answer, network, reset, until } from "./phone.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Choosing } from "../portal/choosing.js";
import { Outbox } from "../portal/outbox.js";
import { Slots } from "../portal/slots.js";
import { Store } from "../portal/store.js";
import { totalOf } from "../portal/slots.js";

const ROWS = [
  [1, "album_page", "入册", 2, 0, null, 3000, [], ""],
  [2, "cover", "封面", 1, 1, 1, 0, [], "portrait"],
  [3, "frame", "放大", 1, 0, 4, 38000, [{ from: 2, price_minor: 30000 }], ""],
];
const RULES = { included: 2, extra_minor: 6000, tiers: [[3, 4000]], also_minor: 50000, currency: "CNY", hard: false, state: "open", main: true };
const MANIFEST = {
  rev: 5, base: "/m/", id: [1, 2, 3, 4, 5, 6], v: [1, 1, 1, 1, 1, 1], r: [67, 67, 67, 67, 67, 67], c: "a".repeat(36),
  mine: { 1: "y", 2: "y" }, notes: [], slots: ROWS, placed: { 1: [1, 2], 3: [1] }, suggested: [[5, 3]], rules: RULES,
};
let serial = 0;

function phone(manifest = {}) {
  reset();
  serial += 1;
  const outbox = new Outbox({ key: `s.${serial}`, picks: "/picks/", placements: "/placements/", note: "/photos/0/note/" });
  const store = new Store(RULES, ["¥", 2]);
  store.load({ ...MANIFEST, ...manifest });
  return { outbox, store, choosing: new Choosing(store, outbox) };
}

test("the n-th extra has the price of its place", () => {
  assert.equal(totalOf(6000, [[3, 4000], [5, 1000]], 6), 6000 * 2 + 4000 * 2 + 1000 * 2);
  assert.equal(totalOf(6000, [], 0), 0);
});

test("slots know what is inside, what is full and what one more costs", () => {
  const slots = new Slots(ROWS, { 1: [1, 2], 2: [1], 3: [1] });
  assert.deepEqual([1, 2, 3].map((slot) => [slots.full(slot), slots.nextPrice(slot)]), [[false, 3000], [true, 0], [false, 38000]]);
  slots.put(3, 2, true);
  assert.deepEqual([slots.nextPrice(3), slots.total, slots.of(2)], [30000, 38000, [1, 3]]);
  slots.leave(2);
  assert.deepEqual([slots.of(2), slots.total], [[], 0]);
});

test("the bill is retouching by tiers, slots, and what no tap changes", () => {
  const { store } = phone();
  assert.deepEqual([store.counts.total, store.counts.also], [50000, 50000]); // all originals
  for (const number of [3, 4, 5, 6]) store.say(number, "yes");
  assert.deepEqual([store.counts.retouched, store.nextPrice], [2 * 6000 + 2 * 4000, 4000]);
  store.place(3, 3, true);
  assert.equal(store.counts.total, 20000 + 38000 + 50000);
});

test("placing selects first, and both wait on the disk in that order", async () => {
  const { choosing, outbox, store } = phone();
  assert.equal(store.placePrice(3, 5), 38000 + 6000);
  choosing.place(3, 5);
  assert.deepEqual([store.value(5), store.slots.has(3, 5), outbox.placing()], ["yes", true, [[3, 5, true]]]);
  answer(acknowledged, acknowledged);
  await until(() => !outbox.waiting && !outbox.busy);
  assert.deepEqual(network.sent.map(({ url }) => url), ["/picks/", "/placements/"]);
  assert.deepEqual(network.sent[1].json.ops.map(({ photo, slot, v }) => [photo, slot, v]), [[5, 3, true]]);
  assert.ok(network.sent[1].json.ops[0].op > network.sent[0].json.ops[0].op);
});

test("a photograph taken back leaves its slots, and undo puts it in again", () => {
  const { choosing, outbox, store } = phone();
  choosing.say(1, "maybe");
  assert.deepEqual([store.slots.of(1), outbox.placing()], [[], [[1, 1, false], [3, 1, false]]]);
  choosing.undo();
  assert.deepEqual([store.value(1), store.slots.of(1)], ["yes", [1, 3]]);
  assert.deepEqual(outbox.placing(), [[1, 1, true], [3, 1, true]]);
});

test("placements on their way lie over the manifest, of selected photographs only", () => {
  const { store } = phone();
  store.load(MANIFEST, new Map([[2, "no"]]), [[3, 2, true], [1, 1, false]]);
  assert.deepEqual([store.slots.of(1), store.slots.of(2)], [[3], []]);
});

test("a full slot takes no more, and a bill that the server knows differently is asked for again", () => {
  const { choosing, store } = phone({ placed: { 2: [1] } });
  assert.equal(store.slots.full(2), true);
  let astray = 0;
  choosing.addEventListener("astray", () => { astray += 1; });
  const counts = (extra_total_minor) => ({ rev: 9, acked: [], rejected: [], counts: { extra_total_minor } });
  choosing.settlePlaced(counts(store.counts.total));
  assert.deepEqual([astray, store.rev], [0, 9]);
  choosing.settlePlaced(counts(1));
  assert.equal(astray, 1);
});

// tiles.js, keeping.js, notes.js, compare.js: what is folded, kept, magnified and pinned, without a screen.

import { network, reset } from "./phone.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Choosing } from "../portal/choosing.js";
import { columns, Glass, MOST } from "../portal/compare.js";
import { candidates, keepOne, keepPrice } from "../portal/keeping.js";
import { freeSpot, moved } from "../portal/notes.js";
import { Outbox } from "../portal/outbox.js";
import { Piles } from "../portal/tiles.js";
import { Store } from "../portal/store.js";

const RULES = { included: 2, extra_minor: 6000, tiers: [], also_minor: 0, currency: "CNY", hard: false, state: "open", main: true };
const MANIFEST = {
  rev: 5, base: "/m/", id: [1, 2, 3, 4, 5, 6], v: [1, 1, 1, 1, 1, 1], r: [67, 67, 67, 67, 67, 67], c: "a".repeat(36),
  mine: { 1: "y", 6: "y" }, notes: [], rec: [4], l: [1, 1, 1, 2, 2, 0], s: [0, 2, 2, 2, 0, 0], rules: RULES,
};
const BOOT = { key: "g.1", picks: "/picks/", placements: "/placements/", note: "/photos/0/note/" };

function opened(rules = {}, manifest = {}) {
  reset();
  const store = new Store({ ...RULES, ...rules }, ["¥", 2]);
  store.load({ ...MANIFEST, ...manifest, rules: { ...RULES, ...rules } });
  const outbox = new Outbox(BOOT);
  const choosing = new Choosing(store, outbox);
  choosing.refuse = () => false; // its sentence needs a page
  return { store, outbox, choosing, piles: new Piles(store) };
}

test("a stack is one place in the list: what is selected of it, else recommended, else the first", () => {
  const { store, piles } = opened();
  assert.deepEqual(piles.fold(store.numbers), [1, 4, 5, 6]);
  assert.deepEqual([piles.told(4), piles.covers.get(2)], [{ size: 3, picked: 0 }, 4]);
  store.say(3, "yes");
  assert.deepEqual(piles.fold(store.numbers), [1, 3, 5, 6]);
  assert.deepEqual(piles.told(3), { size: 3, picked: 1 });
  assert.deepEqual(piles.fold(store.numbers, false), store.numbers);
  assert.equal(piles.told(3).size, 0);
  assert.deepEqual(piles.fold([2, 5]), [2, 5]); // alone in this list
  assert.deepEqual([piles.of(2), piles.of(5)], [[2, 3, 4], [5]]);
});

test("a gallery without stacks or looks is as it was", () => {
  const { store, piles } = opened({}, { s: undefined, l: undefined, rec: undefined });
  assert.deepEqual([piles.fold(store.numbers), store.lookOf(1), store.shown("rec")], [store.numbers, 0, []]);
});

test("looks and recommendations are columns of the manifest", () => {
  const { store } = opened();
  assert.deepEqual([1, 4, 6, 99].map((number) => store.lookOf(number)), [1, 2, 0, 0]);
  assert.deepEqual([store.shown("rec"), store.counts.rec], [[4], 1]);
});

test("keeping one is one step: sent as picks, undone as a whole", () => {
  const { store, outbox, choosing } = opened();
  store.say(2, "maybe");
  assert.equal(keepPrice(store, 3, [2, 3, 4]), 6000); // both included ones are used
  assert.equal(keepOne({ store, choosing }, 3, [2, 3, 4]), true);
  assert.deepEqual([2, 3, 4].map((number) => store.value(number)), ["no", "yes", "no"]);
  assert.deepEqual([...outbox.pending()], [[2, "no"], [4, "no"], [3, "yes"]]); // room is made first
  assert.equal(store.history.length, 2);
  choosing.undo();
  assert.deepEqual([2, 3, 4].map((number) => store.value(number)), ["maybe", "", ""]);
  assert.equal(store.history.length, 1);
});

test("keeping one instead of a selected one costs nothing, and fits where nothing more would", () => {
  const { store, choosing } = opened({ hard: true });
  assert.equal(keepPrice(store, 3, [2, 3]), null);
  assert.equal(keepOne({ store, choosing }, 3, [2, 3]), false);
  assert.equal(keepPrice(store, 3, [1, 3]), 0);
  assert.equal(keepOne({ store, choosing }, 3, [1, 3]), true);
  assert.deepEqual([store.value(1), store.value(3), store.counts.yes], ["no", "yes", 2]);
  choosing.undo();
  assert.deepEqual([store.value(1), store.value(3), store.counts.yes], ["yes", "", 2]);
});

test("keeping one of several extras takes them off the bill", () => {
  const { store } = opened({}, { mine: { 1: "y", 2: "y", 3: "y", 4: "y" } });
  assert.equal(keepPrice(store, 2, [2, 3, 4]), -12000);
});

test("what the server refuses of a step leaves the step", () => {
  const { store, choosing } = opened();
  keepOne({ store, choosing }, 3, [2, 3, 4]);
  store.put(2, "maybe"); // what counts instead
  store.forget(2);
  choosing.undo();
  assert.deepEqual([store.value(2), store.value(3), store.value(4)], ["maybe", "", ""]);
});

test("nothing is sent for what is as wanted already", () => {
  const { store, choosing, outbox } = opened({}, { mine: { 3: "y", 2: "n", 4: "n" } });
  assert.equal(keepOne({ store, choosing }, 3, [2, 3, 4]), true);
  assert.deepEqual([outbox.pending().size, store.history.length, network.sent.length], [0, 0, 0]);
});

test("what stands in a signed part stays selected, with its places", () => {
  const { store, choosing, outbox } = opened({}, { mine: { 1: "y" }, signed: [1], slots: [[1, "album", "Album", 8, 0, null, 3000, [], ""]], placed: { 1: [1] } });
  assert.equal(keepOne({ store, choosing }, 2, [1, 2]), true);
  assert.equal(choosing.say(1, "no"), false);
  assert.deepEqual([store.value(1), store.value(2), store.slots.has(1, 1)], ["yes", "yes", true]);
  assert.deepEqual([...outbox.pending()], [[2, "yes"]]);
  choosing.undo();
  assert.deepEqual([store.value(1), store.value(2), store.slots.has(1, 1)], ["yes", "", true]);
});

test("compared are those still in the running", () => {
  const { store } = opened({}, { mine: { 2: "n" } });
  assert.deepEqual(candidates(store, [1, 2, 3, 4, 5, 6]), [1, 3, 4, 5]);
  assert.deepEqual(candidates(store, [2, 3]), [2, 3]);
});

test("two lie as the screen shows more of them, four in a grid", () => {
  assert.deepEqual([columns(2, 390, 780, 1.5), columns(2, 844, 330, 1.5), columns(2, 390, 780, 0.5)], [1, 2, 2]);
  assert.deepEqual([columns(3, 390, 780, 0.67), columns(4, 390, 780, 1.5), columns(4, 844, 330, 0.67)], [2, 2, 4]);
});

test("the glass keeps the point under the finger and the picture in its frame", () => {
  const glass = new Glass();
  glass.zoom(2, 0.25, 0);
  assert.deepEqual([glass.scale, glass.x, glass.y], [2, -0.25, 0]); // 0.25 shows what it showed before
  glass.pan(-9, 9);
  assert.deepEqual([glass.x, glass.y], [-0.5, 0.5]);
  glass.zoom(100);
  assert.equal(glass.scale, MOST);
  glass.toggle(0, 0);
  assert.deepEqual([glass.scale, Math.abs(glass.x), Math.abs(glass.y)], [1, 0, 0]);
});

test("a new pin hides none of the others", () => {
  const pins = [];
  for (const _ of Array(5)) {
    const [x, y] = freeSpot(pins);
    assert.ok(pins.every((pin) => Math.hypot(pin.x - x, pin.y - y) > 150));
    pins.push({ x, y });
  }
});

test("a pin stays on the picture", () => {
  assert.deepEqual(moved({ x: 0, y: 0, tag: "skin", text: "", rev: 2 }, 1200.4, -3), { x: 1000, y: 0, tag: "skin", text: "", rev: 2 });
});

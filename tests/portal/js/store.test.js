// store.js: columns, counts, prices, filters, undo history.

import "./phone.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../portal/store.js";

const RULES = { included: 2, extra_minor: 6000, currency: "CNY", hard: false, state: "open", main: true };
const MANIFEST = {
  rev: 5, base: "/m/g/s/", id: [1, 2, 4, 7], v: [1, 1, 3, 1], r: [67, 150, 100, 67],
  c: "aaaaaabbbbbbccccccdddddd", mine: { 1: "y", 4: "m" }, notes: [7], rules: RULES,
};

function filled(rules = {}, manifest = {}, pending = new Map(), coin = ["¥", 2]) {
  const store = new Store({ ...RULES, ...rules }, coin);
  store.load({ ...MANIFEST, rules: { ...RULES, ...rules }, ...manifest }, pending);
  return store;
}

test("counts what was said, what is left and what is noted", () => {
  const { yes, maybe, no, all, left, noted, extra, total } = filled().counts;
  assert.deepEqual({ yes, maybe, no, all, left, noted, extra, total }, { yes: 1, maybe: 1, no: 0, all: 4, left: 2, noted: 1, extra: 0, total: 0 });
});

test("an older manifest is refused, so that a tap does not jump back", () => {
  const store = filled();
  assert.equal(store.load({ ...MANIFEST, rev: 4, mine: {} }), false);
  assert.equal(store.value(1), "yes");
  assert.equal(store.load({ ...MANIFEST, rev: 6, mine: {} }), true);
  assert.equal(store.value(1), "");
});

test("taps on their way lie over the manifest, except of photographs that are gone", () => {
  const store = filled({}, {}, new Map([[1, ""], [2, "no"], [99, "yes"]]));
  assert.deepEqual([store.value(1), store.value(2), store.value(99)], ["", "no", ""]);
  assert.equal(store.counts.yes, 0);
});

test("only what exceeds the package costs, and the price is known before the tap", () => {
  const store = filled();
  assert.equal(store.priceOf(2), 0);
  store.say(2, "yes");
  assert.deepEqual([store.spent, store.priceOf(7), store.priceOf(1)], [true, 6000, 0]); // 1 is chosen: a tap frees it
  store.say(7, "yes");
  assert.deepEqual([store.counts.extra, store.counts.total], [1, 6000]);
  store.say(1, "");
  assert.deepEqual([store.counts.extra, store.counts.total], [0, 0]);
});

test("a hard limit is full instead of costing", () => {
  const store = filled({ hard: true });
  assert.equal(store.full, false);
  store.say(2, "yes");
  assert.deepEqual([store.full, store.priceOf(7)], [true, 0]);
});

test("filters list numbers in the gallery's order", () => {
  const store = filled();
  store.say(7, "no");
  const lists = ["all", "yes", "maybe", "no", "left", "noted"].map((filter) => store.shown(filter));
  assert.deepEqual(lists, [[1, 2, 4, 7], [1], [4], [7], [2], [7]]);
});

test("addresses, colours and sizes come from the photograph's own column", () => {
  const store = filled();
  assert.equal(store.src(4, "t"), "/m/g/s/4-3/t.webp");
  assert.equal(store.color(4), "#cccccc");
  assert.deepEqual([store.size(1, 400), store.size(2, 400), store.size(4, 400)], [[268, 400], [400, 267], [400, 400]]);
});

test("remembers the last two hundred steps, each with what stood there before", () => {
  const store = filled();
  for (let i = 0; i < 205; i += 1) store.say(2, i % 2 ? "no" : "maybe");
  assert.equal(store.history.length, 200);
  assert.deepEqual(store.history.at(-1), { number: 2, from: "no", to: "maybe", slots: [] });
  store.say(2, "yes", { remember: false });
  assert.equal(store.history.length, 200);
});

test("tells which photograph changed, or that all did", () => {
  const store = filled();
  const told = [];
  store.addEventListener("change", ({ detail }) => told.push(detail));
  store.say(2, "maybe");
  store.note(2, true);
  store.load(MANIFEST);
  assert.deepEqual(told, [2, 2, null]);
});

test("whole amounts have no decimals, others have theirs, as the server writes them", () => {
  assert.deepEqual([filled().price(128000), filled().price(6050)], ["¥1,280", "¥60.50"]);
  assert.deepEqual([filled().price(0), filled().price(123456789)], ["¥0", "¥1,234,567.89"]);
  assert.equal(filled({}, {}, new Map(), ["¥", 0]).price(1500), "¥1,500");
  assert.equal(filled({}, {}, new Map(), ["KWD ", 3]).price(1280505), "KWD 1,280.505");
});

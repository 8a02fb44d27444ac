// virtual.js: which tiles exist, where they stand, in which order.

import { Element, page, wait } from "./phone.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Virtual } from "../portal/virtual.js";

const GAP = 3;
const ALL = Array.from({ length: 1000 }, (_, i) => i + 1);

/** A phone of 390 × 844 with three columns: a row is 168 + 3 px high, the list begins at 130. */
function grid({ cols = 3, first = 12 } = {}) {
  Object.assign(globalThis, { innerHeight: 844, scrollY: 0 });
  globalThis.getComputedStyle = () => ({ columnGap: `${GAP}px`, paddingLeft: `${GAP}px`, getPropertyValue: () => String(cols) });
  globalThis.scrollTo = ({ top }) => { globalThis.scrollY = top; };
  const list = new Element();
  list.clientWidth = 390;
  list.getBoundingClientRect = () => ({ top: 130 - globalThis.scrollY });
  for (const number of ALL.slice(0, first)) list.insertBefore(tile(number), null);
  const done = { made: [], loaded: new Set(), waiting: [], cancelled: [], shown: [] };
  const tiles = {
    make: (number) => { done.made.push(number); return tile(number); },
    load: (node) => done.loaded.add(Number(node.dataset.number)), cancel: (node) => done.cancelled.push(Number(node.dataset.number)),
    show: (_node, number, place, all) => done.shown.push([number, place, all]), tint: () => {}, reach: () => {}, again: () => {}, there: (node) => new Promise((seen) => done.waiting.push([Number(node.dataset.number), seen])),
  };
  return { list, done, virtual: new Virtual(list, tiles) };
}

function tile(number) {
  const node = new Element();
  node.dataset.number = String(number);
  return node;
}

async function scroll(y) {
  globalThis.scrollY = y;
  page.dispatchEvent(new Event("scroll"));
  await wait(5);
}

const numbers = (list) => list.children.map((node) => Number(node.dataset.number));

test("the server's tiles stay until the manifest has come", async () => {
  const { list, virtual, done } = grid();
  virtual.soon();
  await wait(5);
  assert.equal(list.children.length, 12);
  assert.deepEqual(done.cancelled, []);
});

test("they are taken over, not made again, and the list gets its full height", () => {
  const { list, virtual, done } = grid();
  virtual.set(ALL);
  assert.deepEqual(done.made.filter((number) => number <= 12), []);
  assert.equal(Math.round(parseFloat(list.style.height)), Math.round(6 + 334 * 168 + 333 * 3));
  assert.ok(list.children.length <= 60);
});

test("after a jump only what is near the screen exists, in order", async () => {
  const { list, virtual, done } = grid();
  virtual.set(ALL);
  await scroll(20000);
  const there = numbers(list);
  assert.deepEqual(there, [...there].sort((a, b) => a - b));
  assert.ok(there.length <= 60 && there[0] > 300 && there.at(-1) < 400, String(there));
  assert.ok(done.cancelled.includes(1));
});

test("scrolled back the order is kept although later ones were there first", async () => {
  const { list, virtual } = grid();
  virtual.set(ALL);
  for (const y of [20000, 19500, 19000, 19800]) await scroll(y);
  const there = numbers(list);
  assert.deepEqual(there, Array.from({ length: there.length }, (_, i) => there[0] + i));
});

test("the order is the list's, not that of the numbers", async () => {
  const { list, virtual } = grid();
  const mixed = ALL.map((number, i) => ALL[(i * 7 + 3) % ALL.length]);
  virtual.set(mixed);
  for (const y of [0, 9000, 8600, 0]) {
    await scroll(y);
    const there = numbers(list);
    assert.deepEqual(there, mixed.slice(mixed.indexOf(there[0]), mixed.indexOf(there[0]) + there.length));
  }
});

test("an order that changes meanwhile is taken over", () => {
  const { list, virtual } = grid();
  virtual.set(ALL.slice(0, 12));
  const turned = ALL.slice(0, 12).reverse();
  virtual.set(turned);
  assert.deepEqual(numbers(list), turned);
});

test("the tile with the focus is never taken away", async () => {
  const { list, virtual } = grid();
  virtual.set(ALL);
  document.activeElement = { closest: () => list.children[4] };
  await scroll(30000);
  document.activeElement = null;
  assert.equal(numbers(list)[0], 5);
});

test("a place is column and row; the edges are those of the CSS", () => {
  const { list, virtual } = grid();
  virtual.set(ALL);
  const width = (390 - 4 * GAP) / 3;
  assert.deepEqual([list.children[4].style.left, list.children[4].style.top], [`${GAP + width + GAP}px`, `${GAP + (width * 4) / 3 + GAP}px`]);
});

test("a filter's list closes its gaps and tells places among its own", () => {
  const { list, virtual, done } = grid();
  virtual.set(ALL);
  done.shown.length = 0;
  virtual.set([2, 5, 900]);
  assert.deepEqual(numbers(list), [2, 5, 900]);
  assert.deepEqual(done.shown.findLast(([number]) => number === 900), [900, 2, 3]);
  assert.deepEqual([virtual.beside(5, 1), virtual.beside(5, -1), virtual.beside(900, 1)], [900, 2, undefined]);
});

test("reveal brings a photograph out from under the bars, up and down", () => {
  const { virtual } = grid();
  virtual.set(ALL);
  assert.ok(virtual.reveal(500, 120, 90));
  const row = 171;
  const top = 130 + GAP + Math.floor(499 / 3) * row;
  assert.equal(Math.round(globalThis.scrollY), Math.round(top + 168 + 90 + GAP - 844));
  virtual.reveal(400, 120, 90);
  assert.equal(Math.round(globalThis.scrollY), 130 + GAP + 133 * row - 120 - GAP);
  assert.equal(virtual.reveal(5000), null);
});

test("topmost is the first photograph fully below the bar", async () => {
  const { virtual } = grid();
  virtual.set(ALL);
  assert.equal(virtual.topmost(120), 1);
  await scroll(130 + GAP + 3 * 171 - 120);
  assert.equal(virtual.topmost(120), 10);
});

test("the first screen has the line to itself until it is there", async () => {
  const { done, virtual } = grid();
  virtual.set(ALL);
  virtual.soon();
  await wait(5);
  const inSight = done.waiting.map(([number]) => number);
  assert.ok(inSight.length >= 12 && inSight.length <= 18, String(inSight.length));
  assert.deepEqual([...done.loaded].filter((number) => !inSight.includes(number)), []);
  for (const [, there] of done.waiting) there();
  await wait(5);
  assert.ok(virtual.mounted.size > inSight.length);
  assert.ok([...virtual.mounted.keys()].every((number) => done.loaded.has(number)));
});

test("after a fling what is in sight is fetched first, the rest when it is there", async () => {
  const { done, virtual } = grid();
  virtual.set(ALL);
  for (const [, there] of done.waiting.splice(0)) there();
  await scroll(40_000);
  await wait(120);
  const seen = done.waiting.map(([number]) => number);
  assert.ok(seen.length >= 15 && seen.length <= 24, String(seen.length));
  assert.deepEqual([...done.loaded].filter((number) => number > 400).sort((a, b) => a - b), seen.sort((a, b) => a - b));
  for (const [, there] of done.waiting) there();
  await wait(5);
  assert.ok([...virtual.mounted.keys()].every((number) => done.loaded.has(number)));
});

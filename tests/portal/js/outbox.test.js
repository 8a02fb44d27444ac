// outbox.js: nothing that was tapped is lost, nothing is sent twice needlessly, nothing blocks the rest.

import { acknowledged, answer, network, page, reset, until, wait } from "./phone.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Outbox } from "../portal/outbox.js";

let serial = 0;
let key = "";

beforeEach(() => {
  reset();
  serial += 1;
  key = `g.${serial}`; // outboxes of earlier tests still listen; they have nothing to say of this gallery
});

/** One more tab of this phone. */
function opened() {
  const outbox = new Outbox({ key, picks: "/picks/", note: "/photos/0/note/" });
  outbox.told = [];
  for (const type of ["answer", "noted", "foreign"]) outbox.addEventListener(type, ({ detail }) => outbox.told.push({ type, ...detail }));
  return outbox;
}

test("a tap is on the disk before anything else happens", () => {
  opened().pick(3, "yes");
  assert.equal(JSON.parse(localStorage.getItem(`yl:pick:${key}:3`)).v, "yes");
  assert.equal(network.sent.length, 0);
});

test("only the last intent of a photograph is sent, and a burst is one request", async () => {
  const outbox = opened();
  answer(acknowledged);
  for (const [number, value] of [[1, "yes"], [2, "no"], [1, "maybe"], [1, "yes"]]) outbox.pick(number, value);
  await until(() => !outbox.waiting && !outbox.busy);
  assert.equal(network.sent.length, 1);
  assert.deepEqual(network.sent[0].json.ops.map(({ photo, v }) => [photo, v]), [[2, "no"], [1, "yes"]]);
});

test("numbers of ops only grow, also in a second tab and when the clock is set back", () => {
  const first = opened();
  first.pick(1, "yes");
  localStorage.setItem("yl:op", String(Date.now() + 1e9));
  opened().pick(2, "yes");
  const ops = [1, 2].map((number) => JSON.parse(localStorage.getItem(`yl:pick:${key}:${number}`)).op);
  assert.ok(ops[1] > ops[0] && ops[1] > Date.now() + 1e8);
});

test("without a network everything waits, and goes when the page says it is back", async () => {
  const outbox = opened();
  answer(new Error("offline"));
  outbox.pick(1, "yes");
  await until(() => outbox.tries === 1);
  assert.deepEqual([outbox.waiting, outbox.why], [1, ""]);
  answer(acknowledged);
  page.dispatchEvent(new Event("online"));
  await until(() => outbox.waiting === 0 && outbox.tries === 0);
});

test("what was said while its predecessor was under way is sent too", async () => {
  const outbox = opened();
  answer((sent) => { outbox.pick(1, "no"); return acknowledged(sent); }, acknowledged);
  outbox.pick(1, "yes");
  await until(() => network.sent.length === 2 && !outbox.waiting);
  assert.deepEqual(network.sent.map(({ json }) => json.ops[0].v), ["yes", "no"]);
});

test("a rejected tap is forgotten and told of", async () => {
  const outbox = opened();
  answer(({ ops }) => ({ rev: 9, acked: [], rejected: [{ op: ops[0].op, photo: 1, why: "limit", v: "" }] }));
  outbox.pick(1, "yes");
  await until(() => outbox.told.length === 1);
  assert.deepEqual([outbox.waiting, outbox.told[0].rejected[0].why], [0, "limit"]);
});

test("after a log-out taps are kept and not sent again by themselves", async () => {
  const outbox = opened();
  answer({ status: 401 });
  outbox.pick(1, "yes");
  await until(() => outbox.why === "session");
  await wait(300);
  assert.deepEqual([outbox.waiting, network.sent.length], [1, 1]);
  answer(acknowledged);
  outbox.now();
  await until(() => outbox.waiting === 0);
});

test("one tap that the server cannot read does not hold up the others", async () => {
  const outbox = opened();
  answer({ status: 400 }, { status: 400 }, acknowledged);
  outbox.pick(1, "?");
  outbox.pick(2, "yes");
  await until(() => network.sent.length === 1 && !outbox.busy);
  outbox.now();
  await until(() => network.sent.length === 2 && !outbox.busy);
  outbox.now();
  await until(() => outbox.waiting === 0);
  assert.deepEqual(network.sent.map(({ json }) => json.ops.map(({ photo }) => photo)), [[1, 2], [1], [2]]);
});

test("a note is sent to its photograph; a refused one is given up with the reason", async () => {
  const outbox = opened();
  answer({ status: 422, data: { message: "too long" } });
  outbox.note(4, { text: "x", tags: ["eyes"], pins: [] });
  assert.deepEqual(outbox.noteOf(4).tags, ["eyes"]);
  await until(() => outbox.told.length === 1);
  assert.equal(network.sent[0].url, "/photos/4/note/");
  assert.deepEqual([outbox.told[0].why, outbox.waiting], ["too long", 0]);
});

test("a full or forbidden storage does not stop anybody", async () => {
  const { setItem } = localStorage;
  localStorage.setItem = () => { throw new Error("QuotaExceededError"); };
  try {
    const outbox = opened();
    answer(acknowledged);
    outbox.pick(8, "yes");
    assert.equal(outbox.pending().get(8), "yes");
    await until(() => outbox.waiting === 0);
  } finally {
    localStorage.setItem = setItem;
  }
});

test("what another tab says is heard, what concerns another gallery is not", () => {
  const outbox = opened();
  for (const at of [`yl:pick:${key}:5`, "yl:pick:other.1:6"]) page.dispatchEvent(Object.assign(new Event("storage"), { key: at, newValue: JSON.stringify({ op: 1, v: "maybe" }) }));
  assert.deepEqual(outbox.told, [{ type: "foreign", number: 5, value: "maybe" }]);
});

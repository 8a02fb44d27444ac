/** js/lib/live.js without a browser: what it asks for, hands on and shows, message by message. */

import assert from "node:assert/strict";
import { test } from "node:test";

let reloads = 0;
const listeners = {};
const banner = { hidden: true, dataset: {}, setAttribute() {} };
Object.assign(globalThis, {
  location: { href: "http://yl.localhost/console/", protocol: "http:", reload() { reloads += 1; } },
  addEventListener: (type, fn) => { (listeners[type] ??= new Set()).add(fn); },
  removeEventListener: (type, fn) => listeners[type]?.delete(fn),
  document: {
    visibilityState: "visible",
    addEventListener: (type, fn) => { (listeners[type] ??= new Set()).add(fn); },
    removeEventListener: (type, fn) => listeners[type]?.delete(fn),
    querySelectorAll: (selector) => (selector.includes("#offline") ? [banner] : []),
  },
});

let sockets = [];
globalThis.WebSocket = class {
  static OPEN = 1;
  constructor(url) {
    this.url = String(url);
    this.readyState = 1;
    this.sent = [];
    sockets.push(this);
  }

  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; }
  say(message) { this.onmessage({ data: JSON.stringify(message) }); }
  break(code = 1006) { this.readyState = 3; this.onclose({ code }); }
  asked() { return this.sent.filter((message) => "since" in message); }
};

const { connect } = await import(process.env.LIVE_JS);

function open(t, at) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  sockets = [];
  const heard = { pokes: [], caught: [], states: [] };
  const live = connect("/ws/board/all/", {
    at,
    onPoke: (poke) => heard.pokes.push(poke.seq),
    onCatchUp: (events) => heard.caught.push(events && events.map((event) => event.seq)),
    onState: (state, code) => heard.states.push([state, code]),
  });
  t.after(() => live.close());
  return { live, heard, socket: sockets[0] };
}

const poke = (seq, stream = "b", epoch = 1) => ({ stream, type: "order.moved", seq, epoch });
const hello = (seq, epoch = 1) => ({ type: "hello", at: { b: [epoch, seq] } });
const events = (...seqs) => ({ type: "events", stream: "b", epoch: 1, seq: seqs.at(-1), events: seqs.map((seq) => poke(seq)) });

test("numbers that were withheld are no gap, a lost one is", (t) => {
  const { heard, socket } = open(t);
  socket.say(hello(4));
  socket.say({ ...poke(7), after: 4 });
  assert.deepEqual([heard.pokes, socket.asked()], [[7], []]);
  socket.say({ ...poke(10), after: 8 });
  assert.deepEqual([heard.pokes, socket.asked().map(({ since }) => since)], [[7], [7]]);
});

test("pokes in order are handed on, repeated ones are not", (t) => {
  const { heard, socket } = open(t);
  assert.equal(socket.url, "ws://yl.localhost/ws/board/all/");
  socket.say(hello(4));
  for (const seq of [5, 6, 6, 5, 7]) socket.say(poke(seq));
  assert.deepEqual(heard.pokes, [5, 6, 7]);
  assert.deepEqual(socket.asked(), []);
});

test("a gap is asked for once and filled in order", (t) => {
  const { heard, socket } = open(t);
  socket.say(hello(4));
  socket.say(poke(6));
  socket.say(poke(7));
  assert.deepEqual(socket.asked(), [{ stream: "b", since: 4, epoch: 1 }]);
  assert.deepEqual(heard.pokes, []);
  socket.say(events(5, 6));
  assert.deepEqual(heard.caught, [[5, 6]]);
  assert.deepEqual(socket.asked().at(-1), { stream: "b", since: 6, epoch: 1 }, "7 was heard meanwhile");
  socket.say(events(7));
  socket.say(poke(8));
  assert.deepEqual(heard.caught, [[5, 6], [7]]);
  assert.deepEqual(heard.pokes, [8]);
});

test("what happened between page and socket is asked for", (t) => {
  const { heard, socket } = open(t, { b: [1, 3] });
  socket.say(hello(5));
  assert.deepEqual(socket.asked(), [{ stream: "b", since: 3, epoch: 1 }]);
  socket.say(events(4, 5));
  assert.deepEqual(heard.caught, [[4, 5]]);
});

test("a beat finds a lost poke; a beat that poke overtook does not", (t) => {
  const { heard, socket } = open(t);
  socket.say(hello(4));
  socket.say({ type: "beat", at: { b: [1, 5] } });
  assert.equal(socket.asked().length, 1);
  socket.say(events(5));
  socket.say(poke(6));
  socket.say({ type: "beat", at: { b: [1, 5] } });
  assert.equal(socket.asked().length, 1);
  assert.deepEqual(heard.pokes, [6]);
});

test("after a restore the whole part is loaded again", (t) => {
  const { heard, socket } = open(t);
  socket.say(hello(40));
  socket.say({ type: "check", at: { b: [2, 7] } });
  socket.say({ type: "snapshot", stream: "b", epoch: 2, seq: 7 });
  assert.deepEqual(heard.caught, [null]);
  socket.say(poke(8, "b", 2));
  assert.deepEqual(heard.pokes, [8]);
});

test("an opaque mark that changed means: load again", (t) => {
  const { heard, live, socket } = open(t, { order: [1, "aa"] });
  socket.say({ type: "hello", at: { order: [1, "aa"] } });
  assert.deepEqual(socket.asked(), []);
  socket.say({ stream: "order", type: "changed" });
  assert.equal(heard.pokes.length, 1);
  live.seen({ order: [1, "bb"] });
  socket.say({ type: "beat", at: { order: [1, "bb"] } });
  assert.deepEqual(socket.asked(), []);
  socket.say({ type: "beat", at: { order: [1, "cc"] } });
  socket.say({ type: "snapshot", stream: "order", epoch: 1, seq: "cc" });
  assert.deepEqual(heard.caught, [null]);
});

test("every beat and every 32nd message is acknowledged", (t) => {
  const { socket } = open(t);
  socket.say(hello(0));
  for (let seq = 1; seq <= 40; seq += 1) socket.say(poke(seq));
  socket.say({ type: "beat", at: { b: [1, 40] } });
  assert.deepEqual(socket.sent.map((message) => message.ack), [1, 33, 42]);
});

test("a broken socket is opened again and catches up from where it was", (t) => {
  const { heard, socket } = open(t);
  socket.say(hello(4));
  socket.say(poke(5));
  socket.break();
  assert.equal(sockets.length, 1);
  t.mock.timers.tick(1100);
  assert.equal(sockets.length, 2);
  assert.equal(banner.hidden, true, "a short break is nobody's business");
  t.mock.timers.tick(1600);
  assert.equal(banner.hidden, false);
  sockets[1].say(hello(9));
  assert.equal(banner.hidden, true);
  assert.deepEqual(sockets[1].asked(), [{ stream: "b", since: 5, epoch: 1 }]);
  assert.deepEqual(heard.states.map(([state]) => state), ["connecting", "online", "offline", "online"]);
});

test("tries grow rarer, and the network's return ends the wait", (t) => {
  open(t);
  for (let i = 0; i < 8; i += 1) {
    sockets.at(-1).break();
    t.mock.timers.tick(31000);
  }
  assert.equal(sockets.length, 9);
  sockets.at(-1).break();
  t.mock.timers.tick(2000);
  assert.equal(sockets.length, 9, "waits at least 15 s by now");
  for (const wake of listeners.online) wake();
  assert.equal(sockets.length, 10);
});

test("a silent socket is given up after 40 s", (t) => {
  const { heard, socket } = open(t);
  socket.say(hello(4));
  t.mock.timers.tick(39000);
  assert.equal(heard.states.at(-1)[0], "online");
  t.mock.timers.tick(2000);
  assert.equal(heard.states.at(-1)[0], "offline");
});

for (const code of [4401, 4403, 4404]) {
  test(`closed with ${code}: no further tries${code === 4401 ? ", the page is loaded again" : ""}`, (t) => {
    const { heard, socket } = open(t);
    socket.say(hello(4));
    reloads = 0;
    socket.break(code);
    t.mock.timers.tick(120000);
    assert.equal(sockets.length, 1);
    assert.deepEqual(heard.states.at(-1), ["offline", code]);
    assert.equal(reloads, code === 4401 ? 1 : 0);
  });
}

test("resync connects again soon", (t) => {
  const { socket } = open(t);
  socket.say(hello(4));
  socket.break(4408);
  t.mock.timers.tick(1100);
  assert.equal(sockets.length, 2);
});

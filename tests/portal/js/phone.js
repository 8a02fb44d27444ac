// A phone without a screen: what the gallery's modules ask of a browser, as little as they need.

import { webcrypto } from "node:crypto";
import { setMaxListeners } from "node:events";

export const page = new EventTarget();
export const network = { sent: [], answers: [] };

globalThis.crypto ??= webcrypto;
globalThis.localStorage = memory();
globalThis.document = Object.assign(new EventTarget(), {
  cookie: "yl_csrf=token", visibilityState: "visible", documentElement: { lang: "zh-Hans" }, activeElement: null,
  querySelector: () => null, querySelectorAll: () => [],
});
setMaxListeners(0, page, document); // one page serves all tests of a file
globalThis.addEventListener = (...given) => page.addEventListener(...given);
globalThis.removeEventListener = (...given) => page.removeEventListener(...given);
globalThis.ResizeObserver = class { observe() {} };
globalThis.requestAnimationFrame = (run) => setTimeout(run, 0);

/** Storage whose keys `Object.keys` lists, as a browser's does. */
function memory() {
  const hidden = (value) => ({ value, enumerable: false, writable: true, configurable: true });
  return Object.defineProperties({}, {
    getItem: hidden(function getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; }),
    setItem: hidden(function setItem(key, text) { this[key] = String(text); }),
    removeItem: hidden(function removeItem(key) { delete this[key]; }),
  });
}

/** The next answers of the server, in order; a function makes one from what was sent, an Error is a dead network. */
export function answer(...answers) {
  network.answers.push(...answers);
}

globalThis.fetch = async (url, { method, body }) => {
  const sent = { url, method, json: JSON.parse(body) };
  network.sent.push(sent);
  const next = network.answers.shift() ?? new Error("no network");
  if (next instanceof Error) throw next;
  const { status = 200, data } = typeof next === "function" ? { data: next(sent.json) } : next;
  return new Response(JSON.stringify(data ?? {}), { status, headers: { "Content-Type": "application/json" } });
};

/** All that was sent is taken. */
export const acknowledged = ({ ops }) => ({ rev: 1, acked: ops.map(({ op }) => op), rejected: [] });

export const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Until it is so; fails after two seconds. @param {() => boolean} true_ */
export async function until(true_) {
  for (let i = 0; i < 200; i += 1) {
    if (true_()) return;
    await wait(10);
  }
  throw new Error(`it never came true: ${true_}`);
}

/** Forget everything between two tests. */
export function reset() {
  for (const key of Object.keys(localStorage)) localStorage.removeItem(key);
  network.sent.length = network.answers.length = 0;
}

/** An element of a list: it has neighbours, a place and a picture. */
export class Element {
  constructor() {
    this.dataset = {};
    this.children = [];
    this.style = { setProperty: (name, value) => { this.style[name] = value; } };
    this.classList = { add: () => {} };
    this.parent = null;
  }

  get firstElementChild() { return this.children[0] ?? null; }

  get nextElementSibling() { return this.parent.children[this.parent.children.indexOf(this) + 1] ?? null; }

  insertBefore(node, next) {
    const at = next ? this.children.indexOf(next) : this.children.length;
    this.children.splice(at, 0, node);
    node.parent = this;
  }

  remove() { this.parent.children.splice(this.parent.children.indexOf(this), 1); }

  querySelectorAll() { return this.children; }

  addEventListener() {}

  getBoundingClientRect() { return { top: -globalThis.scrollY }; }
}

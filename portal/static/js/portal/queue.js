/**
 * What a customer said and the server has not heard yet, on every page. The last intent of each thing is written to
 * localStorage before the screen changes, so a killed tab or a dead network loses nothing. Each thing has a key of its
 * own: two tabs never overwrite each other's, and both may send the same one (the server knows replays). Numbers of ops
 * only grow; lanes are sent one after the other, each in the order of its ops. A second copy in IndexedDB outlives a
 * browser that is killed before localStorage reached the disk; nobody waits for it and it never fails anything.
 */

import { ApiError } from "../lib/api.js";
import { backoff } from "../lib/api.js";
import { drop } from "./kept.js";
import { keys } from "./kept.js";
import { read } from "./kept.js";
import { write } from "./kept.js";

const LAST_OP = "yl:op";
const COPIES = "waiting";
const PAUSE = 120;
const GAP = 1000; // between two sendings while taps keep coming: a burst is one or two requests

/**
 * @typedef {{op: number, [name: string]: any}} Item
 * @typedef {[string, Item]} Entry what it is about, and what was said
 * @typedef {{prefix: string, send: (entries: Entry[]) => Promise<void>, heard?: (id: string, item: Item) => void}} Lane
 *   `send` calls `done` for what the server has answered and throws ApiError; `heard`: another tab or the second copy
 *   knew something newer
 */

/** @type {Promise<IDBDatabase | null>} null: forbidden or broken here */
const opened = new Promise((resolve) => {
  try {
    const request = indexedDB.open("yl", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(COPIES);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  } catch {
    resolve(null);
  }
});

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => void} work */
async function copies(mode, work) {
  try {
    const store = (await opened)?.transaction(COPIES, mode).objectStore(COPIES);
    if (!store) return;
    work(store);
    if (mode === "readwrite") store.transaction.commit?.(); // at once: the page may go now
  } catch { /* a second chance, not a duty */ }
}

/** Larger than every op of this browser before, in whatever tab: the clock, or one more than the last when it lags. */
function nextOp() {
  const op = Math.max(Date.now(), Number(read(LAST_OP) ?? 0) + 1);
  write(LAST_OP, String(op));
  return op;
}

/** @param {string} key @returns {Item | null} */
const itemAt = (key) => JSON.parse(read(key) ?? "null");

/** Event: `state` {waiting, busy, tries, why}; `why`: "session" or "refused" when only a person can go on. */
export class Queue extends EventTarget {
  /** @param {...Lane} lanes in the order in which they are sent */
  constructor(...lanes) {
    super();
    this.lanes = lanes;
    this.tries = 0;
    this.busy = false;
    this.sent = 0;
    this.why = "";
    for (const type of ["online", "pageshow"]) addEventListener(type, () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("offline", () => this.tell());
    addEventListener("storage", ({ key, newValue }) => this.overheard(key ?? "", newValue));
    for (const lane of lanes) this.revive(lane);
  }

  /** What only the second copy has, or has newer. @param {Lane} lane */
  revive(lane) {
    copies("readonly", (store) => {
      const range = IDBKeyRange.bound(lane.prefix, `${lane.prefix}\uffff`);
      store.openCursor(range).onsuccess = ({ target }) => {
        const cursor = /** @type {IDBRequest<IDBCursorWithValue | null>} */ (target).result;
        if (!cursor) return this.now();
        const [key, item] = [String(cursor.key), JSON.parse(cursor.value)];
        if (!(itemAt(key)?.op >= item.op)) {
          write(key, cursor.value);
          lane.heard?.(key.slice(lane.prefix.length), item);
        }
        cursor.continue();
      };
    });
  }

  /** Another tab has written or sent something. @param {string} key @param {string | null} text */
  overheard(key, text) {
    const lane = this.lanes.find(({ prefix }) => key.startsWith(prefix));
    if (!lane) return;
    this.tell();
    if (text) lane.heard?.(key.slice(lane.prefix.length), JSON.parse(text));
  }

  /** Say something, in place of what was said of the same before. @param {Lane} lane @param {string | number} id @param {object} item */
  put(lane, id, item) {
    const key = lane.prefix + id;
    const text = JSON.stringify({ op: nextOp(), ...item });
    write(key, text);
    copies("readwrite", (store) => store.put(text, key));
    this.soon();
  }

  /** What still waits of one thing. @param {Lane} lane @param {string | number} id */
  item(lane, id) {
    return itemAt(lane.prefix + id);
  }

  /** All that waits, oldest first. @param {Lane} lane @returns {Entry[]} */
  entries({ prefix }) {
    /** @type {[string, Item | null][]} */
    const found = keys(prefix).map((key) => [key.slice(prefix.length), itemAt(key)]);
    return /** @type {Entry[]} */ (found.filter(([, item]) => item)).sort(([, a], [, b]) => a.op - b.op);
  }

  /** Forget what was sent, unless something newer was said meanwhile. @param {Lane} lane @param {string | number} id @param {number} op */
  done(lane, id, op) {
    const key = lane.prefix + id;
    if (itemAt(key)?.op !== op) return;
    drop(key);
    copies("readwrite", (store) => store.delete(key));
  }

  get waiting() {
    return keys(...this.lanes.map(({ prefix }) => prefix)).length;
  }

  tell() {
    const { waiting, busy, tries, why } = this;
    this.dispatchEvent(new CustomEvent("state", { detail: { waiting, busy, tries, why } }));
  }

  /** Send when the taps pause, or when a second of them has gathered. */
  soon(ms = PAUSE) {
    const now = Date.now();
    this.since ??= now;
    const due = Math.max(Math.min(now + ms, this.since + GAP), this.sent + GAP);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), (ms === PAUSE ? due : now + ms) - now);
    this.tell();
  }

  /** Send now: the network or the page is back, or somebody asks for it. */
  now() {
    if (!this.waiting) return;
    this.tries = 0;
    this.why = "";
    clearTimeout(this.timer);
    this.flush();
  }

  async flush() {
    if (this.busy) return;
    this.since = undefined;
    if (!this.waiting) return;
    this.busy = true;
    this.sent = Date.now();
    this.tell();
    try {
      for (const lane of this.lanes) await this.drain(lane);
      this.tries = 0;
      this.why = "";
    } catch (error) {
      this.failed(error);
    } finally {
      this.busy = false;
    }
    if (this.waiting && !this.why) this.soon(this.tries ? backoff(this.tries) : PAUSE);
    else this.tell();
  }

  /** @param {Lane} lane */
  async drain(lane) {
    const entries = this.entries(lane);
    if (entries.length) await lane.send(entries);
  }

  /** Nothing is thrown away: a passing fault is tried again, after a final one the next visit tries. */
  failed(error) {
    if (!(error instanceof ApiError)) throw error;
    this.tries += 1;
    if (!error.passing) this.why = error.status === 401 || error.status === 403 ? "session" : "refused";
  }
}

/**
 * Taps on their way to the server. The last intent of each photograph is written to localStorage before the screen
 * changes, so a killed tab or a dead network loses nothing. Each photograph has a key of its own: two tabs never
 * overwrite each other's taps, and both may send the same one (the server knows replays). Numbers of ops only grow.
 * A second copy (vault.js) outlives a browser that is killed before localStorage reached the disk.
 */

import { ApiError } from "../lib/api.js";
import { backoff } from "../lib/api.js";
import { send } from "../lib/api.js";
import { drop } from "./kept.js";
import { keys } from "./kept.js";
import { read } from "./kept.js";
import { write } from "./kept.js";
import { forget } from "./vault.js";
import { keep } from "./vault.js";
import { kept } from "./vault.js";

const DEVICE = "yl:device";
const LAST_OP = "yl:op";
const MOST = 200;
const PAUSE = 120;
const SLOT = 1e7; // a placement's key: slot and photograph as one number
const GAP = 1000; // between two sendings while taps keep coming: a burst is one or two POSTs

/** A name for this browser, kept. */
function device() {
  let name = read(DEVICE);
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(15))].map((byte) => (byte % 36).toString(36)).join("");
    write(DEVICE, name);
  }
  return name;
}

/** Larger than every op of this device before, in whatever tab: the clock, or one more than the last when it lags. */
function nextOp() {
  const op = Math.max(Date.now(), Number(read(LAST_OP) ?? 0) + 1);
  write(LAST_OP, String(op));
  return op;
}

/**
 * Events: `state` {waiting, busy, tries, why}, `answer` (of the picks' POST), `placed` (of the placements'), `noted` {number, why}, `foreign`
 * {number, value} (another tab of this browser said something).
 */
export class Outbox extends EventTarget {
  /** @param {{key: string, picks: string, placements: string, note: string}} boot */
  constructor(boot) {
    super();
    this.boot = boot;
    this.picks = `yl:pick:${boot.key}:`;
    this.places = `yl:place:${boot.key}:`;
    this.notes = `yl:note:${boot.key}:`;
    this.device = device();
    this.tries = 0;
    this.busy = false;
    this.sent = 0;
    this.why = "";
    this.most = MOST;
    for (const type of ["online", "pageshow"]) addEventListener(type, () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("offline", () => this.tell());
    addEventListener("storage", (event) => this.overheard(event));
    this.revive();
  }

  /** What only the second copy has, or has newer. */
  async revive() {
    for (const prefix of [this.picks, this.places, this.notes]) {
      for (const [key, text] of await kept(prefix)) {
        const { op, v } = JSON.parse(text);
        if (JSON.parse(read(key) ?? "null")?.op >= op) continue;
        write(key, text);
        const detail = { number: Number(key.slice(prefix.length)), value: v };
        if (prefix === this.picks) this.dispatchEvent(new CustomEvent("foreign", { detail }));
      }
    }
    this.tell();
    this.now();
  }

  wait(key, item) {
    const text = JSON.stringify({ op: nextOp(), ...item });
    write(key, text);
    keep(key, text);
    this.soon();
  }

  /** Another tab has written or sent something. @param {StorageEvent} event */
  overheard(event) {
    if (!event.key?.startsWith(this.picks) && !event.key?.startsWith(this.notes)) return;
    this.tell();
    if (!event.newValue || !event.key.startsWith(this.picks)) return;
    const detail = { number: Number(event.key.slice(this.picks.length)), value: JSON.parse(event.newValue).v };
    this.dispatchEvent(new CustomEvent("foreign", { detail }));
  }

  /** @param {string} prefix @returns {[number, any][]} oldest op first */
  waitingAt(prefix) {
    /** @type {[number, any][]} */
    const found = keys(prefix).map((key) => [Number(key.slice(prefix.length)), JSON.parse(read(key) ?? "null")]);
    return found.filter(([, item]) => item).sort(([, a], [, b]) => a.op - b.op);
  }

  get waiting() {
    return [this.picks, this.places, this.notes].reduce((sum, prefix) => sum + keys(prefix).length, 0);
  }

  /** Picks that the server has not confirmed: number → value. */
  pending() {
    return new Map(this.waitingAt(this.picks).map(([number, { v }]) => [number, v]));
  }

  /** Placements on their way: [slot, number, whether it is in]. @returns {[number, number, boolean][]} */
  placing() {
    return this.waitingAt(this.places).map(([id, { v }]) => [Math.floor(id / SLOT), id % SLOT, v]);
  }

  pick(number, value) {
    this.wait(`${this.picks}${number}`, { v: value, at: Date.now() });
  }

  place(slot, number, isIn) {
    this.wait(`${this.places}${slot * SLOT + number}`, { v: isIn, at: Date.now() });
  }

  /** @param {number} number @param {{text: string, tags: string[], pins: object[]}} note */
  note(number, note) {
    this.wait(`${this.notes}${number}`, note);
  }

  /** A note still on its way. @param {number} number */
  noteOf(number) {
    return JSON.parse(read(`${this.notes}${number}`) ?? "null");
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

  /** Send now: the network or the page is back, or the page is about to go. */
  now() {
    if (!this.waiting) return;
    this.tries = 0;
    this.why = "";
    clearTimeout(this.timer);
    this.flush();
  }

  tell() {
    const { waiting, busy, tries, why } = this;
    this.dispatchEvent(new CustomEvent("state", { detail: { waiting, busy, tries, why } }));
  }

  async flush() {
    if (this.busy) return;
    this.since = undefined;
    const picks = this.waitingAt(this.picks);
    const places = this.waitingAt(this.places);
    const notes = this.waitingAt(this.notes);
    if (!picks.length && !places.length && !notes.length) return;
    this.busy = true;
    this.sent = Date.now();
    this.tell();
    try {
      if (picks.length) await this.sendPicks(picks.slice(0, this.most));
      if (places.length) await this.sendPlaces(places.slice(0, this.most)); // after the picks they may depend on
      for (const [number, note] of notes) await this.sendNote(number, note);
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

  /** @param {[number, {op: number, v: string, at: number}][]} picks */
  sendPicks(picks) {
    const ops = picks.map(([photo, { op, v, at }]) => ({ op, photo, v, at }));
    return this.sendTaps("answer", this.boot.picks, ops, ({ photo }) => `${this.picks}${photo}`);
  }

  /** @param {[number, {op: number, v: boolean, at: number}][]} places */
  sendPlaces(places) {
    const ops = places.map(([id, { op, v, at }]) => ({ op, photo: id % SLOT, slot: Math.floor(id / SLOT), v, at }));
    return this.sendTaps("placed", this.boot.placements, ops, ({ photo, slot }) => `${this.places}${slot * SLOT + photo}`);
  }

  /** @param {string} type of the event that carries the answer @param {(op: any) => string} keyOf */
  async sendTaps(type, url, ops, keyOf) {
    const json = { device: this.device, now: Date.now(), ops };
    let answer;
    try {
      answer = await send(url, { method: "POST", keepalive: true, json });
    } catch (error) {
      answer = this.malformed(error, ops);
    }
    if (!answer) return;
    const done = new Set([...answer.acked, ...answer.rejected.map((item) => item.op)]);
    for (const op of ops) if (done.has(op.op)) this.settled(keyOf(op), op.op);
    this.dispatchEvent(new CustomEvent(type, { detail: answer }));
  }

  /** One tap the server cannot read must not hold up the others: they go one by one and it is given up. */
  malformed(error, ops) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    if (ops.length > 1) {
      this.most = 1;
      return null;
    }
    return { acked: [], rejected: ops.map((op) => ({ ...op, why: "gone", v: op.slot ? false : "" })) };
  }

  async sendNote(number, { op, text, tags, pins }) {
    let why = "";
    try {
      const url = this.boot.note.replace("/0/", `/${number}/`);
      await send(url, { method: "PUT", keepalive: true, json: { device: this.device, op, text, tags, pins } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401 || error.status === 403) throw error;
      why = error.message;
    }
    this.settled(`${this.notes}${number}`, op);
    this.dispatchEvent(new CustomEvent("noted", { detail: { number, why } }));
  }

  /** Forget what was sent, unless something newer was said meanwhile. */
  settled(key, op) {
    if (JSON.parse(read(key) ?? "null")?.op !== op) return;
    drop(key);
    forget(key);
  }

  /** Nothing is thrown away: a passing fault is tried again, after a final one the next visit tries. */
  failed(error) {
    if (!(error instanceof ApiError)) throw error;
    this.tries += 1;
    if (!error.passing) this.why = error.status === 401 || error.status === 403 ? "session" : "refused";
  }
}

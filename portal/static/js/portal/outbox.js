/**
 * Taps on their way to the server. The last intent of each photograph is written to localStorage before the screen
 * changes, so a killed tab, a dead network or a second tab loses nothing. Numbers of ops only grow on a device.
 */

import { ApiError } from "../lib/api.js";
import { backoff } from "../lib/api.js";
import { send } from "../lib/api.js";

const DEVICE = "yl:device";
const MOST = 200;
const PAUSE = 120;

const empty = () => ({ op: 0, picks: {}, notes: {} });

/** A name for this browser, kept. */
export function device() {
  let name = read(DEVICE);
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36).padStart(2, "0")).join("").slice(0, 20);
    write(DEVICE, name);
  }
  return name;
}

/** localStorage may be full or forbidden: then this page's memory serves until it is closed. */
const memory = new Map();
function read(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}
function write(key, text) {
  memory.set(key, text);
  try {
    localStorage.setItem(key, text);
  } catch {
    // kept in memory above
  }
}

export class Outbox extends EventTarget {
  /** @param {{key: string, picks: string, note: string}} boot */
  constructor(boot) {
    super();
    this.key = `yl:outbox:${boot.key}`;
    this.boot = boot;
    this.device = device();
    this.tries = 0;
    this.busy = false;
    for (const type of ["online", "pageshow"]) addEventListener(type, () => this.now());
    addEventListener("storage", (event) => { if (event.key === this.key) this.tell(); });
    document.addEventListener("visibilitychange", () => this.now());
  }

  load() {
    return { ...empty(), ...JSON.parse(read(this.key) ?? "{}") };
  }

  edit(change) {
    const kept = this.load();
    const answer = change(kept);
    write(this.key, JSON.stringify(kept));
    return answer;
  }

  get waiting() {
    const { picks, notes } = this.load();
    return Object.keys(picks).length + Object.keys(notes).length;
  }

  /** Picks that the server has not confirmed: number → value. */
  pending() {
    return new Map(Object.entries(this.load().picks).map(([number, { v }]) => [Number(number), v]));
  }

  pick(number, value) {
    this.edit((kept) => { kept.picks[number] = { op: (kept.op += 1), v: value, at: Date.now() }; });
    this.soon();
  }

  note(number, text, tags) {
    this.edit((kept) => { kept.notes[number] = { op: (kept.op += 1), text, tags }; });
    this.soon();
  }

  /** A note still on its way. */
  noteOf(number) {
    return this.load().notes[number] ?? null;
  }

  soon(ms = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), ms);
    this.tell();
  }

  now() {
    if (!this.waiting) return;
    this.tries = 0;
    clearTimeout(this.timer);
    this.flush();
  }

  tell(state = "") {
    this.dispatchEvent(new CustomEvent("state", { detail: { waiting: this.waiting, busy: this.busy, tries: this.tries, state } }));
  }

  async flush() {
    if (this.busy) return;
    const { picks, notes } = this.load();
    if (!Object.keys(picks).length && !Object.keys(notes).length) return;
    this.busy = true;
    this.tell();
    try {
      if (Object.keys(picks).length) await this.sendPicks(picks);
      for (const [number, note] of Object.entries(notes)) await this.sendNote(Number(number), note);
      this.tries = 0;
    } catch (error) {
      this.failed(error);
    } finally {
      this.busy = false;
    }
    if (this.waiting && !this.stopped) this.soon(this.tries ? backoff(this.tries) : PAUSE);
    else this.tell();
  }

  async sendPicks(picks) {
    const ops = Object.entries(picks).slice(0, MOST).map(([number, { op, v, at }]) => ({ op, photo: Number(number), v, at }));
    const answer = await send(this.boot.picks, { method: "POST", keepalive: true, json: { device: this.device, now: Date.now(), ops } });
    const done = new Set([...answer.acked, ...answer.rejected.map((item) => item.op)]);
    this.edit((kept) => {
      for (const [number, { op }] of Object.entries(kept.picks)) if (done.has(op)) delete kept.picks[number];
    });
    this.dispatchEvent(new CustomEvent("answer", { detail: answer }));
  }

  async sendNote(number, { op, text, tags }) {
    let why = "";
    try {
      const url = this.boot.note.replace("/0/", `/${number}/`);
      await send(url, { method: "PUT", keepalive: true, json: { device: this.device, op, text, tags } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing || error.status === 401) throw error;
      why = error.message;
    }
    this.edit((kept) => { if (kept.notes[number]?.op === op) delete kept.notes[number]; });
    this.dispatchEvent(new CustomEvent("noted", { detail: { number, why } }));
  }

  failed(error) {
    this.tries += 1;
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401 || error.status === 403) {
      this.stopped = true;
      this.tell("session");
    } else if (!error.passing) {
      this.stopped = true; // nothing is thrown away: the next visit tries again
      this.tell("refused");
    }
  }
}

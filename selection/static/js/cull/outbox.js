/**
 * Marks on their way to the server: small batches, tried again for ever, kept on this computer until they arrived. Per
 * photograph the last value of each field, so a batch that arrives twice changes nothing.
 */

import { backoff } from "../lib/api.js";
import { post } from "../lib/api.js";

const PAUSE = 300;
const BATCH = 100;

export class Outbox extends EventTarget {
  /** @param {string} url @param {string} key where the waiting changes are kept */
  constructor(url, key) {
    super();
    this.url = url;
    this.key = `cull.${key}`;
    /** @type {Map<number, object>} */
    this.waiting = new Map(this.kept());
    this.tries = 0;
    this.state = "saved";
    addEventListener("online", () => this.now());
    addEventListener("beforeunload", (event) => { if (this.waiting.size && this.state !== "saving") event.preventDefault(); });
    addEventListener("pagehide", () => { if (this.waiting.size) this.flush(true); });
    if (this.waiting.size) this.soon();
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  keep() {
    try {
      if (this.waiting.size) localStorage.setItem(this.key, JSON.stringify([...this.waiting]));
      else localStorage.removeItem(this.key);
    } catch { /* a full or forbidden store: the page still holds them */ }
  }

  /** @param {number} number @param {object} change */
  put(number, change) {
    this.waiting.set(number, { ...this.waiting.get(number), ...change });
    this.keep();
    this.soon();
  }

  soon(wait = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
    if (this.state === "saved") this.say("saving");
  }

  /** A person asks for it. */
  now() {
    this.tries = 0;
    if (this.waiting.size) this.soon(0);
  }

  say(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, n: this.waiting.size } }));
  }

  async flush(leaving = false) {
    if (this.busy && !leaving) return;
    const batch = [...this.waiting].slice(0, BATCH);
    if (!batch.length) { this.say("saved"); return; }
    this.busy = true;
    if (this.tries === 0) this.say("saving");
    try {
      const marks = batch.map(([photo, change]) => ({ photo, ...change }));
      const answer = await post(this.url, { marks }, { keepalive: leaving });
      for (const [number, sent] of batch) if (this.waiting.get(number) === sent) this.waiting.delete(number);
      this.tries = 0;
      this.keep();
      this.dispatchEvent(new CustomEvent("answer", { detail: answer }));
    } catch (error) {
      this.tries += 1;
      this.say(error.passing ? "waiting" : "failed");
      if (error.passing) this.soon(backoff(Math.min(this.tries, 5)));
      return;
    } finally {
      this.busy = false;
    }
    if (this.waiting.size) this.soon(0);
    else this.say("saved");
  }
}

/**
 * Verdicts on their way to the server. Each is written to this phone first, sent when there is a connection, and
 * forgotten only when the server has answered. It names the version that was looked at, so it may arrive twice.
 */

import { ApiError } from "../lib/api.js";
import { backoff } from "../lib/api.js";
import { post } from "../lib/api.js";
import { drop } from "../portal/kept.js";
import { keys } from "../portal/kept.js";
import { read } from "../portal/kept.js";
import { write } from "../portal/kept.js";

/**
 * Events: `state` {waiting, why}; `answer` {acked: number[], refused: {photo, why, note}[]}.
 * @typedef {{version: number, v: string, note: string, at: number}} Verdict
 */
export class Queue extends EventTarget {
  /** @param {string} url @param {string} key whose verdicts: gallery and person */
  constructor(url, key) {
    super();
    this.url = url;
    this.prefix = `yl:verdict:${key}:`;
    this.tries = 0;
    this.why = "";
    for (const type of ["online", "pageshow"]) addEventListener(type, () => this.now());
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("offline", () => this.tell());
  }

  /** What waits: [photo, verdict], oldest first. @returns {[number, Verdict][]} */
  get waiting() {
    /** @type {[number, Verdict][]} */
    const found = keys(this.prefix).map((key) => [Number(key.slice(this.prefix.length)), JSON.parse(read(key) ?? "null")]);
    return found.filter(([, said]) => said).sort(([, a], [, b]) => a.at - b.at);
  }

  /** @param {number} photo @param {number} version @param {string} v @param {string} note */
  put(photo, version, v, note) {
    write(this.prefix + photo, JSON.stringify({ version, v, note, at: Date.now() }));
    this.tries = 0;
    return this.flush();
  }

  /** The network or the page is back. */
  now() {
    this.tries = 0;
    if (this.waiting.length) this.flush();
  }

  tell() {
    this.dispatchEvent(new CustomEvent("state", { detail: { waiting: this.waiting.length, why: this.why } }));
  }

  async flush() {
    if (this.busy) return;
    clearTimeout(this.timer);
    const sent = this.waiting.slice(0, 100);
    this.tell();
    if (!sent.length) return;
    this.busy = true;
    try {
      const verdicts = sent.map(([photo, said]) => ({ photo, ...said }));
      const answer = await post(this.url, { now: Date.now(), verdicts }, { keepalive: true });
      this.why = "";
      this.settle(sent, answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.tries += 1;
      if (!error.passing) this.why = error.status === 401 || error.status === 403 ? "session" : "refused";
      else this.timer = setTimeout(() => this.flush(), backoff(Math.min(this.tries, 6)));
    } finally {
      this.busy = false;
    }
    this.tell();
  }

  /** Forget what the server answered, unless something newer was said meanwhile. */
  settle(sent, { acked, refused }) {
    const said = new Map(sent);
    for (const photo of [...acked, ...refused.map((one) => one.photo)]) {
      if (JSON.parse(read(this.prefix + photo) ?? "null")?.at === said.get(photo)?.at) drop(this.prefix + photo);
    }
    const told = refused.map((one) => ({ ...one, note: said.get(one.photo)?.note ?? "" }));
    this.dispatchEvent(new CustomEvent("answer", { detail: { acked, refused: told } }));
  }
}

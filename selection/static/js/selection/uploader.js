/**
 * Hundreds of photographs straight to storage: checked (MD5) in a worker, announced in batches, five on the way at a
 * time, confirmed in batches. Nothing is lost: the server knows every announced file, so dropping the folder again after a
 * closed tab goes on where it stopped. Knows no document; the view listens to `onChange`.
 */

import { ApiError } from "../lib/api.js";
import { backoff } from "../lib/api.js";
import { post } from "../lib/api.js";
import { put } from "./transfer.js";

const AT_ONCE = 5;
const AHEAD = 60; // files announced but not yet sent
const SIGN_BATCH = 40;
const CONFIRM_BATCH = 25;
const CONFIRM_EVERY = 1500;
const TRIES = 6;

/**
 * @typedef {"waiting" | "hashing" | "signing" | "sending" | "retrying" | "checking" | "processing" | "done" | "there" | "refused" | "failed"} State
 * @typedef {{file: File, state: State, why: string, sent: number, tries: number, md5?: string, photo?: number, url?: string, headers?: any}} Row
 */
export const ENDED = new Set(["done", "there", "refused", "failed"]);
const SAFE = new Set([...ENDED, "processing"]); // the bytes are in storage, or will never be
const FOLLOW_EVERY = 4000; // when no poke comes

export class Uploader {
  /** @param {{sign: string, complete: string, worker: string, types: Set<string>, max: number, extra?: object, onChange: () => void}} options */
  constructor(options) {
    this.options = options;
    /** @type {Row[]} */
    this.rows = [];
    this.paused = false;
    this.stopper = new AbortController();
    this.worker = new Worker(options.worker);
    this.answers = new Map();
    this.worker.onmessage = ({ data }) => { this.answers.get(data.id)?.(data); this.answers.delete(data.id); };
    this.confirming = false;
    addEventListener("online", () => this.pump());
  }

  /** @param {File[]} files */
  add(files) {
    for (const file of files) this.rows.push(this.row(file));
    this.changed();
    this.pump();
  }

  row(file) {
    const ending = file.name.split(".").pop()?.toLowerCase() ?? "";
    const why = !this.options.types.has(ending) ? "not_an_image" : file.size > this.options.max ? "too_large" : "";
    return { file, state: why ? "refused" : "waiting", why, sent: 0, tries: 0 };
  }

  in(...states) {
    return this.rows.filter((row) => states.includes(row.state));
  }

  /** Something is still on its way to storage. */
  get active() {
    return this.rows.some((row) => !SAFE.has(row.state));
  }

  pause(on) {
    this.paused = on;
    this.changed();
    this.pump();
  }

  /** Stop what is on the way and forget what has not begun. */
  stop() {
    this.stopper.abort();
    this.stopper = new AbortController();
    this.rows = this.rows.filter((row) => SAFE.has(row.state) || row.state === "checking");
    this.changed();
  }

  /** Take what has ended off the list; what is in storage is processed all the same. */
  forget() {
    this.rows = this.rows.filter((row) => !SAFE.has(row.state));
    this.changed();
  }

  /** Give failed files another chance. */
  again() {
    for (const row of this.in("failed")) Object.assign(row, { state: "waiting", why: "", tries: 0, sent: 0, md5: undefined });
    this.changed();
    this.pump();
  }

  changed() {
    this.options.onChange();
  }

  set(row, state, why = "") {
    Object.assign(row, { state, why });
    this.changed();
  }

  /** Keep every step busy. Called after every change; each step guards itself. */
  pump() {
    if (this.paused || !navigator.onLine) return;
    this.hash();
    this.sign();
    while (this.in("sending").length < AT_ONCE) {
      const next = this.rows.find((row) => row.state === "signing" && row.url);
      if (!next) break;
      this.send(next);
    }
  }

  async hash() {
    if (this.hashing) return;
    const ahead = this.rows.filter((row) => row.md5 && !SAFE.has(row.state) && row.state !== "checking").length;
    const row = ahead < AHEAD ? this.rows.find((each) => each.state === "waiting" && !each.md5) : undefined;
    if (!row) return;
    this.hashing = true;
    this.set(row, "hashing");
    const id = this.rows.indexOf(row);
    const answer = await new Promise((resolve) => { this.answers.set(id, resolve); this.worker.postMessage({ id, file: row.file }); });
    this.hashing = false;
    row.md5 = answer.md5;
    if (answer.error) this.set(row, "failed", "changed");
    else this.set(row, "signing");
    this.pump();
  }

  async sign() {
    const fresh = this.rows.filter((row) => row.state === "signing" && !row.url).slice(0, SIGN_BATCH);
    const hungry = this.rows.filter((row) => row.url && (row.state === "signing" || row.state === "sending")).length < AT_ONCE;
    if (this.signing || !fresh.length || (fresh.length < SIGN_BATCH && this.hashing && !hungry)) return;
    this.signing = true;
    const files = fresh.map(({ file, md5 }) => ({ name: file.name, size: file.size, md5 }));
    const answer = await this.ask(this.options.sign, { files, ...this.options.extra });
    this.signing = false;
    if (!answer) return;
    answer.files.forEach((told, i) => {
      const row = fresh[i];
      row.photo = told.photo;
      if (told.status === "there") this.set(row, "there");
      else if (told.status === "refused") this.refuse(row, told.code);
      else Object.assign(row, { url: told.url, headers: told.headers });
    });
    this.changed();
    this.pump();
  }

  async send(row) {
    this.set(row, "sending");
    const { signal } = this.stopper;
    try {
      await put(row.url, row.headers, row.file, (sent) => { row.sent = sent; this.changed(); }, signal);
      row.sent = row.file.size;
      this.set(row, "checking");
      this.confirmSoon();
    } catch (error) {
      if (!signal.aborted) this.retry(row, error);
    }
    this.pump();
  }

  /** 400: other bytes than announced, so check again; 403: the address is too old, so sign again. */
  retry(row, error) {
    row.tries += 1;
    row.sent = 0;
    row.url = undefined;
    if (error.status === 400) row.md5 = undefined;
    if (row.tries >= TRIES) {
      this.set(row, "failed", "network");
      return;
    }
    this.set(row, "retrying");
    setTimeout(() => {
      if (row.state !== "retrying") return;
      this.set(row, row.md5 ? "signing" : "waiting");
      this.pump();
    }, backoff(row.tries));
  }

  confirmSoon() {
    if (this.in("checking").length >= CONFIRM_BATCH || !this.in("sending", "signing", "waiting", "hashing").length) this.confirm();
    else this.timer ??= setTimeout(() => this.confirm(), CONFIRM_EVERY);
  }

  async confirm() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = this.in("checking").slice(0, 100);
    if (this.confirming || !rows.length) return;
    this.confirming = true;
    const answer = await this.ask(this.options.complete, { photos: rows.map((row) => row.photo) });
    this.confirming = false;
    for (const told of answer?.photos ?? []) {
      const row = rows.find((each) => each.photo === told.photo);
      if (!row) continue;
      if (told.status === "missing") this.retry(row, { status: 0 });
      else this.settle(row, told);
    }
    this.confirmSoon();
    this.followSoon();
    this.pump();
  }

  settle(row, told) {
    if (told.status === "refused") this.refuse(row, told.code);
    else this.set(row, told.status === "received" ? "processing" : "done");
  }

  /** The same bytes twice in one drop: they are there. As another photograph's new file they are a mistake. */
  refuse(row, code) {
    if (code === "duplicate" && !this.options.extra) this.set(row, "there");
    else this.set(row, "refused", code);
  }

  /** Ask what became of the files that are being processed, `wait` from now at the latest. */
  followSoon(wait = FOLLOW_EVERY) {
    const at = performance.now() + wait;
    if (this.following && this.followAt <= at) return;
    clearTimeout(this.following);
    this.followAt = at;
    this.following = setTimeout(() => this.follow(), wait);
  }

  async follow() {
    this.following = undefined;
    const rows = this.in("processing").slice(0, 200);
    if (!rows.length) return;
    const answer = await post(this.options.complete, { photos: rows.map((row) => row.photo) }).catch(() => null);
    for (const told of answer?.photos ?? []) {
      const row = rows.find((each) => each.photo === told.photo);
      if (row && told.status !== "received" && told.status !== "missing") this.settle(row, told);
    }
    if (this.in("processing").length) this.followSoon();
  }

  /** Ask until it answers; a refusal of the whole batch fails its files. */
  async ask(url, json) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await post(url, json, { timeout: 60000 });
      } catch (error) {
        if (!(error instanceof ApiError) || !error.passing) {
          for (const row of this.in("signing", "checking")) this.set(row, "failed", error.data?.code ?? "network");
          return null;
        }
        await new Promise((resolve) => setTimeout(resolve, backoff(Math.min(tries, 6))));
      }
    }
  }
}

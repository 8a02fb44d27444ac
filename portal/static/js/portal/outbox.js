/** The gallery's taps on their way to the server: picks, then the placements that may depend on them, then notes. */

import { ApiError } from "../lib/api.js";
import { send } from "../lib/api.js";
import { read } from "./kept.js";
import { write } from "./kept.js";
import { Queue } from "./queue.js";

const DEVICE = "yl:device";
const MOST = 200;
const SLOT = 1e7; // a placement's key: slot and photograph as one number

/** A name for this browser, kept. */
function device() {
  let name = read(DEVICE);
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(15))].map((byte) => (byte % 36).toString(36)).join("");
    write(DEVICE, name);
  }
  return name;
}

/**
 * Events beside the queue's: `answer` (of the picks' POST), `placed` (of the placements'), `noted` {number, why},
 * `foreign` {number, value} (another tab of this browser said something).
 */
export class Outbox extends Queue {
  /** @param {{key: string, picks: string, placements: string, note: string}} boot */
  constructor(boot) {
    const picks = { prefix: `yl:pick:${boot.key}:`, send: (entries) => this.sendPicks(entries), heard: (id, { v }) => this.say("foreign", { number: Number(id), value: v }) };
    const places = { prefix: `yl:place:${boot.key}:`, send: (entries) => this.sendPlaces(entries) };
    const notes = { prefix: `yl:note:${boot.key}:`, send: (entries) => this.sendNotes(entries) };
    super(picks, places, notes);
    Object.assign(this, { boot, picks, places, notes, device: device(), most: MOST });
  }

  /** @param {string} type @param {object} detail */
  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Picks that the server has not confirmed: number → value. */
  pending() {
    return new Map(this.entries(this.picks).map(([number, { v }]) => [Number(number), v]));
  }

  /** Placements on their way: [slot, number, whether it is in]. @returns {[number, number, boolean][]} */
  placing() {
    return this.entries(this.places).map(([id, { v }]) => [Math.floor(Number(id) / SLOT), Number(id) % SLOT, v]);
  }

  pick(number, value) {
    this.put(this.picks, number, { v: value, at: Date.now() });
  }

  place(slot, number, isIn) {
    this.put(this.places, slot * SLOT + number, { v: isIn, at: Date.now() });
  }

  /** @param {number} number @param {{text: string, tags: string[], pins: object[]}} note */
  note(number, note) {
    this.put(this.notes, number, note);
  }

  /** A note still on its way. @param {number} number */
  noteOf(number) {
    return this.item(this.notes, number);
  }

  sendPicks(entries) {
    return this.sendTaps("answer", this.picks, this.boot.picks, entries, (id) => ({ photo: Number(id) }));
  }

  sendPlaces(entries) {
    return this.sendTaps("placed", this.places, this.boot.placements, entries, (id) => ({ photo: Number(id) % SLOT, slot: Math.floor(Number(id) / SLOT) }));
  }

  /** @param {string} type of the event that carries the answer @param {(id: string) => object} aboutOf */
  async sendTaps(type, lane, url, entries, aboutOf) {
    const sent = entries.slice(0, this.most);
    const ops = sent.map(([id, { op, v, at }]) => ({ op, ...aboutOf(id), v, at }));
    let answer;
    try {
      answer = await send(url, { method: "POST", keepalive: true, json: { device: this.device, now: Date.now(), ops } });
    } catch (error) {
      answer = this.malformed(error, ops);
    }
    if (!answer) return;
    const done = new Set([...answer.acked, ...answer.rejected.map(({ op }) => op)]);
    for (const [id, { op }] of sent) if (done.has(op)) this.done(lane, id, op);
    this.say(type, answer);
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

  async sendNotes(entries) {
    for (const [number, { op, text, tags, pins }] of entries) {
      let why = "";
      try {
        const url = this.boot.note.replace("/0/", `/${number}/`);
        await send(url, { method: "PUT", keepalive: true, json: { device: this.device, op, text, tags, pins } });
      } catch (error) {
        if (!(error instanceof ApiError) || error.passing || error.status === 401 || error.status === 403) throw error;
        why = error.message;
      }
      this.done(this.notes, number, op);
      this.say("noted", { number: Number(number), why });
    }
  }
}

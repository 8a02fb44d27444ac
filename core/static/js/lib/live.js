/**
 * Live pages: a socket brings pokes, HTTP brings data. Numbers per stream heal what was lost on the way.
 *
 * `connect(url, {onPoke, onCatchUp, onState, at})`
 *   onPoke(message)      something happened: {stream, type, seq, thread, subject}; `after`: it comes next upon that number
 *   onCatchUp(events)    pokes that were missed, oldest first, or null: load the whole part again
 *   onState(state, code) "connecting" | "online" | "offline"; code 4401 logged out (the page is loaded again), 4403/4404
 *                        not allowed: no more tries
 *   at                   {stream: [epoch, seq]} when the page was made, so that nothing falls between page and socket
 * Answers {close(), state(), seen(at)}. Every `data-live-state` (components/live.html) shows the state; `#offline` and
 * `[data-live-banner]` appear while the page may be out of date.
 */

import { $$ } from "./dom.js";

const FINAL = [4401, 4403, 4404];
const SILENCE = 40000; // the server speaks at least every 15 s
const ACK_EVERY = 32;
const GRACE = 1500; // a short break is nobody's business

/**
 * @typedef {{stream?: string, type: string, seq?: number, after?: number, epoch?: number, thread?: string, subject?: string}} Poke
 * @typedef {{onPoke?: (poke: Poke) => void, onCatchUp?: (events: Poke[] | null) => void,
 *            onState?: (state: string, code: number) => void, at?: Record<string, [number, number | string]>}} Options
 */

class Live {
  /** @param {string} url @param {Options} options */
  constructor(url, options) {
    this.url = new URL(url, location.href);
    this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.options = options;
    /** @type {Map<string, [number, number | string]>} */
    this.at = new Map(Object.entries(options.at ?? {}));
    /** @type {Map<string, number>} highest number heard while a catch-up was under way */
    this.asking = new Map();
    this.tries = 0;
    this.state = "";
    this.ended = false;
    this.wake = () => this.retryNow();
    this.cut = () => this.drop();
    addEventListener("offline", this.cut);
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  open() {
    clearTimeout(this.retryTimer);
    this.say("connecting");
    this.received = this.acked = 0;
    this.asking.clear();
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onmessage = (event) => { if (socket === this.socket) this.hear(JSON.parse(event.data)); };
    socket.onclose = (event) => { if (socket === this.socket) this.lost(event.code); };
    this.watch();
  }

  /** A silent socket is a dead one, whatever the browser believes. */
  watch() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.drop(), SILENCE);
  }

  drop() {
    this.socket?.close();
    this.lost(0);
  }

  hear(message) {
    this.watch();
    this.received += 1;
    if (message.at) {
      this.tries = 0;
      this.say("online");
      for (const [stream, position] of Object.entries(message.at)) this.compare(stream, position);
      this.acknowledge();
    } else if (message.type === "events" || message.type === "snapshot") this.caughtUp(message);
    else this.poked(message);
    if (this.received - this.acked >= ACK_EVERY) this.acknowledge();
  }

  acknowledge() {
    this.acked = this.received;
    this.send({ ack: this.received });
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Where the server says the stream stands. Unknown so far: the page is taken to be that new. */
  compare(stream, [epoch, seq]) {
    const known = this.at.get(stream);
    if (!known) this.at.set(stream, [epoch, seq]);
    else if (known[0] !== epoch || known[1] !== seq) {
      if (typeof seq === "number" && known[0] === epoch && typeof known[1] === "number" && known[1] > seq) return;
      this.ask(stream, typeof seq === "number" ? seq : 0);
    }
  }

  ask(stream, heard) {
    const asking = this.asking.has(stream);
    this.asking.set(stream, Math.max(heard, this.asking.get(stream) ?? 0));
    const [epoch, since] = this.at.get(stream) ?? [0, 0];
    if (!asking) this.send({ stream, since, epoch });
  }

  caughtUp({ type, stream, epoch, seq, events }) {
    const heard = this.asking.get(stream) ?? 0;
    this.asking.delete(stream);
    this.at.set(stream, [epoch, seq]);
    if (type === "snapshot") this.options.onCatchUp?.(null);
    else if (events.length) this.options.onCatchUp?.(events);
    if (typeof seq === "number" && heard > seq) this.ask(stream, heard);
  }

  /** @param {Poke} poke */
  poked(poke) {
    const { stream = "", seq = 0, epoch = 0 } = poke;
    const known = this.at.get(stream);
    if (!seq || !known || typeof known[1] !== "number") {
      if (seq) this.at.set(stream, [epoch, seq]);
      this.options.onPoke?.(poke);
    } else if (known[0] === epoch && seq <= known[1]) return;
    else if (known[0] === epoch && (poke.after ?? seq - 1) <= known[1] && !this.asking.has(stream)) {
      this.at.set(stream, [epoch, seq]);
      this.options.onPoke?.(poke);
    } else this.ask(stream, seq);
  }

  /** @param {number} code why the socket went; 0: by our own hand */
  lost(code) {
    clearTimeout(this.silence);
    clearTimeout(this.retryTimer);
    this.socket = undefined;
    if (this.ended) return;
    this.say("offline", code);
    if (FINAL.includes(code)) {
      this.close();
      if (code === 4401) location.reload(); // somebody ended this login: what is shown goes, the login page comes
      return;
    }
    const wait = Math.min(30000, 1000 * 2 ** this.tries);
    this.tries += 1;
    this.retryTimer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  /** The network or the page is back: do not wait for the timer. */
  retryNow() {
    if (this.ended || this.socket || document.visibilityState === "hidden") return;
    this.open();
  }

  say(state, code = 0) {
    if (state === this.state || (state === "connecting" && this.state === "offline")) return;
    this.state = state;
    clearTimeout(this.showTimer);
    if (state === "online") this.show();
    else this.showTimer = setTimeout(() => this.show(), GRACE);
    this.options.onState?.(state, code);
  }

  show() {
    const on = this.state === "online";
    for (const place of $$("[data-live-state]")) place.setAttribute("data-live-state", on ? "on" : "off");
    for (const word of $$("[data-live-word]")) word.textContent = (on ? word.dataset.on : word.dataset.off) ?? "";
    for (const banner of $$("#offline, [data-live-banner]")) banner.hidden = on;
  }

  /** The page has just been loaded again and shows these positions. @param {Record<string, [number, number | string]>} at */
  seen(at) {
    for (const [stream, position] of Object.entries(at)) this.at.set(stream, position);
  }

  close() {
    this.ended = true;
    clearTimeout(this.retryTimer);
    clearTimeout(this.silence);
    removeEventListener("offline", this.cut);
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }
}

/** @param {string} url @param {Options} [options] */
export function connect(url, options = {}) {
  const live = new Live(url, options);
  return { close: () => live.close(), state: () => live.state, seen: (at) => live.seen(at) };
}

/** Saying something of a photograph: outbox first, then the screen, then an offer to take it back. */

import { t } from "../lib/i18n.js";

const SAID = { yes: "nowYes", maybe: "nowMaybe", no: "nowNo", "": "nowNone" };
const WHY = { locked: "locked", limit: "limit", full: "slotFull", gone: "gone", older: "older", viewer: "viewer", batch: "batch" };

/** A toast; their module is not part of the first screen. @param {string} text @param {object} options */
export const tell = (text, options) => import("../lib/toast.js").then(({ toast }) => toast(text, options), () => {});

/** Events: `said` {text} after each step that can be undone, `undone`, `astray` when the server knows more than we. */
export class Choosing extends EventTarget {
  /** @param {import("./store.js").Store} store @param {import("./outbox.js").Outbox} outbox */
  constructor(store, outbox) {
    super();
    this.store = store;
    this.outbox = outbox;
    outbox.addEventListener("answer", (event) => this.settle(event.detail));
    outbox.addEventListener("placed", (event) => this.settlePlaced(event.detail));
    outbox.addEventListener("foreign", ({ detail }) => store.say(detail.number, detail.value, { remember: false }));
  }

  /** Say it, or take it back when it was said before. @param {number} number @param {import("./store.js").Value} value */
  toggle(number, value) {
    return this.say(number, this.store.value(number) === value ? "" : value);
  }

  /** Answers whether it counts. @param {number} number @param {import("./store.js").Value} value */
  say(number, value) {
    const { store } = this;
    const price = value === "yes" ? store.priceOf(number) : 0;
    if (!this.set(number, value, true)) return false;
    const text = price ? t("nowExtra", { number, price: store.price(price) }) : t(SAID[value], { number });
    this.dispatchEvent(new CustomEvent("said", { detail: { text } }));
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(value ? 8 : 4);
    return true;
  }

  set(number, value, remember) {
    const { store } = this;
    if (!store.open) return this.refuse(store.shut);
    if (value === "yes" && store.value(number) !== "yes" && store.full) return this.refuse("limit");
    if (value !== "yes" && store.signed.has(number)) return this.refuse("batch"); // with its places in album and frames
    this.outbox.pick(number, value);
    if (value !== "yes") for (const slot of store.slots.of(number)) this.outbox.place(slot, number, false);
    store.say(number, value, { remember });
    return true;
  }

  /** Put a photograph into a slot, or take it out; one that is not selected is selected. @param {number} slot @param {number} number */
  place(slot, number) {
    const { store } = this;
    const isIn = !store.slots.has(slot, number);
    if (!store.open) return this.refuse(store.shut);
    if (isIn && store.slots.full(slot)) return this.refuse("full");
    if (isIn && store.value(number) !== "yes" && !this.set(number, "yes", true)) return false;
    this.outbox.place(slot, number, isIn);
    store.place(slot, number, isIn);
    return true;
  }

  refuse(why) {
    tell(t(WHY[why]), { tone: "warn", key: "refused" });
    return false;
  }

  /** Take a step back, by default the last one; later steps stay. @param {import("./store.js").Step} [step] */
  undo(step = this.store.history[this.store.history.length - 1]) {
    if (!step) return;
    const parts = [step, ...(step.also ?? [])].sort((a, b) => Number(a.from === "yes") - Number(b.from === "yes")); // room is made before it is taken
    if (!parts.every((part) => this.restore(part))) return;
    this.store.history = this.store.history.filter((each) => each !== step);
    this.store.changed(step.number);
    this.dispatchEvent(new CustomEvent("undone", { detail: { number: step.number } }));
  }

  /** @param {import("./store.js").Step} step */
  restore({ number, from, slots }) {
    if (!this.set(number, from, false)) return false;
    if (from === "yes") for (const slot of slots) if (!this.store.slots.full(slot)) this.place(slot, number);
    return true;
  }

  /** The server's answer: what it rejected shows what counts instead, and why. */
  settle({ rev, rejected, counts }) {
    const { store } = this;
    const pending = this.outbox.pending();
    store.rev = Math.max(store.rev, rev);
    for (const { photo, why, v } of rejected) {
      if (pending.has(photo)) continue;
      store.put(photo, v);
      store.forget(photo);
      store.changed(photo);
      tell(t(WHY[why] ?? "gone"), { tone: "warn", key: `rejected-${why}` });
    }
    const same = !counts || ["yes", "maybe", "no"].every((name) => counts[name] === store.counts[name]);
    if (!pending.size && (!same || rejected.some(({ why }) => why === "gone" || why === "locked" || why === "viewer"))) this.dispatchEvent(new Event("astray"));
  }

  /** The same for slots. */
  settlePlaced({ rev, rejected, counts }) {
    const { store } = this;
    store.rev = Math.max(store.rev, rev ?? 0);
    for (const { photo, slot, why, v } of rejected) {
      store.place(slot, photo, v);
      tell(t(WHY[why === "limit" ? "full" : why] ?? "gone"), { tone: "warn", key: `rejected-${why}` });
    }
    if (!this.outbox.waiting && counts && counts.extra_total_minor !== store.counts.total) this.dispatchEvent(new Event("astray"));
  }
}

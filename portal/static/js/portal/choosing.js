/** Saying something of a photograph: outbox first, then the screen, then a word about it with an undo. */

import { undoable } from "../lib/toast.js";
import { toast } from "../lib/toast.js";
import { t } from "../lib/i18n.js";

const SAID = { yes: "nowYes", maybe: "nowMaybe", no: "nowNo", "": "nowNone" };
const WHY = { locked: "locked", limit: "limit", gone: "gone", older: "older" };

export class Choosing {
  /** @param {import("./store.js").Store} store @param {import("./outbox.js").Outbox} outbox */
  constructor(store, outbox) {
    this.store = store;
    this.outbox = outbox;
    outbox.addEventListener("answer", (event) => this.settle(event.detail));
  }

  /** Say it, or take it back when it was said before. Answers whether it counts. */
  toggle(number, value) {
    return this.say(number, this.store.value(number) === value ? "" : value);
  }

  say(number, value, { quiet = false } = {}) {
    const { store } = this;
    if (!store.open) return this.refuse("locked");
    if (value === "yes" && store.value(number) !== "yes" && store.full) return this.refuse("limit");
    const price = value === "yes" ? store.nextPrice : 0;
    this.outbox.pick(number, value);
    store.say(number, value, { remember: !quiet });
    if (!quiet) {
      const text = price ? t("nowExtra", { number, price: store.price(price) }) : t(SAID[value], { number });
      this.last?.close();
      this.last = undoable(text, () => this.undo());
    }
    return true;
  }

  refuse(why) {
    toast(t(WHY[why]), { tone: "warn", key: "refused" });
    return false;
  }

  /** Take the last step back. */
  undo() {
    const step = this.store.history.pop();
    if (!step) return;
    this.last?.close();
    this.say(step.number, step.from, { quiet: true });
  }

  /** Go back to before a step of the history (0 = oldest). */
  undoTo(index) {
    while (this.store.history.length > index) this.undo();
  }

  /** The server's answer: what it rejected shows what counts instead, and why. */
  settle({ rejected }) {
    const pending = this.outbox.pending();
    for (const { photo, why, v } of rejected) {
      if (pending.has(photo)) continue;
      this.store.put(photo, v);
      this.store.changed(photo);
      toast(t(WHY[why] ?? "gone"), { tone: "warn", key: `rejected-${why}` });
    }
  }
}

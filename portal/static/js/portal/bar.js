/** The bars around the grid: counter, price before the tap, filters' counts, what is saved. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

/** What the next tap costs, as a sentence. @param {import("./store.js").Store} store */
export function priceLine(store) {
  const { rules, counts } = store;
  const price = store.price(rules.extra_minor);
  if (counts.extra) return t("over", { n: counts.extra, price, total: store.price(counts.total) });
  if (store.full) return t("hardFull", { n: rules.included });
  if (counts.yes >= rules.included) return t("next", { price });
  return t("free", { n: rules.included - counts.yes, price });
}

export class Bar {
  /** @param {import("./store.js").Store} store @param {import("./outbox.js").Outbox} outbox */
  constructor(store, outbox) {
    this.store = store;
    store.addEventListener("change", () => this.soon());
    outbox.addEventListener("state", (event) => this.sync(event.detail));
    this.sync({ waiting: outbox.waiting, busy: false, tries: 0, state: "" });
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.draw(); });
  }

  draw() {
    const { store } = this;
    const { counts, rules } = store;
    $("[data-chosen]").textContent = t("chosen", { yes: counts.yes, included: rules.included });
    $("[data-rest]").textContent = t("rest", { maybe: counts.maybe, left: counts.left });
    $("[data-price]").textContent = priceLine(store);
    $("#counter").classList.toggle("is-over", counts.extra > 0);
    $("#meter").value = Math.min(counts.yes, rules.included);
    for (const node of $$("[data-count]")) node.textContent = String(counts[node.dataset.count]);
  }

  sync({ waiting, busy, tries, state }) {
    const node = $("#sync");
    let text = t("saved");
    if (state === "session") text = t("session");
    else if (waiting && (tries || !navigator.onLine)) text = t("waiting", { n: waiting });
    else if (waiting || busy) text = t("saving");
    if (node.textContent !== text) node.textContent = text;
    node.classList.toggle("is-waiting", Boolean(waiting && (tries || !navigator.onLine)));
  }
}

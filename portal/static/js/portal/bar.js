/** The bars around the grid: counter, the price before the tap that causes it, filters' counts, what is saved, undo. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { debounce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const UNDO_MS = 5000;

/** What costs extra so far and what for, then what the next tap costs: parts of a line. @param {import("./store.js").Store} store */
export function priceLine(store) {
  const { rules, counts } = store;
  const price = store.price(store.nextPrice || rules.extra_minor);
  if (counts.also || counts.retouched !== counts.extra * rules.extra_minor) {
    const then = store.full ? [] : [t(store.spent ? "billNext" : "billLeft", { n: rules.included - counts.yes, price })];
    return [...items(store), ...then].join(" · ");
  }
  if (store.full) return t("hardFull", { n: rules.included });
  if (counts.extra) return t("over", { n: counts.extra, price, total: store.price(counts.total) });
  if (store.spent) return t("next", { price });
  return t(rules.hard ? "freeOnly" : "free", { n: rules.included - counts.yes, price });
}

/** What already stands there costs no layout. @param {HTMLElement} node @param {string} text */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The bill in few words, and its sum when there are several lines. @param {import("./store.js").Store} store @returns {string[]} */
function items(store) {
  const { counts, slots } = store;
  const also = [...slots.costs, [t("billOriginals"), store.rest]].filter(([, cost]) => cost).map(([name, cost]) => `${name} ${store.price(cost)}`);
  if (counts.retouched) also.unshift(t("billExtras", { n: counts.extra, total: store.price(counts.retouched) }));
  return also.length > 1 ? [...also, t("billTotal", { total: store.price(counts.total) })] : also;
}

export class Bar {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./outbox.js").Outbox} outbox
   * @param {import("./choosing.js").Choosing} choosing
   */
  constructor(store, outbox, choosing) {
    this.store = store;
    this.undo = $("#undo");
    this.tell = debounce(() => announce(`${this.chosen()}. ${priceLine(store)}`), 1000);
    store.addEventListener("change", () => this.soon());
    outbox.addEventListener("state", (event) => this.sync(event.detail));
    choosing.addEventListener("said", (event) => this.offer(event.detail.text));
    choosing.addEventListener("undone", () => this.hide());
    $("button", this.undo).addEventListener("click", () => choosing.undo());
    const { waiting, busy, tries, why } = outbox;
    this.sync({ waiting, busy, tries, why });
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.draw(); });
  }

  chosen() {
    return t("chosen", { yes: this.store.counts.yes, included: this.store.rules.included });
  }

  draw() {
    const { store } = this;
    const { counts, rules } = store;
    for (const node of $$("[data-count]")) say(node, String(counts[node.dataset.count]));
    if (!$("#meter")) return; // somebody who only looks is not told what others pay
    const price = priceLine(store);
    say($("[data-chosen]"), this.chosen());
    say($("[data-undecided]"), t("undecided", { n: counts.maybe }));
    if (store.open && price !== this.price) $("#price").replaceChildren(...price.split(" · ").map((text) => el("span", { text }))); // a line breaks between them
    this.price = price;
    $("#counter").classList.toggle("is-over", (store.spent || counts.also > 0) && store.open);
    $("#meter").value = Math.min(counts.yes, rules.included);
  }

  /** The step can be taken back here for a few seconds, and later in the list of last steps. @param {string} text */
  offer(text) {
    clearTimeout(this.timer);
    $("span", this.undo).textContent = text;
    this.undo.hidden = false;
    this.timer = setTimeout(() => this.hide(), UNDO_MS);
    this.tell();
  }

  hide() {
    if (this.undo.contains(document.activeElement)) document.getElementById("grid").querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
    this.undo.hidden = true;
  }

  sync({ waiting, busy, tries, why }) {
    const node = $("#sync");
    if (!node) return;
    const away = Boolean(waiting && (tries || !navigator.onLine));
    let text = t("saved");
    if (why && waiting) text = t(why === "session" ? "session" : "refused", { n: waiting });
    else if (away) text = t("waiting", { n: waiting });
    else if (waiting || busy) text = t("saving");
    say(node, text);
    node.classList.toggle("is-waiting", away || Boolean(why && waiting));
  }
}

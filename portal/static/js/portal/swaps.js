/** One line under the price while something is extra: what could be given back. The server says it, once it knows all taps. */

import { send } from "../lib/api.js";
import { $ } from "../lib/dom.js";
import { debounce } from "../lib/dom.js";

let known = false;

/** @param {any} gallery what gallery.js offers */
export default function swaps({ boot, store, outbox }) {
  const line = $("#swap");
  if (known || !line) return;
  known = true;
  const ask = debounce(async () => {
    const wanted = store.open && store.counts.extra > 0 && !store.rules.muted;
    if (wanted && (outbox.waiting || outbox.busy)) return; // asked again when they have arrived
    try {
      line.textContent = wanted ? await send(boot.swaps) : "";
    } catch {
      line.textContent = ""; // advice of before would be wrong now
    }
    line.hidden = !line.textContent;
  }, 300);
  store.addEventListener("change", ask);
  outbox.addEventListener("state", ask);
  ask();
}

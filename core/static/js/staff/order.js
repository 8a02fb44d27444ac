/** The order page: when somebody changes the order, its parts are fetched again; what is being typed is never touched. */

import { $ } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { debounce } from "../lib/dom.js";

const page = /** @type {HTMLElement} */ ($("[data-order]"));
let typed = false;

/** Whether the stage's forms hold something unsaved or are being used. */
const busy = () => typed || Boolean($("#stage")?.contains(document.activeElement));

const refresh = debounce(() => {
  const url = new URL(page.dataset.live ?? "", location.href);
  if (!busy()) url.searchParams.set("panel", "1");
  /** @type {any} */ (window).htmx.ajax("GET", url.href, { target: page, swap: "none" });
  document.body.dispatchEvent(new CustomEvent("order:changed"));
}, 80);

document.addEventListener("input", (event) => {
  if (event.target instanceof Element && event.target.closest("#stage")) typed = true;
});

connect(page.dataset.socket ?? "", { onPoke: refresh, onCatchUp: refresh });

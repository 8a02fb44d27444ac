/** The customer's album stays right by itself; on a spread: pins by a tap, swiping, the large view, words kept offline. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { connect } from "../lib/live.js";
import { startKeeping } from "./keep.js";
import { startStage } from "./stage.js";

const region = /** @type {HTMLElement} */ ($("[data-album]"));
const isSpread = "spread" in region.dataset;

/** Whether somebody is writing: then nothing is taken from under their fingers; the server checks what they send. */
const typed = () => $$("form[method=post] :is(input[type=text], input:not([type]), textarea)").some((field) => field.value !== field.defaultValue);

async function reload() {
  if (typed() || document.querySelector(".pswp")) return;
  if (isSpread) {
    location.reload();
    return;
  }
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer) return;
  if (answer.redirected || answer.status === 404) location.reload();
  if (!answer.ok || typed()) return;
  const before = region.innerText;
  region.innerHTML = await answer.text();
  if (region.innerText !== before) announce(t("updated"));
}

let timer = 0;
const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(reload, 300);
};

connect(region.dataset.socket ?? "", {
  at: JSON.parse(region.dataset.at ?? "{}"),
  onPoke: ({ type }) => {
    if (/^(album\.(sent|returned|approved|waived)|selection|gallery)\b/.test(type) || (type.startsWith("album.") && !isSpread)) soon();
  },
  onCatchUp: () => { if (!isSpread) soon(); },
});

if (isSpread) {
  startStage(region);
  startKeeping();
}

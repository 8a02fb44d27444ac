/** The customer's round stays right by itself: another person's word, the studio's next round, an offer. */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { connect } from "../lib/live.js";
import { startCompare } from "../lib/compare.js";
import { startVerdicts } from "./verdicts.js";

const region = /** @type {HTMLElement} */ ($("[data-proofs]"));
const isPhoto = "photo" in region.dataset;
startCompare(region);

/** Whether somebody is writing: then nothing is taken from under their fingers; the server checks what they send. */
const typed = () => [...document.querySelectorAll("form[method=post] :is(input[type=text], input:not([type]), textarea)")].some((field) => field.value !== field.defaultValue);

async function reload() {
  if (typed()) return;
  if (isPhoto) {
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
    if (/^(round|retouch|selection|gallery)\./.test(type) || (type === "final.judged" && !isPhoto)) soon();
  },
  onCatchUp: () => { if (!isPhoto) soon(); },
});
startVerdicts(region, () => { if (!isPhoto) soon(); });

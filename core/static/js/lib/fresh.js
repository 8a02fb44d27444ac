/** A customer's page that stays right by itself: its region is asked for again when its gallery's stream says so. */

import { $$ } from "./dom.js";
import { announce } from "./dom.js";
import { t } from "./i18n.js";
import { connect } from "./live.js";

const PAUSE = 300;

/** Whether somebody is writing: then nothing is taken from under their fingers; the server checks what they send. */
const typed = () => $$("form[method=post] :is(input[type=text], input:not([type]), textarea)").some((field) => field.value !== field.defaultValue);

/**
 * Answers a function that asks for the region soon. `minds(type)` says which pokes matter; `whole`: the page is loaded
 * again instead of its region, and only for a poke.
 * @param {HTMLElement} region with `data-socket` and `data-at`
 * @param {{minds: (type: string) => boolean, whole?: boolean}} how
 */
export function keepFresh(region, { minds, whole = false }) {
  let timer = 0;

  async function reload() {
    if (typed() || document.querySelector(".pswp")) return;
    if (whole) {
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

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(reload, PAUSE);
  }

  connect(region.dataset.socket ?? "", {
    at: JSON.parse(region.dataset.at ?? "{}"),
    onPoke: ({ type }) => { if (minds(type)) soon(); },
    onCatchUp: () => { if (!whole) soon(); },
  });
  return soon;
}

/** The order page stays right by itself: a poke, and the changing part is loaded again. */

import { announce } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { connect } from "../lib/live.js";

const region = document.querySelector("[data-order]");
const position = () => JSON.parse(region.querySelector("[data-position]")?.dataset.position ?? "{}");

async function reload() {
  const answer = await fetch(region.dataset.url, { headers: { "HX-Request": "true" }, credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer) return;
  if (answer.redirected || answer.status === 404) {
    location.reload();
    return;
  }
  if (!answer.ok) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const before = region.innerText;
  const focused = region.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
  region.replaceChildren(fresh.content);
  if (focused) region.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  live.seen(position());
  if (region.innerText !== before) announce(t("updated"));
}

let timer = 0;
let loaded = 0;
let gap = 400;

/** At once; in a stream of pokes (a thousand photos arriving) ever more rarely, down to every five seconds. */
function soon() {
  const now = Date.now();
  gap = now - loaded > 2 * gap ? 400 : Math.min(gap * 1.5, 5000);
  clearTimeout(timer);
  timer = setTimeout(() => { loaded = Date.now(); reload(); }, Math.max(0, loaded + gap - now));
}

const live = connect(region.dataset.socket, {
  at: position(),
  onPoke: soon,
  onCatchUp: soon,
});

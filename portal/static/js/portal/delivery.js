/** The customer's photographs: the packed download appears when it is ready, and what was granted meanwhile. */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { connect } from "../lib/live.js";

const region = /** @type {HTMLElement} */ ($("[data-delivery]"));
const OLD = 3 * 3600 * 1000; // the addresses on the page live four hours
const born = Date.now();

async function reload() {
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer) return;
  if (answer.redirected || answer.status === 404 || answer.status === 410) location.reload();
  if (!answer.ok) return;
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
  onPoke: ({ type }) => { if (/^(gallery|files|delivery|story|download)\./.test(type)) soon(); },
  onCatchUp: soon,
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - born > OLD) location.reload(); });

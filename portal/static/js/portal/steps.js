/** The last steps on this phone, newest first; each can be taken back by itself. They outlive the page. */

import { $ } from "../lib/dom.js";
import { debounce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { start } from "../lib/dialog.js";
import { t } from "../lib/i18n.js";
import { read } from "./kept.js";
import { write } from "./kept.js";

start();

const WORDS = { yes: "wordYes", maybe: "wordMaybe", no: "wordNo", "": "wordNone" };
let known = false;

/** Steps of earlier visits come first; from now on each change is kept. @param {any} gallery */
function remember({ boot, store }) {
  if (known) return;
  known = true;
  const key = `yl:steps:${boot.key}`;
  try {
    const before = JSON.parse(read(key) ?? "[]");
    store.history = [...before.filter(({ number }) => store.places.has(number)), ...store.history];
  } catch { /* a fresh start */ }
  const keep = () => write(key, JSON.stringify(store.history));
  store.addEventListener("change", debounce(keep, 500));
  addEventListener("pagehide", keep);
}

/** @param {any} boot @param {any} gallery */
export const prepare = (boot, gallery) => remember(gallery);

/** @param {any} gallery what gallery.js offers */
export default function steps(gallery) {
  remember(gallery);
  const dialog = /** @type {HTMLDialogElement} */ ($("#steps"));
  draw(gallery);
  open(dialog);
}

function draw({ store, choosing }) {
  const rows = [...store.history].reverse().map((step) => {
    const again = () => { choosing.undo(step); draw({ store, choosing }); };
    const { number, also } = step;
    const [width, height] = store.size(number, 400);
    const said = also ? t("keptStep", { n: also.length }) : t("fromTo", { from: t(WORDS[step.from]), to: t(WORDS[step.to]) });
    return el("li", { class: "step" },
      el("img", { src: store.src(number, "t"), width, height, alt: "", decoding: "async", loading: "lazy" }),
      el("span", {}, el("strong", { text: t("photo", { number }) }), el("span", { class: "muted small", text: said })),
      el("button", { type: "button", class: "btn", disabled: !store.open, "aria-label": t("undoPhoto", { number }), onclick: again, text: t("undo") }));
  });
  $("#steps-list").replaceChildren(...rows);
  $("#steps-none").hidden = rows.length > 0;
}

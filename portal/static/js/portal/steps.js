/** The last twenty steps, newest first; each can be taken back by itself. */

import "../lib/shell.js";
import { $ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { t } from "../lib/i18n.js";

const WORDS = { yes: "wordYes", maybe: "wordMaybe", no: "wordNo", "": "wordNone" };

/** @param {any} gallery what gallery.js offers */
export function steps(gallery) {
  const dialog = /** @type {HTMLDialogElement} */ ($("#steps"));
  draw(gallery);
  open(dialog);
}

function draw({ store, choosing }) {
  const rows = [...store.history].reverse().map((step) => {
    const [width, height] = store.size(step.number, 400);
    const again = () => { choosing.undo(step); draw({ store, choosing }); };
    const number = step.number;
    return el("li", { class: "step" },
      el("img", { src: store.src(number, "t"), width, height, alt: "", decoding: "async" }),
      el("span", {}, el("strong", { text: t("photo", { number }) }), el("span", { class: "muted small", text: t("fromTo", { from: t(WORDS[step.from]), to: t(WORDS[step.to]) }) })),
      el("button", { type: "button", class: "btn", disabled: !store.open, "aria-label": t("undoPhoto", { number }), onclick: again, text: t("undo") }));
  });
  $("#steps-list").replaceChildren(...rows);
  $("#steps-none").hidden = rows.length > 0;
}

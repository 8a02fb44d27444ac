/** What the studio recommends, explained, with the switch that hides all of it. */

import { $ } from "../lib/dom.js";
import { close } from "../lib/dialog.js";
import { open } from "../lib/dialog.js";
import { start } from "../lib/dialog.js";
import { send } from "../lib/api.js";
import { toast } from "../lib/toast.js";
import { t } from "../lib/i18n.js";

start();

let wired = false;

/** @param {any} gallery what gallery.js offers */
export default function recommended(gallery) {
  const dialog = /** @type {HTMLDialogElement} */ ($("#recommended"));
  $("details.menu[open]")?.removeAttribute("open");
  if (!wired) $("[data-mute]", dialog).addEventListener("click", () => mute(gallery, dialog));
  wired = true;
  draw(gallery.store, dialog);
  open(dialog);
}

function draw({ rules }, dialog) {
  for (const node of dialog.querySelectorAll("[data-when]")) node.hidden = (node.dataset.when === "muted") !== Boolean(rules.muted);
}

async function mute(gallery, dialog) {
  const muted = !gallery.store.rules.muted;
  try {
    await send(gallery.boot.suggestions, { method: "PUT", json: { muted } });
  } catch (error) {
    toast(error.message, { tone: "warn", key: "muted" });
    return;
  }
  close(dialog);
  await gallery.load();
  $("[data-filter=rec]").hidden = !gallery.store.counts.rec;
  if (muted && gallery.view.filter === "rec") gallery.view.choose("all");
  toast(t(muted ? "muted" : "unmuted"), { tone: "info", key: "muted" });
}

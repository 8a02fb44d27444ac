/** The gallery desk: uploads, the customer's picks as they happen, photographs in and out of the bin. */

import { $ } from "../lib/dom.js";
import { dialogById } from "../lib/dialog.js";
import { close } from "../lib/dialog.js";
import { on } from "../lib/dom.js";
import { post } from "../lib/api.js";
import { connect } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { Parts } from "./parts.js";
import { startUploads } from "./uploadview.js";
import "./replace.js";

const desk = /** @type {HTMLElement} */ ($("[data-desk]"));
const picks = new Parts(() => desk.dataset.live ?? "", 150);
const wall = new Parts(() => `?${$("#wall")?.dataset.query || "show=all"}`, 1500);

function refresh() {
  document.dispatchEvent(new Event("desk:moved"));
  picks.soon();
  wall.soon();
}

const SWARM = new Set(["photo.ready", "photo.refused", "photos.received"]); // a thousand in a row while uploads are processed
const CALM = 1500;
let calm = 0;

/** @param {{type?: string}} [poke] */
function heard(poke) {
  if (!poke?.type || !SWARM.has(poke.type)) refresh();
  else calm ||= setTimeout(() => { calm = 0; refresh(); }, CALM);
}

const position = JSON.parse($("#desk-position")?.textContent || "{}");
connect(desk.dataset.socket ?? "", { at: position, onPoke: heard, onCatchUp: refresh });

const uploader = $("[data-uploader]");
if (uploader) startUploads(uploader);
document.addEventListener("uploads:ended", refresh);

const address = (number, verb) => (desk.dataset.photo ?? "").replace(/0\/$/, `${number}/${verb}/`);

/** @param {number} number */
async function restore(number) {
  try {
    await post(address(number, "restoration"), undefined, { headers: { "HX-Request": "true" } });
    toast(t("photo_restored", { n: number }));
  } catch (error) {
    toast(error.message, { tone: "bad" });
  }
  refresh();
}

document.body.addEventListener("photo:removed", (event) => {
  const { number } = /** @type {CustomEvent} */ (event).detail;
  const dialog = dialogById("photo");
  if (dialog) close(dialog);
  toast(t("photo_removed", { n: number }), { action: { label: t("undo"), run: () => restore(number) } });
  refresh();
});

on(document, "click", "[data-copy]", async (_event, button) => {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.copy ?? ""));
  field.select();
  await navigator.clipboard?.writeText(field.value).catch(() => document.execCommand("copy"));
  toast(t("link_copied"));
});

document.addEventListener("keydown", (event) => {
  const near = $("[data-near]");
  if (!near?.closest("dialog[open]") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  $(`[rel=${event.key === "ArrowLeft" ? "prev" : "next"}]`, near)?.click();
});

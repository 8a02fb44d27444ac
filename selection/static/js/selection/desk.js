/** The gallery desk: uploads, the customer's picks as they happen, photographs in and out of the bin. */

import { $ } from "../lib/dom.js";
import { dialogById } from "../lib/dialog.js";
import { close } from "../lib/dialog.js";
import { on } from "../lib/dom.js";
import { post } from "../lib/api.js";
import { connect } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { startUploads } from "./uploadview.js";

const desk = /** @type {HTMLElement} */ ($("[data-desk]"));
const PAUSE = 400; // between two refreshes while a thousand photographs become ready
let fetching = false;
let again = false;

/** Fetch the live parts: at once, and at most one more after what happened meanwhile. */
async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  const query = $("#wall")?.dataset.query;
  await /** @type {any} */ (window).htmx.ajax("GET", `${desk.dataset.live}${query ? `?${query}` : ""}`, { target: desk, swap: "none" }).catch(() => {});
  setTimeout(() => {
    fetching = false;
    if (again) {
      again = false;
      refresh();
    }
  }, PAUSE);
}

/** An open menu in a part that is about to be replaced stays as it is: the person is using it. */
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const target = /** @type {CustomEvent} */ (event).detail.target;
  if (target.querySelector("details[open]") || target.querySelector("form:focus-within")) event.preventDefault();
});

const position = JSON.parse($("#desk-position")?.textContent || "{}");
connect(desk.dataset.socket ?? "", { at: position, onPoke: refresh, onCatchUp: refresh });

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

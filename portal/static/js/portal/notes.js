/** A wish for the retoucher: chips, words, pins, through the outbox. What was typed and not saved waits in the sheet. */

import "../lib/shell.js";
import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { send } from "../lib/api.js";
import { toast } from "../lib/toast.js";
import { t } from "../lib/i18n.js";
import { Pins } from "./pins.js";
import { style } from "./style.js";

/** @typedef {{text: string, tags: string[], pins?: import("./pins.js").Pin[]}} Note */
/** @type {Map<number, Note>} */
const drafts = new Map();
/** @type {Pins | undefined} */
let pins;

/** @param {any} boot */
export const prepare = (boot) => style(boot.modules.triageCss);

/** @param {any} gallery what gallery.js offers @param {number} number */
export default async function ask(gallery, number) {
  const dialog = /** @type {HTMLDialogElement} */ ($("#note"));
  const { store, outbox } = gallery;
  await prepare(gallery.boot);
  if (!pins) wire(gallery, dialog);
  const saved = outbox.noteOf(number) ?? (store.noted.has(number) ? await fetched(gallery, number) : null);
  if (!saved && store.noted.has(number)) return; // told why
  const note = drafts.get(number) ?? saved ?? { text: "", tags: [] };
  fill(dialog, note);
  pins.show(store, number, note.pins ?? []);
  dialog.dataset.about = String(number);
  dialog.returnValue = "";
  $("[data-photo]", dialog).textContent = t("photo", { number });
  $("fieldset", dialog).disabled = !store.open;
  $("[value=save]", dialog).hidden = !store.open;
  open(dialog);
  $(".dialog-body", dialog).scrollTop = 0; // another photograph may have left it at its end
}

/** What the server has. An empty sheet instead would overwrite it, so offline nothing is opened. */
async function fetched(gallery, number) {
  try {
    return await send(gallery.boot.note.replace("/0/", `/${number}/`));
  } catch (error) {
    toast(error.message, { tone: "warn", key: "note" });
    return null;
  }
}

/** @param {HTMLDialogElement} dialog @param {Note} note */
function fill(dialog, note) {
  $("textarea", dialog).value = note.text;
  for (const box of $$("input[name=tags]", dialog)) box.checked = note.tags.includes(box.value);
}

/** @param {HTMLDialogElement} dialog @returns {Note} */
function typed(dialog) {
  const tags = $$("input[name=tags]:checked", dialog).map((box) => box.value);
  return { text: $("textarea", dialog).value.trim(), tags, pins: pins.told };
}

function wire({ store, outbox }, dialog) {
  pins = new Pins($("[data-pins]", dialog), $$(".chip-check", dialog).map((label) => [$("input", label).value, $("span", label).textContent]));
  $("[data-note-cancel]", dialog).addEventListener("click", () => dialog.close("cancel"));
  dialog.addEventListener("close", () => {
    const number = Number(dialog.dataset.about);
    const note = typed(dialog);
    const says = Boolean(note.text || note.tags.length || note.pins.length);
    if (!store.open || dialog.returnValue === "cancel") drafts.delete(number);
    else if (dialog.returnValue === "save") {
      drafts.delete(number);
      outbox.note(number, note);
      store.note(number, says);
      toast(t(says ? "noteSaved" : "noteGone"), { key: "note" });
    } else drafts.set(number, note); // closed by a slip of the finger
  });
  outbox.addEventListener("noted", ({ detail }) => {
    if (detail.why) toast(t("noteFailed", { why: detail.why }), { tone: "bad", key: "note" });
  });
}

/** A wish for the retoucher: chips and words, through the outbox. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { send } from "../lib/api.js";
import { toast } from "../lib/toast.js";
import { t } from "../lib/i18n.js";

let wired = false;

/** @param {any} gallery what gallery.js offers @param {number} number */
export async function ask(gallery, number) {
  const dialog = /** @type {HTMLDialogElement} */ ($("#note"));
  const text = $("textarea", dialog);
  if (!wired) wire(gallery);
  const kept = gallery.outbox.noteOf(number) ?? (gallery.store.noted.has(number) ? await fetched(gallery, number) : null);
  text.value = kept?.text ?? "";
  for (const box of $$("input[name=tags]", dialog)) box.checked = kept?.tags?.includes(box.value) ?? false;
  dialog.dataset.number = String(number);
  dialog.returnValue = "";
  open(dialog);
  text.disabled = !gallery.store.open;
}

async function fetched(gallery, number) {
  try {
    return await send(gallery.boot.note.replace("/0/", `/${number}/`));
  } catch {
    return null; // offline: an empty sheet; saving it replaces the note
  }
}

function wire({ store, outbox }) {
  const dialog = /** @type {HTMLDialogElement} */ ($("#note"));
  wired = true;
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "save" || !store.open) return;
    const number = Number(dialog.dataset.number);
    const text = $("textarea", dialog).value.trim();
    const tags = $$("input[name=tags]:checked", dialog).map((box) => box.value);
    outbox.note(number, text, tags);
    store.note(number, Boolean(text || tags.length));
    toast(t("noteSaved"), { key: "note" });
  });
  outbox.addEventListener("noted", (event) => {
    if (event.detail.why) toast(t("noteFailed", { why: event.detail.why }), { tone: "bad" });
  });
}

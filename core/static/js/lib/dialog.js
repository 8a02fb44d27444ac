/**
 * Native dialogs by data attributes: `data-dialog-open="<id>"`, `data-dialog-close`, `data-confirm="question"`.
 * The focus returns to where it was. Without JavaScript an opener is a plain link to a page of its own.
 */

import { $ } from "./dom.js";
import { el } from "./dom.js";
import { on } from "./dom.js";
import { t } from "./i18n.js";

/** @type {WeakMap<HTMLDialogElement, Element | null>} */
const openers = new WeakMap();

/** @param {HTMLDialogElement} dialog */
export function open(dialog) {
  if (dialog.open) return;
  openers.set(dialog, document.activeElement);
  dialog.showModal();
  const first = dialog.querySelector("[autofocus]");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLDialogElement} dialog @param {string} [value] */
export function close(dialog, value = "") {
  if (dialog.open) dialog.close(value);
}

/** Close whatever dialog is open. */
export function closeAll() {
  for (const dialog of document.querySelectorAll("dialog[open]")) close(/** @type {HTMLDialogElement} */ (dialog));
}

/**
 * Ask before something that cannot be undone. Resolves false on Esc, close and cancel.
 * @param {string} question
 * @param {{ok?: string, no?: string, danger?: boolean, text?: string}} [options] `no`: where "cancel" could be taken for the act
 * @returns {Promise<boolean>}
 */
export function confirm(question, { ok, no: keep, danger = false, text } = {}) {
  return new Promise((resolve) => {
    const yes = el("button", { class: `btn ${danger ? "btn-danger" : "btn-primary"}`, type: "button", text: ok ?? t("confirm"), onclick: () => close(dialog, "yes") });
    const no = el("button", { class: "btn", type: "button", text: keep ?? t("cancel"), autofocus: danger, onclick: () => close(dialog) });
    const title = el("h2", { id: "confirm-title", text: question });
    const body = el("div", { class: "dialog-body" }, el("div", { class: "dialog-actions" }, no, yes));
    if (text) body.prepend(el("p", { text }));
    const dialog = /** @type {HTMLDialogElement} */ (el("dialog", { "aria-labelledby": "confirm-title" }, el("div", { class: "dialog-head" }, title), body));
    dialog.addEventListener("close", () => {
      const answer = dialog.returnValue === "yes";
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    open(dialog);
  });
}

/** @param {HTMLElement} asker */
function confirmed(asker) {
  return confirm(asker.dataset.confirm ?? "", { ok: asker.dataset.confirmOk, no: asker.dataset.confirmNo, text: asker.dataset.confirmText, danger: "confirmDanger" in asker.dataset });
}

let started = false;

/** Wire the data attributes, once a page whoever asks. */
export function start() {
  if (started) return;
  started = true;
  on(document, "click", "[data-dialog-open]", (event, opener) => {
    const dialog = document.getElementById(opener.dataset.dialogOpen ?? "");
    if (!(dialog instanceof HTMLDialogElement) || !dialog.showModal) return;
    event.preventDefault();
    open(dialog);
  });
  on(document, "click", "[data-dialog-close]", (event, button) => {
    const dialog = button.closest("dialog");
    if (dialog) close(dialog);
  });
  on(document, "click", "dialog[open]", (event, dialog) => {
    if (event.target === dialog && !("stay" in dialog.dataset)) close(/** @type {HTMLDialogElement} */ (dialog));
  });
  document.addEventListener("close", (event) => {
    const opener = openers.get(/** @type {HTMLDialogElement} */ (event.target));
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  }, true);
  document.addEventListener("dialog:close", closeAll);
  document.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const submitter = /** @type {SubmitEvent} */ (event).submitter;
    const asker = submitter?.dataset.confirm ? submitter : form.dataset.confirm ? form : null;
    if (!asker || form.dataset.confirmed || form.dataset.busy) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await confirmed(asker)) {
      form.dataset.confirmed = "1";
      if (submitter) submitter.click();
      else if (form.requestSubmit) form.requestSubmit();
      else form.submit(); // Safari 15.4
    }
  }, true);
}

/** The dialog with this id, if any. @param {string} id */
export const dialogById = (id) => /** @type {HTMLDialogElement | null} */ ($(`dialog#${CSS.escape(id)}`));

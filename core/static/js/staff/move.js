/** Moving an order to another stage: post, ask when the server asks, offer to undo, put things right when it refuses. */

import { $ } from "../lib/dom.js";
import { ApiError } from "../lib/api.js";
import { close } from "../lib/dialog.js";
import { dialogById } from "../lib/dialog.js";
import { on } from "../lib/dom.js";
import { open } from "../lib/dialog.js";
import { send } from "../lib/api.js";
import { toast } from "../lib/toast.js";
import { undoable } from "../lib/toast.js";

/**
 * @param {HTMLElement} board
 * @param {{refresh: (id: number) => void, focus: (id: number) => void}} cards
 */
export function createMover(board, cards) {
  const dialog = dialogById("ask");
  const slot = dialog && $("[data-ask]", dialog);

  /** The server's question about a move (what is missing, why back), to be answered in the dialog. @param {string} html @param {number} id */
  function ask(html, id) {
    if (!dialog || !slot) return;
    slot.innerHTML = html;
    dialog.dataset.order = String(id);
    open(dialog);
  }

  /** @param {number} id @param {string} url @param {URLSearchParams | FormData} form @param {boolean} [undoing] */
  async function post(id, url, form, undoing = false) {
    try {
      const done = await send(url, { method: "POST", form });
      if (done.ask) {
        tear(id);
        return ask(done.ask, id);
      }
      if (dialog) close(dialog);
      cards.refresh(id);
      if (undoing || !done.undo) toast(done.text);
      else undoable(done.text, () => post(id, url, new URLSearchParams({ ...done.undo, undo: "1" }), true));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      tear(id);
      if (dialog) close(dialog);
      toast(error.message, { tone: error.status === 409 ? "warn" : "bad" });
    }
    return undefined;
  }

  /** The card may stand where it does not belong: have it drawn again. @param {number} id */
  function tear(id) {
    const card = document.getElementById(`order-${id}`);
    if (card) card.dataset.torn = "1";
    cards.refresh(id);
  }

  /** @param {HTMLElement} card @param {string} target */
  function move(card, target) {
    const form = new URLSearchParams({ target, rev: card.dataset.rev ?? "" });
    return post(Number(card.dataset.id), card.dataset.move ?? "", form);
  }

  on(board, "click", "button[name=target]", (event, button) => {
    const card = /** @type {HTMLElement | null} */ (button.closest("li[data-key]"));
    if (!card) return;
    event.preventDefault();
    const menu = /** @type {HTMLElement} */ (button.closest("details"));
    $("summary", menu)?.focus({ preventScroll: true }); // a closed menu cannot keep it
    menu.removeAttribute("open");
    move(card, /** @type {HTMLButtonElement} */ (button).value);
  });

  board.addEventListener("toggle", (event) => { // it opens below its button, which may be the last of a column
    const menu = /** @type {HTMLElement} */ (event.target);
    if (menu.matches("details.menu-inline[open]")) $(".menu-list", menu)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, true);

  dialog?.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    post(Number(dialog.dataset.order), form.action, new URLSearchParams(/** @type {any} */ (new FormData(form))));
  });

  dialog?.addEventListener("close", () => { // what had the focus was drawn again behind it
    const lost = document.activeElement === document.body || dialog.contains(document.activeElement);
    if (lost) cards.focus(Number(dialog.dataset.order));
  });

  return { move };
}

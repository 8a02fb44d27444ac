/**
 * Unsaved typed text survives: `<textarea data-draft="order-12-note">` is kept on this device until it was sent.
 * A form that was submitted forgets its drafts at the next page, unless the person came back by the back button.
 */

import { $$ } from "./dom.js";
import { debounce } from "./dom.js";

const PREFIX = "yl.draft.";
const WEEK = 7 * 24 * 3600 * 1000;

/** @param {HTMLElement} field */
const keyOf = (field) => `${PREFIX}${location.host}.${field.dataset.draft}`;

/** @param {string} key @returns {{text: string, at: number, sent?: boolean} | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {object | null} draft */
function write(key, draft) {
  try {
    if (draft) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  } catch { /* storage is full or refused: typing must go on */ }
}

const save = debounce((/** @type {HTMLTextAreaElement} */ field) => {
  write(keyOf(field), field.value.trim() ? { text: field.value, at: Date.now() } : null);
}, 300);

/** Put kept texts back into empty fields under `root`; answers how many. @param {ParentNode} [root] */
export function restore(root = document) {
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  let restored = 0;
  for (const field of $$("[data-draft]", root)) {
    const input = /** @type {HTMLTextAreaElement} */ (field);
    const draft = read(keyOf(input));
    if (!draft) continue;
    if ((draft.sent && !back) || Date.now() - draft.at > WEEK) write(keyOf(input), null);
    else if (!input.value) {
      input.value = draft.text;
      restored += 1;
    }
  }
  return restored;
}

/** The form was sent natively: its texts are dropped when the next page shows. @param {HTMLFormElement} form */
export function markSent(form) {
  for (const field of $$("[data-draft]", form)) {
    const draft = { text: field.value, at: Date.now(), sent: true };
    write(keyOf(field), draft.text.trim() ? draft : null);
  }
}

/** The server took the form: forget now. @param {ParentNode} form */
export function forget(form) {
  for (const field of $$("[data-draft]", form)) write(keyOf(field), null);
}

/** Someone else may sit at this desk next. */
export function forgetAll() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

/** Keep what is typed from now on. */
export function start() {
  document.addEventListener("input", (event) => {
    const field = /** @type {HTMLElement} */ (event.target);
    if (field.dataset?.draft) save(field);
  });
}

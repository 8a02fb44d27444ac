/** The guard against sending twice: a form at work says so and ignores further submits. */

import { $ } from "./dom.js";
import { $$ } from "./dom.js";

/** @param {HTMLFormElement} form @param {HTMLElement | null} [submitter] */
export function begin(form, submitter = null) {
  form.dataset.busy = "1";
  (submitter ?? $("[type=submit], button:not([type])", form))?.setAttribute("aria-busy", "true");
}

/** @param {HTMLFormElement} form */
export function end(form) {
  delete form.dataset.busy;
  for (const button of $$("[aria-busy=true]", form)) button.removeAttribute("aria-busy");
}

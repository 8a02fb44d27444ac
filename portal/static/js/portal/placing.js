/** Putting photographs into a slot without a new page at every tap: the form's own answer, put in its place. */

import { $ } from "../lib/dom.js";

let busy = false;

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button */
async function send(form, button) {
  const data = new FormData(form);
  data.set(button.name, button.value);
  const answer = await fetch(form.action || location.href, { method: "POST", body: data, headers: { Accept: "text/html" } });
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  $("#main").replaceChildren(...$("#main", page).childNodes);
  /** @type {HTMLElement | null} */ ($(`.place[value="${button.value}"]`))?.focus({ preventScroll: true });
}

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
  if (!button?.classList.contains("place")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  button.setAttribute("aria-busy", "true");
  try {
    await send(form, button);
  } catch {
    location.reload(); // logged out, or the network: the page itself says what stands
  } finally {
    busy = false;
  }
});

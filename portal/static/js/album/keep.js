/**
 * Words on a spread are not lost to a tunnel: a form `data-keep` that meets no connection waits on this phone and is
 * sent when it is back. Its key makes the same words sent twice one comment.
 */

import { $$ } from "../lib/dom.js";
import { csrfToken } from "../lib/api.js";
import { end } from "../lib/busy.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";

const STORE = `yl.album.${location.host}`;

/** @returns {{url: string, page: string, body: string}[]} */
function waiting() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {object[]} rows */
function store(rows) {
  try {
    localStorage.setItem(STORE, JSON.stringify(rows));
    return true;
  } catch {
    return false;
  }
}

/** Answers the response, or null without a connection. @param {{url: string, body: string}} row */
const send = ({ url, body }) => fetch(url, { method: "POST", body: new URLSearchParams(body), headers: { "X-CSRFToken": csrfToken() }, credentials: "same-origin" }).catch(() => null);

let busy = false;

async function flush() {
  if (busy || !navigator.onLine) return;
  busy = true;
  let sent = false;
  for (let rows = waiting(); rows.length; rows = waiting()) {
    const answer = await send(rows[0]);
    if (!answer || answer.status >= 500) break;
    store(rows.slice(1));
    if (answer.ok) sent = true;
    else toast(t("stale", { text: new URLSearchParams(rows[0].body).get("text") ?? "" }), { tone: "bad" });
  }
  busy = false;
  if (sent) {
    toast(t("arrived"), { tone: "ok" });
    setTimeout(() => location.reload(), 600);
  }
}

/** @param {SubmitEvent} event */
async function submitted(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (navigator.onLine || !form.matches("[data-keep]") || !form.reportValidity()) return;
  event.preventDefault();
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  body.delete("csrfmiddlewaretoken");
  if (!store([...waiting(), { url: form.action, page: location.pathname, body: String(body) }])) return;
  toast(t("waiting"), { tone: "warn" });
  for (const field of $$("textarea", form)) field.value = "";
  setTimeout(() => end(form), 0);
}

export function startKeeping() {
  document.addEventListener("submit", submitted);
  addEventListener("online", flush);
  flush();
}

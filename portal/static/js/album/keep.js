/**
 * Words on a spread are not lost to a tunnel: a form `data-keep` that meets no connection waits in this phone's queue
 * and is sent when it is back. Its own key makes the same words sent twice one comment.
 */

import { $$ } from "../lib/dom.js";
import { ApiError } from "../lib/api.js";
import { end } from "../lib/busy.js";
import { Queue } from "../portal/queue.js";
import { send } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";

/** @param {string} who whose words: gallery and person */
export function startKeeping(who) {
  const lane = { prefix: `yl:word:${who}:`, send: sendWords };
  const queue = new Queue(lane);

  /** @param {import("../portal/queue.js").Entry[]} entries */
  async function sendWords(entries) {
    let arrived = false;
    for (const [id, { op, url, body }] of entries) {
      const form = new URLSearchParams(body);
      try {
        await send(url, { method: "POST", form, keepalive: true });
        arrived = true;
      } catch (error) {
        if (!(error instanceof ApiError) || error.passing || error.status === 401 || error.status === 403) throw error;
        toast(t("stale", { text: form.get("text") ?? "" }), { tone: "bad" });
      }
      queue.done(lane, id, op);
    }
    if (!arrived) return;
    toast(t("arrived"), { tone: "ok" });
    setTimeout(() => location.reload(), 600);
  }

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (navigator.onLine || !form.matches("[data-keep]") || !form.reportValidity()) return;
    event.preventDefault();
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    body.delete("csrfmiddlewaretoken");
    queue.put(lane, body.get("key") ?? "", { url: form.action, body: String(body) });
    toast(t("waiting"), { tone: "warn" });
    for (const field of $$("textarea", form)) field.value = "";
    setTimeout(() => end(form), 0);
  });
  queue.now();
}

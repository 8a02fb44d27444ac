/**
 * What a customer says of a final goes through the phone's own queue: without a connection nothing said or typed is
 * lost, it is sent later. Without this script the forms post as they stand.
 */

import { $ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { forget } from "../lib/drafts.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { Queue } from "./queue.js";

/** @param {HTMLElement} region @param {() => void} reload shows what the server has now */
export function startVerdicts(region, reload) {
  const { verdicts, who = "", photo = "", next = "" } = region.dataset;
  const queue = new Queue(verdicts ?? "", who);
  const here = Number(photo);

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.closest(".verdict")) say(event, form);
    else if (form.method === "post" && (queue.waiting.length || !navigator.onLine)) hold(event);
  }, true);

  /** The round ends only with everything said. @param {Event} event */
  function hold(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(t("endLater"), { tone: "warn", key: "verdicts" });
    queue.now();
  }

  /** @param {Event} event @param {HTMLFormElement} form */
  function say(event, form) {
    const submitter = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
    const given = new FormData(form);
    const v = submitter?.value ?? "";
    const note = v === "change" ? String(given.get("note") ?? "").trim() : "";
    if (!here || (v === "change" && !note)) return; // the server says what is missing
    event.preventDefault();
    event.stopImmediatePropagation();
    queue.put(here, Number(given.get("version")), v, note);
  }

  queue.addEventListener("state", ({ detail: { waiting, why } }) => {
    const notice = $("#unsent");
    notice.hidden = !waiting || (!why && navigator.onLine && !queue.tries);
    if (waiting) notice.textContent = t(why === "session" ? "unsentSession" : why ? "unsentRefused" : "unsent", { n: waiting });
  });

  queue.addEventListener("answer", ({ detail: { acked, refused } }) => {
    for (const number of acked) forget(el("div", {}, el("textarea", { "data-draft": draftOf(number) })));
    for (const { photo: number, why, note } of refused) {
      const word = t(`why_${why.replace(".", "_")}`);
      toast(`${t("verdictPhoto", { n: number })} ${word}${note ? ` “${note}”` : ""}`, { tone: "bad", timeout: 0, key: `verdict-${number}` });
    }
    if (!acked.includes(here)) {
      if (acked.length || (refused.length && !here)) reload();
    } else if (!refused.length && next) location.assign(next);
    else location.reload();
  });

  const draftOf = (number) => `final-${region.dataset.gallery}-${number}`;
  const [, mine] = queue.waiting.find(([number]) => number === here) ?? [];
  const field = /** @type {HTMLTextAreaElement | null} */ ($(".verdict textarea"));
  if (mine?.note && field) { // said before the tab was closed, and still on this phone
    field.value = mine.note;
    field.closest("details").open = true;
  }
  queue.tell();
  queue.now();
}

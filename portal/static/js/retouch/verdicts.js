/**
 * What a customer says of a final goes through the phone's own queue: without a connection nothing said or typed is
 * lost, it is sent later. Without this script the forms post as they stand.
 */

import { $ } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { forget } from "../lib/drafts.js";
import { post } from "../lib/api.js";
import { Queue } from "../portal/queue.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";

const MOST = 100;

/** @param {HTMLElement} region @param {() => void} reload shows what the server has now */
export function startVerdicts(region, reload) {
  const { verdicts, who = "", photo = "", next = "" } = region.dataset;
  const lane = { prefix: `yl:verdict:${who}:`, send: sendVerdicts };
  const queue = new Queue(lane);
  const here = Number(photo);

  /** Each names the version that was looked at, so it may arrive twice. @param {import("../portal/queue.js").Entry[]} entries */
  async function sendVerdicts(entries) {
    const sent = new Map(entries.slice(0, MOST).map(([id, item]) => [Number(id), item]));
    const told = [...sent].map(([number, { version, v, note, at }]) => ({ photo: number, version, v, note, at }));
    const { acked, refused } = await post(verdicts ?? "", { now: Date.now(), verdicts: told }, { keepalive: true });
    for (const number of [...acked, ...refused.map((one) => one.photo)]) queue.done(lane, number, sent.get(number)?.op ?? 0);
    answered(acked, refused.map((one) => ({ ...one, note: sent.get(one.photo)?.note ?? "" })));
  }

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.closest(".verdict")) say(event, form);
    else if (form.method === "post" && (queue.waiting || !navigator.onLine)) hold(event);
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
    queue.put(lane, here, { version: Number(given.get("version")), v, note, at: Date.now() });
    queue.now();
  }

  queue.addEventListener("state", ({ detail: { waiting, why, tries } }) => {
    const notice = $("#unsent");
    notice.hidden = !waiting || (!why && navigator.onLine && !tries);
    if (waiting) notice.textContent = t(why === "session" ? "unsentSession" : why ? "unsentRefused" : "unsent", { n: waiting });
  });

  /** @param {number[]} acked @param {{photo: number, why: string, note: string}[]} refused */
  function answered(acked, refused) {
    for (const number of acked) forget(el("div", {}, el("textarea", { "data-draft": draftOf(number) })));
    for (const { photo: number, why, note } of refused) {
      const word = t(`why_${why.replace(".", "_")}`);
      toast(`${t("verdictPhoto", { n: number })} ${word}${note ? ` “${note}”` : ""}`, { tone: "bad", timeout: 0, key: `verdict-${number}` });
    }
    if (!acked.includes(here)) {
      if (acked.length || (refused.length && !here)) reload();
    } else if (!refused.length && next) location.assign(next);
    else location.reload();
  }

  const draftOf = (number) => `final-${region.dataset.gallery}-${number}`;
  const mine = queue.item(lane, here);
  const field = /** @type {HTMLTextAreaElement | null} */ ($(".verdict textarea"));
  if (mine?.note && field) { // said before the tab was closed, and still on this phone
    field.value = mine.note;
    field.closest("details").open = true;
  }
  queue.tell();
  queue.now();
}

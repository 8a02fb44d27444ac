/** The review page signs what the server has: it waits until the phone's last taps have arrived. */

import { $ } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { Outbox } from "./outbox.js";

const boot = JSON.parse($("#gallery-boot").textContent);
const outbox = new Outbox(boot);
const button = /** @type {HTMLButtonElement | null} */ ($("#submit"));
const accept = /** @type {HTMLInputElement | null} */ ($("#id_accept_extra"));
const notice = $("#waiting");
const before = outbox.waiting > 0;
let left = false;

const KEPT = `yl:review:${location.pathname}`;
const written = () => [...document.querySelectorAll("form[method=post] :is(input[type=text], textarea)")];

/**
 * The figures below are older than what has just arrived: the server draws them again. By GET: this page may be the
 * answer to a refused submission, and reload() would sign and send it once more. What is written stays.
 */
function again() {
  if (left) return;
  left = true;
  sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(written().map(({ name, value }) => [name, value]))));
  location.replace(location.pathname);
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  sessionStorage.removeItem(KEPT);
  for (const field of written()) field.value ||= kept[field.name] ?? "";
}

function show({ waiting, why }) {
  if (button) button.disabled = waiting > 0;
  notice.hidden = waiting === 0;
  if (waiting) notice.textContent = t(why === "session" ? "session" : why ? "refused" : "waiting", { n: waiting });
  else if (before) again();
}

/** Whether somebody is filling in the form: then only the studio's word reloads it, the server checks the rest. */
const typed = () => written().some((field) => field.value !== field.defaultValue);

/** What the figures of this page depend on. */
const FIGURES = /^(photos?|gallery|originals|price|selection|part|reopening|seats?|retouch)\./;

restore();
outbox.addEventListener("state", ({ detail }) => show(detail));
show({ waiting: outbox.waiting, why: "" });
outbox.now();
accept?.addEventListener("change", () => accept.removeAttribute("aria-invalid"));
addEventListener("submit", () => { left = true; });
addEventListener("pageshow", (event) => { if (event.persisted) again(); });
connect(boot.socket, {
  at: boot.at,
  onPoke: ({ type }) => {
    if (!FIGURES.test(type)) return; // who is here, what the desk holds up, what others keep to themselves
    if (!typed() || !type.startsWith("photo.")) setTimeout(again, 300);
  },
  onCatchUp: again,
});

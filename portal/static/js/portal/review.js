/** The review page signs what the server has: it waits until the phone's last taps have arrived. */

import { $ } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Outbox } from "./outbox.js";

const boot = JSON.parse($("#gallery-boot").textContent);
const outbox = new Outbox(boot);
const button = $("#submit");
const notice = $("#waiting");
let sent = false;

function show() {
  const { waiting } = outbox;
  if (button) button.disabled = waiting > 0;
  notice.hidden = waiting === 0;
  notice.textContent = waiting ? t("waiting", { n: waiting }) : "";
  if (waiting === 0 && sent) location.reload(); // the figures below are older than the taps that just arrived
}

outbox.addEventListener("state", show);
outbox.addEventListener("answer", () => { sent = true; });
outbox.addEventListener("noted", () => { sent = true; });
show();
outbox.now();

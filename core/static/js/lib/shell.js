/** What every page needs: lib/page.js, dialogs, drafts. */

import "./page.js";
import { start as startDialogs } from "./dialog.js";
import { forgetAll } from "./drafts.js";
import { markSent } from "./drafts.js";
import { restore } from "./drafts.js";
import { start as startDrafts } from "./drafts.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

/** Comes after the guard of lib/page.js, which lets only a form through that is really sent. */
function startSent() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (event.defaultPrevented || !form.dataset.busy) return;
    if ("logout" in form.dataset) forgetAll();
    if (!form.closest("[hx-post], [data-hx-post]")) markSent(form);
  });
}

startDialogs();
startDrafts();
startSent();
if (restore()) toast(t("draft"), { tone: "info" });

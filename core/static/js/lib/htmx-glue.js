/** htmx on the staff console: CSRF, errors and confirmations in the house's way. */

import { csrfToken } from "./api.js";
import { end } from "./busy.js";
import { confirm } from "./dialog.js";
import { $$ } from "./dom.js";
import { forget } from "./drafts.js";
import { restore } from "./drafts.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

const body = document.body;

/** @param {Element} element @returns {HTMLFormElement | null} */
const formOf = (element) => (element instanceof HTMLFormElement ? element : element.closest("form"));

body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

body.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const danger = "confirmDanger" in event.detail.elt.dataset;
  if (await confirm(event.detail.question, { danger })) event.detail.issueRequest(true);
});

body.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event.detail.elt);
  if (!form) return;
  end(form);
  if (event.detail.successful) forget(form);
});

body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const words = { 403: "forbidden", 404: "gone", 410: "gone" };
  let text = t(words[xhr.status] ?? "error");
  try {
    text = JSON.parse(xhr.responseText).message ?? text;
  } catch { /* an HTML error page */ }
  toast(text, { tone: "bad", key: "htmx" });
});

for (const type of ["htmx:sendError", "htmx:timeout"]) {
  body.addEventListener(type, () => toast(t("offline"), { tone: "bad", key: "htmx" }));
}

body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt instanceof Element) restore(event.detail.elt);
});

/** A row of tabs or branches that scrolls sideways shows where one is. */
for (const here of $$(".tabs > [aria-current], .seg > [aria-current]")) {
  const row = /** @type {HTMLElement} */ (here.parentElement);
  row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;
}

body.addEventListener("toast", (event) => {
  const { text, tone } = event.detail;
  if (text) toast(text, { tone });
});

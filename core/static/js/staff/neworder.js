/** New order: the price comes from the server line by line; the dock repeats its total. The server decides again. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const form = /** @type {HTMLFormElement} */ ($("[data-new-order]"));
const price = /** @type {HTMLInputElement} */ (form.elements.namedItem("price"));
const total = $("[data-total]", form);

/** What it costs before an agreed price: worked out by the server, until then the chosen package's own price. */
function full() {
  const worked = $("[data-quoted]", form)?.dataset.quoted;
  const chosen = $("input[name=package]:checked", form)?.closest("[data-price]");
  return worked ? Number(worked) : chosen instanceof HTMLElement ? Number(chosen.dataset.price) : null;
}

/** @param {number} amount */
const money = (amount) => new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency || t("currency"), minimumFractionDigits: Number.isInteger(amount) ? 0 : undefined, currencyDisplay: "narrowSymbol" }).format(amount);

function show() {
  const amount = price.value === "" ? full() : Number(price.value.replace(/[,，\s]/g, ""));
  if (total) total.textContent = amount === null || Number.isNaN(amount) || amount < 0 ? "—" : money(amount);
}

form.addEventListener("change", show);
price.addEventListener("input", show);
document.body.addEventListener("htmx:afterSwap", show);
for (const box of $$("details.more", form)) if ($("[aria-invalid=true]", box)) box.setAttribute("open", "");
show();

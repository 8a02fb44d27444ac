/** New order: the package's price fills the price field, a discount is seen at once. The server decides again. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const form = /** @type {HTMLFormElement} */ ($("[data-new-order]"));
const price = /** @type {HTMLInputElement} */ (form.elements.namedItem("price"));
const discount = $("[data-discount]", form);
const total = $("[data-total]", form);
let typed = Boolean(price.value);

/** The chosen package's full price, or null. */
function full() {
  const chosen = $("input[name=package]:checked", form)?.closest("[data-price]");
  return chosen instanceof HTMLElement ? Number(chosen.dataset.price) : null;
}

/** @param {number} amount */
const money = (amount) => new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: form.dataset.currency || t("currency"), minimumFractionDigits: 0, currencyDisplay: "narrowSymbol" }).format(amount);

function show() {
  const whole = full();
  const amount = Number(price.value.replace(/[,，\s]/g, ""));
  const given = price.value === "" ? whole : amount < 0 ? NaN : amount; // the server refuses less than nothing
  if (total) total.textContent = given === null || Number.isNaN(given) ? "—" : money(given);
  if (!discount) return;
  const off = whole === null || given === null || Number.isNaN(given) ? 0 : whole - given;
  discount.textContent = off > 0 ? t("discount", { full: money(whole ?? 0), off: money(off) }) : off < 0 ? t("surcharge", { over: money(-off) }) : "";
}

form.addEventListener("change", (event) => {
  if (/** @type {HTMLInputElement} */ (event.target).name === "package" && !typed) price.value = String(full() ?? "");
  show();
});
price.addEventListener("input", () => {
  typed = price.value !== "";
  show();
});
for (const box of $$("details.more", form)) if ($("[aria-invalid=true]", box)) box.setAttribute("open", "");
show();

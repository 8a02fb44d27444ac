/** The address step: says at once whether an address is free. Without it the form says so when it is sent. */

import { $ } from "../lib/dom.js";
import { debounce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { on } from "../lib/dom.js";

const box = /** @type {HTMLElement} */ ($("[data-address]"));
const input = /** @type {HTMLInputElement} */ ($("input", box));
const verdict = /** @type {HTMLElement} */ ($("[data-verdict]", box));
const free = /** @type {HTMLElement} */ ($("[data-free]", box));
let asked = "";

async function ask() {
  const slug = input.value.trim();
  asked = slug;
  if (!slug) return show({ ok: null, message: "", free: [] });
  try {
    const response = await fetch(`${box.dataset.address}?slug=${encodeURIComponent(slug)}`, {
      headers: { accept: "application/json" },
    });
    if (response.ok && asked === slug) show(await response.json());
  } catch {
    show({ ok: null, message: "", free: [] });
  }
}

/** @param {{ok: boolean | null, message: string, free: string[]}} answer */
function show(answer) {
  verdict.textContent = answer.message;
  verdict.className = answer.ok === null ? "small" : `small chip ${answer.ok ? "t-ok" : "t-bad"}`;
  if (answer.ok !== null) input.setAttribute("aria-invalid", String(!answer.ok));
  for (const old of free.querySelectorAll("a")) old.remove();
  free.append(...answer.free.map((name) => el("a", { class: "chip", href: `?slug=${name}`, text: name })));
  free.hidden = answer.free.length === 0;
}

on(box, "input", "input", debounce(ask, 250));
on(free, "click", "a", (event, link) => {
  event.preventDefault();
  input.value = link.textContent ?? "";
  input.focus();
  ask();
});
on(document, "submit", "form.card", () => {
  const progress = $("[data-progress]");
  if (progress) progress.hidden = false;
});
if (input.value && input.getAttribute("aria-invalid") !== "true") ask();

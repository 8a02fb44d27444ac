/** Short messages that leave by themselves. Errors stay longer and are announced at once. */

import { el } from "./dom.js";
import { icon } from "./dom.js";
import { t } from "./i18n.js";

const ICONS = { ok: "circle-check", info: "info-circle", warn: "alert-triangle", bad: "alert-circle" };

/** The region, moved into the open dialog if there is one: everything outside a modal dialog is out of reach. */
function place() {
  const region = document.getElementById("toasts") ?? el("div", { class: "toasts", id: "toasts", "aria-live": "polite" });
  const modal = [...document.querySelectorAll("dialog[open]")].pop();
  const host = modal ?? document.body;
  if (region.parentElement !== host) host.append(region);
  modal?.addEventListener("close", () => document.body.append(region), { once: true });
  return region;
}

/**
 * @typedef {{label: string, run: () => void}} Action
 * @param {string} text
 * @param {{tone?: "ok" | "info" | "warn" | "bad", action?: Action, timeout?: number, key?: string}} [options]
 *   `key` replaces the toast of the same key; `timeout: 0` keeps it until closed.
 * @returns {{close: () => void}}
 */
export function toast(text, options = {}) {
  const { tone = "ok", action, key } = options;
  const timeout = options.timeout ?? (action || tone === "bad" ? 8000 : 4000);
  const region = place();
  if (key) region.querySelector(`[data-key="${CSS.escape(key)}"]`)?.remove();

  let timer = 0;
  const close = () => {
    clearTimeout(timer);
    box.remove();
  };
  const box = el(
    "div",
    { class: `toast t-${tone}`, role: tone === "bad" ? "alert" : null, dataset: key ? { key } : {} },
    icon(ICONS[tone] ?? ICONS.info),
    el("span", { text }),
  );
  if (action) {
    box.append(el("button", { type: "button", text: action.label, onclick: () => { close(); action.run(); } }));
  }
  if (timeout === 0 || tone === "bad") {
    box.append(el("button", { type: "button", "aria-label": t("close"), onclick: close }, icon("x")));
  }
  const wait = () => { if (timeout) timer = setTimeout(close, timeout); };
  const hold = () => clearTimeout(timer);
  box.addEventListener("mouseenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("mouseleave", wait);
  box.addEventListener("focusout", wait);
  region.append(box);
  while (region.childElementCount > 3) region.firstElementChild?.remove();
  wait();
  return { close };
}

/**
 * "Done — undo": the usual answer to a small change.
 * @param {string} text
 * @param {() => void} undo
 */
export function undoable(text, undo) {
  return toast(text, { action: { label: t("undo"), run: undo }, timeout: 5000 });
}

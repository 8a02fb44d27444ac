/** What every page needs from its first moment: theme, menus, the guard against double sending, the typing of phones. */

import { begin } from "./busy.js";
import { end } from "./busy.js";
import { $ } from "./dom.js";
import { $$ } from "./dom.js";
import { on } from "./dom.js";
import { t } from "./i18n.js";

const root = document.documentElement;
const THEMES = ["auto", "light", "dark"];

/** @param {string} theme */
function setTheme(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const word of $$("[data-theme-word]")) word.textContent = t(`theme_${theme}`);
}

/** Kept in localStorage, and in a cookie so that the server's HTML has it and nothing flashes. @param {string} theme */
function keepTheme(theme) {
  try {
    localStorage.setItem("yl.theme", theme);
  } catch { /* the cookie suffices */ }
  document.cookie = `yl_theme=${theme}; path=/; max-age=${theme === "auto" ? 0 : 31536000}; samesite=lax`;
}

function storedTheme() {
  try {
    return localStorage.getItem("yl.theme") ?? root.dataset.theme ?? "auto";
  } catch {
    return root.dataset.theme ?? "auto";
  }
}

function startTheme() {
  setTheme(THEMES.includes(storedTheme()) ? storedTheme() : "auto");
  for (const button of $$("[data-theme-toggle]")) button.hidden = false;
  on(document, "click", "[data-theme-toggle]", () => {
    const next = THEMES[(THEMES.indexOf(storedTheme()) + 1) % THEMES.length];
    keepTheme(next);
    setTheme(next);
  });
}

/** Open `<details>` that act as menus close on Esc, on a click elsewhere and when the focus leaves. */
function startMenus() {
  const floating = "details.menu[open], details.drawer[open]";
  document.addEventListener("click", (event) => {
    for (const menu of $$(floating)) if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of $$(floating)) {
      menu.removeAttribute("open");
      $("summary", menu)?.focus();
    }
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of $$(floating)) if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
  });
}

function startForms() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method === "get" || form.method === "dialog" || "plain" in form.dataset) return;
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (event.defaultPrevented) return;
    begin(form, /** @type {SubmitEvent} */ (event).submitter);
    setTimeout(() => end(form), 20000);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) end(form);
  });
  $("[data-error-summary]")?.focus();
}

/** On a phone the keyboard covers fixed bars: they step aside while a text field has the focus. */
function startTyping() {
  const typing = (event) => event.target instanceof Element && event.target.matches("textarea, input:not([type=checkbox], [type=radio], [type=file], [type=range])");
  document.addEventListener("focusin", (event) => document.body.classList.toggle("is-typing", typing(event)));
  document.addEventListener("focusout", () => document.body.classList.remove("is-typing"));
}

startTheme();
startMenus();
startForms();
startTyping();

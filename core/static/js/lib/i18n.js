/** Words for scripts: every `<script type="application/json" id="i18n…">` of the page, merged. */

/** @type {Record<string, string | Record<string, string>> | null} */
let words = null;

function load() {
  const found = {};
  for (const block of document.querySelectorAll('script[type="application/json"][id^="i18n"]')) {
    Object.assign(found, JSON.parse(block.textContent || "{}"));
  }
  return found;
}

/**
 * The sentence for `key`; `{name}` and `%(name)s` are filled from `params`. A word may be an object of plural forms
 * (`{one, other}`), chosen by `params.n`. A missing key answers itself, so that it is seen and reported.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string}
 */
export function t(key, params = {}) {
  words ??= load();
  let word = words[key] ?? key;
  if (typeof word === "object") {
    const form = new Intl.PluralRules(document.documentElement.lang || "en").select(Number(params.n ?? 0));
    word = word[form] ?? word.other ?? key;
  }
  return word.replace(/\{(\w+)\}|%\((\w+)\)[sd]/g, (whole, a, b) => String(params[a ?? b] ?? whole));
}

/** Forget the words read so far (a fragment brought new ones). */
export function reload() {
  words = null;
}

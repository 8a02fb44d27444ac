/** Style sheets of what is opened later, each fetched once. */

import { el } from "../lib/dom.js";

/** @type {Map<string, Promise<any>>} */
const loading = new Map();

/** Until the sheet counts; a failed one is tried again the next time. @param {string} href */
export function style(href) {
  const known = loading.get(href);
  if (known) return known;
  const fresh = new Promise((resolve, reject) => document.head.append(el("link", { rel: "stylesheet", href, onload: resolve, onerror: reject })));
  loading.set(href, fresh);
  fresh.catch(() => loading.delete(href));
  return fresh;
}

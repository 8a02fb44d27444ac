/** Small helpers for the document. Nothing here knows the business. */

/** @type {(selector: string, root?: ParentNode) => HTMLElement | null} */
export const $ = (selector, root = document) => root.querySelector(selector);

/** @type {(selector: string, root?: ParentNode) => HTMLElement[]} */
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/**
 * Listen on `root` for events from elements that match `selector`, now or later.
 * @param {EventTarget} root
 * @param {string} type
 * @param {string} selector
 * @param {(event: Event, element: HTMLElement) => void} handler
 */
export function on(root, type, selector, handler) {
  root.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handler(event, /** @type {HTMLElement} */ (element));
  });
}

/**
 * Make an element. `props`: attributes; `class`, `text`, `dataset` and `on<event>` functions are understood.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * An icon of the sprite the page already uses.
 * @param {string} name
 * @param {string} [css]
 */
export function icon(name, css = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${css}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = document.documentElement.dataset.icons ?? "";
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** @type {Map<string, Promise<any>>} */
const sheets = new Map();

/** A style sheet of what is opened later, fetched once: kept when it counts; a failed one is tried again the next time. @param {string} href */
export function style(href) {
  const fresh = sheets.get(href) ?? new Promise((resolve, reject) => document.head.append(el("link", { rel: "stylesheet", href, onload: resolve, onerror: reject })));
  sheets.set(href, fresh);
  fresh.catch(() => sheets.delete(href));
  return fresh;
}

/** Say something to screen readers without moving the focus. @param {string} text */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

/**
 * The last call after `wait` ms of silence.
 * @template {(...args: any[]) => void} F
 * @param {F} fn
 * @param {number} wait
 */
export function debounce(fn, wait) {
  let timer = 0;
  return /** @type {F} */ ((...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), wait);
  });
}

/** Parts of the page that are fetched again: at once, never twice at the same time, again after a failure. */

import { backoff } from "../lib/api.js";
import { get } from "../lib/api.js";

/** Whether a person is using this part just now: an open menu, a form with the focus. @param {Element} part */
const inUse = (part) => Boolean(part.querySelector("details[open]") || part.querySelector("form:focus-within"));

/** Put every element of `html` that has an id in the place of the page's own. @param {string} html */
function replace(html) {
  for (const fresh of [...new DOMParser().parseFromString(html, "text/html").body.children]) {
    const old = fresh.id ? document.getElementById(fresh.id) : null;
    if (!old || inUse(old)) continue;
    old.replaceWith(fresh);
    /** @type {any} */ (window).htmx.process(fresh);
  }
}

export class Parts {
  /** @param {() => string} address @param {number} pause milliseconds between two fetches */
  constructor(address, pause) {
    this.address = address;
    this.pause = pause;
    this.tries = 0;
    this.wanted = false;
    this.busy = false;
  }

  /** Something changed. Answers at once; what happens meanwhile is fetched once more. */
  soon() {
    this.wanted = true;
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    this.wanted = false;
    let wait = this.pause;
    try {
      replace(await get(this.address(), { headers: { "HX-Request": "true", Accept: "text/html" } }));
      this.tries = 0;
    } catch (error) {
      this.tries += 1;
      wait = backoff(this.tries);
      this.wanted ||= error.passing && this.tries < 8;
    }
    setTimeout(() => {
      this.busy = false;
      if (this.wanted) this.run();
    }, wait);
  }
}

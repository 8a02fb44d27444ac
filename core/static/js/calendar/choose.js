/** The choices above a form are asked for at once. */

import { on } from "../lib/dom.js";

on(document, "change", "[data-auto-submit]", (event, field) => /** @type {HTMLSelectElement} */ (field).form?.requestSubmit());

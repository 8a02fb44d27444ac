/** The job sheet's print button. */

import { on } from "../lib/dom.js";

on(document, "click", "[data-print]", () => window.print());

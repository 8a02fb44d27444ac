/** The evidence on paper. */

import { on } from "../lib/dom.js";

on(document, "click", "[data-print]", () => window.print());

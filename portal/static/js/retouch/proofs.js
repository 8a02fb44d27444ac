/** The customer's round stays right by itself: another person's word, the studio's next round, an offer. */

import { $ } from "../lib/dom.js";
import { startCompare } from "../lib/compare.js";
import { keepFresh } from "../lib/fresh.js";
import { startVerdicts } from "./verdicts.js";

const region = /** @type {HTMLElement} */ ($("[data-proofs]"));
const isPhoto = "photo" in region.dataset;
const TURNS = /^(round|retouch|selection|gallery)\./;

startCompare(region);
const soon = keepFresh(region, { minds: (type) => TURNS.test(type) || (type === "final.judged" && !isPhoto), whole: isPhoto });
startVerdicts(region, () => { if (!isPhoto) soon(); });

/** The customer's album stays right by itself; on a spread: pins by a tap, swiping, the large view, words kept offline. */

import { $ } from "../lib/dom.js";
import { keepFresh } from "../lib/fresh.js";
import { startKeeping } from "./keep.js";
import { startStage } from "./stage.js";

const region = /** @type {HTMLElement} */ ($("[data-album]"));
const isSpread = "spread" in region.dataset;
const TURNS = /^(album\.(sent|returned|approved|waived)|selection|gallery)\b/; // on a spread: only what ends this page

keepFresh(region, { minds: (type) => TURNS.test(type) || (type.startsWith("album.") && !isSpread), whole: isSpread });
if (isSpread) {
  startStage(region);
  startKeeping(region.dataset.who ?? "");
}

/** The album desk: spreads dropped or replaced, comments as they are said, one spread large in a dialog. */

import { $ } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { Parts } from "./parts.js";
import "./replace.js";
import { startUploads } from "./uploadview.js";

const desk = /** @type {HTMLElement} */ ($("[data-album-desk]"));
const parts = new Parts(() => desk.dataset.live ?? "", 400);
const refresh = () => {
  document.dispatchEvent(new Event("desk:moved"));
  parts.soon();
};
connect(desk.dataset.socket ?? "", { at: JSON.parse($("#desk-position")?.textContent || "{}"), onPoke: refresh, onCatchUp: refresh });
const uploader = $("[data-uploader]");
if (uploader) startUploads(uploader);
document.addEventListener("uploads:ended", refresh);

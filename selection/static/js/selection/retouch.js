/** The retouch desk: finals dropped, verdicts as they are said, before and after in a dialog. */

import { $ } from "../lib/dom.js";
import { startCompare } from "../lib/compare.js";
import { connect } from "../lib/live.js";
import { Parts } from "./parts.js";
import { startUploads } from "./uploadview.js";

startCompare();
document.body.addEventListener("htmx:afterSwap", () => startCompare());

const desk = $("[data-retouch]");
if (desk) {
  const parts = new Parts(() => desk.dataset.live ?? "", 400);
  const refresh = () => parts.soon();
  const position = JSON.parse($("#desk-position")?.textContent || "{}");
  connect(desk.dataset.socket ?? "", { at: position, onPoke: refresh, onCatchUp: refresh });
  const uploader = $("[data-uploader]");
  if (uploader) startUploads(uploader);
  document.addEventListener("uploads:ended", refresh);
}

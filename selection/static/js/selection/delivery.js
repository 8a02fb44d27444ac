/** The delivery desk and the story's editor: downloads, preparation, the clip, as they happen. */

import { $ } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { Parts } from "./parts.js";

const desk = $("[data-delivery-desk]");
if (desk) {
  const parts = new Parts(() => (desk.dataset.live ?? "") + location.search, 400);
  const refresh = () => {
    document.dispatchEvent(new Event("desk:moved"));
    parts.soon();
  };
  const position = JSON.parse($("#desk-position")?.textContent || "{}");
  connect(desk.dataset.socket ?? "", { at: position, onPoke: refresh, onCatchUp: refresh });
  document.addEventListener("uploads:ended", refresh);
  const uploader = $("[data-uploader]");
  if (uploader) import("./uploadview.js").then(({ startUploads }) => startUploads(uploader));
}

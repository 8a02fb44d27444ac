/** The delivery desk: downloads as they happen, preparation as it goes on. */

import { $ } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { Parts } from "./parts.js";

const desk = $("[data-delivery-desk]");
if (desk) {
  const parts = new Parts(() => (desk.dataset.live ?? "") + location.search, 400);
  const refresh = () => parts.soon();
  const position = JSON.parse($("#desk-position")?.textContent || "{}");
  connect(desk.dataset.socket ?? "", { at: position, onPoke: refresh, onCatchUp: refresh });
}

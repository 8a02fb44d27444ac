/** A corrected file for one photograph (`data-replace`) or spread (`data-line`), by the same uploader as all others. */

import { $ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { ENDED } from "./uploader.js";
import { Uploader } from "./uploader.js";

on(document, "click", "[data-replace-open]", (_event, button) => $("input", button.parentElement).click());
on(document, "change", "[data-replace] > input", (_event, input) => {
  const [file] = /** @type {HTMLInputElement} */ (input).files ?? [];
  if (file) replace(input.parentElement, file);
  /** @type {HTMLInputElement} */ (input).value = "";
});

/** @param {HTMLElement} place @param {File} file */
function replace(place, file) {
  const { sign, complete, worker, types, max, replace: number, line } = place.dataset;
  const extra = line ? { line: Number(line) } : { replaces: Number(number) };
  const button = $("button", place);
  button.setAttribute("aria-busy", "true");
  const told = () => {
    const [row] = uploader.rows;
    if (!row || !ENDED.has(row.state) || uploader.over) return;
    uploader.over = true;
    button.removeAttribute("aria-busy");
    if (row.state === "done" || row.state === "there") toast(t("replaced", { n: number }));
    else toast(t(row.state === "refused" ? `refused_${row.why}` : "up_failed"), { tone: "bad" });
  };
  const uploader = new Uploader({ sign, complete, worker, types: new Set(types.split(",")), max: Number(max), extra, onChange: told });
  uploader.add([file]);
}

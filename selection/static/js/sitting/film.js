/** The filmstrip of the selection desk: the cull page's own, with the customer's answers instead of the staff's flags. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { Strip } from "../cull/strip.js";

export const ANSWERS = { yes: "heart-filled", maybe: "question-mark", no: "x" };

export class Film extends Strip {
  stateOf({ number, src, value, recommended, suggested, held }) {
    return [src, value, recommended, suggested.length, held, number === this.current, this.marked.has(number)].join();
  }

  build({ number, src, color, value, recommended, suggested, held }) {
    const here = number === this.current;
    const css = ["strip-item", here && "is-current", this.marked.has(number) && "is-marked", value && `is-${value}`, held && "is-held"];
    const badges = el("span", { class: "badges" });
    if (value) badges.append(icon(ANSWERS[value]));
    if (recommended || suggested.length) badges.append(icon("rosette-discount-check"));
    const label = [t("cull_alt", { n: number }), t(`desk_${value || "open"}`), held && t("desk_held")].filter(Boolean).join(", ");
    const picture = el("img", { src, alt: "", loading: "lazy", decoding: "async", draggable: "false" });
    const button = el(
      "button",
      { type: "button", tabindex: "-1", "aria-label": label, "aria-current": here ? "true" : null, dataset: { number, state: value || "none" }, onclick: (event) => this.onChoose(number, event) },
      picture, badges, el("span", { class: "n", text: String(number) }),
    );
    button.style.background = color;
    return el("li", { class: css.filter(Boolean).join(" ") }, button);
  }
}

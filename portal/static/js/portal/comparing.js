/** Choosing in the list what is to be compared: by the view menu, a long press, or key C. A stack is compared at once. */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { compare } from "./compare.js";
import { candidates } from "./keeping.js";
import { MOST } from "./keeping.js";
import { prepare } from "./stacks.js";

export { prepare };

/** @type {Mode | null} */
let mode = null;

/** @param {any} gallery what gallery.js offers @param {number} [number] to begin with */
export default async function comparing(gallery, number) {
  $("details.menu[open]")?.removeAttribute("open");
  const pile = number && !mode ? gallery.view.piles.of(number) : [];
  if (pile.length > 1) {
    await compare(gallery, candidates(gallery.store, pile), pile, () => { gallery.view.relist(); gallery.view.walk(number); });
    return;
  }
  await prepare(gallery.boot);
  mode ??= new Mode(gallery);
  if (number) mode.toggle(number);
}

class Mode {
  constructor(gallery) {
    this.gallery = gallery;
    this.chosen = gallery.store.compared;
    this.ends = new AbortController();
    const { signal } = this.ends;
    this.text = el("span", { role: "status" });
    this.go = el("button", { type: "button", class: "btn", onclick: () => this.compare() }, t("compare"));
    this.bar = el("div", { class: "undo-bar compare-bar" }, this.text, this.go, el("button", { type: "button", class: "btn", text: t("cancel"), onclick: () => this.end() }));
    $("#dock").append(this.bar);
    gallery.view.grid.addEventListener("click", (event) => this.tapped(event), { signal, capture: true });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("dialog[open]")) this.end(); }, { signal });
    this.draw();
  }

  /** A tap on a photograph chooses it instead of opening it. */
  tapped(event) {
    const number = Number(event.target.closest?.("[data-number]")?.dataset.number ?? 0);
    if (!number) return;
    event.preventDefault();
    event.stopPropagation();
    this.toggle(number);
  }

  /** @param {number} number */
  toggle(number) {
    const { chosen } = this;
    if (chosen.has(number)) chosen.delete(number);
    else if (chosen.size < MOST) chosen.add(number);
    else toast(t("compareMost"), { tone: "info", key: "compare" });
    this.gallery.virtual.refresh(number);
    this.draw();
  }

  draw() {
    const { size } = this.chosen;
    this.text.textContent = size ? t("compareChosen", { n: size, most: MOST }) : t("compareMore");
    this.go.disabled = size < 2;
  }

  async compare() {
    const { gallery } = this;
    const numbers = gallery.store.numbers.filter((number) => this.chosen.has(number));
    this.end();
    await compare(gallery, numbers, numbers, () => gallery.view.walk(numbers[0]));
  }

  end() {
    const was = [...this.chosen];
    this.chosen.clear();
    for (const number of was) this.gallery.virtual.refresh(number);
    this.ends.abort();
    this.bar.remove();
    mode = null;
    announce("");
  }
}

/** What lies over a large photograph: title, undo, neighbours, the price of this very photograph, the four answers. */

import { announce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const ACTS = [["no", "x", "wordDrop"], ["maybe", "question-mark", "wordMaybe"], ["yes", "heart", "wordSelect"], ["note", "edit", "wordNote"]];
const SAID = { yes: "wordYes", maybe: "wordMaybe", no: "wordNo", "": "wordNone" };
const AROUND = 4;
const LESSONS = [["chevron-up", "lessonUp"], ["arrows-exchange", "lessonSide"], ["chevron-down", "lessonDown"], ["zoom-in", "lessonZoom"]];

export class Panel {
  /**
   * @param {any} gallery @param {boolean} goesOn whether an answer leads to the next photograph
   * @param {{act: (act: string) => void, place: (slot: number) => void, undo: () => void, stack: () => void, recommended: () => void, goOn: (on: boolean) => void, close: () => void, go: (index: number) => void}} does
   */
  constructor(gallery, goesOn, does) {
    this.store = gallery.store;
    this.piles = gallery.view.piles;
    this.does = does;
    const shut = el("button", { type: "button", class: "lb-round", "aria-label": t("close"), onclick: does.close }, icon("x"));
    this.title = el("strong");
    this.said = el("span");
    this.undo = el("button", { type: "button", class: "lb-undo", onclick: does.undo }, icon("arrow-back-up"), el("span", { text: t("undo") }));
    this.head = el("div", { class: "lb-head" }, shut, el("p", { class: "lb-title" }, this.title, this.said), this.undo);
    this.film = el("div", { class: "lb-film", "aria-hidden": "true" });
    this.pile = el("button", { type: "button", class: "lb-chip", onclick: does.stack }, icon("stack-2"), el("span"));
    this.pick = el("button", { type: "button", class: "lb-chip is-gold", onclick: does.recommended }, icon("star"), el("span", { text: t("ourPick") }));
    this.onward = el("button", { type: "button", class: "lb-chip", "aria-pressed": String(goesOn), onclick: () => this.going(this.onward.getAttribute("aria-pressed") !== "true") }, icon("player-skip-forward"), el("span", { text: t("goOn") }));
    this.chips = el("div", { class: "lb-chips" }, this.pick, this.pile, this.onward);
    this.told = el("span");
    this.cost = el("strong");
    this.price = el("p", { class: "lightbox-price" }, this.told, this.cost);
    this.buttons = ACTS.map(([act, name, word]) => el("button", { type: "button", dataset: { v: act }, onclick: () => does.act(act) }, icon(name), el("span", { text: t(word) })));
    this.uses = el("div", { class: "lb-uses", role: "group", "aria-label": t("uses"), hidden: true });
    this.bar = el("div", { class: "lightbox-bar" }, this.film, this.chips, this.price, this.uses, el("div", { class: "lightbox-acts" }, ...this.buttons));
    this.hint = el("div", { class: "lb-lift", "aria-hidden": "true" }, icon("heart"), el("strong"));
    this.nodes = [this.head, this.bar, this.hint];
    for (const node of [this.head, this.bar]) for (const type of ["pointerdown", "click"]) node.addEventListener(type, (event) => event.stopPropagation());
    this.film.addEventListener("click", (event) => { if (event.target.dataset.index) does.go(Number(event.target.dataset.index)); });
  }

  /** Pixels that the photograph leaves free above and below. */
  get heights() {
    return [this.head.offsetHeight || 64, this.bar.offsetHeight || 232];
  }

  /** @param {number[]} numbers @param {number} index */
  draw(numbers, index) {
    const { store } = this;
    const number = numbers[index];
    const value = store.value(number);
    this.title.textContent = t("position", { n: index + 1, all: numbers.length });
    this.said.textContent = `${t("photo", { number })} · ${t(SAID[value])}${store.aside?.(number) ?? ""}`;
    this.undo.disabled = !store.history.length || !store.open;
    const cost = store.open ? store.priceOf(number) : 0;
    for (const button of this.buttons) {
      const act = button.dataset.v;
      button.disabled = !store.open && act !== "note";
      button.setAttribute("aria-pressed", String(act === "note" ? store.noted.has(number) : value === act));
      if (act === "yes") button.lastChild.replaceChildren(t("wordSelect"), ...(cost ? [" ", el("b", { text: `+${store.price(cost)}` })] : []));
    }
    for (const node of [this.undo, this.bar.lastElementChild]) node.hidden = store.rules.role === "viewer"; // she looks on
    this.drawChips(number);
    this.drawPrice(value, cost);
    this.drawUses(number);
    if (this.at !== `${index}/${numbers.length}`) this.drawFilm(numbers, index);
    else this.markFilm();
    this.at = `${index}/${numbers.length}`;
  }

  /** @param {number} number */
  drawChips(number) {
    const size = this.piles.of(number).length;
    this.pick.hidden = !this.store.recommended.has(number);
    this.pile.hidden = size < 2;
    this.pile.lastChild.textContent = `×${size}`;
    this.pile.setAttribute("aria-label", t("similar", { n: size }));
    this.onward.hidden = !this.store.open;
  }

  /** @param {boolean} on */
  going(on) {
    this.onward.setAttribute("aria-pressed", String(on));
    this.does.goOn(on);
  }

  drawPrice(value, cost) {
    const { counts, rules, open, full } = this.store;
    const { told, cost: node } = this;
    const facts = { yes: counts.yes, included: rules.included, n: counts.extra, total: this.store.price(counts.retouched) };
    if (!open) told.textContent = t(this.store.shut);
    else if (value === "yes") told.textContent = t(counts.extra ? "thisPaid" : "thisChosen", facts);
    else if (full) told.textContent = t("hardFull", { n: rules.included });
    else told.textContent = t("after", { ...facts, yes: counts.yes + 1 });
    node.textContent = !open || value === "yes" || full ? "" : cost ? t("thisPrice", { price: this.store.price(cost) }) : t("thisFree");
    this.price.classList.toggle("is-paid", cost > 0);
  }

  /** What the photograph is used for: a button a slot, with its count and what one more would cost. @param {number} number */
  drawUses(number) {
    const { store, uses } = this;
    const { list } = store.slots;
    uses.hidden = !list.length || store.rules.role === "viewer";
    if (uses.children.length !== list.length) {
      uses.replaceChildren(...list.map((slot) => el("button", { type: "button", dataset: { slot: slot.number }, onclick: () => this.does.place(slot.number) }, el("span"), el("b"))));
    }
    for (const [i, { number: slot, name, inside, included }] of list.entries()) {
      const button = uses.children[i];
      const isIn = inside.has(number);
      const cost = store.open ? store.placePrice(slot, number) : 0;
      button.disabled = !store.open || (!isIn && (store.slots.full(slot) || (store.full && store.value(number) !== "yes")));
      button.setAttribute("aria-pressed", String(isIn));
      button.classList.toggle("is-suggested", !isIn && store.suggested.some(([photo, to]) => photo === number && to === slot));
      button.firstChild.textContent = t("useCount", { name, used: inside.size, included });
      button.lastChild.textContent = isIn || button.disabled || !cost ? "" : `+${store.price(cost)}`;
    }
  }

  /** Small pictures of the neighbours. */
  drawFilm(numbers, index) {
    const from = Math.max(0, Math.min(index - AROUND, numbers.length - 2 * AROUND - 1));
    const near = numbers.slice(from, from + 2 * AROUND + 1);
    this.film.replaceChildren(...near.map((number, i) => {
      const node = el("img", { src: this.store.src(number, "t"), alt: "", draggable: "false", decoding: "async", dataset: { index: from + i, number } });
      node.style.backgroundColor = this.store.color(number);
      node.classList.toggle("is-here", from + i === index);
      return node;
    }));
    this.markFilm();
    const here = this.film.querySelector(".is-here");
    if (here) this.film.scrollLeft = here.offsetLeft - (this.film.clientWidth - here.offsetWidth) / 2;
  }

  markFilm() {
    for (const node of this.film.children) node.dataset.state = this.store.value(Number(node.dataset.number)) || "none";
  }

  /** How far a finger has lifted the photograph, 0 to 1. @param {number} part @param {number} [number] */
  lifted(part, number) {
    this.hint.classList.toggle("is-up", part > 0);
    this.hint.classList.toggle("is-enough", part >= 1);
    if (!part || number === undefined) return;
    const cost = this.store.priceOf(number);
    const word = this.store.value(number) === "yes" ? t("wordYes") : t("wordSelect");
    this.hint.lastChild.textContent = cost ? `${word} +${this.store.price(cost)}` : word;
  }

  /** A short answer to a swipe that selected. */
  flash() {
    this.hint.lastChild.textContent = t("wordYes");
    this.hint.classList.add("is-up", "is-enough");
    setTimeout(() => this.hint.classList.remove("is-up", "is-enough"), 260);
  }

  /** The gestures, shown once. Each of them has a button. */
  teach() {
    const close = () => lesson.remove();
    const list = el("ul", { role: "list" }, ...LESSONS.map(([name, word]) => el("li", {}, icon(name), el("span", { text: t(word) }))));
    const lesson = el("div", { class: "lb-lesson", onclick: close }, el("div", {}, list, el("button", { type: "button", class: "btn btn-cream btn-block", text: t("understood") })));
    for (const type of ["pointerdown", "click"]) lesson.addEventListener(type, (event) => event.stopPropagation());
    this.bar.after(lesson);
    announce(LESSONS.map(([, word]) => t(word)).join(" "));
  }
}

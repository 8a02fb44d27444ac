/**
 * A wish for the retoucher: chips, words, pins, through the outbox. What was typed and not saved waits in the sheet. Up to
 * five pins lie on a photograph, in thousandths of it: set by a tap, moved by a drag or the arrow keys, each with a wish.
 */

import { send } from "../lib/api.js";
import { open } from "../lib/dialog.js";
import { start } from "../lib/dialog.js";
import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { icon } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";

start();

export const MOST = 5;
const EDGE = 1000;
const HIGH = "max(30vh, 13rem)"; // that the picture takes
const STEP = 10;
const SPOTS = [[500, 500], [250, 250], [750, 250], [250, 750], [750, 750]]; // one is free whatever four pins do
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** @typedef {{x: number, y: number, tag: string, text: string, rev: number}} Pin */

const within = (value) => Math.max(0, Math.min(EDGE, Math.round(value)));

/** Put a pin somewhere on the picture. @param {Pin} pin @param {number} x @param {number} y @returns {Pin} */
export const moved = (pin, x, y) => ({ ...pin, x: within(x), y: within(y) });

/** Where a new pin hides no other. @param {Pin[]} pins */
export const freeSpot = (pins) => SPOTS.find(([x, y]) => pins.every((pin) => Math.hypot(pin.x - x, pin.y - y) > 150));

export class Pins {
  /** @param {HTMLElement} root `[data-pins]` of the note's sheet @param {string[][]} wishes value and word */
  constructor(root, wishes) {
    this.root = root;
    this.wishes = wishes;
    this.stage = /** @type {HTMLElement} */ ($(".pin-stage", root));
    this.list = /** @type {HTMLElement} */ ($(".pin-list", root));
    this.add = /** @type {HTMLButtonElement} */ ($("[data-pin-add]", root));
    /** @type {Pin[]} */
    this.pins = [];
    this.moves = $("[data-pin-moves]", root);
    this.add.addEventListener("click", () => this.put(...freeSpot(this.pins) ?? SPOTS[0], true));
    for (const button of $$("button", this.moves)) button.addEventListener("click", () => this.step(this.last, button.value, 2));
    this.stage.addEventListener("click", (event) => this.tapped(event));
  }

  /** @param {import("./store.js").Store} store @param {number} number @param {Pin[]} pins */
  show(store, number, pins) {
    const [width, height] = store.size(number, EDGE);
    this.rev = store.revs[store.places.get(number) ?? 0];
    this.open = store.open;
    this.pins = pins.map((pin) => ({ ...pin }));
    Object.assign(this.stage.style, { aspectRatio: `${width} / ${height}`, width: `min(100%, calc(${HIGH} * ${width / height}))`, backgroundColor: store.color(number) });
    const image = el("img", { src: store.src(number, "p"), alt: t("photo", { number }), draggable: "false", decoding: "async" });
    this.stage.replaceChildren(image);
    this.draw();
  }

  /** What is sent. @returns {Pin[]} */
  get told() {
    return this.pins.map((pin) => ({ ...pin, text: pin.text.trim() }));
  }

  tapped(event) {
    if (event.target.closest(".pin-mark") || !this.open) return;
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    this.put(((event.clientX - left) / width) * EDGE, ((event.clientY - top) / height) * EDGE, false);
  }

  put(x, y, focused) {
    if (this.pins.length >= MOST) {
      toast(t("pinFull"), { tone: "info", key: "pin" });
      return;
    }
    this.pins.push(moved({ x: 0, y: 0, tag: "", text: "", rev: this.rev }, x, y));
    this.last = this.pins.length - 1;
    this.draw();
    if (focused) this.marks[this.last].focus();
    else this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  draw() {
    this.marks = this.pins.map((pin, i) => this.mark(pin, i));
    for (const old of this.stage.querySelectorAll(".pin-mark")) old.remove();
    this.stage.append(...this.marks);
    this.list.replaceChildren(...this.pins.map((pin, i) => this.row(pin, i)));
    this.add.disabled = !this.open || this.pins.length >= MOST;
    this.aim(Math.min(this.last ?? 0, this.pins.length - 1));
  }

  /** The buttons that move a pin move this one. @param {number} i */
  aim(i) {
    this.last = i;
    this.moves.hidden = !this.open || i < 0;
    $(".pin-number", this.moves).textContent = String(i + 1);
  }

  /** A pin that says nothing is not sent without a word: it is told beside the first. @returns {boolean} */
  sound() {
    for (const old of $$(".field-error", this.list)) old.remove();
    const i = this.pins.findIndex(({ tag, text }) => !tag && !text.trim());
    this.list.children[i]?.append(el("p", { class: "field-error pin-old", role: "alert", text: t("pinSilent", { n: i + 1 }) }));
    this.list.children[i]?.querySelector("select").focus();
    return i < 0;
  }

  /** @param {number} i @param {string} key an arrow @param {number} times */
  step(i, key, times) {
    const [dx, dy] = MOVES[key];
    this.move(i, this.pins[i].x + dx * times, this.pins[i].y + dy * times);
    announce(this.marks[i].getAttribute("aria-label"));
  }

  /** @param {Pin} pin @param {number} i */
  mark(pin, i) {
    const button = el("button", { type: "button", class: "pin-mark num", text: i + 1, disabled: !this.open });
    this.place(button, i);
    button.addEventListener("click", () => this.list.children[i].querySelector("select").focus());
    button.addEventListener("focus", () => this.aim(i));
    button.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") this.remove(i);
      else if (!(event.key in MOVES)) return;
      else this.step(i, event.key, event.shiftKey ? 5 : 1);
      event.preventDefault();
    });
    this.drag(button, i);
    return button;
  }

  drag(button, i) {
    let far = false;
    button.addEventListener("pointerdown", (event) => { far = false; button.setPointerCapture(event.pointerId); });
    button.addEventListener("pointermove", (event) => {
      if (!button.hasPointerCapture(event.pointerId)) return;
      const { left, top, width, height } = this.stage.getBoundingClientRect();
      const [x, y] = [((event.clientX - left) / width) * EDGE, ((event.clientY - top) / height) * EDGE];
      far ||= Math.hypot(x - this.pins[i].x, y - this.pins[i].y) > 15;
      if (far) this.move(i, x, y);
    });
    button.addEventListener("click", (event) => { if (far) event.stopImmediatePropagation(); far = false; }, { capture: true });
  }

  move(i, x, y) {
    this.pins[i] = moved({ ...this.pins[i], rev: this.rev }, x, y); // seen on the picture that is there now
    this.place(this.marks[i], i);
  }

  place(button, i) {
    const { x, y } = this.pins[i];
    Object.assign(button.style, { left: `${x / 10}%`, top: `${y / 10}%` });
    button.setAttribute("aria-label", t("pinAt", { n: i + 1, x: Math.round(x / 10), y: Math.round(y / 10) }));
  }

  remove(i) {
    this.pins.splice(i, 1);
    this.draw();
    (this.marks[Math.min(i, this.marks.length - 1)] ?? this.add).focus();
  }

  /** @param {Pin} pin @param {number} i */
  row(pin, i) {
    const n = i + 1;
    const choices = [["", t("pinAny")], ...this.wishes].map(([value, word]) => el("option", { value, text: word, selected: value === pin.tag }));
    const wish = el("select", { "aria-label": t("pinWish", { n }), disabled: !this.open, onchange: (event) => { this.pins[i].tag = event.target.value; } }, ...choices);
    const words = el("input", { type: "text", maxlength: 60, autocomplete: "off", "aria-label": t("pinText", { n }), disabled: !this.open, oninput: (event) => { this.pins[i].text = event.target.value; } });
    /** @type {HTMLInputElement} */ (words).value = pin.text;
    const gone = el("button", { type: "button", class: "btn btn-icon btn-quiet", "aria-label": t("pinGone", { n }), disabled: !this.open, onclick: () => this.remove(i) }, icon("x"));
    const old = pin.rev < this.rev ? [el("span", { class: "muted small pin-old", text: t("pinOld") })] : [];
    return el("li", {}, el("span", { class: "pin-number num", "aria-hidden": "true", text: n }), wish, words, gone, ...old);
  }
}

/** @typedef {{text: string, tags: string[], pins?: Pin[]}} Note */
/** @type {Map<number, Note>} */
const drafts = new Map();
/** @type {Pins | undefined} */
let pins;

/** @param {any} boot */
export const prepare = (boot) => style(boot.modules.triageCss);

/** @param {any} gallery what gallery.js offers @param {number} number */
export default async function ask(gallery, number) {
  const dialog = /** @type {HTMLDialogElement} */ ($("#note"));
  const { store, outbox } = gallery;
  await prepare(gallery.boot);
  if (!pins) wire(gallery, dialog);
  const saved = outbox.noteOf(number) ?? (store.noted.has(number) ? await fetched(gallery, number) : null);
  if (!saved && store.noted.has(number)) return; // told why
  const note = drafts.get(number) ?? saved ?? { text: "", tags: [] };
  fill(dialog, note);
  pins.show(store, number, note.pins ?? []);
  dialog.dataset.about = String(number);
  dialog.returnValue = "";
  $("[data-photo]", dialog).textContent = t("photo", { number });
  $("fieldset", dialog).disabled = !store.open;
  $("[value=save]", dialog).hidden = !store.open;
  open(dialog);
  $(".dialog-body", dialog).scrollTop = 0; // another photograph may have left it at its end
}

/** What the server has. An empty sheet instead would overwrite it, so offline nothing is opened. */
async function fetched(gallery, number) {
  try {
    return await send(gallery.boot.note.replace("/0/", `/${number}/`));
  } catch (error) {
    toast(error.message, { tone: "warn", key: "note" });
    return null;
  }
}

/** @param {HTMLDialogElement} dialog @param {Note} note */
function fill(dialog, note) {
  $("textarea", dialog).value = note.text;
  for (const box of $$("input[name=tags]", dialog)) box.checked = note.tags.includes(box.value);
}

/** @param {HTMLDialogElement} dialog @returns {Note} */
function typed(dialog) {
  const tags = $$("input[name=tags]:checked", dialog).map((box) => box.value);
  return { text: $("textarea", dialog).value.trim(), tags, pins: pins.told };
}

function wire({ store, outbox }, dialog) {
  pins = new Pins($("[data-pins]", dialog), $$(".chip-check", dialog).map((label) => [$("input", label).value, $("span", label).textContent]));
  $("[data-note-cancel]", dialog).addEventListener("click", () => dialog.close("cancel"));
  $("form", dialog).addEventListener("submit", (event) => { if (!pins.sound()) event.preventDefault(); });
  dialog.addEventListener("close", () => {
    const number = Number(dialog.dataset.about);
    const note = typed(dialog);
    const says = Boolean(note.text || note.tags.length || note.pins.length);
    if (!store.open || dialog.returnValue === "cancel") drafts.delete(number);
    else if (dialog.returnValue === "save") {
      drafts.delete(number);
      outbox.note(number, note);
      store.note(number, says);
      toast(t(says ? "noteSaved" : "noteGone"), { key: "note" });
    } else drafts.set(number, note); // closed by a slip of the finger
  });
  outbox.addEventListener("noted", ({ detail }) => {
    if (detail.why) toast(t("noteFailed", { why: detail.why }), { tone: "bad", key: "note" });
  });
}

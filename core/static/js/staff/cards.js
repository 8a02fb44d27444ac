/** The cards on the board: fetch some of them again in one request, and put each where it belongs. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { retry } from "../lib/api.js";

const GATHER = 40; // ms: a burst of pokes becomes one request
const BATCH = 100; // ids in one request

/**
 * @param {HTMLElement} board
 * @param {(said: {text: string, url: string, id: number}) => void} say
 */
export function createCards(board, say) {
  const wanted = new Set();
  const moved = new Set();
  let timer = 0;
  let busy = false;

  /** @param {number} id */
  const cardOf = (id) => document.getElementById(`order-${id}`);

  /** @param {string} path */
  const address = (path) => new URL(path + location.search, location.href);

  /** Fetch an order's card again soon. @param {number} id @param {boolean} [tell] whether a colleague's move is told */
  function refresh(id, tell = false) {
    wanted.add(id);
    if (tell) moved.add(id);
    if (!timer && !busy) timer = setTimeout(flush, GATHER);
  }

  async function flush() {
    timer = 0;
    busy = true;
    const ids = [...wanted].slice(0, BATCH);
    const told = ids.filter((id) => moved.has(id));
    for (const id of ids) { wanted.delete(id); moved.delete(id); }
    const url = address(board.dataset.cards ?? "");
    url.searchParams.set("ids", ids.join(","));
    if (told.length) url.searchParams.set("moved", told.join(","));
    try {
      apply(ids, await retry(() => get(url.href)));
    } catch { /* the next catch-up compares all of them */ }
    busy = false;
    if (wanted.size) timer = setTimeout(flush, GATHER);
  }

  /** @param {number[]} ids @param {{html: string, counts: Record<string, {n: number, late: number}>, alarms: string, said: any[]}} answer */
  function apply(ids, answer) {
    const fresh = document.createElement("template");
    fresh.innerHTML = answer.html;
    const found = new Map($$("li[data-key]", fresh.content).map((card) => [card.id, card]));
    for (const id of ids) {
      const card = found.get(`order-${id}`);
      if (card) place(card);
      else cardOf(id)?.remove();
    }
    count(answer.counts);
    const alarms = $("[data-alarms]");
    if (alarms) alarms.innerHTML = answer.alarms;
    answer.said.forEach(say);
  }

  /** Put a card into its column by its key; the focus and an open menu's place survive. @param {HTMLElement} card */
  function place(card) {
    const old = document.getElementById(card.id);
    const list = $(`[data-stage-list="${card.dataset.stage}"]`, board);
    if (!list || (old && old.dataset.rev === card.dataset.rev && old.parentElement === list && !old.dataset.torn)) return;
    const held = old && heldIn(old);
    const siblings = $$("li[data-key]", list).filter((other) => other !== old);
    const next = siblings.find((other) => (other.dataset.key ?? "") > (card.dataset.key ?? ""));
    const rest = $("[data-more]", list);
    old?.remove();
    if (!next && rest) return; // it belongs to the part of the column that is not loaded
    list.insertBefore(card, next ?? null);
    if (old && old.dataset.stage === card.dataset.stage) card.classList.add("is-changed");
    else card.classList.add("is-moved");
    setTimeout(() => card.classList.remove("is-changed", "is-moved"), 2500);
    if (held) hold(card, held);
  }

  /** What somebody has in hand on a card: null without the focus. @param {HTMLElement} card */
  function heldIn(card) {
    const control = document.activeElement;
    if (!control || !card.contains(control)) return null;
    const target = control instanceof HTMLButtonElement ? `button[value="${control.value}"]` : control.localName;
    return { target, open: Boolean($("details[open]", card)) };
  }

  /** Give it back after the card was drawn again: a poke must not close a menu under the finger. @param {HTMLElement} card @param {{target: string, open: boolean}} held */
  function hold(card, held) {
    const menu = /** @type {HTMLDetailsElement | null} */ ($("details", card));
    if (menu && held.open) menu.open = true;
    ($(held.target, card) ?? $("a", card))?.focus({ preventScroll: true });
  }

  /** @param {Record<string, {n: number, late: number}>} counts */
  function count(counts) {
    for (const place of $$("[data-count]")) {
      const found = counts[place.dataset.count ?? ""];
      if (found) place.textContent = String(found.n);
    }
    for (const place of $$("[data-late]", board)) {
      const late = counts[place.dataset.late ?? ""]?.late ?? 0;
      place.hidden = !late;
      const number = $("[data-number]", place);
      if (number) number.textContent = String(late);
    }
  }

  /** After a gap that cannot be replayed: compare every revision, fetch what differs, drop what is gone. */
  async function compare() {
    const revs = new Map(await retry(() => get(address(board.dataset.revs ?? "").href), 6));
    for (const card of $$("li[data-key]", board)) {
      if (!revs.has(Number(card.dataset.id))) card.remove();
    }
    for (const [id, rev] of revs) {
      if (Number(cardOf(id)?.dataset.rev) !== rev) refresh(id);
    }
  }

  /** Scroll to a card and show it. @param {number} id @returns {boolean} whether it is on the board */
  function show(id) {
    const card = cardOf(id);
    card?.scrollIntoView({ block: "center", inline: "center", behavior: "smooth" });
    $("a", card ?? undefined)?.focus({ preventScroll: true });
    return Boolean(card);
  }

  /** @param {number} id */
  const focus = (id) => $("a", cardOf(id) ?? undefined)?.focus({ preventScroll: true });

  return { refresh, compare, show, cardOf, focus };
}

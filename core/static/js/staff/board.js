/**
 * The order board. Pokes say which orders moved; their cards are fetched again with the viewer's own permissions and put
 * where they belong. Moving works by dragging, by the card's menu, and by the keyboard through that menu.
 */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { connect } from "../lib/live.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { createCards } from "./cards.js";
import { startDragging } from "./drag.js";
import { createMover } from "./move.js";

const board = /** @type {HTMLElement} */ ($("[data-board]"));
const cards = createCards(board, say);
const mover = createMover(board, cards);

/** What a colleague did, with a way to look. @param {{text: string, url: string, id: number}} said */
function say(said) {
  const look = { label: t("look"), run: () => cards.show(said.id) || location.assign(said.url) };
  toast(said.text, { tone: "info", action: look, key: `moved-${said.id}` });
}

/** @param {{type?: string, thread?: string}} poke */
function onPoke(poke) {
  const id = Number(/^order\.(\d+)$/.exec(poke.thread ?? "")?.[1]);
  if (id) cards.refresh(id, poke.type === "order.moved");
}

/** @param {Array<{kind?: string, type?: string, thread?: string}> | null} events */
function onCatchUp(events) {
  if (events === null) return cards.compare();
  for (const event of events) onPoke({ type: "", thread: event.thread });
  return undefined;
}

connect(board.dataset.socket ?? "", { onPoke, onCatchUp });
startDragging(board, mover.move);

document.addEventListener("board:moved", (event) => announce(/** @type {CustomEvent} */ (event).detail));

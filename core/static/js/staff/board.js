/**
 * The order board. Pokes say which orders moved; their cards are fetched again with the viewer's own permissions and put
 * where they belong. Moving works by dragging, by the card's menu, and by the keyboard through that menu.
 */

import { $ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
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

/** @param {Array<{type: string, thread?: string}> | null} events */
function onCatchUp(events) {
  if (events === null) cards.compare();
  else events.forEach(({ thread }) => onPoke({ thread }));
}

/** Progress is poked without a number, so whatever was missed shows only by comparing. @param {string} state */
function onState(state) {
  if (state === "online") cards.compare();
}

const at = JSON.parse($("#board-at")?.textContent ?? "{}");
connect(board.dataset.socket ?? "", { onPoke, onCatchUp, onState, at });
startDragging(board, mover.move);
on(document, "change", "[data-auto-submit]", (event, field) => /** @type {HTMLSelectElement} */ (field).form?.requestSubmit());

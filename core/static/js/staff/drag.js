/** Dragging cards between columns (SortableJS). The menu on each card does the same without a mouse (WCAG 2.5.7). */

import { $$ } from "../lib/dom.js";

/**
 * @param {HTMLElement} board
 * @param {(card: HTMLElement, target: string) => void} move
 */
export function startDragging(board, move) {
  const Sortable = /** @type {any} */ (window).Sortable;
  if (!Sortable || board.dataset.mayMove !== "1") return;
  /** @param {HTMLElement} card @param {HTMLElement} list */
  const allowed = (card, list) => (card.dataset.moves ?? "").split(" ").includes(list.dataset.stageList ?? "");
  /** @param {DragEvent | TouchEvent} event */
  const columnUnder = (event) => {
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    return document.elementFromPoint(point.clientX, point.clientY)?.closest(".board-col");
  };
  const lists = $$("[data-stage-list]", board);
  for (const list of lists) {
    Sortable.create(list, {
      group: { name: "stages", pull: true, put: (to, from, card) => allowed(card, to.el) },
      sort: false,
      draggable: "li[data-key]",
      filter: "summary, button, .menu-list",
      preventOnFilter: false,
      animation: 120,
      delay: 180,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      emptyInsertThreshold: 60,
      scrollSensitivity: 80,
      onStart: ({ item }) => lists.forEach((other) => other.parentElement?.classList.toggle("is-open", allowed(item, other))),
      onEnd: ({ item, from, to, oldIndex, originalEvent }) => {
        lists.forEach((other) => other.parentElement?.classList.remove("is-open"));
        if (from === to) return;
        if (columnUnder(originalEvent) === to.parentElement) move(item, to.dataset.stageList);
        else from.insertBefore(item, from.children[oldIndex] ?? null); // let go over a column it may not enter
      },
    });
  }
}

/** One magnifying glass over several pictures: what it shows (in parts of a picture's frame) and the gestures that move it. */

export const MOST = 6;
const TAP_MS = 320;
const TAP_PX = 12;
const CLOSER = 2.5;
const BELOW = 104; // px of a pane that its buttons take

const within = (value, most) => Math.max(-most, Math.min(most, value));

export class Glass extends EventTarget {
  scale = 1;
  x = 0; // how far the picture is moved, in widths and heights of its frame
  y = 0;

  /** Magnify around a point that stays where it is. @param {number} factor @param {number} [px] from the frame's middle, -0.5 to 0.5 @param {number} [py] */
  zoom(factor, px = 0, py = 0) {
    const scale = Math.max(1, Math.min(MOST, this.scale * factor));
    const times = scale / this.scale;
    this.set(scale, px - (px - this.x) * times, py - (py - this.y) * times);
  }

  /** @param {number} dx @param {number} dy in frames */
  pan(dx, dy) {
    this.set(this.scale, this.x + dx, this.y + dy);
  }

  /** In and out again, as a double tap does. */
  toggle(px, py) {
    this.zoom(this.scale > 1.05 ? 1 / MOST : CLOSER, px, py);
  }

  /** A picture never leaves its frame. */
  set(scale, x, y) {
    const room = (scale - 1) / 2;
    Object.assign(this, { scale, x: within(x, room), y: within(y, room) });
    this.dispatchEvent(new Event("moved"));
  }

  get transform() {
    return `translate(${this.x * 100}%, ${this.y * 100}%) scale(${this.scale})`;
  }
}

/**
 * How many columns show the most of every picture: two may lie side by side or one above the other, more are a grid.
 * @param {number} n @param {number} width @param {number} height of all of it @param {number} ratio of the pictures
 */
export function columns(n, width, height, ratio) {
  const area = (cols) => {
    const [w, h] = [width / cols, height / Math.ceil(n / cols) - BELOW];
    return h <= 0 ? 0 : Math.min(w, h * ratio) ** 2 / ratio;
  };
  return (n > 2 ? [2, n] : [1, 2]).reduce((best, cols) => (area(cols) > area(best) ? cols : best));
}

/** Where a pointer is, from the middle of the frame. */
function placeOf(event, { left, top, width, height }) {
  return { x: (event.clientX - left) / width - 0.5, y: (event.clientY - top) / height - 0.5, at: event.timeStamp };
}

const middle = (points) => ({ x: points.reduce((sum, { x }) => sum + x, 0) / points.length, y: points.reduce((sum, { y }) => sum + y, 0) / points.length });
const apart = ([a, b], box) => Math.hypot((a.x - b.x) * box.width, (a.y - b.y) * box.height);

/** Pinch, drag, double tap and wheel on one frame move the glass of all. @param {HTMLElement} frame @param {Glass} glass */
export function gestures(frame, glass) {
  /** @type {Map<number, {x: number, y: number, at: number}>} */
  const fingers = new Map();
  let begun = { x: 0, y: 0, at: 0 };
  let tapped = -TAP_MS;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    frame.setPointerCapture(event.pointerId);
    begun = placeOf(event, frame.getBoundingClientRect());
    fingers.set(event.pointerId, begun);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const box = frame.getBoundingClientRect();
    const before = [...fingers.values()];
    fingers.set(event.pointerId, placeOf(event, box));
    const after = [...fingers.values()];
    const [from, to] = [middle(before), middle(after)];
    glass.pan(to.x - from.x, to.y - from.y);
    if (after.length === 2) glass.zoom(apart(after, box) / Math.max(1, apart(before, box)), to.x, to.y);
  });
  frame.addEventListener("pointerup", (event) => {
    const box = frame.getBoundingClientRect();
    const here = placeOf(event, box);
    const still = fingers.size === 1 && apart([begun, here], box) < TAP_PX;
    if (still && here.at - tapped < TAP_MS) glass.toggle(here.x, here.y);
    tapped = still && here.at - tapped >= TAP_MS ? here.at : -TAP_MS;
    fingers.delete(event.pointerId);
  });
  frame.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { x, y } = placeOf(event, frame.getBoundingClientRect());
    glass.zoom(Math.exp(-event.deltaY / 300), x, y);
  }, { passive: false });
  for (const type of ["dragstart", "contextmenu"]) frame.addEventListener(type, (event) => event.preventDefault());
}

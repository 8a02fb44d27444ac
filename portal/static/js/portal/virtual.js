/**
 * A windowed grid on the document's own scroller: only the rows near the screen exist. Geometry is read from the CSS,
 * so the server's first tiles and ours are in the same place (no layout shift). The focused tile is never unmounted.
 */

const BLANK = "data:,";

export class Virtual {
  /**
   * @param {HTMLElement} grid a list whose first children the server rendered
   * @param {{make: (number: number) => HTMLElement, show: (node: HTMLElement, number: number, place: number, all: number) => void}} tiles
   */
  constructor(grid, tiles) {
    this.grid = grid;
    this.tiles = tiles;
    /** @type {number[]} */
    this.numbers = [];
    /** @type {Map<number, HTMLElement>} */
    this.mounted = new Map();
    for (const node of grid.querySelectorAll("[data-number]")) this.mounted.set(Number(node.dataset.number), node);
    addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => { this.geometry = null; this.soon(); }).observe(grid);
  }

  /** @param {number[]} numbers in order */
  set(numbers) {
    this.numbers = numbers;
    this.places = new Map(numbers.map((number, place) => [number, place]));
    this.geometry = null;
    this.draw();
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.draw(); });
  }

  measure() {
    if (this.geometry) return this.geometry;
    const style = getComputedStyle(this.grid);
    const cols = Number(style.getPropertyValue("--cols")) || 3;
    const gap = parseFloat(style.columnGap) || 0;
    const pad = parseFloat(style.paddingLeft) || 0;
    const width = (this.grid.clientWidth - 2 * pad - gap * (cols - 1)) / cols;
    const height = (width * 4) / 3;
    const rows = Math.ceil(this.numbers.length / cols);
    this.grid.style.height = `${2 * pad + rows * height + Math.max(0, rows - 1) * gap}px`;
    this.grid.classList.add("is-windowed");
    this.geometry = { cols, gap, pad, width, height };
    for (const [number, node] of this.mounted) this.put(node, number);
    return this.geometry;
  }

  /** First and last place to keep: the screen and one more on both sides. */
  window({ cols, gap, height }) {
    const top = this.grid.getBoundingClientRect().top;
    const row = height + gap;
    const from = Math.floor((-top - innerHeight) / row);
    const to = Math.ceil((-top + 2 * innerHeight) / row);
    return [Math.max(0, from * cols), Math.min(this.numbers.length, to * cols)];
  }

  put(node, number) {
    const place = this.places?.get(number);
    if (place === undefined || !this.geometry) return;
    const { cols, gap, pad, width, height } = this.geometry;
    const style = node.style;
    style.position = "absolute";
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.left = `${pad + (place % cols) * (width + gap)}px`;
    style.top = `${pad + Math.floor(place / cols) * (height + gap)}px`;
  }

  draw() {
    if (!this.places) return;
    const geometry = this.measure();
    const [from, to] = this.window(geometry);
    const focused = document.activeElement?.closest?.("[data-number]");
    for (const [number, node] of this.mounted) {
      const place = this.places.get(number) ?? -1;
      if ((place < from || place >= to) && (node !== focused || place < 0)) this.drop(number, node);
    }
    for (let place = from; place < to; place += 1) this.mount(this.numbers[place], place);
  }

  mount(number, place) {
    let node = this.mounted.get(number);
    if (!node) {
      node = this.tiles.make(number);
      this.mounted.set(number, node);
      this.put(node, number);
      const next = this.numbers.slice(place + 1, place + 8).map((later) => this.mounted.get(later)).find(Boolean);
      this.grid.insertBefore(node, next ?? null);
    }
    this.tiles.show(node, number, place, this.numbers.length);
  }

  drop(number, node) {
    const image = node.querySelector("img");
    if (image && !image.complete) image.src = BLANK; // a fling must not queue behind photographs nobody sees
    node.remove();
    this.mounted.delete(number);
  }

  /** Show the tile again after its photograph changed. */
  refresh(number) {
    const node = this.mounted.get(number);
    const place = this.places?.get(number);
    if (node && place !== undefined) this.tiles.show(node, number, place, this.numbers.length);
  }

  /** Bring a photograph to the screen and answer its tile. */
  reveal(number) {
    const place = this.places?.get(number);
    if (place === undefined) return null;
    const { cols, gap, height } = this.measure();
    const top = this.grid.getBoundingClientRect().top + scrollY + Math.floor(place / cols) * (height + gap);
    if (!this.mounted.has(number) || top < scrollY || top + height > scrollY + innerHeight) {
      scrollTo({ top: Math.max(0, top - innerHeight / 3) });
      this.draw();
    }
    return this.mounted.get(number) ?? null;
  }
}

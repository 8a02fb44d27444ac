/**
 * A windowed grid on the document's own scroller: only the rows near the screen exist. Geometry is read from the CSS,
 * so the server's first tiles and ours are in the same place (no layout shift). The focused tile is never unmounted.
 */

const FIRST = 0.3; // screens beyond the visible one before anybody has scrolled: the first load stays light
const AHEAD = 1;
const MOST = 60; // tiles, unless the screen itself shows more
const FLING = 3; // px per ms: pictures going past faster than this are not fetched
const SETTLE = 90;

export class Virtual {
  /**
   * @param {HTMLElement} grid a list whose first children the server rendered
   * @param {import("./tiles.js").Tiles} tiles
   */
  constructor(grid, tiles) {
    this.grid = grid;
    this.tiles = tiles;
    /** @type {number[]} */
    this.numbers = [];
    /** @type {Map<number, number>} */
    this.places = new Map();
    /** @type {Map<number, HTMLElement>} */
    this.mounted = new Map();
    this.ahead = FIRST;
    this.listed = false; // whether anybody has told which photographs there are
    this.begun = false; // whether the first screen is there: until then nothing else may take its share of the line
    this.reached = 0; // the number on the Tab key's way
    this.last = { y: scrollY, at: 0 };
    for (const node of grid.querySelectorAll("[data-number]")) this.mounted.set(Number(node.dataset.number), node);
    addEventListener("scroll", () => { this.ahead = AHEAD; this.begun = true; this.soon(); }, { passive: true });
    addEventListener("online", () => { for (const node of this.mounted.values()) tiles.again(node); });
    grid.addEventListener("focusin", (event) => this.focused(event));
    new ResizeObserver(() => { this.geometry = null; this.soon(); }).observe(grid);
  }

  /** @param {number[]} numbers in the order of the list, which the studio chooses */
  set(numbers) {
    const first = !this.listed;
    this.listed = true;
    this.numbers = numbers;
    this.places = new Map(numbers.map((number, place) => [number, place]));
    this.geometry = null;
    if (first) for (const [number, node] of this.mounted) if (this.places.has(number)) this.tiles.tint(node, number);
    if (!this.places.has(this.reached)) this.reach(numbers[0] ?? 0);
    if (first) for (const [number, node] of this.mounted) this.tiles.reach(node, number === this.reached);
    const before = [...this.mounted.keys()]; // new tiles are shown as they are made
    this.draw();
    for (const number of before) this.refresh(number);
    if (first) this.settle();
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => { this.frame = undefined; this.draw(); });
  }

  /** Read the CSS and lay the mounted tiles out again; the list gets its full height. */
  measure() {
    if (this.geometry) return this.geometry;
    const style = getComputedStyle(this.grid);
    const cols = Number(style.getPropertyValue("--cols")) || 3;
    const gap = parseFloat(style.columnGap) || 0;
    const pad = parseFloat(style.paddingLeft) || 0;
    const width = (this.grid.clientWidth - 2 * pad - gap * (cols - 1)) / cols;
    const height = (width * 4) / 3;
    const rows = Math.ceil(this.numbers.length / cols);
    const { grid } = this;
    grid.style.height = `${2 * pad + rows * height + Math.max(0, rows - 1) * gap}px`;
    grid.style.setProperty("--w", `${width}px`);
    grid.style.setProperty("--h", `${height}px`);
    grid.classList.add("is-windowed");
    this.geometry = { cols, gap, pad, width, height, top: grid.getBoundingClientRect().top + scrollY };
    for (const [number, node] of this.mounted) this.put(node, number);
    return this.geometry;
  }

  /** First and last place to keep: the screen and a part of one on both sides. */
  window({ cols, gap, pad, height, top }) {
    const row = height + gap;
    const visible = Math.ceil(innerHeight / row) + 1;
    const spare = Math.min(Math.ceil((innerHeight * this.ahead) / row), Math.floor((MOST / cols - visible) / 2));
    const from = Math.floor((scrollY - top - pad) / row) - Math.max(0, spare);
    const to = Math.ceil((scrollY + innerHeight - top - pad) / row) + Math.max(0, spare);
    return [Math.max(0, from * cols), Math.max(0, Math.min(this.numbers.length, to * cols))];
  }

  put(node, number) {
    const place = this.places.get(number);
    if (place === undefined || !this.geometry) return;
    const { cols, gap, pad, width, height } = this.geometry;
    node.style.left = `${pad + (place % cols) * (width + gap)}px`;
    node.style.top = `${pad + Math.floor(place / cols) * (height + gap)}px`;
  }

  /** Whether the page flies past so fast that pictures would only be fetched to be thrown away. */
  flying() {
    const now = performance.now();
    const { y, at } = this.last;
    this.last = { y: scrollY, at: now };
    return now - at < 200 && Math.abs(scrollY - y) / Math.max(1, now - at) > FLING;
  }

  draw() {
    if (!this.listed) return; // the manifest is on its way: the server's tiles stay
    const [from, to] = this.window(this.measure());
    const flying = this.flying();
    const active = document.activeElement?.closest?.("[data-number]");
    for (const [number, node] of this.mounted) {
      const place = this.places.get(number) ?? -1;
      if (place < 0 || ((place < from || place >= to) && node !== active)) this.drop(number, node);
    }
    let next = this.grid.firstElementChild;
    for (let place = from; place < to; place += 1) next = this.mount(this.numbers[place], place, next, this.begun && !flying);
    clearTimeout(this.settling);
    if (flying) this.settling = setTimeout(() => this.settle(), SETTLE);
  }

  /** Children stand in the list's order whatever was mounted first, for the Tab key and for screen readers. */
  mount(number, place, next, load) {
    while (next && (this.places.get(Number(next.dataset.number)) ?? 0) < place) next = next.nextElementSibling;
    const known = this.mounted.get(number);
    if (known) {
      if (load) this.tiles.load(known);
      if (known === next) return known.nextElementSibling;
      this.grid.insertBefore(known, next); // the studio has put the photographs into another order
      return next;
    }
    const node = this.tiles.make(number, load);
    this.mounted.set(number, node);
    this.put(node, number);
    this.tiles.show(node, number, place, this.numbers.length);
    this.tiles.reach(node, number === this.reached);
    this.grid.insertBefore(node, next);
    return next;
  }

  /** The fling is over: what is in sight is fetched first. Over HTTP/2 all that is asked for at once arrives at once. */
  async settle() {
    const middle = scrollY + innerHeight / 2 - this.measure().top;
    const off = (node) => Math.abs(parseFloat(node.style.top) + this.geometry.height / 2 - middle);
    const reach = (innerHeight + this.geometry.height) / 2;
    const seen = [...this.mounted.values()].filter((node) => off(node) < reach);
    const turn = this.settling;
    for (const node of seen) this.tiles.load(node);
    await Promise.allSettled(seen.map((node) => this.tiles.there(node)));
    this.begun = true;
    if (turn === this.settling) for (const node of this.mounted.values()) this.tiles.load(node);
  }

  drop(number, node) {
    this.tiles.cancel(node);
    node.remove();
    this.mounted.delete(number);
  }

  /** Show one tile again, or all. @param {number} [number] */
  refresh(number) {
    for (const each of number === undefined ? this.mounted.keys() : [number]) {
      const node = this.mounted.get(each);
      const place = this.places.get(each);
      if (node && place !== undefined) this.tiles.show(node, each, place, this.numbers.length);
    }
  }

  focused(event) {
    const number = Number(event.target.closest("[data-number]")?.dataset.number);
    if (number) this.reach(number);
  }

  /** @param {number} number the tile that the Tab key finds */
  reach(number) {
    if (number === this.reached) return;
    for (const each of [this.reached, number]) if (this.mounted.has(each)) this.tiles.reach(this.mounted.get(each), each === number);
    this.reached = number;
  }

  /** The neighbour `step` places on, if there is one. @param {number} number @param {number} step */
  beside(number, step) {
    return this.numbers[(this.places.get(number) ?? 0) + step];
  }

  /** The first photograph that is fully below the bars. @param {number} bar height of what covers the top */
  topmost(bar) {
    const { cols, gap, pad, height, top } = this.measure();
    const row = Math.max(0, Math.ceil((scrollY + bar - top - pad) / (height + gap)));
    return this.numbers[Math.min(row * cols, this.numbers.length - 1)];
  }

  /** Bring a photograph to the screen and answer its tile. @param {number} number @param {number} [bar] @param {number} [dock] */
  reveal(number, bar = 0, dock = 0) {
    const place = this.places.get(number);
    if (place === undefined) return null;
    const { cols, gap, pad, height, top } = this.measure();
    const y = top + pad + Math.floor(place / cols) * (height + gap);
    if (y < scrollY + bar) scrollTo({ top: Math.max(0, y - bar - gap) });
    else if (y + height > scrollY + innerHeight - dock) scrollTo({ top: y + height + dock + gap - innerHeight });
    this.draw();
    return this.mounted.get(number) ?? null;
  }
}

/** What the uploader is doing, in words and bars: at most sixty rows, those that need a look first. */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { confirm } from "../lib/dialog.js";
import { el } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";
import { chosen } from "./folder.js";
import { dropped } from "./folder.js";
import { ENDED } from "./uploader.js";
import { Uploader } from "./uploader.js";

const SHOWN = 60;
const FIRST = ["failed", "refused", "sending", "retrying", "checking", "hashing", "signing", "waiting", "processing", "done", "there"];
const WORDS = { signing: "up_waiting", retrying: "up_retrying" };
const UNITS = ["B", "KB", "MB", "GB"];

/** @param {number} bytes */
function size(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step > 1 ? 1 : 0)} ${UNITS[step]}`;
}

/** @param {number} seconds */
const span = (seconds) => (seconds < 90 ? t("up_seconds", { n: Math.ceil(seconds) }) : t("up_minutes", { n: Math.round(seconds / 60) }));

class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    const { sign, complete, worker, types, max } = root.dataset;
    this.uploader = new Uploader({ sign, complete, worker, types: new Set(types.split(",")), max: Number(max), onChange: () => this.soon() });
    /** @type {[number, number][]} (time, bytes sent so far): the last ten seconds */
    this.marks = [];
    this.wire();
  }

  wire() {
    const drop = $("[data-drop]", this.root);
    for (const type of ["dragenter", "dragover"]) {
      drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    }
    for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", async (event) => { event.preventDefault(); this.take(await dropped(event.dataTransfer)); });
    // A file dropped beside the zone would replace the page.
    for (const type of ["dragover", "drop"]) document.addEventListener(type, (event) => event.preventDefault());
    on(this.root, "click", "[data-choose]", (_event, button) => $(`[data-input=${button.dataset.choose}]`, this.root).click());
    on(this.root, "change", "[data-input]", (_event, input) => { this.take(chosen(input.files)); input.value = ""; });
    on(this.root, "click", "[data-pause]", () => this.uploader.pause(!this.uploader.paused));
    on(this.root, "click", "[data-retry]", () => this.uploader.again());
    on(this.root, "click", "[data-cancel]", async () => { if (await confirm(t("up_stop"), { danger: true })) this.uploader.stop(); });
    on(this.root, "click", "[data-dismiss]", () => { this.uploader.forget(); $("[data-choose]", this.root).focus(); });
    document.addEventListener("desk:moved", () => this.uploader.followSoon(1000));
    addEventListener("beforeunload", (event) => { if (this.uploader.active) event.preventDefault(); });
  }

  take(files) {
    if (!files.length) toast(t("up_nothing"), { tone: "warn" });
    else this.uploader.add(files);
  }

  /** Draw at most five times a second, whatever the browser reports. */
  soon() {
    this.timer ??= setTimeout(() => { this.timer = undefined; this.draw(); }, 200);
  }

  draw() {
    const { rows } = this.uploader;
    const counted = rows.filter((row) => row.state !== "refused" && row.state !== "there");
    const total = counted.reduce((sum, row) => sum + row.file.size, 0);
    const sent = counted.reduce((sum, row) => sum + row.sent, 0);
    const ended = rows.filter((row) => ENDED.has(row.state)).length;
    $("[data-state]", this.root).hidden = !rows.length;
    const bar = $("[data-total]", this.root);
    bar.max = total || 1;
    bar.value = total ? sent : ended === rows.length ? 1 : 0;
    $("[data-summary]", this.root).textContent = t("up_summary", { done: ended, total: rows.length, sent: size(sent), size: size(total) });
    $("[data-speed]", this.root).textContent = this.speed(sent, total);
    const pause = $("[data-pause]", this.root);
    pause.hidden = $("[data-cancel]", this.root).hidden = !this.uploader.active;
    pause.textContent = t(this.uploader.paused ? "up_resume" : "up_pause");
    $("[data-dismiss]", this.root).hidden = this.uploader.active;
    $("[data-retry]", this.root).hidden = !rows.some((row) => row.state === "failed");
    this.list(rows);
    this.finish(rows);
  }

  speed(sent, total) {
    if (this.uploader.paused) return t("up_paused");
    const now = performance.now();
    this.marks.push([now, sent]);
    while (this.marks.length > 2 && now - this.marks[0][0] > 10000) this.marks.shift();
    const [then, before] = this.marks[0];
    const speed = (1000 * (sent - before)) / Math.max(1, now - then);
    return this.uploader.active && speed > 1024 ? t("up_speed", { speed: size(speed), left: span((total - sent) / speed) }) : "";
  }

  list(rows) {
    const order = [...rows].sort((a, b) => FIRST.indexOf(a.state) - FIRST.indexOf(b.state)).slice(0, SHOWN);
    $("[data-files]", this.root).replaceChildren(...order.map((row) => this.item(row)));
    const more = $("[data-more]", this.root);
    more.hidden = rows.length <= SHOWN;
    more.textContent = t("up_more", { n: rows.length - SHOWN });
  }

  item(row) {
    const bad = row.state === "refused" || row.state === "failed";
    const good = row.state === "done" || row.state === "there";
    const word = bad && row.state === "refused" ? `refused_${row.why}` : WORDS[row.state] ?? `up_${row.state}`;
    const li = el("li", { class: bad ? "is-bad" : good ? "is-ok" : "" }, el("span", { class: "truncate", text: row.file.name }), el("span", { class: "why", text: t(word) }));
    if (row.state === "sending") li.append(el("progress", { max: row.file.size, value: row.sent, "aria-label": row.file.name }));
    return li;
  }

  /** Said once when everything has ended; that the bytes are safe, as soon as they are. */
  finish(rows) {
    const over = rows.length > 0 && rows.every((row) => ENDED.has(row.state));
    const sent = rows.length > 0 && !this.uploader.active;
    if (sent && !this.sent) this.root.dispatchEvent(new CustomEvent("uploads:ended", { bubbles: true }));
    this.sent = sent;
    if (over && !this.over) {
      const trouble = rows.filter((row) => row.state === "failed" || row.state === "refused").length;
      const text = trouble ? t("up_trouble", { n: trouble }) : t("up_finished", { n: rows.length });
      toast(text, { tone: trouble ? "warn" : "ok", key: "upload" });
      announce(text);
    }
    this.over = over;
  }
}

/** @param {HTMLElement} root */
export const startUploads = (root) => new View(root);

/**
 * Choosing together with an adviser in the branch: a banner says what they hold up, a switch lets this phone follow.
 * Nothing is chosen here: what opens is the usual large photograph with the usual buttons, prices and outbox. Loaded
 * when somebody sits down with the customer (follow.js).
 */

import { $ } from "../lib/dom.js";
import { announce } from "../lib/dom.js";
import { el } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { icon } from "../lib/dom.js";
import { style } from "../lib/dom.js";
import { post } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { read } from "./kept.js";
import { write } from "./kept.js";

const SPEAK = 20000; // the server forgets a phone after 45 s
const BACK = 300; // ms for the history to be where it was before a large photograph

/** @type {Table | undefined} */
let table;

/** Something happened at the selection desk, or may have. @param {any} gallery what gallery.js offers */
export function hear(gallery) {
  table ??= new Table(gallery);
  return table.hear();
}

class Table {
  constructor(gallery) {
    this.gallery = gallery;
    this.boot = gallery.boot;
    this.place = `yl:sit:${this.boot.key}`;
    this.told = { on: false, key: "", by: "", photos: [], shows: 0 };
    this.bar = el("div", { class: "sit-bar", id: "sitting", role: "region", "aria-label": t("sitting") });
    for (const type of ["pointerdown", "click"]) this.bar.addEventListener(type, (event) => event.stopPropagation()); // not PhotoSwipe's
    style(this.boot.modules.sittingCss).catch(() => {});
    new MutationObserver(() => this.put()).observe(document.body, { childList: true }); // a large photograph opens or closes
    document.addEventListener("visibilitychange", () => this.speak());
    addEventListener("online", () => this.hear());
    addEventListener("pagehide", () => { if (this.told.on) this.say({ here: false }); });
  }

  /** What this person wants of this sitting: `ask` (a banner), `follow`, `mute`; a new sitting asks anew. */
  get way() {
    return this.kept.way;
  }

  get kept() {
    let found;
    try { found = JSON.parse(read(this.place) ?? "null"); } catch { /* a fresh start */ }
    return found && found.key === this.told.key ? found : { key: this.told.key, way: "ask", seen: 0 };
  }

  keep(change) {
    write(this.place, JSON.stringify({ ...this.kept, ...change }));
  }

  async hear() {
    try {
      this.told = { photos: [], ...(await get(this.boot.sitting)) };
    } catch {
      return; // the next poke or the network's return asks again
    }
    const { on, shows, photos } = this.told;
    this.draw();
    this.speak();
    if (!on || !photos.length || shows <= this.kept.seen || this.way === "mute") return;
    announce(this.sentence());
    if (this.way !== "follow" || document.querySelector("dialog[open]")) return; // what is being typed is not torn away
    this.keep({ seen: shows });
    this.show(photos[0]);
  }

  sentence() {
    const { by, photos } = this.told;
    return photos.length ? t("sitShows", { by, which: photos.join(", "), n: photos.length }) : t("sitWith", { by });
  }

  // -- The banner ------------------------------------------------------------------------------------------------------
  draw() {
    const { on, by, photos } = this.told;
    const { way } = this;
    if (!on) {
      this.bar.remove();
      return;
    }
    const button = (text, act, props = {}) => el("button", { type: "button", class: "btn", text, onclick: act, ...props });
    if (way === "mute") this.bar.replaceChildren(button(t("sitAgain", { by }), () => this.choose("ask")));
    else {
      this.bar.replaceChildren(
        el("p", { text: this.sentence() }),
        ...photos.map((number) => button(photos.length > 1 ? t("sitOpenOne", { number }) : t("sitOpen"), () => this.show(number))),
        button(t("sitFollow"), () => this.choose(way === "follow" ? "ask" : "follow"), { "aria-pressed": String(way === "follow"), class: "btn sit-follow" }),
        el("button", { type: "button", class: "btn sit-mute", "aria-label": t("sitMute"), onclick: () => this.choose("mute") }, icon("x")),
      );
    }
    this.bar.classList.toggle("is-muted", way === "mute");
    this.put();
  }

  /** Over the dock, or in the head of a large photograph: wherever the customer is. */
  put() {
    if (!this.told.on) return;
    const host = $(".pswp .lb-head") ?? $("#dock");
    if (host && this.bar.parentElement !== host) host.append(this.bar);
  }

  /** @param {"ask" | "follow" | "mute"} way */
  choose(way) {
    const { shows, photos } = this.told;
    this.keep({ way, seen: shows });
    this.draw();
    this.speak();
    if (way === "follow" && photos.length) this.show(photos[0]);
    $("button", this.bar)?.focus({ preventScroll: true });
  }

  /** The usual large photograph. @param {number} number */
  async show(number) {
    const { store, view, virtual } = this.gallery;
    this.keep({ seen: this.told.shows });
    if (!store.places.has(number)) await this.gallery.load();
    if (!store.places.has(number)) return; // taken back meanwhile
    const { lightbox } = this.gallery;
    const at = lightbox ? lightbox.options.dataSource.findIndex(({ src }) => src === store.src(number, "p")) : -1;
    if (at >= 0) {
      lightbox.goTo(at);
      if (lightbox.currSlide?.content.state === "error") lightbox.refreshSlideContent(at); // fetched while there was no network
      return;
    }
    if (lightbox) await this.closed(lightbox);
    if (!virtual.places.has(number)) view.choose("all");
    this.gallery.open(number);
  }

  /** A large photograph of another filter goes first, and its step in the history. */
  closed(lightbox) {
    return new Promise((resolve) => {
      lightbox.on("destroy", () => setTimeout(resolve, BACK));
      lightbox.close();
    });
  }

  // -- This phone is here ----------------------------------------------------------------------------------------------
  speak() {
    clearTimeout(this.timer);
    if (!this.told.on) return;
    if (document.visibilityState === "visible") this.say({ here: true, follows: this.way === "follow" });
    this.timer = setTimeout(() => this.speak(), SPEAK);
  }

  /** @param {{here: boolean, follows?: boolean}} json */
  say(json) {
    post(this.boot.sittingPhone, json, { keepalive: true }).catch(() => {}); // said again soon
  }
}

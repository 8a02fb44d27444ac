/** What is done to several photographs at once, and to the gallery: looks, stacks, the cover. Each is sent at once. */

import { $ } from "../lib/dom.js";
import { on } from "../lib/dom.js";
import { post } from "../lib/api.js";
import { retry } from "../lib/api.js";
import { t } from "../lib/i18n.js";
import { toast } from "../lib/toast.js";

export class Group {
  /** @param {HTMLElement} root @param {import("./sheet.js").Sheet} sheet @param {() => any[]} target */
  constructor(root, sheet, target) {
    Object.assign(this, { root, sheet, target, addresses: root.dataset });
    on(root, "change", "[data-assign]", (_event, select) => this.assign(/** @type {HTMLSelectElement} */ (select)));
    on(root, "click", "[data-pile]", (_event, button) => this.pile(button.dataset.pile));
    on(root, "click", "[data-all]", () => sheet.mark(sheet.shown.map((photo) => photo.number), true));
    on(root, "click", "[data-clear]", () => sheet.mark([...sheet.marked], false));
  }

  draw() {
    const n = this.sheet.marked.size;
    $("[data-many]", this.root).hidden = !n;
    $("[data-many-count]", this.root).textContent = t("cull_group", { n });
  }

  /** Send, or say why not; answers undefined after a failure. */
  async send(url, json) {
    try {
      return await retry(() => post(url, json), 4);
    } catch (error) {
      const code = error.data?.code?.replace(".", "_");
      toast(code === "stack_too_few" || code === "stack_not_stacked" || code === "cover_hidden" ? t(code) : error.message, { tone: "bad", ...(error.passing ? { action: { label: t("cull_again"), run: () => this.send(url, json) } } : {}) });
      return undefined;
    }
  }

  async assign(select) {
    const look = select.value === "none" ? null : Number(select.value);
    const photos = this.target();
    if (select.value === "") return;
    select.value = "";
    select.blur();
    const before = Map.groupBy ? Map.groupBy(photos, (photo) => photo.look) : new Map([[0, photos]]);
    if (!(await this.put(photos, look))) return;
    toast(t("cull_looked"));
    this.sheet.remember(async () => { for (const [was, some] of before) await this.put(some, was || null); });
  }

  async put(photos, look) {
    const done = await this.send(this.addresses.look, { photos: photos.map((photo) => photo.number), look });
    const now = photos.map((photo) => this.sheet.by.get(photo.number)).filter(Boolean); // the sheet may be a newer one
    if (done) this.sheet.say(now, { look: look ?? 0 });
    return Boolean(done);
  }

  async pile(act) {
    const photos = this.target();
    const touched = [...new Set(photos.flatMap((photo) => this.sheet.mates(photo)))];
    const before = { act: "put", photos: touched.map((photo) => photo.number), stacks: touched.map((photo) => photo.stack) };
    if (!(await this.restack({ photos: photos.map((photo) => photo.number), act }))) return;
    this.sheet.remember(() => this.restack(before));
    this.sheet.mark([...this.sheet.marked], false);
  }

  async restack(json) {
    const told = await this.send(this.addresses.stack, json);
    if (!told) return false;
    const best = new Set(told.best);
    for (const photo of this.sheet.photos) Object.assign(photo, { stack: told.stack[photo.number] ?? 0, best: best.has(photo.number) });
    this.sheet.changed();
    return true;
  }

  async cover(photo) {
    const was = this.sheet.cover;
    const number = was === photo.number ? null : photo.number;
    if (!(await this.send(this.addresses.cover, { photo: number }))) return;
    this.sheet.cover = number ?? 0;
    this.sheet.changed();
    if (number) toast(t("cull_covered", { n: number }));
    this.sheet.remember(async () => {
      if (!(await this.send(this.addresses.cover, { photo: was || null }))) return;
      this.sheet.cover = was;
      this.sheet.changed();
    });
  }
}

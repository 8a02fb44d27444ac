/** The gallery live: another device of mine, the studio's unlock, a photograph taken back. */

import { connect } from "../lib/live.js";
import { toast } from "../lib/toast.js";
import { t } from "../lib/i18n.js";

/** @param {any} gallery what gallery.js offers */
export function follow(gallery) {
  const { boot, store, outbox, refresh } = gallery;
  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(again, 250); };
  async function again() {
    if (outbox.busy || outbox.waiting) { soon(); return; } // our own taps are under way: ask afterwards
    const before = store.rules.state;
    await refresh();
    if (before === store.rules.state) return;
    toast(t(store.open ? "unlocked" : "locked"), { tone: "info", key: "state" });
    if (!store.open) location.reload();
  }
  connect(boot.socket, { at: boot.at, onPoke: soon, onCatchUp: soon });
}

/** The gallery live: another device of mine, marks that others show me, the studio's unlock, a photograph taken back. */

import { connect } from "../lib/live.js";

const PAUSE = 300;

/** @param {any} gallery what gallery.js offers */
export function follow(gallery) {
  const { boot, outbox, choosing, load, store } = gallery;
  let timer = 0;
  let told = 0; // batches of our own that the stream will tell us about
  let heard = 0; // batches the stream has told of
  for (const name of ["answer", "placed", "noted"]) outbox.addEventListener(name, ({ detail: { acked, why } }) => { if (acked ? acked.length : !why) told += 1; });

  /** Somebody in the branch holds photographs up to this customer. */
  const sit = () => import(boot.modules.sitting).then((module) => module.hear(gallery), () => {});
  const isSitting = ({ type }) => type.startsWith("sitting.");

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(again, PAUSE);
  }

  function again() {
    if (outbox.busy) { soon(); return; } // our own taps are under way: ask afterwards
    const own = heard > 0 && heard <= told;
    told = heard = 0;
    if (own) return; // nothing that this phone does not know
    load();
  }

  connect(boot.socket, {
    at: boot.at,
    onPoke: (poke) => {
      const { type } = poke;
      if (isSitting({ type })) {
        if (type !== "sitting.phones") sit();
        return;
      }
      const seen = type === "presence";
      if (seen) gallery.online = poke.online; // kept for a manifest that is still on its way
      if (poke.picks || (seen && store.others)) gallery.together(poke);
      if (poke.picks || seen) return;
      if (["photo.picked", "photo.placed", "photo.noted"].includes(type)) heard += 1;
      else heard = Infinity;
      soon();
    },
    onCatchUp: (events) => {
      if (!events || events.some(isSitting)) sit();
      if (events?.every(isSitting)) return;
      heard = Infinity;
      soon();
    },
  });
  if (boot.sat) sit();
  choosing.addEventListener("astray", () => { told = heard = 0; });
}

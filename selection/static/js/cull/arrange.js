/** Looks and order: drag the looks (the arrows do the same), see how many stacks the sliders would give. */

import { $ } from "../lib/dom.js";
import { $$ } from "../lib/dom.js";
import { debounce } from "../lib/dom.js";
import { get } from "../lib/api.js";
import { on } from "../lib/dom.js";

const list = $("[data-looks]");
const Sortable = /** @type {any} */ (window).Sortable;
if (list && Sortable) {
  Sortable.create(list, {
    handle: ".grip",
    animation: 120,
    delay: 120,
    delayOnTouchOnly: true,
    onEnd: ({ oldIndex, newIndex }) => { if (oldIndex !== newIndex) save(); },
  });
}

/** Send the order as it stands now. */
function save() {
  const form = /** @type {HTMLFormElement} */ ($("#looks-order"));
  $$("[name=look]", form).forEach((input) => input.remove());
  for (const item of $$("[data-look]", list)) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: "look", value: item.dataset.look });
    form.append(input);
  }
  form.requestSubmit();
}

const sliders = $("[data-sliders]");
const count = debounce(async () => {
  const told = Object.fromEntries($$("input[type=range]", sliders).map((input) => [input.name, input.value]));
  const answer = await get(`${sliders.dataset.preview}?${new URLSearchParams(told)}`).catch(() => null);
  if (!answer) return;
  for (const name of ["stacks", "photos", "largest"]) $(`[data-count=${name}]`, sliders).textContent = answer[name];
}, 150);
on(sliders, "input", "input[type=range]", (_event, input) => {
  $(`output[for=${input.id}]`, sliders).textContent = /** @type {HTMLInputElement} */ (input).value;
  count();
});

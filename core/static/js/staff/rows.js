// Rows of a formset: "one more" clones the template row, the bin empties a row and hides it (the server drops it).
// Without script one empty row is there anyway, and emptying a row by hand drops it too.

/** @param {Element} row */
const first = (row) => /** @type {HTMLElement | null} */ (row.querySelector("input:not([type=hidden]), select"));

/** @param {HTMLElement} box */
function manage(box) {
  const add = /** @type {HTMLButtonElement} */ (box.querySelector("[data-add-row]"));
  const total = /** @type {HTMLInputElement} */ (box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`));
  const most = Number(/** @type {HTMLInputElement} */ (box.querySelector(`[name="${box.dataset.rows}-MAX_NUM_FORMS"]`)).value);
  const template = /** @type {HTMLTemplateElement} */ (box.querySelector("template"));
  const settle = () => { add.hidden = Number(total.value) >= most; };
  const reveal = (root) => root.querySelectorAll("[data-remove-row]").forEach((button) => { button.hidden = false; });

  add.addEventListener("click", () => {
    const row = template.content.cloneNode(true);
    for (const node of row.querySelectorAll("*")) {
      for (const { name, value } of [...node.attributes]) {
        if (value.includes("__prefix__")) node.setAttribute(name, value.replaceAll("__prefix__", total.value));
      }
    }
    total.value = String(Number(total.value) + 1);
    reveal(row);
    const field = first(row);
    template.before(row);
    field?.focus();
    settle();
  });

  box.addEventListener("click", (event) => {
    const row = event.target.closest("[data-remove-row]")?.closest("[data-row]");
    if (!row) return;
    for (const field of row.querySelectorAll("input, select")) {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    row.hidden = true;
    const near = [...box.querySelectorAll("[data-row]:not([hidden])")].pop();
    (near ? first(near) : add).focus();
  });

  reveal(box);
  settle();
}

document.querySelectorAll("[data-rows]").forEach(manage);
document.body.addEventListener("htmx:afterSwap", (event) => {  // a part of the form came anew
  document.getElementById(event.detail.elt.id)?.querySelectorAll("[data-rows]").forEach(manage);
});

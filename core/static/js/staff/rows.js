// Formset rows: "one more" clones the template row. Without script two empty rows are there anyway.
for (const box of document.querySelectorAll("[data-rows]")) {
  const button = box.querySelector("[data-add-row]");
  const total = box.querySelector(`[name="${box.dataset.rows}-TOTAL_FORMS"]`);
  const template = box.querySelector("template");
  button.hidden = false;
  button.addEventListener("click", () => {
    const row = template.content.cloneNode(true);
    for (const node of row.querySelectorAll("*")) {
      for (const { name, value } of [...node.attributes]) {
        if (value.includes("__prefix__")) node.setAttribute(name, value.replaceAll("__prefix__", total.value));
      }
    }
    total.value = String(Number(total.value) + 1);
    const first = row.querySelector("input, select");
    template.before(row);
    first?.focus();
  });
}

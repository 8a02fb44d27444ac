/** What is ticked changes the price at once. Without this the form's own button does it. */

const form = document.querySelector("form[data-reprice]");
let asked = 0;

async function reprice() {
  const mine = (asked += 1);
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) {
    if (name === "addon" || (name === "coupon" && String(value).trim())) url.searchParams.append(name, String(value));
  }
  const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return; // the submit shows the price before anything is held
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("form[data-reprice] [data-priced]");
  form.querySelectorAll("[data-priced]").forEach((place, i) => fresh[i] && place.replaceChildren(...fresh[i].childNodes));
  history.replaceState(history.state, "", url); // a dropped tab comes back with the ticks
}

form?.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && ["addon", "coupon"].includes(event.target.name)) reprice();
});
form?.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("[name=reprice]")) return;
  event.preventDefault();
  reprice();
});

/** Time left until a hold runs out: `<span data-until="ISO">`. When it is over the page is asked again. */

const two = (n) => String(n).padStart(2, "0");
let over = false;

function tick() {
  const place = document.querySelector("[data-until]");
  if (place && !over) {
    const left = Math.floor((Date.parse(place.dataset.until ?? "") - Date.now()) / 1000);
    if (left <= 0) {
      over = true;
      setTimeout(() => location.reload(), 2000);
    }
    const hours = Math.floor(left / 3600);
    place.textContent = left <= 0 ? "0:00" : `${hours ? `${hours}:` : ""}${hours ? two(Math.floor(left / 60) % 60) : Math.floor(left / 60)}:${two(left % 60)}`;
  }
  setTimeout(tick, 1000);
}

tick();

/** The code page: the resend button counts down, six digits send themselves. Everything works without this. */

const resend = document.querySelector("[data-resend]");
const seconds = resend?.querySelector("[data-seconds]");
const form = document.querySelector("[data-code]");
const input = form?.querySelector("input[name=code]");
const until = Date.now() + Number(resend?.dataset.resend ?? 0) * 1000;

function tick() {
  const left = Math.ceil((until - Date.now()) / 1000);
  resend.disabled = left > 0;
  seconds.hidden = left <= 0;
  seconds.textContent = ` (${left})`;
  if (left > 0) setTimeout(tick, 1000);
}

if (resend && seconds) tick();
input?.addEventListener("input", () => {
  if (/^\D*(\d\D*){6}$/.test(input.value.normalize("NFKC")) && !form.dataset.sent) {
    form.requestSubmit();
  }
});
form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) event.preventDefault(); // digits that send themselves, and the button at the same moment: one try
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => delete form?.dataset.sent); // Back finds a form that can be sent

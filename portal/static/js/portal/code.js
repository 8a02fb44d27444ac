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
    form.dataset.sent = "1";
    form.requestSubmit();
  }
});

/** WeChat's payment sheet: `<button data-bridge="{what WeChat is told}">`. However it ends, the page is loaded again and
 * says what the server knows; what WeChat told this script counts for nothing. Opens by itself after `?go=1`, once. */

const WAIT = 4000;
const wants = new URLSearchParams(location.search).has("go");
const here = location.pathname;

function bridge() {
  if (window.WeixinJSBridge) return Promise.resolve(window.WeixinJSBridge);
  return new Promise((found) => {
    document.addEventListener("WeixinJSBridgeReady", () => found(window.WeixinJSBridge), { once: true });
    setTimeout(() => found(window.WeixinJSBridge), WAIT);
  });
}

async function pay(button) {
  button.disabled = true;
  const told = JSON.parse(button.dataset.bridge);
  const over = (end) => location.replace(`${here}?end=${end}`);
  const standIn = button.dataset.standIn;
  if (standIn && !window.WeixinJSBridge) {
    location.href = `${standIn}?${new URLSearchParams({ ...told, back: location.origin + here })}`;
    return;
  }
  const found = await bridge();
  if (!found) return over("fail");
  found.invoke("getBrandWCPayRequest", told, (answer) => {
    const end = String(answer?.err_msg).split(":")[1];
    over(end === "ok" || end === "cancel" ? end : "fail");
  });
}

const show = () => document.querySelectorAll("[data-bridge][hidden]").forEach((button) => { button.hidden = false; });
new MutationObserver(show).observe(document.body, { childList: true, subtree: true }); // the live part comes anew
show();
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-bridge]");
  if (button) pay(button);
});
const first = document.querySelector("[data-bridge]");
if (wants) history.replaceState(null, "", here);
if (wants && first) pay(first);

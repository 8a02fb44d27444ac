// Passkeys, and what the security pages need of a script: the server asks, the browser answers into a plain form.
// A form with data-passkey="get | create" names the question's address in data-question and holds a field "answer".

import { $, $$, on } from "../lib/dom.js";
import { ApiError, post } from "../lib/api.js";
import { toast } from "../lib/toast.js";

const able = "PublicKeyCredential" in window && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** @param {HTMLFormElement} form */
async function ask(form) {
  const kind = form.dataset.passkey;
  const { publicKey } = await post(form.dataset.question ?? "");
  const credential = kind === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  const field = /** @type {HTMLInputElement} */ ($("[name=answer]", form));
  field.value = JSON.stringify(/** @type {any} */ (credential).toJSON());
  form.submit();
}

on(document, "submit", "form[data-passkey]", async (event, element) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (element);
  const button = /** @type {HTMLButtonElement} */ ($("button", form));
  button.disabled = true;
  try {
    await ask(form);
  } catch (error) {
    if (error instanceof ApiError && error.data?.reload) location.reload();
    else toast(error instanceof ApiError ? error.message : form.dataset.failed ?? "", { tone: "bad" });
    button.disabled = false;
  }
});

on(document, "click", "[data-copy]", async (_event, button) => {
  const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (document.getElementById(button.dataset.copy ?? ""));
  field.select();
  await navigator.clipboard?.writeText(field.value).catch(() => document.execCommand("copy"));
  toast(button.dataset.copied ?? "");
});

on(document, "click", "[data-print]", () => window.print());

if (able) $$("[data-needs-passkeys]").forEach((part) => { part.hidden = false; });
else $$("[data-without-passkeys]").forEach((part) => { part.hidden = false; });

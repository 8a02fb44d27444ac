/** HTTP for scripts: CSRF header, JSON both ways, time-outs, errors as one class with a sentence for people. */

import { t } from "./i18n.js";

export class ApiError extends Error {
  /** @param {string} message @param {number} status 0 = no connection @param {any} [data] */
  constructor(message, status, data) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.data = data;
  }

  /** Whether trying again later can help. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The token of the page, or of the cookie when the page was cached. */
export function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  return meta || document.cookie.match(/(?:^|;\s*)yl_csrf=([^;]+)/)?.[1] || "";
}

/** @param {number} status @param {any} data */
function sentence(status, data) {
  if (data && typeof data === "object") {
    const said = data.message ?? data.detail ?? data.error;
    if (typeof said === "string") return said;
  }
  if (status === 0) return t("offline");
  if (status === 403) return t("forbidden");
  if (status === 404 || status === 410) return t("gone");
  return t("error");
}

/** @param {Response} response */
async function read(response) {
  if (response.status === 204) return null;
  const type = response.headers.get("Content-Type") ?? "";
  return type.includes("json") ? response.json() : response.text();
}

/** @param {number} ms @param {AbortSignal} [outer] */
function deadline(ms, outer) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  outer?.addEventListener("abort", () => controller.abort(), { once: true });
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

/**
 * One request. Answers the parsed body (null for 204); throws ApiError.
 * @param {string} url
 * @param {{method?: string, json?: any, form?: FormData | URLSearchParams, headers?: Record<string, string>,
 *          timeout?: number, keepalive?: boolean, signal?: AbortSignal}} [options]
 */
export async function send(url, options = {}) {
  const { method = "GET", json, form, headers = {}, timeout = 15000, keepalive = false } = options;
  const sent = { Accept: "application/json", "X-Requested-With": "fetch", ...headers };
  if (method !== "GET") sent["X-CSRFToken"] = csrfToken();
  if (json !== undefined) sent["Content-Type"] = "application/json";
  const limit = deadline(timeout, options.signal);
  let response;
  try {
    response = await fetch(url, { method, headers: sent, body: json === undefined ? form : JSON.stringify(json), credentials: "same-origin", keepalive, signal: limit.signal });
  } catch {
    throw new ApiError(sentence(0, null), 0);
  } finally {
    limit.stop();
  }
  const data = await read(response).catch(() => null);
  if (!response.ok) throw new ApiError(sentence(response.status, data), response.status, data);
  return data;
}

/** @param {string} url @param {object} [options] */
export const get = (url, options = {}) => send(url, options);

/** @param {string} url @param {any} [json] @param {object} [options] */
export const post = (url, json = {}, options = {}) => send(url, { method: "POST", json, ...options });

/** Milliseconds before try number `tries` (from 1): doubling from 0.5 s to 30 s, with jitter. @param {number} tries */
export function backoff(tries) {
  return Math.min(30000, 500 * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
}

/**
 * Try again while the fault is passing.
 * @template T
 * @param {() => Promise<T>} call
 * @param {number} [times]
 * @returns {Promise<T>}
 */
export async function retry(call, times = 3) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.passing || tries >= times) throw error;
      await new Promise((resolve) => setTimeout(resolve, backoff(tries)));
    }
  }
}

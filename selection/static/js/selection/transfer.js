/** One file to storage, with progress. fetch() cannot tell how much of a body has left, so XMLHttpRequest. */

const SILENCE = 60000; // no byte for so long: the connection is dead

export class TransferError extends Error {
  /** @param {number} status 0 = no connection */
  constructor(status) {
    super(`transfer ${status}`);
    this.status = status;
  }
}

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {Blob} body
 * @param {(sent: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<void>} rejects with TransferError, or AbortError when `signal` fired
 */
export function put(url, headers, body, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence = 0;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), SILENCE);
    };
    const stop = () => request.abort();
    const end = (settle, value) => {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
      settle(value);
    };
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => { alive(); onProgress(event.loaded); };
    request.onload = () => (request.status < 300 ? end(resolve, undefined) : end(reject, new TransferError(request.status)));
    request.onerror = () => end(reject, new TransferError(0));
    request.onabort = () => end(reject, signal.aborted ? new DOMException("stopped", "AbortError") : new TransferError(0));
    signal.addEventListener("abort", stop);
    alive();
    request.send(body);
  });
}

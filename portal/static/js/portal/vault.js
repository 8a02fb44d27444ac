/**
 * A second copy of what waits to be sent, in IndexedDB. Browsers write localStorage to disk some seconds late; a phone
 * that kills the whole browser takes those seconds with it. Never throws and nobody waits for it.
 */

const STORE = "waiting";

/** @type {Promise<IDBDatabase | null>} null: forbidden or broken here */
const opened = new Promise((resolve) => {
  try {
    const request = indexedDB.open("yl", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  } catch {
    resolve(null);
  }
});

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => void} work */
async function within(mode, work) {
  try {
    const store = (await opened)?.transaction(STORE, mode).objectStore(STORE);
    if (store) work(store);
  } catch { /* the copy is a second chance, not a duty */ }
}

/** @param {string} key @param {string} text */
export const keep = (key, text) => within("readwrite", (store) => store.put(text, key));

/** @param {string} key */
export const forget = (key) => within("readwrite", (store) => store.delete(key));

/** Everything kept under a prefix. @param {string} prefix @returns {Promise<[string, string][]>} */
export const kept = (prefix) => new Promise((resolve) => {
  within("readonly", (store) => {
    const found = [];
    store.openCursor(IDBKeyRange.bound(prefix, `${prefix}\uffff`)).onsuccess = ({ target }) => {
      const cursor = /** @type {IDBRequest<IDBCursorWithValue | null>} */ (target).result;
      if (!cursor) return resolve(found);
      found.push([String(cursor.key), cursor.value]);
      cursor.continue();
    };
  });
});

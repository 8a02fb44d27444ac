/** localStorage that never throws: full or forbidden, this page's memory serves until it is closed. */

/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key @returns {string | null} */
export function read(key) {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

/** @param {string} key @param {string} text */
export function write(key, text) {
  try {
    localStorage.setItem(key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text);
  }
}

/** @param {string} key */
export function drop(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch { /* it was never there */ }
}

/** Every key that starts with one of the prefixes. @param {...string} prefixes @returns {string[]} */
export function keys(...prefixes) {
  let stored = [];
  try {
    stored = Object.keys(localStorage);
  } catch { /* memory only */ }
  return [...new Set([...stored, ...memory.keys()])].filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
}

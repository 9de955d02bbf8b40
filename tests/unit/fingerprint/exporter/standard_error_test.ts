import assert from "node:assert/strict";
import { Libc } from "../../../../netlink/mod.ts";
import { isStandardError } from "../../../../fingerprint/exporter/standard_error.ts";

Deno.test({ name: "standard error is told by its device and inode", sanitizeResources: false }, () => {
  const libc = new Libc();
  const { dev, ino } = Deno.statSync("/proc/self/fd/2");
  assert.equal(isStandardError(libc, `${dev}:${ino}`), true);
  for (
    const other of [undefined, "", `${dev}`, `${dev}:`, `${dev}:${ino! + 1}`, `${dev + 1}:${ino}`, `${dev}:${ino} `]
  ) {
    assert.equal(isStandardError(libc, other), false, other);
  }
});

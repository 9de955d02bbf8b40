/** The file for arm64, under qemu's user mode emulation: its own system calls go to this machine's kernel. */

import assert from "node:assert/strict";
import { Exporter } from "../live/exporter.ts";
import { requireTool, skipUnless } from "../require.ts";
import { must, ROOT, VERSION } from "./artifacts.ts";

const BINARY = `${ROOT}/dist/cnproc-exporter-aarch64`;
/** Where Debian's libc6-arm64-cross and libgcc-s1-arm64-cross put the libraries. */
const LIBRARIES = "/usr/aarch64-linux-gnu";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

const ignore = requireTool("qemu-aarch64-static", "qemu-user-static") ||
  skipUnless(exists(BINARY), "needs dist/cnproc-exporter-aarch64: run deno task compile --target=aarch64") ||
  skipUnless(
    exists(`${LIBRARIES}/lib/libgcc_s.so.1`),
    "needs arm64 libraries: install libc6-arm64-cross and libgcc-s1-arm64-cross",
  );
const EMULATED = ["qemu-aarch64-static", "-L", LIBRARIES, BINARY];

Deno.test({ name: "arm64: --version and explain", ignore }, async () => {
  const version = await must([...EMULATED, "--version"]);
  assert.match(version, new RegExp(`^cnproc-exporter ${VERSION} .*aarch64`));
  const explained = await must([...EMULATED, "explain", "/bin/true"]);
  assert.match(explained, /\bbase\b/);
});

Deno.test({ name: "arm64: watches by polling and answers scrapes", ignore }, async () => {
  const flags = ["--source=poll", "--privileges=all"]; // emulated code can't execute itself again
  await using exporter = await Exporter.start({ command: EMULATED, flags, timeoutMs: 400_000 });
  const scrape = await exporter.scrape();
  assert.equal(scrape.value("cnproc_source_up", { source: "procfs" }), 1);
  assert.ok(scrape.value("cnproc_processes") > 1);
  assert.equal((await exporter.stop()).code, 0);
});

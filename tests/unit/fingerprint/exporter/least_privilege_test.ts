import assert from "node:assert/strict";
import { splitStrings } from "../../../../fingerprint/exporter/least_privilege.ts";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { Libc } from "../../../../netlink/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a command line is split at its zeros, empty arguments and foreign bytes included", () => {
  assert.deepEqual(splitStrings(bytes("a\0\0bc\0")), [bytes("a\0"), bytes("\0"), bytes("bc\0")]);
  assert.deepEqual(splitStrings(new Uint8Array([0xff, 0])), [new Uint8Array([0xff, 0])]);
  assert.deepEqual(splitStrings(bytes("")), []);
});

Deno.test({
  name: "what this process was executed as is its own executable, folder and arguments",
  sanitizeResources: false,
  fn() {
    const procfs = new Procfs(new Libc());
    const own = procfs.readOwnExecution()!;
    procfs.close();
    assert.equal(own.executable, Deno.realPathSync(Deno.execPath()));
    assert.equal(own.folder, Deno.realPathSync(Deno.cwd()));
    assert.deepEqual(own.cmdline, Deno.readFileSync("/proc/self/cmdline"));
  },
});

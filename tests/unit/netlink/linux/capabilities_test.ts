import assert from "node:assert/strict";
import { capabilityNames, readCapabilities, setCapabilities } from "../../../../netlink/linux/capabilities.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";

/** What the kernel says of this thread, by the name of the line. */
function status(name: string): bigint {
  const text = Deno.readTextFileSync("/proc/thread-self/status");
  return BigInt(`0x${new RegExp(`^${name}:\\s+(\\S+)$`, "m").exec(text)![1]}`);
}

Deno.test({
  name: "the capabilities of a thread are those of its status, and can be given up for a while",
  sanitizeResources: false,
  fn() {
    const libc = new Libc(), before = readCapabilities(libc);
    assert.deepEqual(before, {
      effective: status("CapEff"),
      permitted: status("CapPrm"),
      inheritable: status("CapInh"),
    });
    setCapabilities(libc, { ...before, effective: 0n });
    try {
      assert.equal(status("CapEff"), 0n);
      assert.equal(status("CapPrm"), before.permitted);
    } finally {
      setCapabilities(libc, before);
    }
    assert.equal(status("CapEff"), before.effective);
  },
});

Deno.test("capabilities have names, and those without one here are counted", () => {
  assert.equal(capabilityNames(0n), "none");
  assert.equal(capabilityNames(1n << 12n | 1n << 19n | 1n << 23n), "net_admin sys_ptrace sys_nice");
  assert.equal(capabilityNames(1n << 2n | 1n << 10n | 1n << 0n | 1n << 40n), "dac_read_search net_bind_service +2");
});

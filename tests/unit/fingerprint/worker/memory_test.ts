import assert from "node:assert/strict";
import { ExecutablePages } from "../../../../fingerprint/worker/memory.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";
import { MADV_DONTNEED, MADV_PAGEOUT } from "../../../../netlink/linux/constants.ts";

interface Advice {
  readonly address: number;
  readonly length: number;
  readonly advice: number;
  readonly result: number;
}

/** Notes what the kernel is advised and what it says. */
class NotedAdvice extends Libc {
  readonly advised: Advice[] = [];
  override advise(address: number, length: number, advice: number): number {
    const result = super.advise(address, length, advice);
    this.advised.push({ address, length, advice, result });
    return result;
  }
}

const libc = new NotedAdvice(); // a library that a test opens must be closed by it

Deno.test("memory: of the executable only code and constants are given back, and the process goes on", () => {
  const pages = new ExecutablePages(libc);
  const maps = Deno.readTextFileSync("/proc/self/maps").split("\n").filter((line) => line.endsWith(Deno.execPath()));
  for (
    const [give, wanted] of [[() => pages.giveBack(), MADV_PAGEOUT], [() => pages.release(), MADV_DONTNEED]] as const
  ) {
    libc.advised.length = 0;
    give();
    const permissions = libc.advised.map(({ address }) =>
      maps.find((line) => line.startsWith(`${address.toString(16)}-`))?.split(" ")[1]
    );
    assert.ok(permissions.includes("r--p") && permissions.includes("r-xp"), String(permissions));
    assert.ok(permissions.every((text) => text === "r--p" || text === "r-xp"), String(permissions));
    for (const { length, advice, result } of libc.advised) {
      assert.deepEqual([length > 0, advice, result], [true, wanted, 0]);
    }
  }
});

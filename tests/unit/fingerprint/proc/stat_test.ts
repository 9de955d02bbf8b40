import assert from "node:assert/strict";
import { isSameStart, parseLayout, parseStat, ProcessStat, TICK_NS } from "../../../../fingerprint/proc/stat.ts";
import { skipUnless } from "../../../require.ts";

function parse(line: string): ProcessStat | undefined {
  const bytes = new TextEncoder().encode(line), stat = new ProcessStat();
  return parseStat(bytes, bytes.length, stat) ? stat : undefined;
}

/** Fields 3 to 24, of which the first given ones are replaced. */
function line(comm: string, { state = "S", parent = 7, flags = 0, threads = 1, start = 4711 } = {}): string {
  return `12 (${comm}) ${state} ${parent} 12 12 34816 -1 ${flags} 1 2 3 4 5 6 -7 -8 20 -5 ${threads} 0 ${start} 1000 250`;
}

Deno.test("the fields that matter, whatever the name of the process", () => {
  for (
    const comm of ["bash", "", "a b", "(sd-pam)", ") R 1 1", "x)\n12 (y) Z 0 0 0", "tmux: server", "\u{1F642}", ")))"]
  ) {
    const stat = parse(line(comm));
    assert.deepEqual(
      { ...stat },
      { parent: 7, state: 83, threads: 1, isKernelThread: false, neverExecuted: false, startTicks: 4711 },
      comm,
    );
  }
});

Deno.test("flags tell kernel threads and processes that never exec'd", () => {
  const flags = (flags: number) => {
    const stat = parse(line("x", { flags }))!;
    return [stat.isKernelThread, stat.neverExecuted];
  };
  assert.deepEqual(flags(0x00400000), [false, false]);
  assert.deepEqual(flags(0x00208040), [true, true]);
  assert.deepEqual(flags(0x00400140), [false, true]);
  assert.deepEqual(flags(0xffffffff), [true, true]); // 32 bits, the highest set
  assert.deepEqual(flags(0xffdfffbf), [false, false]);
});

Deno.test("a zombie has ended unless other threads live on", () => {
  const hasEnded = (state: string, threads: number) => parse(line("x", { state, threads }))!.hasEnded;
  assert.equal(hasEnded("Z", 1), true);
  assert.equal(hasEnded("X", 0), true);
  assert.equal(hasEnded("Z", 2), false);
  assert.equal(hasEnded("S", 1), false);
  assert.equal(hasEnded("D", 1), false);
});

Deno.test("a line that ends too early is refused", () => {
  const whole = line("x");
  const short = whole.indexOf(" 4711"); // up to the field before the start
  for (let length = 0; length <= short; length++) {
    assert.equal(parse(whole.slice(0, length)), undefined, whole.slice(0, length));
  }
  assert.equal(parse("12 bash S 1 2 3"), undefined);
});

Deno.test("only the first bytes count: what an earlier read left behind them doesn't", () => {
  const left = new TextEncoder().encode(line("an earlier process ) S 1 2 3"));
  const bytes = left.slice(), short = new TextEncoder().encode("12 (x) S 7");
  bytes.set(short);
  assert.equal(parseStat(bytes, short.length, new ProcessStat()), false);
  assert.equal(parseStat(bytes, 0, new ProcessStat()), false);
});

Deno.test("starts of one process differ by two ticks at most", () => {
  assert.equal(isSameStart(1e12, 1e12 + 2 * TICK_NS), true);
  assert.equal(isSameStart(1e12 + 2 * TICK_NS, 1e12), true);
  assert.equal(isSameStart(1e12, 1e12 + 2 * TICK_NS + 1), false);
  assert.equal(isSameStart(NaN, 1e12), false);
});

Deno.test({
  name: "every process of this machine",
  ignore: skipUnless(Deno.build.os === "linux", "needs /proc"),
  fn() {
    let processes = 0;
    for (const { name } of Deno.readDirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      let text: string;
      try {
        text = Deno.readTextFileSync(`/proc/${name}/stat`);
      } catch {
        continue; // it has gone
      }
      processes++;
      const stat = parse(text);
      // Split by hand, from the last parenthesis.
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      assert.ok(stat !== undefined, text);
      assert.equal(String.fromCharCode(stat.state), fields[0], text);
      assert.equal(stat.parent, Number(fields[1]), text);
      assert.equal(stat.threads, Number(fields[17]), text);
      assert.equal(stat.startTicks, Number(fields[19]), text);
      assert.equal(stat.isKernelThread, (BigInt(fields[6]!) & 0x200000n) !== 0n, text);
    }
    assert.ok(processes > 0);
  },
});

Deno.test("where an image lies in memory: code, stack and heap, or nothing where one of them isn't told", () => {
  // Fields 25 to 52, as the kernel has them for who may trace the process.
  const layout = (startcode: number, startstack: number, startBrk: number, comm = "a b) c") => {
    const rest =
      `9223372036854775807 ${startcode} 94029 ${startstack} 0 0 0 0 2 0 0 0 0 17 1 0 0 0 0 0 94050 94060 ${startBrk} 14073 14074 14075 14076 0`;
    const bytes = new TextEncoder().encode(`${line(comm)} ${rest}\n`);
    return parseLayout(bytes, bytes.length);
  };
  assert.equal(layout(94001, 140730, 95000), "94001 140730 95000");
  assert.equal(layout(94001, 140730, 95000, ") 1 2 3"), "94001 140730 95000");
  assert.equal(layout(1, 0, 95000), ""); // what nobody may look into has zeros, and so have threads of the kernel
  assert.equal(layout(94001, 140730, 0), "");
  const short = new TextEncoder().encode(line("x"));
  assert.equal(parseLayout(short, short.length), "");
});

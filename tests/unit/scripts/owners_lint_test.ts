/// <reference lib="deno.unstable" />
import assert from "node:assert/strict";
import plugin from "../../../scripts/owners_lint.ts";

const cases: ReadonlyArray<readonly [name: string, file: string, source: string, want: string | undefined]> = [
  ["dlopen in its owner", "netlink/linux/libc.ts", 'Deno.dlopen("libc.so.6", {})', undefined],
  ["dlopen elsewhere", "netlink/socket.ts", 'Deno.dlopen("libc.so.6", {})', "netlink/linux/libc.ts"],
  ["env in main", "main.ts", 'Deno.env.delete("A"); Deno.exit(Deno.args.length)', undefined],
  ["env elsewhere", "metrics/http/app.ts", "const home = Deno\n  .env.get(name);", "only in main.ts"],
  ["exit elsewhere", "fingerprint/worker/worker.ts", "Deno.exit(1)", "only in main.ts"],
  ["Deno by another name", "metrics/http/app.ts", "const { env } = Deno;", "as a value"],
  ["Deno by a string", "metrics/http/app.ts", 'Deno["env"]', "as a value"],
  ["Deno of the global object", "metrics/http/app.ts", "globalThis.Deno.exit(1)", "as a value"],
  ["other members", "metrics/http/app.ts", "Deno.serve({}, handler)", undefined],
  ["a type", "metrics/http/app.ts", "let file: Deno.FsFile;", undefined],
  ["only in a comment", "metrics/http/app.ts", "// Deno.exit() is main.ts's\n/** reads /proc/1/exe */", undefined],
  ["/proc in its owner", "fingerprint/proc/procfs.ts", "`/proc/${pid}/exe`", undefined],
  ["/proc elsewhere", "fingerprint/processes/table.ts", "`/proc/${pid}/exe`", "fingerprint/proc/"],
  ["/proc by its name alone", "netlink/socket.ts", 'const root = "/proc";', "fingerprint/proc/"],
  ["/proc under another root", "metrics/http/app.ts", "`${root}/proc/self`", "fingerprint/proc/"],
  ["prose about /proc", "main.ts", '"Cannot read /proc: not mounted"', undefined],
  ["another word", "main.ts", '"/process"', undefined],
  ["back door", "metrics/http/app.ts", 'import process from "node:process";', "node:process"],
  ["back door, later", "metrics/http/app.ts", 'await import("node:child_process");', "node:child_process"],
  ["a test", "tests/unit/metrics/http/app_test.ts", 'Deno.env.get("PATH"); "/proc/1/exe";', undefined],
  ["a script", "scripts/compile.ts", "Deno.exit(1)", undefined],
];

for (const [name, file, source, want] of cases) {
  Deno.test(`owners: ${name}`, () => {
    const found = Deno.lint.runPlugin(plugin, `/a/checkout/${file}`, source);
    if (want === undefined) assert.deepEqual(found, []);
    else {
      assert.equal(found.length, 1);
      assert.ok(found[0]!.message.includes(want), found[0]!.message);
    }
  });
}

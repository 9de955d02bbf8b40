import assert from "node:assert/strict";
import fc from "fast-check";
import { check, tokenize } from "../../../scripts/check_imports.ts";

const texts = (source: string) => tokenize(source).map((token) => token.text);

Deno.test("tokenize leaves out comments, and nothing in strings", () => {
  assert.deepEqual(texts('a // "b"\n/* Deno.env */ c'), ["a", "c"]);
  assert.deepEqual(texts("x = \"// no comment\" + '/* nor this */'"), [
    "x",
    "=",
    "// no comment",
    "+",
    "/* nor this */",
  ]);
  assert.deepEqual(texts('"say \\"hi\\""'), ['say \\"hi\\"']);
});

Deno.test("tokenize reads templates and the code inside them", () => {
  assert.deepEqual(texts("`a${b + `c${d}`}e` f"), ["b", "+", "d", "c${}", "a${}e", "f"]);
  assert.deepEqual(texts("`${ {a: 1}.a }` b"), ["{", "a", ":", "1", "}", ".", "a", "${}", "b"]);
});

Deno.test("tokenize tells a regular expression from a division", () => {
  assert.deepEqual(texts('a = /"/; b'), ["a", "=", ";", "b"]);
  assert.deepEqual(texts('return /[/"]/.test(x)'), ["return", ".", "test", "(", "x", ")"]);
  assert.deepEqual(texts('a / b / "c"'), ["a", "/", "b", "/", "c"]);
});

Deno.test("tokenize knows the line of each token", () => {
  const lines = tokenize("a\n/* \n */ b `x\n${c}` d").map((token) => [token.text, token.line]);
  assert.deepEqual(lines, [["a", 1], ["b", 3], ["c", 4], ["x\n${}", 3], ["d", 4]]);
});

Deno.test("tokenize ends on any text", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."a1\"'`${}/\\*[]\n ()") }), (text) => {
    tokenize(text);
  }));
});

const violations: ReadonlyArray<readonly [name: string, file: string, source: string, want: string | undefined]> = [
  ["down, through the door", "metrics/registry.ts", 'import { a } from "../fingerprint/mod.ts";', undefined],
  ["down, past the door", "metrics/registry.ts", 'import { a } from "../fingerprint/tree.ts";', "fingerprint/mod.ts"],
  ["up", "netlink/socket.ts", 'import type { a } from "../fingerprint/mod.ts";', "its own folder"],
  ["over one's head", "metrics/server.ts", 'export * from "../netlink/mod.ts";', "want only fingerprint"],
  ["back to main", "metrics/server.ts", 'import "../main.ts";', "want only fingerprint"],
  ["into the tests", "netlink/socket.ts", 'await import("../tests/require.ts")', "its own folder"],
  ["same folder", "netlink/socket.ts", 'import { b } from "./libc.ts";', undefined],
  ["main to all", "main.ts", 'import "./metrics/mod.ts"; import "./netlink/mod.ts";', undefined],
  ["package", "metrics/server.ts", 'import { Hono } from "hono";', undefined],
  ["back door", "metrics/server.ts", 'import process from "node:process";', "node:process"],
  ["dlopen in its owner", "netlink/libc.ts", 'Deno.dlopen("libc.so.6", {})', undefined],
  ["dlopen elsewhere", "netlink/socket.ts", 'Deno.dlopen("libc.so.6", {})', "netlink/libc.ts"],
  ["env in main", "main.ts", 'Deno.env.delete("A"); Deno.exit(Deno.args.length)', undefined],
  ["env elsewhere", "metrics/server.ts", "const home = Deno\n  .env.get(name);", "only in main.ts"],
  ["exit elsewhere", "fingerprint/worker.ts", "Deno.exit(1)", "only in main.ts"],
  ["Deno by another name", "metrics/server.ts", "const { env } = Deno;", "as a value"],
  ["Deno by a string", "metrics/server.ts", 'Deno["env"]', "as a value"],
  ["other members", "metrics/server.ts", "Deno.serve({}, handler)", undefined],
  ["only in a comment", "metrics/server.ts", "// Deno.exit() is main.ts's\n/** reads /proc/1/exe */", undefined],
  ["/proc in its owner", "fingerprint/procfs.ts", "`/proc/${pid}/exe`", undefined],
  ["/proc elsewhere", "fingerprint/processes.ts", "`/proc/${pid}/exe`", "procfs.ts"],
  ["/proc by its name alone", "netlink/socket.ts", 'const root = "/proc";', "procfs.ts"],
  ["/proc under another root", "metrics/server.ts", "`${root}/proc/self`", "procfs.ts"],
  ["prose about /proc", "main.ts", '"Cannot read /proc: not mounted"', undefined],
  ["another word", "main.ts", '"/process"', undefined],
];

for (const [name, file, source, want] of violations) {
  Deno.test(`check: ${name}`, () => {
    const found = check(file, source);
    if (want === undefined) assert.deepEqual(found, []);
    else {
      assert.equal(found.length, 1);
      assert.ok(found[0]!.message.includes(want), found[0]!.message);
    }
  });
}

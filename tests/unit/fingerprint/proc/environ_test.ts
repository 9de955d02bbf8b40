import assert from "node:assert/strict";
import { parseEnviron } from "../../../../fingerprint/proc/environ.ts";
import { listsSocket } from "../../../../fingerprint/proc/net_sockets.ts";
import { MORE_VARIABLES, type VariableName, VARIABLES } from "../../../../netlink/bpf/mod.ts";

const bits = (...names: readonly VariableName[]) =>
  names.reduce((bits, name) => bits | 1 << VARIABLES.indexOf(name), 0);
const encode = (text: string) => new TextEncoder().encode(text);

for (
  const [text, names, options] of [
    ["", [], []],
    ["A=1\0LD_PRELOAD=x\0B=2\0", ["LD_PRELOAD"], []],
    ["LD_PRELOAD=\0ENV=\0RUBYOPT=\0", [], []],
    ["LD_PRELOADX=1\0XENV=1\0LD_AUDI=1\0ENV\0", [], []],
    ["LUA_INIT_5_4=x\0", ["LUA_INIT"], []],
    ["LUA_INITX=x\0ENV_5_4=x\0LUA_INIT_", [], []],
    ["_JAVA_OPTIONS=-Xmx1g\0", ["_JAVA_OPTIONS"], ["_JAVA_OPTIONS=-Xmx1g"]],
    ["A=ENV=x\0A=\nENV=x\0", [], []],
    ["\0\0ENV=x", ["ENV"], []],
    ["PERL5OPT=-w\0RUBYOPT=-W0\0PYTHONSTARTUP=/a\0", ["PERL5OPT", "RUBYOPT", "PYTHONSTARTUP"], [
      "PERL5OPT=-w",
      "RUBYOPT=-W0",
    ]],
  ] as const
) {
  Deno.test(`environ: of ${JSON.stringify(text)} is told ${names.join(" ") || "nothing"}`, () => {
    const bytes = encode(text), read = new Uint8Array(bytes.length + 20).fill(65); // an older reading behind it
    read.set(bytes);
    assert.deepEqual(parseEnviron(read, bytes.length), { variables: bits(...names), options });
  });
}

Deno.test("environ: one that is longer than what is read says so", () => {
  const bytes = encode("ENV=x\0A=1");
  assert.deepEqual(parseEnviron(bytes, bytes.length), { variables: bits("ENV") | MORE_VARIABLES, options: [] });
});

Deno.test("net sockets: a socket is found by its inode, and by nothing else in a line", () => {
  // /proc/net/tcp of Linux 6.18.
  const bytes = encode(`  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        7 34567 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 45678 1 0000000000000000 20 4 30 10 -1
`);
  const found = [34567, 45678, 1000, 7, 100, 4567, 0].map((inode) => listsSocket(bytes, bytes.length, inode));
  assert.deepEqual(found, [true, true, false, false, false, false, false]);
  assert.equal(listsSocket(bytes, -2, 34567), false);
});

/** What records tell of an exec's environment and standard input. */

import assert from "node:assert/strict";
import { ExecRing, MORE_VARIABLES, VARIABLES } from "../../netlink/bpf/mod.ts";
import { Libc } from "../../netlink/linux/mod.ts";
import { requireRoot, requireTool } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { drain, type Told } from "./told_execs.ts";

// The C library stays open, as it does in the exporter.
const live = {
  ignore: requireRoot() || requireBpf() || requireTool("python3", "python3"),
  sanitizeResources: false,
};

/** Runs a Python program that launches `/bin/true` with the argument `told`, and what was told of that. */
async function toldBy(python: string): Promise<Told> {
  using ring = ExecRing.open(new Libc(), { ringBytes: 256 << 10 });
  const args = ["-c", `import os, socket, sys\n${python}`];
  const { success, stderr } = await new Deno.Command("python3", { args, stdin: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const told = drain(ring).find(({ args }) => args[0] === "told");
  assert.ok(told !== undefined, "no record came");
  return told;
}

/** Python: executes `/bin/true` with an environment of these strings, in this order, which need not be variables. */
const withEnvironment = (strings: string) =>
  `import ctypes
libc = ctypes.CDLL(None, use_errno=True)
strings = [s if isinstance(s, bytes) else s.encode() for s in ${strings}]
libc.execve(b"/bin/true", (ctypes.c_char_p * 2)(b"told", None), (ctypes.c_char_p * (len(strings) + 1))(*strings, None))
sys.exit(str(ctypes.get_errno()))`;

const ENVIRONMENTS: readonly {
  readonly name: string;
  readonly strings: string;
  readonly variables: readonly string[];
  readonly environment?: number;
}[] = [
  ...VARIABLES.map((name) => ({ name, strings: `["A=1", "${name}=value", "B=2"]`, variables: [name] })),
  { name: "a version's", strings: `["LUA_INIT_5_4=x", "LUA_INITX=x", "ENV_5_4=x"]`, variables: ["LUA_INIT"] },
  { name: "none at all", strings: "[]", variables: [] },
  { name: "all", strings: `[f"{name}=value" for name in ${JSON.stringify(VARIABLES)}]`, variables: VARIABLES },
  { name: "all without a value", strings: `[f"{name}=" for name in ${JSON.stringify(VARIABLES)}]`, variables: [] },
  { name: "names without a sign", strings: JSON.stringify(VARIABLES), variables: [] },
  {
    name: "longer and shorter names, and values like names",
    strings: `[x for name in ${
      JSON.stringify(VARIABLES)
    } for x in (f"{name}X=1", f"X{name}=1", f"{name[:-1]}=1", f"A={name}=1")]`,
    variables: [],
  },
  { name: "empty strings and single letters", strings: `["", "", "A", "", "ENV=x", ""]`, variables: ["ENV"] },
  { name: "bytes that are no ASCII", strings: `[b"A=" + bytes(range(128, 256)), "ENV=x"]`, variables: ["ENV"] },
  { name: "the first", strings: `["LD_AUDIT=x"] + [f"V{i}={i}" for i in range(150)]`, variables: ["LD_AUDIT"] },
  { name: "the 150th", strings: `[f"V{i}={i}" for i in range(149)] + ["LD_AUDIT=x"]`, variables: ["LD_AUDIT"] },
  { name: "behind 4 kB", strings: `["A=" + 4000 * "x", 97 * "B", "BASH_ENV=x"]`, variables: ["BASH_ENV"] },
  {
    name: "behind strings of 128 kB, which hold what looks like one",
    strings: `["A=" + 40 * 1024 * " ENV=x"[:3] + "\\nENV=x", "A=" + 131000 * "x", "RUBYOPT=-w"]`,
    variables: ["RUBYOPT"],
  },
  {
    name: "more than are looked at",
    strings: `[f"V{i}={i}" for i in range(1500)] + ["LD_PRELOAD=x"]`,
    variables: [],
    environment: MORE_VARIABLES,
  },
  {
    name: "more that look like one than are looked at",
    strings: `[f"NODE{i}={i}" for i in range(40)]`,
    variables: [],
    environment: MORE_VARIABLES,
  },
];

for (const { name, strings, variables, environment = 0 } of ENVIRONMENTS) {
  Deno.test({ ...live, name: `bpf: of an environment is told, ${name}` }, async () => {
    const told = await toldBy(withEnvironment(strings));
    assert.deepEqual([told.variables, told.environment], [variables, environment]);
  });
}

Deno.test({
  ...live,
  name: "bpf: a variable is told wherever it lies around the end of the block that is read at once",
}, async () => {
  using ring = ExecRing.open(new Libc(), { ringBytes: 1 << 20 });
  const python = `import os
for length in range(4000, 4200):
    if os.fork() == 0: os.execve("/bin/true", ["told", str(length)], {"A": length * "x", "PYTHONSTARTUP": "y", "B": "z"})
    os.wait()`;
  assert.ok((await new Deno.Command("python3", { args: ["-c", python] }).output()).success);
  const told = drain(ring).filter(({ args }) => args[0] === "told");
  assert.equal(told.length, 200);
  for (const { args, variables, environment } of told) {
    assert.deepEqual([variables, environment], [["PYTHONSTARTUP"], 0], args[1]);
  }
});

Deno.test(
  { ...live, name: "bpf: what a process makes of its own environment has no part in what it executes" },
  async () => {
    // The addresses that /proc/PID/environ is read from: PR_SET_MM (35), PR_SET_MM_ENV_START (10), PR_SET_MM_ENV_END (11).
    const told = await toldBy(`import ctypes
libc = ctypes.CDLL(None, use_errno=True)
text = ctypes.create_string_buffer(b"LD_PRELOAD=forged")
for what in (10, 11): libc.prctl(35, what, ctypes.c_void_p(ctypes.addressof(text) + len(text) * (what - 10)), 0, 0)
os.execve("/bin/true", ["told"], {"ENV": "true"})`);
    assert.deepEqual([told.variables, told.environment], [["ENV"], 0]);
  },
);

Deno.test(
  { ...live, name: "bpf: variables of options are told with their values, each cut at 255 bytes" },
  async () => {
    const told = await toldBy(
      withEnvironment(`["RUBYOPT=-W0", "PERL5OPT=", "LD_AUDIT=x", "NODE_OPTIONS=" + 300 * "n", "A=b"]`),
    );
    assert.deepEqual(told.options, [`NODE_OPTIONS=${"n".repeat(242)}`, "RUBYOPT=-W0"]);
    assert.deepEqual([told.args, told.folder], [["told"], Deno.cwd()]);
  },
);

/** Types of st_mode; and major numbers of devices, or address families. */
const S_IFIFO = 0o010000, S_IFCHR = 0o020000, S_IFREG = 0o100000, S_IFSOCK = 0o140000, S_IFDIR = 0o040000;
const EXECUTE = `os.dup2(fd, 0)\nos.execve("/bin/true", ["told"], {})`;
const INPUTS: readonly {
  readonly name: string;
  readonly python: string;
  readonly type: number;
  readonly detail?: number;
}[] = [
  { name: "a terminal", python: `fd = os.openpty()[1]\n${EXECUTE}`, type: S_IFCHR, detail: 136 },
  { name: "/dev/null", python: `fd = os.open("/dev/null", 0)\n${EXECUTE}`, type: S_IFCHR, detail: 1 },
  { name: "a pipe", python: `fd = os.pipe()[0]\n${EXECUTE}`, type: S_IFIFO },
  { name: "a file", python: `fd = os.open("/etc/passwd", 0)\n${EXECUTE}`, type: S_IFREG },
  { name: "a folder", python: `fd = os.open("/etc", 0)\n${EXECUTE}`, type: S_IFDIR },
  {
    name: "a pair of sockets",
    python: `pair = socket.socketpair(); fd = pair[0].fileno()\n${EXECUTE}`,
    type: S_IFSOCK,
    detail: 1,
  },
  {
    name: "a TCP connection",
    python:
      `l = socket.create_server(("127.0.0.1", 0)); s = socket.create_connection(l.getsockname()); fd = s.fileno()\n${EXECUTE}`,
    type: S_IFSOCK,
    detail: 2,
  },
  {
    name: "a UDP socket of IPv6",
    python: `s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); fd = s.fileno()\n${EXECUTE}`,
    type: S_IFSOCK,
    detail: 10,
  },
  {
    name: "the name of a socket, which is none",
    python: `import tempfile
d = tempfile.TemporaryDirectory(); s = socket.socket(socket.AF_UNIX); s.bind(d.name + "/s")
fd = os.open(d.name + "/s", os.O_PATH); os.unlink(d.name + "/s"); os.rmdir(d.name)\n${EXECUTE}`,
    type: S_IFSOCK,
    detail: 0,
  },
  { name: "nothing", python: `os.close(0)\nos.execve("/bin/true", ["told"], {})`, type: 0 },
  {
    name: "nothing any more, as it is to be closed at the exec",
    python: `os.set_inheritable(0, False)\nos.execve("/bin/true", ["told"], {})`,
    type: 0,
  },
];

for (const { name, python, type, detail = 0 } of INPUTS) {
  Deno.test({ ...live, name: `bpf: standard input is told: ${name}` }, async () => {
    const { inputMode, inputDetail } = await toldBy(python);
    assert.equal(inputMode & 0o170000, type);
    assert.equal(inputDetail, detail);
  });
}

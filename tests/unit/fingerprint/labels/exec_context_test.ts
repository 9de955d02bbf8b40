import assert from "node:assert/strict";
import { contextFlags } from "../../../../fingerprint/labels/exec_context.ts";
import { flagNames } from "../../../../fingerprint/labels/flags.ts";
import { MORE_VARIABLES, type VariableName, VARIABLES } from "../../../../netlink/bpf/mod.ts";

/** st_mode, and the device or the address family. */
const INPUTS = {
  terminal: [0o020620, 136],
  console: [0o020600, 229],
  null: [0o020666, 1],
  pipe: [0o010600, 0],
  file: [0o100644, 0],
  folder: [0o040755, 0],
  pair: [0o140777, 1],
  tcp: [0o140777, 2],
  tcp6: [0o140777, 10],
  vsock: [0o140777, 40],
  "name of a socket": [0o140755, 0],
  nothing: [0, 0],
  unread: [0xffff, 0],
} as const;

const bits = (...names: VariableName[]) => names.reduce((bits, name) => bits | 1 << VARIABLES.indexOf(name), 0);
const ALL = bits(...VARIABLES) | MORE_VARIABLES;

interface Case {
  /** Family, perhaps with the name it is called by, and ` alone` where nothing else says what it runs. */
  readonly run?: string;
  readonly environment?: number;
  readonly options?: readonly string[];
  readonly input?: keyof typeof INPUTS;
  readonly euid?: number;
  readonly want: string;
}

function flagsOf({ run, environment = 0, options = [], input = "terminal", euid = 1000 }: Case): string {
  const [inputMode, inputDetail] = INPUTS[input], [family, calledAs, alone] = run?.split(" ") ?? [];
  const context = { environment, inputMode, inputDetail, uid: 1000, euid };
  const interpreter = family === undefined ? undefined : { family, calledAs: calledAs!, isAlone: alone !== undefined };
  return flagNames(contextFlags(context, interpreter, () => options)).join(" ");
}

const CASES: readonly Case[] = [
  // Any program
  { want: "" },
  { environment: ALL, want: "preload" },
  { environment: bits("LD_AUDIT"), want: "preload" },
  { environment: ALL & ~bits("LD_PRELOAD", "LD_AUDIT"), want: "" },
  { environment: ALL, euid: 0, want: "" },
  { input: "tcp", want: "" },
  { input: "pipe", want: "" },
  // What a shell loads
  { run: "bash bash", environment: bits("BASH_ENV"), want: "preload" },
  { run: "bash bash", environment: bits("BASH_ENV"), euid: 0, want: "" },
  { run: "bash -bash alone", environment: bits("BASH_ENV"), want: "" },
  { run: "bash bash alone", environment: bits("BASH_ENV"), input: "pipe", want: "inline preload" },
  { run: "bash /bin/sh", environment: bits("BASH_ENV"), want: "" },
  { run: "bash bash alone", environment: bits("ENV"), want: "" },
  { run: "bash /bin/sh alone", environment: bits("ENV"), want: "preload" },
  { run: "sh sh", environment: bits("ENV", "BASH_ENV"), want: "" },
  { run: "sh -sh alone", environment: bits("ENV"), want: "preload" },
  { run: "sh sh alone", environment: bits("ENV"), input: "pipe", want: "inline" },
  { run: "sh sh alone", environment: bits("ENV"), input: "tcp", want: "inline preload socket" },
  { run: "ksh ksh alone", environment: bits("ENV"), want: "preload" },
  { run: "zsh zsh alone", environment: bits("ENV", "BASH_ENV"), want: "" },
  { run: "busybox sh alone", environment: bits("ENV"), want: "preload" },
  { run: "busybox busybox alone", environment: bits("ENV"), input: "tcp", want: "" },
  // Other interpreters, each by its own
  ...([
    ["perl", "PERL5OPT", ["-MEvil", "-mEvil", "-I.", "-wMEvil", "MEvil", "-w -d:Evil", " -T -MEvil"], ["-w", "-T -C7"]],
    ["ruby", "RUBYOPT", ["-revil", "revil", "-wrevil", "-W0 -r evil", "-W1revil", "-I.", "-w -I."], [
      "-w",
      "-W0",
      "-W:no-deprecated -W:no-experimental",
      "-Eutf-8:utf-8",
      "--enable=frozen-string-literal",
      "--yjit",
    ]],
    ["node", "NODE_OPTIONS", [
      "-r ./evil.js",
      "--require=./evil.js",
      "--require ./evil.js",
      "--max-old-space-size=512 --import ./evil.mjs",
      "--loader=x",
      "--experimental_loader x",
      '--req"uire" x',
    ], ["--max-old-space-size=512", "--enable-source-maps", "--experimental-vm-modules", "--redirect-warnings=r"]],
  ] as const).flatMap(([family, name, loading, harmless]): Case[] => {
    const run = `${family} ${family}`, environment = bits(name);
    const of = (values: readonly string[], want: string, suffix = "") =>
      values.map((value) => ({ run: run + suffix, environment, options: [`${name}=${value}`], want }));
    return [
      ...of(loading, "preload"),
      ...of(loading, "preload", " alone"),
      ...of(harmless, ""),
      ...of(["x".repeat(300)], "preload"),
      { run, environment: ALL & ~bits("LD_PRELOAD", "LD_AUDIT"), options: ["NODE=-r x", `${name}=-w`], want: "" },
      { run, environment: bits("LD_PRELOAD"), want: "preload" },
      { run: "sh sh", environment, options: [`${name}=${loading[0]}`], want: "" },
    ];
  }),
  { run: "python python3", environment: bits("PYTHONSTARTUP"), want: "" },
  { run: "python python3 alone", environment: bits("PYTHONSTARTUP"), want: "preload" },
  { run: "python python3 alone", environment: bits("PYTHONSTARTUP"), input: "file", want: "inline" },
  { run: "java java", environment: ALL & ~bits("LD_PRELOAD", "LD_AUDIT"), want: "" },
  // Code from standard input
  { run: "sh sh alone", want: "" },
  { run: "sh sh alone", input: "console", want: "" },
  { run: "sh sh alone", input: "null", want: "" },
  { run: "sh sh alone", input: "pipe", want: "inline" },
  { run: "sh sh alone", input: "file", want: "inline" },
  { run: "sh sh alone", input: "pair", want: "inline" },
  { run: "sh sh alone", input: "folder", want: "" },
  { run: "sh sh alone", input: "nothing", want: "" },
  { run: "sh sh alone", input: "unread", want: "" },
  { run: "sh sh alone", input: "name of a socket", want: "" },
  { run: "sh sh", input: "pipe", want: "" },
  { run: "perl perl alone", input: "pipe", want: "inline" },
  { run: "java java alone", input: "pipe", want: "" },
  { run: "busybox busybox alone", input: "pipe", want: "" },
  { run: "busybox ash alone", input: "pipe", want: "inline" },
  // A network
  { run: "bash bash alone", input: "tcp", want: "inline socket" },
  { run: "bash bash", input: "tcp", want: "socket" },
  { run: "python python3", input: "tcp6", want: "socket" },
  { run: "java java", input: "vsock", want: "socket" },
  { run: "bash bash", input: "pair", want: "" },
];

for (const one of CASES) {
  const { run = "a program", environment = 0, input = "terminal", want, options = [] } = one;
  const set = VARIABLES.filter((name, i) =>
    (environment & 1 << i) !== 0 && !options.some((one) => one.startsWith(name))
  );
  const names = [...set, ...options].join(" ");
  const user = one.euid === undefined ? "" : ", with another user's rights";
  Deno.test(`exec context: ${run} [${names}] < ${input}${user}: ${want === "" ? "nothing" : want}`, () => {
    assert.equal(flagsOf(one), want);
  });
}

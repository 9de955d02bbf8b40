/**
 * What a virtual machine of Erlang runs: erl(1). Its flags stand in parts, with `--` between: those of the machine, where it is
 * installed, the user's own.
 *
 * @module
 */
import type { Interpreter, Program } from "./grammar.ts";
import { INLINE, module, script, UNKNOWN } from "./operands.ts";

/** Modules that only start, stop or prepare the system itself. */
const SYSTEM: ReadonlySet<string> = new Set([
  "init",
  "erlang",
  "kernel",
  "application",
  "inets",
  "crypto",
  "ssl",
  "sasl",
]);
/** Names of the machine itself, and of what starts it without a program. */
const OWN = /^(?:erl|cerl|werl|escript|elixir|iex|beam(?:\.\w+)*)$/;
/** The start script of a release: `/opt/emqx/releases/5.0/start`; its folder's name is the release's. */
const RELEASE = /([^/]+)\/releases\/[^/]+\/[^/]+$/;

/** elixir(1), which is called with its arguments behind `-extra`. */
export const ELIXIR: Interpreter = {
  names: ["elixir"],
  manual: "elixir(1), iex(1); bin/elixir: +iex and +elixirc say which of its programs it is",
  plus: true,
  words: {
    inline: "-e --eval --rpc-eval",
    module: "-S",
    part: "-r -pr",
    value: "-pa -pz --app --erl --cookie --name --sname --boot --boot-var --vm-args --pipe-to --logger-otp-reports " +
      "--logger-sasl-reports --dot-iex --remsh",
    ends: "+elixirc -v --version -h --help --short-version",
  },
};

/** `elixir` finds what the arguments of elixir(1) say. */
export function findErlangProgram(
  argv: readonly string[],
  isCut: boolean,
  elixir: (first: number) => Program | undefined,
): Program | undefined {
  const end = isCut ? argv.length - 1 : argv.length;
  let called = "", name = "", release = "", isInline = false, extra = -1;
  for (let i = Math.max(1, argv.indexOf("--")); i < end && extra < 0; i++) {
    const value = i + 1 < end ? argv[i + 1]! : "";
    switch (argv[i]) {
      case "-extra":
        extra = i + 1;
        break;
      case "-s":
      case "-run":
      case "-user":
        if (called === "" && !SYSTEM.has(value)) called = value;
        i++;
        break;
      case "-progname":
        name = value.slice(value.lastIndexOf("/") + 1);
        i++;
        break;
      case "-boot":
        release = RELEASE.exec(value)?.[1] ?? release;
        i++;
        break;
      case "-eval":
        isInline = true;
        i++;
    }
  }
  if (isCut && extra < 0 && called === "") return UNKNOWN;
  if (extra >= 0 && called === "escript") return script(argv[extra]);
  if (called === "elixir") {
    const program = extra >= 0 ? elixir(extra) : undefined;
    if (program !== undefined) return program;
    called = "";
  }
  if (called !== "") return module(called);
  if (name !== "" && !OWN.test(name)) return module(name);
  return release !== "" ? module(release) : isInline ? INLINE : undefined;
}

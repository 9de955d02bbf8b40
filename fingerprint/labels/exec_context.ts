/**
 * What the environment and the standard input of an exec add to its flags: code that is loaded first, and code that comes from
 * elsewhere than a file.
 *
 * A variable counts for those that have code loaded by it: LD_PRELOAD and LD_AUDIT for every program, since which are linked
 * dynamically isn't known (ld.so(8)); the others for one family of interpreters, and some in interactive ones alone.
 *
 * @module
 */
import { OPTION_BYTES, OPTION_VARIABLES, type VariableName, VARIABLES } from "../../netlink/mod.ts";
import { Flag } from "./flags.ts";
import type { Executable, ProgramLabel } from "./program_label.ts";
import { loadsCode } from "./option_variables.ts";

/** What is known of an exec beside its file and its arguments; a kernel's record has it. */
export interface ExecContext {
  /** Bits of `VARIABLES`. */
  readonly environment: number;
  /** Standard input: st_mode, or 0; and the major number of a character device, or the address family of a socket. */
  readonly inputMode: number;
  readonly inputDetail: number;
  /** The real user, and the effective one. */
  readonly uid: number;
  readonly euid: number;
}

export interface ExecutedInterpreter {
  /** The name of its family; {@link FAMILIES} knows some. */
  readonly family: string;
  /** By what name it was called: `argv[0]`. */
  readonly calledAs: string;
  /** Whether it was told neither a script nor code: what it runs comes from standard input, if it runs anything. */
  readonly isAlone: boolean;
}

/** st_mode (inode(7)). */
const S_IFMT = 0o170000, S_IFIFO = 0o010000, S_IFCHR = 0o020000, S_IFREG = 0o100000, S_IFSOCK = 0o140000;
/** Address families (socket(2)): none for what is only the name of a socket. */
const AF_UNSPEC = 0, AF_UNIX = 1;
/** Major numbers of terminals: pseudo (old), console and serial, /dev/tty, pseudo, ACM, USB, low-density serial, hypervisor. */
const TERMINALS: ReadonlySet<number> = new Set([3, 4, 5, 136, 137, 138, 139, 140, 141, 142, 143, 166, 188, 204, 229]);

/** Who loads code by which variable: when it works by itself, and when somebody talks to it. */
interface Family {
  readonly batch?: readonly VariableName[];
  readonly interactive?: readonly VariableName[];
  /** It runs nothing that comes on standard input. */
  readonly isDeaf?: true;
}

function both(names: readonly VariableName[]): Family {
  return { batch: names, interactive: names };
}

const SH: Family = { interactive: ["ENV"] };
/** Families that run what comes on standard input where nothing else is told, and what they load first. */
const FAMILIES: Readonly<Record<string, Family>> = {
  sh: SH, // POSIX.1-2017, sh: ENV
  ksh: SH,
  bash: { batch: ["BASH_ENV", "PS4"] }, // bash(1), INVOCATION
  zsh: {},
  fish: {},
  csh: {},
  python: { interactive: ["PYTHONSTARTUP"] }, // python(1)
  perl: both(["PERL5OPT"]),
  ruby: both(["RUBYOPT"]),
  node: both(["NODE_OPTIONS"]),
  deno: {},
  php: {},
  lua: both(["LUA_INIT"]), // lua(1)
  java: { ...both(["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"]), isDeaf: true }, // java(1); JVM TI
  dotnet: { ...both(["DOTNET_STARTUP_HOOKS"]), isDeaf: true }, // host-startup-hook.md of .NET
  tclsh: {},
  expect: {},
  R: {},
  guile: {},
};
const NO_FAMILY: Family = {};

function bitsOf(names: readonly VariableName[] = []): number {
  return names.reduce((bits, name) => bits | 1 << VARIABLES.indexOf(name), 0);
}

const BY_LOADER = bitsOf(["LD_PRELOAD", "LD_AUDIT"]), BY_OPTIONS = bitsOf(OPTION_VARIABLES);

/** An interpreter as it was called; `ran` is what the labeller found that `executable` runs by this command line. */
export function executedInterpreter(
  executable: Executable,
  argv: readonly string[],
  ran: ProgramLabel,
): ExecutedInterpreter | undefined {
  if (executable.interpreter === undefined || ran.rule === "applet") return undefined;
  // What only prints something reads nothing.
  const isAlone = ran === executable && !argv.some((argument) => /^--(?:version|help)/.test(argument));
  return { family: executable.interpreter.names[0], calledAs: argv[0] ?? "", isAlone };
}

/**
 * The flags of an exec by its context; `interpreter` where it is one. `options` are the `OPTION_VARIABLES` that it has, each
 * `NAME=value`; called where they matter.
 */
export function contextFlags(
  context: ExecContext,
  interpreter?: ExecutedInterpreter,
  options: () => readonly string[] = () => [],
): number {
  // Who changed the user by the exec takes no orders from the environment: ld.so(8), bash(1), and so on.
  const variables = context.uid === context.euid ? context.environment : 0;
  const loads = (variables & BY_LOADER) !== 0 ? Flag.Preload : 0;
  if (interpreter === undefined) return loads;
  const input = inputOf(context), { isAlone } = interpreter, name = familyOf(interpreter);
  const family = name === undefined ? NO_FAMILY : FAMILIES[name] ?? NO_FAMILY;
  const isTerminal = input === "terminal", isNetwork = input === "network";
  // One that reads from the network may have been told to talk (`bash -i`), or not.
  const wanted = (isAlone && isTerminal ? 0 : bitsOf(family.batch)) |
    (isAlone && (isTerminal || isNetwork) ? bitsOf(family.interactive) : 0);
  const reads = isAlone && family !== NO_FAMILY && family.isDeaf !== true && (isNetwork || input === "data");
  const names = variables & wanted;
  const isLoaded = (names & ~BY_OPTIONS) !== 0 || names !== 0 && options().some((variable) => {
        return VARIABLES.some((name, i) => (names & 1 << i) !== 0 && variable.startsWith(`${name}=`)) &&
          loadsCode(variable, OPTION_BYTES);
      });
  return loads | (isLoaded ? Flag.Preload : 0) | (reads ? Flag.Inline : 0) |
    (isNetwork && name !== undefined ? Flag.Socket : 0);
}

/** The family by whose rules an interpreter works, which its name can change; undefined where it runs a program of its own. */
function familyOf({ family, calledAs, isAlone }: ExecutedInterpreter): string | undefined {
  const name = calledAs.slice(calledAs.lastIndexOf("/") + 1).replace(/^-/, "");
  if (family === "bash" && name === "sh") return "sh";
  if (family !== "busybox") return family;
  return !isAlone || /^(?:sh|ash|hush)$/.test(name) ? "sh" : undefined;
}

/** What a standard input is: somebody, another machine, what holds data or brings it, or something else, or nothing. */
function inputOf({ inputMode, inputDetail }: ExecContext): "terminal" | "network" | "data" | undefined {
  switch (inputMode & S_IFMT) {
    case S_IFCHR:
      return TERMINALS.has(inputDetail) ? "terminal" : undefined;
    case S_IFSOCK:
      if (inputDetail === AF_UNSPEC) return undefined;
      return inputDetail === AF_UNIX ? "data" : "network";
    case S_IFIFO:
    case S_IFREG:
      return "data";
  }
  return undefined;
}

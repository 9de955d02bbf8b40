/**
 * What a command and its flags are, as data. The parser, `--help`, the manual page and the completions of shells are made from
 * this data alone.
 *
 * @module
 */

/** A flag with a value: `--name=VALUE` or `--name VALUE`. */
export interface ValueFlag {
  /** Without the dashes. */
  readonly name: string;
  /** Stands for the value in `--help`: `FILE` for a path that is read, the choices themselves where there are any. */
  readonly placeholder: string;
  /** All values there are, where they are few. */
  readonly choices?: readonly string[];
  /** Given if the flag isn't. */
  readonly default?: string;
  /** Whether it may be given several times; its value is then a list. */
  readonly repeatable?: true;
  /** One sentence. */
  readonly help: string;
  /** What a value must be, for the error: "Cannot …: it is X, want <wanted>". */
  readonly wanted: string;
  /** The value, or undefined for a text that isn't one. */
  readonly parse: (text: string) => unknown;
}

/** A flag that is on (`--name`) or off (`--no-name`). */
export interface BooleanFlag {
  /** Without the dashes, and without `no-`. */
  readonly name: string;
  readonly default: boolean;
  /** One sentence about what it does when it is on. */
  readonly help: string;
}

export type Flag = ValueFlag | BooleanFlag;

export function takesValue(flag: Flag): flag is ValueFlag {
  return "parse" in flag;
}

/** Flags by the options that they give, in the order of `--help`. */
export type Flags = Readonly<Record<string, Flag>>;

/**
 * The options that flags give: `boolean` of one that is on or off, a list of one that is repeatable; of one without a default
 * it may be undefined.
 */
export type OptionsOf<Type extends Flags> = {
  readonly [Key in keyof Type]: Type[Key] extends { readonly parse: (text: string) => infer Value }
    ? Type[Key] extends { readonly repeatable: true } ? readonly NonNullable<Value>[]
    : Type[Key] extends { readonly default: string } ? NonNullable<Value>
    : Value | undefined
    : boolean;
};

/** What a command takes beside flags. */
export interface Operands {
  /** Stands for one of them in `--help`: `PROGRAM|PID`. */
  readonly placeholder: string;
  /** One sentence. */
  readonly help: string;
  readonly least: number;
  /** How many may be given; Infinity for any number. */
  readonly most: number;
  /** Stands in `--help` for a command line of its own behind `--`, where there may be one; it counts as one of them. */
  readonly commandLine?: string;
}

/** Two flags that can't be used together with these values; the other one, where it has none here, with any. */
export interface Conflict {
  readonly one: { readonly name: string; readonly value: string };
  readonly other: { readonly name: string; readonly value?: string };
  /** Why not, for the error: "Cannot use --one=… with --other=…: <because>". */
  readonly because: string;
}

/** One thing that the program can be asked to do. */
export interface Command {
  /** What is typed: one word, or two with a blank for a command of a group: `baseline learn`. */
  readonly name: string;
  /** One sentence, for the list of commands. */
  readonly help: string;
  /** Further paragraphs, for the command's own `--help`; 120 columns at most. */
  readonly details?: readonly string[];
  /** None takes an argument unless this says so. */
  readonly operands?: Operands;
  readonly flags: Flags;
  /** Values of its flags that exclude each other; none that are defaults. */
  readonly conflicts?: readonly Conflict[];
}

/** A flag of every command that makes the program do that instead. */
export interface Switch {
  readonly name: "help" | "version";
  /** One letter, for `-h`. */
  readonly short?: string;
  readonly help: string;
}

/** All of them; the first that is given wins. */
export const SWITCHES: readonly Switch[] = [
  { name: "help", short: "h", help: "Print this text." },
  { name: "version", help: "Print the version." },
];

/**
 * What a command and its flags are, as data. The parser, `--help`, the manual page and the completions of shells are made from
 * this data alone.
 *
 * @module
 */

/** A flag with a value: `--name=VALUE` or `--name VALUE`. */
export interface ValueFlag<Value> {
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
  readonly parse: (text: string) => Value | undefined;
}

/** A flag that is on (`--name`) or off (`--no-name`). */
export interface BooleanFlag {
  /** Without the dashes, and without `no-`. */
  readonly name: string;
  readonly default: boolean;
  /** One sentence about what it does when it is on. */
  readonly help: string;
}

export type Flag = ValueFlag<unknown> | BooleanFlag;

/** Whether a flag has a value. */
export function takesValue(flag: Flag): flag is ValueFlag<unknown> {
  return "parse" in flag;
}

/**
 * The flag of each option: of a `boolean` one that is on or off; of a list a repeatable one that reads one element; of one that
 * may be undefined a flag without a default.
 */
export type FlagsOf<Options> = {
  readonly [Key in keyof Options]-?: [Options[Key]] extends [boolean] ? BooleanFlag
    : Options[Key] extends readonly (infer Element)[] ? ValueFlag<Element> & { readonly repeatable: true }
    : undefined extends Options[Key] ? ValueFlag<NonNullable<Options[Key]>> & { readonly default?: never }
    : ValueFlag<Options[Key]> & { readonly default: string };
};

/** What a command takes beside flags. */
export interface Operands {
  /** Stands for one of them in `--help`: `PROGRAM|PID`. */
  readonly placeholder: string;
  /** One sentence. */
  readonly help: string;
  /** How many must be given at least. */
  readonly least: number;
  /** How many may be given; Infinity for any number. */
  readonly most: number;
}

/** One thing that the program can be asked to do. */
export interface Command<Options> {
  /** What is typed: one word, or two with a blank for a command of a group: `baseline learn`. */
  readonly name: string;
  /** One sentence, for the list of commands. */
  readonly help: string;
  /** Further paragraphs, for the command's own `--help`; 120 columns at most. */
  readonly details?: readonly string[];
  /** None takes an argument unless this says so. */
  readonly operands?: Operands;
  /** In the order of `--help`. */
  readonly flags: FlagsOf<Options>;
}

/** The options that a command is run with. */
export type OptionsOf<Type> = Type extends Command<infer Options> ? Options : never;

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

/**
 * /proc/PID/environ (proc(5)): which variables a program was given by which it loads other code first.
 *
 * @module
 */
import { MORE_VARIABLES, OPTION_VARIABLES, VARIABLES, VERSIONED_VARIABLES } from "../../netlink/mod.ts";

const ASCII = new TextEncoder();
const NAMES = VARIABLES.map((name) => ASCII.encode(name));
const IS_VERSIONED = VARIABLES.map((name) => VERSIONED_VARIABLES.includes(name));
/** `=` and `_`. */
const EQUALS = 0x3d, LOW_LINE = 0x5f;
const FIRST_BYTES: ReadonlySet<number> = new Set(NAMES.map((name) => name[0]!));

/** What an environment has, as a kernel's record tells it. */
export interface Environment {
  /** Bits of `VARIABLES`; `MORE_VARIABLES` where there is more than was read. */
  readonly variables: number;
  /** The `OPTION_VARIABLES` among them, each `NAME=value`. */
  readonly options: readonly string[];
}

/** Reads the first `length` bytes: strings that end in zero bytes. A process can have written over them. */
export function parseEnviron(bytes: Uint8Array, length: number): Environment {
  let variables = length === bytes.length ? MORE_VARIABLES : 0;
  const options: string[] = [];
  for (let at = 0; at < length;) {
    const zero = bytes.indexOf(0, at), end = zero < 0 || zero > length ? length : zero;
    if (FIRST_BYTES.has(bytes[at]!)) {
      const found = NAMES.findIndex((name, number) => {
        const sign = at + name.length;
        return sign + 1 < end && (bytes[sign] === EQUALS || bytes[sign] === LOW_LINE && IS_VERSIONED[number]!) &&
          name.every((byte, i) => bytes[at + i] === byte);
      });
      if (found >= 0) {
        variables |= 1 << found;
        const isOption = OPTION_VARIABLES.includes(VARIABLES[found]!);
        if (isOption) options.push(new TextDecoder().decode(bytes.subarray(at, end)));
      }
    }
    at = end + 1;
  }
  return { variables, options };
}

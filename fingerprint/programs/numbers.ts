/**
 * Programs as numbers: a program is an executable together with a label and flags.
 *
 * @module
 */
import { IntTable } from "../../netlink/mod.ts";

/** What named an image, in the order of the counters. */
export const NamedBy = { Proc: 0, Inode: 1, Comm: 2, Unknown: 3, Bpf: 4 } as const;
export type NamedBy = (typeof NamedBy)[keyof typeof NamedBy];

/** Programs held at most. */
const LIMIT = 1 << 16;

export class ProgramNumbers {
  /** executable, label, flags → program. */
  readonly #numbers = new IntTable();
  readonly #labels: number[] = [];
  readonly #executables: number[] = [];
  readonly #flags: number[] = [];

  get length(): number {
    return this.#labels.length;
  }

  get isFull(): boolean {
    return this.#labels.length >= LIMIT;
  }

  /** The number of a program, a new one where it hasn't any. */
  of(executable: number, label: number, flags: number): number {
    let program = this.#numbers.get(executable, label, flags);
    if (program < 0) {
      program = this.#labels.length;
      this.#labels.push(label);
      this.#executables.push(executable);
      this.#flags.push(flags);
      this.#numbers.set(program, executable, label, flags);
    }
    return program;
  }

  withFlags(program: number, flags: number): number {
    const has = this.#flags[program]!;
    return (flags & ~has) === 0 ? program : this.of(this.#executables[program]!, this.#labels[program]!, has | flags);
  }

  labelOf(program: number): number {
    return this.#labels[program]!;
  }

  executableOf(program: number): number {
    return this.#executables[program]!;
  }

  flagsOf(program: number): number {
    return this.#flags[program]!;
  }

  clear(): void {
    this.#numbers.clear();
    this.#labels.length = this.#executables.length = this.#flags.length = 0;
  }
}

/**
 * Programs as numbers: a program is an executable together with a label.
 *
 * @module
 */

/** What named an image, in the order of the counters. */
export const NamedBy = { Proc: 0, Inode: 1, Comm: 2, Unknown: 3, Bpf: 4 } as const;
export type NamedBy = (typeof NamedBy)[keyof typeof NamedBy];

/** Programs held at most. */
const LIMIT = 1 << 16;

export class ProgramNumbers {
  /** executable * 2^16 + label → program. */
  #numbers = new Map<number, number>();
  readonly #labels: number[] = [];
  readonly #executables: number[] = [];

  get isFull(): boolean {
    return this.#labels.length >= LIMIT;
  }

  /** The number of a program, a new one where it hasn't any. */
  of(executable: number, label: number): number {
    const key = executable * 65536 + label;
    let program = this.#numbers.get(key);
    if (program === undefined) {
      program = this.#labels.length;
      this.#labels.push(label);
      this.#executables.push(executable);
      this.#numbers.set(key, program);
    }
    return program;
  }

  labelOf(program: number): number {
    return this.#labels[program]!;
  }

  executableOf(program: number): number {
    return this.#executables[program]!;
  }

  clear(): void {
    this.#numbers = new Map();
    this.#labels.length = this.#executables.length = 0;
  }
}

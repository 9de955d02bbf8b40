/**
 * Executables as numbers, in whichever root they lie, and what each is called: labelled once, when it runs for the first time.
 *
 * @module
 */
import type { Executable, LabelChanges, Labeller, LabelTable } from "../labels/mod.ts";
import { PATH_BYTES, PathTable } from "./executables.ts";
import { ProgramNumbers } from "./numbers.ts";
import { HOST, type Roots } from "./roots.ts";

/** Before the path of an executable under another root: a character that no path holds, and the root's number, seven bits a byte. */
const ROOT_MARK_BYTES = 3;
const MARKED_PATH_BYTES = ROOT_MARK_BYTES + PATH_BYTES;

/** Who names programs, by root. */
export type RootLabellers = Pick<Roots, "of" | "labeller" | "hasOthers">;

export class LabelledExecutables {
  /** Programs: an executable with the label of what it runs. */
  readonly programs = new ProgramNumbers();
  readonly #labeller: Labeller;
  readonly #labels: LabelTable;
  readonly #changes: LabelChanges;
  readonly #roots: RootLabellers | undefined;
  #changesSeen = 0;
  readonly #paths = new PathTable();
  readonly #marked = new Uint8Array(MARKED_PATH_BYTES);
  /** Roots of executables under another root than the machine's own, by number. */
  readonly #rootOf = new Map<number, number>();
  /** By number; undefined until the executable runs, and again when the labels changed. */
  readonly #executables: (Executable | undefined)[] = [];
  /** Program of an executable that is no interpreter, or of the interpreter itself. */
  readonly #programOf: number[] = [];

  constructor(labeller: Labeller, labels: LabelTable, changes: LabelChanges, roots: RootLabellers | undefined) {
    this.#labeller = labeller;
    this.#labels = labels;
    this.#changes = changes;
    this.#roots = roots;
  }

  /** The number of an executable by its path, the first `length` bytes. */
  number(path: Uint8Array, length: number): number {
    const found = this.#paths.find(path, length);
    return found >= 0 ? found : this.#paths.add(path, length);
  }

  /** The number of an executable by its path under a root. */
  numberIn(root: number, path: Uint8Array, length: number): number {
    if (root === HOST) return this.number(path, length);
    const marked = this.#marked;
    marked[1] = root & 0x7f;
    marked[2] = root >> 7;
    for (let i = 0; i < length; i++) marked[ROOT_MARK_BYTES + i] = path[i]!;
    const executable = this.number(marked, length + ROOT_MARK_BYTES);
    this.#rootOf.set(executable, root);
    return executable;
  }

  /** The same executable's path under a root. */
  movedTo(root: number, executable: number): number {
    const path = this.#paths.bytesOf(executable);
    return this.numberIn(root, path, path.length);
  }

  rootOf(executable: number): number {
    return this.#rootOf.get(executable) ?? HOST;
  }

  /** What is known of an executable that has run since the labels changed last; else undefined. */
  peek(executable: number): Executable | undefined {
    // Those that were captured keep what they were called.
    if (this.#changes.count !== this.#changesSeen) {
      this.#changesSeen = this.#changes.count;
      this.#executables.fill(undefined);
    }
    return this.#executables[executable];
  }

  /** What is known of an executable, which runs. */
  known(executable: number): Executable {
    return this.peek(executable) ?? this.#label(executable);
  }

  /** The program of an executable that is {@link known}: itself, without what it runs as an interpreter. */
  programOf(executable: number): number {
    return this.#programOf[executable]!;
  }

  /** Who names what runs in the root of an executable. */
  labellerOf(executable: number): Labeller {
    const root = this.rootOf(executable);
    return root === HOST ? this.#labeller : this.#roots?.labeller(root) ?? this.#labeller;
  }

  /** The path in its root, decoded; bytes that are not UTF-8 become U+FFFD. */
  pathOf(executable: number): string {
    const text = this.#paths.textOf(executable);
    return this.#rootOf.has(executable) ? text.slice(ROOT_MARK_BYTES) : text;
  }

  get isFull(): boolean {
    return this.#paths.isFull || this.programs.isFull;
  }

  /** Forgets all executables and programs; none of their numbers may be in use. */
  clear(): void {
    this.#paths.clear();
    this.#rootOf.clear();
    this.#executables.length = this.#programOf.length = 0;
    this.programs.clear();
  }

  #label(number: number): Executable {
    const executable = this.labellerOf(number).executable(this.pathOf(number));
    this.#executables[number] = executable;
    const { label, random, flags } = executable;
    this.#programOf[number] = this.programs.of(number, this.#labels.idOf(label, random), flags);
    return executable;
  }
}

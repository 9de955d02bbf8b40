/**
 * Executables as numbers, in whichever root they lie, and what each is called: labelled once, when it runs for the first time.
 *
 * An executable is a path under a root, the file that was found to run there, and what is known of the two.
 *
 * @module
 */
import type { Origin } from "../base/mod.ts";
import { columns, IntTable } from "../../netlink/mod.ts";
import {
  Claim,
  type Executable,
  Flag,
  type LabelChanges,
  type Labeller,
  type LabelTable,
  type ProgramLabel,
} from "../labels/mod.ts";
import type { Claims } from "./claims.ts";
import { PathTable } from "./executables.ts";
import { ProgramNumbers } from "./numbers.ts";
import { HOST, type Roots } from "./roots.ts";

/** Executables held at most. */
const LIMIT = 1 << 15;
const INITIAL_CAPACITY = 512;
/** Values of {@link Claim}. */
const CLAIMS = 5;

/** A program of a package of the base system. */
export interface BaseProgram {
  readonly root: number;
  /** Its path in that root, as its label has it, and as it lies there. */
  readonly path: string;
  readonly file: string;
  /** By what its digests are found (`BasePaths.packageOf`), in which database. */
  readonly package: string;
  readonly origin: Origin;
}

export type RootLabellers = Pick<Roots, "of" | "labeller" | "hasOthers">;

const Rows = columns({ path: Int32Array, root: Uint16Array, identity: Int32Array, claim: Uint8Array });

export class LabelledExecutables {
  /** Programs: an executable with the label of what it runs, and flags. */
  readonly programs = new ProgramNumbers();
  readonly #labeller: Labeller;
  readonly #labels: LabelTable;
  readonly #changes: LabelChanges;
  readonly #claims: Pick<Claims, "isUpper">;
  readonly #roots: RootLabellers | undefined;
  #changesSeen = 0;
  readonly #paths = new PathTable();
  /** Path, root and claim, file → executable. */
  readonly #numbers = new IntTable();
  #rows = new Rows(INITIAL_CAPACITY);
  #length = 0;
  /** By number; undefined until the executable runs, and again when the labels changed. */
  readonly #executables: (Executable | undefined)[] = [];
  /** Program of an executable that is no interpreter, or of the interpreter itself. */
  readonly #programOf: number[] = [];

  constructor(
    labeller: Labeller,
    labels: LabelTable,
    changes: LabelChanges,
    claims: Pick<Claims, "isUpper">,
    roots: RootLabellers | undefined,
  ) {
    this.#labeller = labeller;
    this.#labels = labels;
    this.#changes = changes;
    this.#claims = claims;
    this.#roots = roots;
  }

  /** Executables known. */
  get length(): number {
    return this.#length;
  }

  /** The number of an executable: a file under a path, the first `length` bytes, and a root. -1 where it isn't known. */
  find(path: Uint8Array, length: number, root: number, identity: number, claim: Claim): number {
    const number = this.#paths.find(path, length);
    return number < 0 ? -1 : this.#numbers.get(number, root * CLAIMS + claim, identity);
  }

  /** As {@link find}; a new number where there is none. */
  number(path: Uint8Array, length: number, root: number, identity: number, claim: Claim): number {
    const found = this.#paths.find(path, length), number = found >= 0 ? found : this.#paths.add(path, length);
    return this.#numberOf(number, root, identity, claim);
  }

  /** The same executable under a root that nobody could be asked for. */
  movedTo(root: number, executable: number): number {
    const { path, identity, claim } = this.#rows;
    // In a root of its own a path that isn't the machine's is that root's.
    const inside = claim[executable] === Claim.Private ? Claim.Confirmed : claim[executable] as Claim;
    return this.#numberOf(path[executable]!, root, identity[executable]!, inside);
  }

  rootOf(executable: number): number {
    return this.#rows.root[executable]!;
  }

  identityOf(executable: number): number {
    return this.#rows.identity[executable]!;
  }

  claimOf(executable: number): Claim {
    return this.#rows.claim[executable]! as Claim;
  }

  /** Whether two executables have the same path in the same root. */
  haveOnePath(one: number, other: number): boolean {
    const { path, root } = this.#rows;
    return path[one] === path[other] && root[one] === root[other];
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

  /** The flag by the layer of a container in which an executable lies, or the script that it runs. */
  layerFlags(executable: number, { program }: ProgramLabel): number {
    return this.#claims.isUpper(this.rootOf(executable), program) ? Flag.Upper : 0;
  }

  /** Who names what runs in the root of an executable. */
  labellerOf(executable: number): Labeller {
    const root = this.rootOf(executable);
    return root === HOST ? this.#labeller : this.#roots?.labeller(root) ?? this.#labeller;
  }

  /** What an executable is to the base system; undefined where it is of no package of it, or lies where nobody can look. */
  baseProgramOf(executable: number): BaseProgram | undefined {
    const { program } = this.known(executable), { base, users } = this.labellerOf(executable);
    if (users !== undefined) return undefined;
    const name = this.claimOf(executable) === Claim.Confirmed ? base.packageOf(program) : undefined;
    if (name === undefined || base.kind(program) === "other") return undefined;
    return { root: this.rootOf(executable), path: program, file: program, package: name, origin: base.origin };
  }

  /** The path in its root, decoded; bytes that are not UTF-8 become U+FFFD. */
  pathOf(executable: number): string {
    return this.#paths.textOf(this.#rows.path[executable]!);
  }

  /** The bytes of that path; valid until an executable is added. */
  pathBytes(executable: number): Uint8Array {
    return this.#paths.bytesOf(this.#rows.path[executable]!);
  }

  get isFull(): boolean {
    return this.#paths.isFull || this.#length >= LIMIT || this.programs.isFull;
  }

  /** Forgets all executables and programs; none of their numbers may be in use. */
  clear(): void {
    this.#paths.clear();
    this.#numbers.clear();
    this.#rows = new Rows(INITIAL_CAPACITY);
    this.#length = this.#executables.length = this.#programOf.length = 0;
    this.programs.clear();
  }

  #numberOf(path: number, root: number, identity: number, claim: Claim): number {
    const found = this.#numbers.get(path, root * CLAIMS + claim, identity);
    if (found >= 0) return found;
    if (this.#length === this.#rows.capacity) this.#rows.resize(2 * this.#length, this.#length);
    const number = this.#length++, rows = this.#rows;
    rows.path[number] = path;
    rows.root[number] = root;
    rows.identity[number] = identity;
    rows.claim[number] = claim;
    this.#numbers.set(number, path, root * CLAIMS + claim, identity);
    return number;
  }

  #label(number: number): Executable {
    const named = this.labellerOf(number).executable(this.pathOf(number), this.claimOf(number));
    const layer = this.layerFlags(number, named),
      executable = layer === 0 ? named : { ...named, flags: named.flags | layer };
    this.#executables[number] = executable;
    const { label, random, flags } = executable;
    this.#programOf[number] = this.programs.of(number, this.#labels.idOf(label, random), flags);
    return executable;
  }
}

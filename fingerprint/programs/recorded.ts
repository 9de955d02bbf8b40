/**
 * Names images by what the kernel recorded of their exec: the same names as by a look at /proc, which this asks only for what a
 * record hasn't room for, and for roots that are new.
 *
 * An executable that was seen before is found by its file, and by the bytes of its path as they are in the record.
 *
 * @module
 */
import {
  type ExecRecord,
  IntTable,
  MORE_VARIABLES,
  NAME_LIMIT,
  UNREAD_VARIABLES,
  writePath,
} from "../../netlink/mod.ts";
import {
  Claim,
  contextFlags,
  type ExecContext,
  type Executable,
  executedInterpreter,
  type LabelChanges,
} from "../labels/mod.ts";
import type { Claims } from "./claims.ts";
import { PATH_BYTES, PathTable } from "./executables.ts";
import type { Identities } from "./identities.ts";
import type { LabelledExecutables, RootLabellers } from "./labelled.ts";
import type { LateNames } from "./late_names.ts";
import { type ProcessReader, splitArguments } from "./reading.ts";
import { HOST, MAX_ROOTS, NO_ROOT } from "./roots.ts";

const UTF8 = new TextDecoder();

export class RecordedPrograms {
  /** What {@link read} made of the last record: the number of its executable and of its program, and its root or -1. */
  executable = 0;
  program = 0;
  root = NO_ROOT;
  readonly #procfs: ProcessReader;
  readonly #executables: LabelledExecutables;
  readonly #identities: Identities;
  readonly #claims: Claims;
  readonly #late: LateNames;
  readonly #changes: LabelChanges;
  readonly #roots: RootLabellers | undefined;
  /** Paths as they are in records, with their flags in front. */
  readonly #paths = new PathTable();
  /** Path, root and file → executable. */
  readonly #known = new IntTable();
  /** The root folder's device and inode, as in records → root. */
  readonly #rootNumbers = new IntTable();
  #host: readonly [device: number, inodeLow: number, inodeHigh: number] | undefined;
  #changesSeen = 0;
  readonly #path = new Uint8Array(PATH_BYTES);

  constructor(
    procfs: ProcessReader,
    executables: LabelledExecutables,
    identities: Identities,
    claims: Claims,
    late: LateNames,
    changes: LabelChanges,
    roots: RootLabellers | undefined,
  ) {
    this.#procfs = procfs;
    this.#executables = executables;
    this.#identities = identities;
    this.#claims = claims;
    this.#late = late;
    this.#changes = changes;
    this.#roots = roots;
  }

  /** Reads a record; `bytes` are those of its view. False where it doesn't tell the executable. */
  read(record: ExecRecord, bytes: Uint8Array): boolean {
    this.root = this.#roots === undefined ? HOST : this.#rootOf(record);
    const identity = this.#identities.of(record);
    const executable = this.executable = this.#executableOf(record, bytes, identity);
    if (executable < 0) return false;
    const executables = this.#executables, known = executables.known(executable);
    this.program = executables.programOf(executable);
    if (known.interpreter !== undefined) this.#readArguments(record, bytes, known);
    else if (record.environment !== 0) {
      this.program = executables.programs.withFlags(this.program, contextFlags(this.#contextOf(record)));
    }
    if (this.#identities.isSpecial(identity)) {
      const flags = this.#identities.flagsOf(identity, record.uid, record.euid);
      this.program = executables.programs.withFlags(this.program, flags);
    }
    return true;
  }

  /** The process of a record runs in the exporter's own root. */
  learnHost(record: ExecRecord): void {
    const { rootDevice, rootInodeLow, rootInodeHigh } = record;
    this.#host = [rootDevice, rootInodeLow, rootInodeHigh];
    this.#rootNumbers.set(HOST, ...this.#host);
  }

  get isFull(): boolean {
    return this.#paths.isFull;
  }

  clear(): void {
    this.#paths.clear();
    this.#known.clear();
  }

  #executableOf(record: ExecRecord, bytes: Uint8Array, identity: number): number {
    const at = record.pathAt - 1, length = record.nameAt - at, root = Math.max(HOST, this.root);
    const identities = this.#identities, last = identities.recordedPath(identity);
    // Mostly a file runs by the path by which it ran before.
    if (last >= 0 && this.#paths.is(last, bytes, length, at)) {
      const executable = identities.recorded(identity);
      if (this.#executables.rootOf(executable) === root && this.#stands(executable, record)) return executable;
    }
    const found = this.#paths.find(bytes, length, at);
    const executable = found < 0 ? -1 : this.#known.get(found, root, identity);
    if (executable < 0 || !this.#stands(executable, record)) return this.#learn(record, bytes, found, root, identity);
    identities.record(identity, found, executable);
    return executable;
  }

  /** Whether what is known of an executable's path holds for a record too: one that only somebody's own view didn't have may be true. */
  #stands(executable: number, record: ExecRecord): boolean {
    const claim = this.#executables.claimOf(executable);
    return claim !== Claim.Unconfirmed && claim !== Claim.Private || !this.#claims.isOwnMount(record.mountNs);
  }

  /** A file that is new, or has another path, or runs in another root. */
  #learn(record: ExecRecord, bytes: Uint8Array, number: number, root: number, identity: number): number {
    const written = writePath(bytes, record.pathAt, record.nameAt, record.pathFlags, this.#path);
    if (written < 0) return -1;
    const at = record.pathAt - 1, executables = this.#executables;
    if (number < 0) number = this.#paths.add(bytes, record.nameAt - at, at);
    const claim = this.#claims.ofRecord(record, this.root, this.#path, written);
    const executable = executables.number(this.#path, written, root, identity, claim);
    this.#known.set(executable, number, root, identity);
    this.#identities.record(identity, number, executable);
    return executable;
  }

  /** What an interpreter runs. */
  #readArguments(record: ExecRecord, bytes: Uint8Array, known: Executable): void {
    const procfs = this.#procfs, told = bytes.subarray(record.argumentsAt, record.optionsAt), { length } = told;
    let argv: string[] | undefined, isCut = !record.hasAllArguments;
    if (isCut) {
      const read = procfs.readCmdline(record.tgid);
      // The process may have gone on to another program, or written over its arguments: those in the record are the truth.
      if (read > length && startsWith(procfs.cmdline, told)) {
        isCut = read === procfs.cmdline.length;
        argv = splitArguments(procfs.cmdline, read, isCut);
      }
    }
    argv ??= splitArguments(told, length, isCut);
    const folder = () => this.#text(bytes, record.folderAt, record.groupAt, record.folderFlags);
    const labeller = this.#executables.labellerOf(this.executable);
    const isTrue = this.#claims.isOwnMount(record.mountNs) ? undefined : this.#proof(record);
    let named = labeller.program(known, argv, folder, isCut, isTrue);
    if (isCut && named.rule === "unknown") {
      const long = procfs.readLongCmdline(record.tgid);
      if (long !== undefined && long.bytes.length > length && startsWith(long.bytes, told)) {
        argv = splitArguments(long.bytes, long.bytes.length, long.isCut);
        named = labeller.program(known, argv, folder, long.isCut, isTrue);
      }
    }
    const nameBytes = record.argumentsAt - record.nameAt;
    if (named.rule === "unknown" && record.isScript && nameBytes > 1 && nameBytes < NAME_LIMIT) {
      const name = splitArguments(bytes.subarray(record.nameAt, record.argumentsAt), nameBytes)[0]!;
      named = labeller.program(known, ["", name], folder, false, isTrue); // what was executed is the script
    }
    const context = this.#contextOf(record);
    const options = () => [
      ...splitArguments(bytes.subarray(record.optionsAt, record.folderAt), record.folderAt - record.optionsAt),
      ...(context.options ?? []),
    ];
    const layer = this.#executables.layerFlags(this.executable, named);
    const flags = named.flags | layer | contextFlags(context, executedInterpreter(known, argv, named), options);
    this.program = this.#late.seen(this.executable, named, flags);
  }

  /** What a record tells beside file and arguments. Of a long environment it has the first part only: /proc may know the rest. */
  #contextOf(record: ExecRecord): ExecContext & { readonly options?: readonly string[] } {
    const { environment } = record;
    if ((environment & (MORE_VARIABLES | UNREAD_VARIABLES)) === 0) return record;
    const further = this.#procfs.readEnvironment(record.tgid);
    if (further === undefined) return record;
    const { uid, euid, inputMode, inputDetail } = record;
    return {
      options: further.options,
      environment: environment | further.variables,
      uid,
      euid,
      inputMode,
      inputDetail,
    };
  }

  /** Whether a script's path means to a record's process what it means to the machine. */
  #proof({ tgid, parent, mountNs, userNs }: ExecRecord): (path: string) => boolean {
    const claimant = { pid: tgid, parent, root: this.root, mountNs, userNs };
    return (path) => this.#claims.isScript(path, claimant);
  }

  #text(bytes: Uint8Array, at: number, end: number, flags: number): string | undefined {
    const length = writePath(bytes, at, end, flags, this.#path);
    return length < 0 ? undefined : UTF8.decode(this.#path.subarray(0, length));
  }

  /** The root of a record's process, or {@link NO_ROOT} where it has one that is new and can't be looked at any more. */
  #rootOf(record: ExecRecord): number {
    const { rootDevice: device, rootInodeLow: low, rootInodeHigh: high } = record, numbers = this.#rootNumbers;
    if (this.#changes.renumbered !== this.#changesSeen) {
      this.#changesSeen = this.#changes.renumbered;
      numbers.clear();
      if (this.#host !== undefined) numbers.set(HOST, ...this.#host);
    }
    const known = numbers.get(device, low, high);
    if (known === HOST && !this.#claims.isOwnUser(record.userNs)) {
      return this.#claims.viewOf(HOST, record.userNs, record.mountNs, record.tgid, record.parent);
    }
    if (known >= 0) return known;
    const root = this.#roots!.of(record.tgid);
    // One that left another root for the exporter's own since its exec doesn't make the two the same.
    if (root === HOST && this.#host !== undefined) return NO_ROOT;
    if (root > HOST && root < MAX_ROOTS - 1) numbers.set(root, device, low, high);
    return root;
  }
}

function startsWith(text: Uint8Array, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (text[i] !== bytes[i]) return false;
  return true;
}

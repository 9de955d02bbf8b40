/**
 * Reads what a runtime knows of a container from the machine's own files.
 *
 * A file counts only where nobody but root can have written it, and the folders that lead there; it is a regular one, and of a size
 * that such files have. Its file system may take as long as it likes: every call that asks it is made in another thread.
 *
 * @module
 */
import { constants as c, cString, Descriptor, type Libc } from "../../netlink/mod.ts";
import type { Procfs } from "../proc/mod.ts";
import { RootFiles } from "../programs/mod.ts";
import { placesOf, type RecordReaders } from "./places.ts";
import type { ContainerInfo } from "./records.ts";
import type { SystemContainer } from "./names.ts";

/** Bytes of a record at most: lists of a thousand containers have some 700 kB. */
export const MAX_RECORD_BYTES = 4 << 20;

const ROOT_USER = 0;
const UTF8 = new TextDecoder();

/** Where the files are, and whose count. */
export interface RecordFilesOptions {
  /** The folder that is the machine's root; that of its first process unless given, or else the own one. */
  readonly folder?: string | undefined;
  readonly owners?: readonly number[];
}

export class RecordFiles {
  readonly #libc: Libc;
  readonly #procfs: Pick<Procfs, "openRoot" | "reopen">;
  readonly #folder: string | undefined;
  readonly #owners: readonly number[];
  #readers: RecordReaders | undefined;

  constructor(
    libc: Libc,
    procfs: Pick<Procfs, "openRoot" | "reopen">,
    { folder, owners = [ROOT_USER] }: RecordFilesOptions = {},
  ) {
    this.#libc = libc;
    this.#procfs = procfs;
    this.#folder = folder;
    this.#owners = owners;
  }

  /** What its runtime's files call a container; undefined where none tells. Resolves when they have been read, which may be never. */
  async read({ runtime, id }: SystemContainer): Promise<ContainerInfo | undefined> {
    const places = placesOf(runtime, id);
    if (places.length === 0) return { name: id };
    const root = this.#openRoot();
    if (root === undefined) return undefined;
    const readers = this.#readers ??= await loadReaders();
    using files = new RootFiles(this.#libc, this.#procfs, root, this.#owners);
    for (const { path, kind } of places) {
      const bytes = await files.read(path, MAX_RECORD_BYTES);
      const info = bytes && readers[kind](UTF8.decode(bytes), id);
      if (info !== undefined) return info;
    }
    return undefined;
  }

  #openRoot(): Descriptor | undefined {
    const first = this.#folder === undefined ? this.#procfs.openRoot(1) : undefined;
    const flags = c.O_PATH | c.O_CLOEXEC;
    return first ?? Descriptor.of(this.#libc, this.#libc.call.open(cString(this.#folder ?? "/"), flags));
  }
}

/** What checks the records is loaded with the first container. */
async function loadReaders(): Promise<RecordReaders> {
  const { bundleRecord, dockerRecord, storageRecord } = await import("./records.ts");
  return { docker: dockerRecord, bundle: bundleRecord, storage: storageRecord };
}

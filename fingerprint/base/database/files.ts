/**
 * What the package readers ask of a file system. Paths are absolute inside one root, which is a value: the machine's own,
 * a fixture tree, a container's.
 *
 * @module
 */

/** Reads files under one root. Every method answers `undefined` for what is missing or can't be read. */
export interface Files {
  /** The whole file as UTF-8 text; bytes that are not UTF-8 become U+FFFD. */
  readText(path: string): string | undefined;
  /** Fills `buffer` with the file's bytes from `offset` on and returns how many there were: fewer only at the file's end. */
  readInto(path: string, offset: number, buffer: Uint8Array<ArrayBuffer>): number | undefined;
  /** The names in a folder, in any order. */
  list(path: string): string[] | undefined;
  /** When the file was last written: milliseconds since 1970. */
  modified(path: string): number | undefined;
  /** The file that a path leads to, over all links; only the machine's own root knows. */
  target?(path: string): string | undefined;
}

/** No package database's file is as large; a hostile container's may be. */
const MAX_FILE_BYTES = 512 << 20;

/**
 * Files below `root` (`""` is the machine's own root) through Deno; it needs read permission there. Links that begin with `/` lead
 * out of another root, to the machine's own files: what comes back is data to parse, whoever chose it.
 */
export function denoFiles(root = ""): Required<Files> {
  const quiet = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch {
      return undefined; // missing, unreadable, of another type: the reader has its own second choice
    }
  };
  /** Throws for what is no regular file (to open a named pipe would wait for its writer) and for one that is too large. */
  const regular = (path: string): void => {
    const { isFile, size } = Deno.statSync(root + path);
    if (!isFile || size > MAX_FILE_BYTES) throw new Deno.errors.InvalidData();
  };
  return {
    readText: (path) =>
      quiet(() => {
        regular(path);
        return Deno.readTextFileSync(root + path);
      }),
    readInto: (path, offset, buffer) =>
      quiet(() => {
        regular(path);
        using file = Deno.openSync(root + path);
        file.seekSync(offset, Deno.SeekMode.Start);
        for (let filled = 0;;) {
          const count = filled < buffer.length ? file.readSync(buffer.subarray(filled)) : null;
          if (count === null) return filled;
          filled += count;
        }
      }),
    list: (path) => quiet(() => [...Deno.readDirSync(root + path)].map((entry) => entry.name)),
    modified: (path) => quiet(() => Deno.statSync(root + path).mtime?.getTime()),
    target: (path) => root === "" ? quiet(() => Deno.realPathSync(path)) : undefined,
  };
}

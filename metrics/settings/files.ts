/**
 * Files of settings, and those that they name.
 *
 * @module
 */

import { ConfigError } from "../text/mod.ts";

/** Why a file can't be read or written, in words. */
export function causeOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) return "that isn't allowed";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}

/** The path of a file that another one names: a relative name begins in the folder of that one. */
export function nextTo(file: string, name: string): string {
  return name.startsWith("/") ? name : file.slice(0, file.lastIndexOf("/") + 1) + name;
}

/** The text of a file. Throws a {@link ConfigError}. */
export function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(file);
  } catch (error) {
    throw new ConfigError(file, undefined, undefined, `it can't be read (${causeOf(error)})`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(file, undefined, undefined, "it is no UTF-8");
  }
}

/** What changes when a file does, however it is replaced. */
function stateOf(file: string): string {
  try {
    const { dev, ino, size, mtime, ctime } = Deno.statSync(file);
    return `${dev} ${ino} ${size} ${mtime?.getTime()} ${ctime?.getTime()}`;
  } catch {
    return "gone";
  }
}

/** Files as they were when they were read. */
export class WatchedFiles {
  readonly #states = new Map<string, string>();

  /** The text of a file, see {@link readText}; also what can't be read is looked at from now on. */
  readonly read = (file: string): string => {
    // Before it is read: what is written meanwhile is a change.
    this.#states.set(file, stateOf(file));
    return readText(file);
  };

  /** Their paths, in the order they were read. */
  get paths(): string[] {
    return [...this.#states.keys()];
  }

  /** Whether one of them is another file, or has other contents, than when it was read. */
  get haveChanged(): boolean {
    return [...this.#states].some(([file, state]) => stateOf(file) !== state);
  }
}

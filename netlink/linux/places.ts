/**
 * Places of paths below an open folder (openat2(2), Linux 5.6): known to the kernel, and not opened for anything.
 *
 * @module
 */
import * as c from "./constants.ts";
import { Descriptor } from "./descriptor.ts";
import { cString, type Libc } from "./libc.ts";

/** struct open_how (openat2(2)): flags, mode, resolve; u64 each. */
const HOW_BYTES = 24;
/** In place of a descriptor: the path isn't in the kernel's cache, as far as that can be told. */
export const NOT_CACHED = -2;
/** Looks that meet the cache while it changes (EAGAIN) before a path is taken for not cached. */
const TRIES = 3;

function howOf(resolve: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BigUint64Array.of(BigInt(c.O_PATH | c.O_CLOEXEC), 0n, BigInt(resolve)).buffer);
}

/** Finds a place in another thread, as its file system may take as long as it likes; `resolve` are RESOLVE_ flags. */
export async function findPlace(
  libc: Libc,
  folder: Descriptor,
  path: string,
  resolve: number,
): Promise<Descriptor | undefined> {
  const name = cString(path), how = howOf(resolve);
  const found = libc.background.openat2(libc.number.openat2, folder.fd, name, how, HOW_BYTES);
  return Descriptor.of(libc, await libc.returned(found, name, how));
}

/** Finds places without waiting for a file system, always by the same RESOLVE_ flags: those that the kernel has in its cache. */
export class CachedPlaces {
  readonly #libc: Libc;
  readonly #cached: Uint8Array<ArrayBuffer>;
  readonly #any: Uint8Array<ArrayBuffer>;
  #isSupported = true;

  constructor(libc: Libc, resolve: number) {
    this.#libc = libc;
    this.#cached = howOf(resolve | c.RESOLVE_CACHED);
    this.#any = howOf(resolve);
  }

  /** Whether the kernel can be asked for its cache alone (Linux 5.12), as far as it has been asked. */
  get isSupported(): boolean {
    return this.#isSupported;
  }

  /** The descriptor of a path, a C string, below an open folder; -1 with `errno` set, or {@link NOT_CACHED}. */
  find(folder: number, path: Uint8Array<ArrayBuffer>): number {
    for (let i = 0; i < TRIES && this.#isSupported; i++) {
      const fd = this.#open(folder, path, this.#cached);
      if (fd >= 0) return fd;
      const { errno } = this.#libc;
      if (errno === c.EINVAL) this.#isSupported = false;
      else if (errno !== c.EAGAIN) return fd;
    }
    return NOT_CACHED;
  }

  /** Likewise, but waits for the file system. */
  wait(folder: number, path: Uint8Array<ArrayBuffer>): number {
    return this.#open(folder, path, this.#any);
  }

  #open(folder: number, path: Uint8Array<ArrayBuffer>, how: Uint8Array<ArrayBuffer>): number {
    const { call, number } = this.#libc;
    return call.openat2(number.openat2, folder, path, how, HOW_BYTES);
  }
}

/**
 * Places of paths below an open folder (openat2(2), Linux 5.6; elsewhere name by name): known to the kernel, and not opened for
 * anything.
 *
 * @module
 */
import * as c from "./constants.ts";
import { Descriptor } from "./descriptor.ts";
import { cString, type Libc } from "./libc.ts";
import { type Call, walk } from "./walk.ts";

/** struct open_how (openat2(2)): flags, mode, resolve; u64 each. */
const HOW_BYTES = 24;
/** In place of a descriptor: the path isn't in the kernel's cache, as far as that can be told. */
export const NOT_CACHED = -2;
/** Looks that meet the cache while it changes (EAGAIN) before a path is taken for not cached. */
const TRIES = 3;

function howOf(resolve: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(BigUint64Array.of(BigInt(c.O_PATH | c.O_CLOEXEC), 0n, BigInt(resolve)).buffer);
}

/** Whether openat2(2) may be called: without a struct it fails in another way where it is. */
function hasOpenat2(libc: Libc, how: Uint8Array<ArrayBuffer>): boolean {
  return libc.call.openat2(libc.number.openat2, -1, how, how, 0) >= 0 || libc.errno !== c.ENOSYS;
}

function inBackground(libc: Libc, call: Call): Promise<number> {
  const result = call[0] === "openat"
    ? libc.background.openat(call[1], call[2], call[3])
    : libc.background.readlinkat(call[1], call[2], call[3], call[4]);
  return libc.returned(result, call[2], ...call[0] === "openat" ? [] : [call[3]]);
}

function now({ call: libc }: Libc, call: Call): number {
  return call[0] === "openat"
    ? libc.openat(call[1], call[2], call[3])
    : libc.readlinkat(call[1], call[2], call[3], call[4]);
}

/** Finds a place in another thread, as its file system may take as long as it likes; `resolve` are RESOLVE_ flags. */
export async function findPlace(
  libc: Libc,
  folder: Descriptor,
  path: string,
  resolve: number,
): Promise<Descriptor | undefined> {
  const name = cString(path), how = howOf(resolve);
  if (!hasOpenat2(libc, how)) {
    const steps = walk(libc, folder.fd, name.subarray(0, -1), resolve);
    let step = steps.next();
    while (step.done !== true) step = steps.next(await inBackground(libc, step.value));
    return Descriptor.of(libc, step.value);
  }
  const found = libc.background.openat2(libc.number.openat2, folder.fd, name, how, HOW_BYTES);
  return Descriptor.of(libc, await libc.returned(found, name, how));
}

/** Finds places without waiting for a file system, always by the same RESOLVE_ flags: those that the kernel has in its cache. */
export class CachedPlaces {
  readonly #libc: Libc;
  readonly #cached: Uint8Array<ArrayBuffer>;
  readonly #any: Uint8Array<ArrayBuffer>;
  readonly #resolve: number;
  #isSupported = true;
  #hasCall = true;

  constructor(libc: Libc, resolve: number) {
    this.#libc = libc;
    this.#resolve = resolve;
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
      if (errno === c.EINVAL || errno === c.ENOSYS) this.#isSupported = false;
      else if (errno !== c.EAGAIN) return fd;
    }
    return NOT_CACHED;
  }

  /** Likewise, but waits for the file system. */
  wait(folder: number, path: Uint8Array<ArrayBuffer>): number {
    const fd = this.#hasCall ? this.#open(folder, path, this.#any) : -1;
    if (fd >= 0 || this.#hasCall && this.#libc.errno !== c.ENOSYS) return fd;
    this.#hasCall = false;
    const steps = walk(this.#libc, folder, path.subarray(0, path.indexOf(0)), this.#resolve);
    let step = steps.next();
    while (step.done !== true) step = steps.next(now(this.#libc, step.value));
    return step.value;
  }

  #open(folder: number, path: Uint8Array<ArrayBuffer>, how: Uint8Array<ArrayBuffer>): number {
    const { call, number } = this.#libc;
    return call.openat2(number.openat2, folder, path, how, HOW_BYTES);
  }
}

/**
 * Executables by the bytes of their path, and by device and inode: known ones are found without decoding a string.
 *
 * @module
 */

/** Executables held at most, and bytes of their paths; when either is reached, the tables start anew. */
const LIMIT = 1 << 14;
const POOL_LIMIT = 2 << 20;
/** Inodes held at most: a program that is built again and again has the same path and another inode each time. */
const INODE_LIMIT = 1 << 15;
const INITIAL_CAPACITY = 1024;
const UTF8 = new TextDecoder();
const INITIAL_POOL = 1 << 16;

/** What the kernel puts behind the path of a file that was unlinked, or never had a name. */
const DELETED = new TextEncoder().encode(" (deleted)");

/** Path bytes → number, in the order of their first appearance. Numbers begin anew after {@link clear}. */
export class PathTable {
  #pool = new Uint8Array(INITIAL_POOL);
  #used = 0;
  #offset = new Int32Array(INITIAL_CAPACITY + 1);
  #hashes = new Int32Array(INITIAL_CAPACITY);
  #index = new Int32Array(2 * INITIAL_CAPACITY); // number + 1; 0: free
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= LIMIT || this.#used >= POOL_LIMIT;
  }

  /** The number of the path in the first `length` bytes, or -1. */
  find(bytes: Uint8Array, length: number): number {
    return this.#find(bytes, length, hashBytes(bytes, length));
  }

  /** The number of a path that {@link find} doesn't know. */
  add(bytes: Uint8Array, length: number): number {
    if (this.#length === this.#hashes.length) this.#grow();
    while (this.#used + length > this.#pool.length) {
      const pool = new Uint8Array(this.#pool.length * 2);
      pool.set(this.#pool.subarray(0, this.#used));
      this.#pool = pool;
    }
    const number = this.#length++;
    this.#pool.set(bytes.subarray(0, length), this.#used);
    this.#used += length;
    this.#offset[number + 1] = this.#used;
    this.#hashes[number] = hashBytes(bytes, length);
    this.#insert(number);
    return number;
  }

  /** The path, decoded; bytes that are not UTF-8 become U+FFFD. */
  textOf(number: number): string {
    return UTF8.decode(this.#pool.subarray(this.#offset[number]!, this.#offset[number + 1]!));
  }

  /** The bytes of a path; valid until the next {@link add}. */
  bytesOf(number: number): Uint8Array {
    return this.#pool.subarray(this.#offset[number]!, this.#offset[number + 1]!);
  }

  /** Whether the file had been deleted when its path was read. */
  isDeleted(number: number): boolean {
    const pool = this.#pool, end = this.#offset[number + 1]!;
    if (end - this.#offset[number]! < DELETED.length) return false;
    for (let i = 1; i <= DELETED.length; i++) if (pool[end - i] !== DELETED[DELETED.length - i]) return false;
    return true;
  }

  clear(): void {
    this.#pool = new Uint8Array(INITIAL_POOL);
    this.#offset = new Int32Array(INITIAL_CAPACITY + 1);
    this.#hashes = new Int32Array(INITIAL_CAPACITY);
    this.#index = new Int32Array(2 * INITIAL_CAPACITY);
    this.#used = this.#length = 0;
  }

  #find(bytes: Uint8Array, length: number, hash: number): number {
    const mask = this.#index.length - 1;
    for (let i = hash & mask;; i = (i + 1) & mask) {
      const number = this.#index[i]! - 1;
      if (number < 0) return -1;
      if (this.#hashes[number] === hash && this.#equals(number, bytes, length)) return number;
    }
  }

  #equals(number: number, bytes: Uint8Array, length: number): boolean {
    const start = this.#offset[number]!, pool = this.#pool;
    if (this.#offset[number + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (pool[start + i] !== bytes[i]) return false;
    return true;
  }

  #insert(number: number): void {
    const mask = this.#index.length - 1;
    let i = this.#hashes[number]! & mask;
    while (this.#index[i] !== 0) i = (i + 1) & mask;
    this.#index[i] = number + 1;
  }

  #grow(): void {
    const capacity = this.#hashes.length * 2;
    const offset = new Int32Array(capacity + 1), hashes = new Int32Array(capacity);
    offset.set(this.#offset);
    hashes.set(this.#hashes);
    this.#offset = offset;
    this.#hashes = hashes;
    this.#index = new Int32Array(2 * capacity);
    for (let number = 0; number < this.#length; number++) this.#insert(number);
  }
}

/** FNV-1a, 32 bits. */
function hashBytes(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

/**
 * (device, inode) → executable. Learned from the accounting record of every process whose executable was read, which is
 * right on every file system (stat(2) gives other device numbers on overlayfs and btrfs), and filled at the start.
 */
export class InodeTable {
  #keys = new Uint32Array(4 * INITIAL_CAPACITY * 2); // device, inode low, inode high, executable + 1 (0: free)
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size >= INODE_LIMIT;
  }

  /** The executable's number, or -1. */
  find(device: number, inodeLow: number, inodeHigh: number): number {
    return this.#keys[this.#place(device, inodeLow, inodeHigh) + 3]! - 1;
  }

  /** Learns, or learns anew: an inode may be used again for another file. */
  learn(device: number, inodeLow: number, inodeHigh: number, executable: number): void {
    if (device === 0 && inodeLow === 0 && inodeHigh === 0) return;
    const at = this.#place(device, inodeLow, inodeHigh), keys = this.#keys;
    if (keys[at + 3] === 0) {
      if (this.#size * 8 >= keys.length) {
        this.#grow();
        return this.learn(device, inodeLow, inodeHigh, executable);
      }
      keys[at] = device;
      keys[at + 1] = inodeLow;
      keys[at + 2] = inodeHigh;
      this.#size++;
    }
    keys[at + 3] = executable + 1;
  }

  clear(): void {
    this.#keys = new Uint32Array(4 * INITIAL_CAPACITY * 2);
    this.#size = 0;
  }

  #place(device: number, inodeLow: number, inodeHigh: number): number {
    const keys = this.#keys, mask = keys.length / 4 - 1;
    let h = Math.imul(inodeLow, 0x9e3779b1) ^ Math.imul(inodeHigh, 0x85ebca6b) ^ Math.imul(device, 0xc2b2ae35);
    h ^= h >>> 15;
    for (let i = h & mask;; i = (i + 1) & mask) {
      const at = 4 * i;
      if (keys[at + 3] === 0) return at;
      if (keys[at] === device && keys[at + 1] === inodeLow && keys[at + 2] === inodeHigh) return at;
    }
  }

  #grow(): void {
    const old = this.#keys;
    this.#keys = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 3] !== 0) this.learn(old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]! - 1);
    }
  }
}

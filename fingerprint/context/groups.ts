/**
 * Control groups by the id that the kernel records at an exec → the context of who is in them.
 *
 * An id is no other group's later, as long as the machine runs: it is that of the group's folder in the hierarchy of version 2, 64
 * bits of which the upper count how often the lower were used up (`__kernfs_new_node()` in fs/kernfs/dir.c, Linux 5.5). Nor does a
 * group get another path: version 2 knows no rename(2) (`cgroup_kf_syscall_ops` in kernel/cgroup/cgroup.c).
 *
 * @module
 */
import { IntTable } from "../../netlink/mod.ts";

/** Groups that are remembered at least, if so many are used: whoever makes more has the others' looked up again. */
const MOST_GROUPS = 4096;
const LOW = 2 ** 32;

export class Groups {
  /** Those that were used since the other table was full; and those of before. */
  #now = new IntTable();
  #before = new IntTable();

  /** What a group was set to, or -1. */
  get(id: number): number {
    const low = id % LOW, high = Math.floor(id / LOW), found = this.#now.get(low, high);
    if (found >= 0) return found;
    const old = this.#before.get(low, high);
    if (old >= 0) this.set(id, old);
    return old;
  }

  /** `value` is 0 or more. */
  set(id: number, value: number): void {
    if (this.#now.size >= MOST_GROUPS) {
      this.#before = this.#now;
      this.#now = new IntTable();
    }
    this.#now.set(value, id % LOW, Math.floor(id / LOW));
  }

  clear(): void {
    this.#now.clear();
    this.#before.clear();
  }
}

/**
 * The part of the exec's program that tells what a control group is called: one that is removed with its last process, before anybody
 * has asked, would be a number otherwise.
 *
 * Mostly the group is one of which that was told before. A small table has the last group of each remainder of its id; where two that
 * are in use share a place, they are told again and again, which costs some bytes in the ring.
 *
 * @module
 */
import { type Assembler, FP, R0, R1, R2, R3, R7, R8, R9 } from "./assembler.ts";
import * as b from "./constants.ts";
import { EXEC_RECORD as at } from "./exec_record.ts";
import type { Layout } from "./layout.ts";
import { PLACE_LIMIT } from "./path_walk.ts";

/** Entries of the table, each the id of a group (u64): a power of two. */
export const TOLD_GROUPS = 1024;
/** Names of a path at most: Kubernetes in systemd's groups has five. A group that lies deeper isn't told. */
const DEPTH = 10;
/** NAME_MAX and a zero byte (kernfs, cgroup_mkdir()). */
const NAME_BYTES = 256;

/**
 * Appends it, for the task at `task` on the stack: the names of its group in the hierarchy of version 2, from the last to the first, go
 * into the record at R7, from place R8 on, which moves where all of them are there. `key` is four bytes of the stack, `start` and
 * `above` eight each; R0 to R3 and R9 are used.
 */
export function writeGroup(
  p: Assembler,
  { task_struct, css_set, cgroup, kernfs_node: node }: Layout,
  told: number,
  limit: number,
  { task, key, start, above }: Readonly<Record<"task" | "key" | "start" | "above", number>>,
): void {
  p.jumpIf(b.BPF_JGT, R8, limit - DEPTH * NAME_BYTES, "end of group").store(8, FP, start, { register: R8 });
  p.load(4, R1, R7, at.cgroup).and(R1, TOLD_GROUPS - 1).store(4, FP, key, { register: R1 });
  p.map(R1, told).move(R2, { register: FP }).add(R2, key).call(b.BPF_FUNC_map_lookup_elem);
  p.jumpIf(b.BPF_JEQ, R0, 0, "end of group");
  p.load(8, R1, R7, at.cgroup).load(8, R2, R0, 0).jumpIf(b.BPF_JEQ, R1, { register: R2 }, "end of group");
  p.store(8, R0, 0, { register: R1 });
  p.load(8, R9, FP, task).load(8, R9, R9, task_struct.cgroups.offset);
  p.load(8, R9, R9, css_set.cgroup.offset).load(8, R9, R9, cgroup.node.offset);
  for (let name = 0; name < DEPTH; name++) {
    // The root has none above, and no name.
    p.load(8, R1, R9, node.parent.offset).jumpIf(b.BPF_JEQ, R1, 0, "end of group");
    p.store(8, FP, above, { register: R1 });
    p.move(R1, { register: R7 }).add(R1, { register: R8 }).move(R2, NAME_BYTES).load(8, R3, R9, node.name.offset);
    p.call(b.BPF_FUNC_probe_read_kernel_str);
    p.jumpIf(b.BPF_JSLE, R0, 0, "no group").jumpIf(b.BPF_JSGT, R0, NAME_BYTES, "no group");
    p.add(R8, { register: R0 }).load(8, R9, FP, above);
  }
  p.load(8, R1, R9, node.parent.offset).jumpIf(b.BPF_JEQ, R1, 0, "end of group");
  p.label("no group").load(8, R8, FP, start);
  p.label("end of group").and(R8, PLACE_LIMIT - 1);
}

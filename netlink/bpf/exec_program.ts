/**
 * The program that runs in the kernel at every exec and writes an {@link ExecRecord} into the ring, assembled for the running
 * kernel's layout.
 *
 * It is a `tp_btf` program (BPF_TRACE_RAW_TP) of the tracepoint sched_process_exec, which fires when the new image is complete
 * and before the connector's event; it needs no trampoline, tracefs or ftrace. Its arguments are the task, the id of the
 * thread that called exec, and the linux_binprm.
 *
 * @module
 */
import { Assembler, FP, R0, R1, R2, R3, R6, R7, R8, R9 } from "./assembler.ts";
import * as b from "./constants.ts";
import { ENVIRONMENT_SCRATCH, writeEnvironment, writeOptions } from "./environment.ts";
import { ENTERED_ROOT, EXEC_RECORD as at, FOLDER_SHIFT, NAME_LIMIT, NO_ARGUMENTS, SCRIPT } from "./exec_record.ts";
import { writeGroup } from "./group_names.ts";
import type { Layout } from "./layout.ts";
import { type OutputMaps, WAKE, writeOut } from "./output.ts";
import { PLACE_LIMIT, walk, WALK_STACK } from "./path_walk.ts";
import { writeStandardInput } from "./standard_input.ts";

export interface ExecMaps extends OutputMaps {
  /** One value of {@link SCRATCH_BYTES} for each CPU: the record is put together there. */
  readonly scratch: number;
  /** An array of {@link TOLD_GROUPS} u64: control groups of which the names were told. */
  readonly groups: number;
}

/** Bounds of a record. */
export interface ExecLimits {
  /** Bytes of arguments at most. */
  readonly argumentBytes: number;
  /** Names of a path at most: the verifier's work grows with their square. */
  readonly components: number;
  /** The reader is woken once so many bytes wait. */
  readonly wakeBytes: number;
}

/** In the scratch value: a record with room for what the verifier believes could be written behind it, and then this. */
const ENVIRONMENT = PLACE_LIMIT + 1024;
export const SCRATCH_BYTES = ENVIRONMENT + ENVIRONMENT_SCRATCH;
/** Where a path of PATH_MAX bytes ends, and the furthest place for a name of the working directory. */
const PATH_END = at.header + 4096;
const FOLDER_END = PLACE_LIMIT - 1;

/** On the stack, below the walk's. */
const TASK = -WALK_STACK - 8, ARGUMENTS = TASK - 8, FOLDER = ARGUMENTS - 8, KEY = FOLDER - 8;

export function execProgram(layout: Layout, maps: ExecMaps, limits: ExecLimits): Uint8Array<ArrayBuffer> {
  const p = new Assembler();
  p.move(R6, { register: R1 });
  p.store(4, FP, KEY, 0).map(R1, maps.scratch).move(R2, { register: FP }).add(R2, KEY);
  p.call(b.BPF_FUNC_map_lookup_elem).jumpIf(b.BPF_JEQ, R0, 0, "end").move(R7, { register: R0 });
  p.call(b.BPF_FUNC_ktime_get_ns).store(8, R7, at.time, { register: R0 });
  p.call(b.BPF_FUNC_get_current_cgroup_id).store(8, R7, at.cgroup, { register: R0 });
  p.load(8, R8, R6, 0).load(8, R9, R6, 16).store(8, FP, TASK, { register: R8 });
  p.load(8, R1, R6, 8).store(4, R7, at.tid, { register: R1 });
  p.store(2, R7, at.flags, 0).store(2, R7, at.argumentBytes, 0);
  writeTask(p, layout);
  writeStandardInput(p, layout, KEY, FOLDER);
  p.store(8, FP, FOLDER, { register: R9 });
  writeEnvironment(p, layout, ENVIRONMENT);
  p.load(8, R8, FP, TASK).load(8, R9, FP, FOLDER);
  writeRoot(p, layout);
  writeFile(p, layout);
  writePathAndName(p, layout, limits);
  writeArguments(p, limits.argumentBytes);
  writeOptions(p, ENVIRONMENT);
  writeFolder(p, layout, limits);
  writeGroup(p, layout, maps.groups, FOLDER_END, { task: TASK, key: KEY, start: FOLDER, above: ARGUMENTS });
  // A process with a root that may be new must be looked at while it is there.
  p.load(1, R1, R7, at.flags).and(R1, ENTERED_ROOT).jumpIf(b.BPF_JNE, R1, 0, WAKE);
  writeOut(p, maps, limits.wakeBytes);
  return p.assemble();
}

/** Ids and times of the task in R8. */
function writeTask(p: Assembler, { task_struct: task, cred, mm_struct: mm, ...layout }: Layout): void {
  p.load(4, R1, R8, task.tgid.offset).store(4, R7, at.tgid, { register: R1 });
  p.load(8, R1, R8, task.realParent.offset).load(4, R1, R1, task.tgid.offset).store(4, R7, at.parent, { register: R1 });
  p.load(8, R1, R8, task.startBoottime.offset).store(8, R7, at.start, { register: R1 });
  p.load(8, R1, R8, task.cred.offset);
  p.load(4, R2, R1, cred.uid.offset).store(4, R7, at.uid, { register: R2 });
  p.load(4, R2, R1, cred.euid.offset).store(4, R7, at.euid, { register: R2 });
  p.load(8, R1, R1, cred.userNs.offset).load(4, R1, R1, layout.user_namespace.number.offset);
  p.store(4, R7, at.userNs, { register: R1 });
  p.load(8, R1, R8, task.nsproxy.offset).load(8, R1, R1, layout.nsproxy.mountNs.offset);
  p.load(4, R1, R1, layout.mnt_namespace.number.offset).store(4, R7, at.mountNs, { register: R1 });
  p.load(8, R1, R8, task.mm.offset).load(8, R2, R1, mm.argStart.offset).load(8, R3, R1, mm.argEnd.offset);
  p.store(8, FP, ARGUMENTS, { register: R2 }).subtract(R3, { register: R2 });
  p.store(4, R7, at.argumentTotal, { register: R3 });
}

/** The root folder of the task in R8, and whether it is the parent's. */
function writeRoot(p: Assembler, { task_struct: task, fs_struct: fs, path, ...layout }: Layout): void {
  const rootDentry = fs.root.offset + path.dentry.offset;
  p.load(8, R1, R8, task.fs.offset).load(8, R1, R1, rootDentry);
  p.load(8, R2, R8, task.realParent.offset).load(8, R2, R2, task.fs.offset).load(8, R2, R2, rootDentry);
  p.jumpIf(b.BPF_JEQ, R1, { register: R2 }, "same root").store(1, R7, at.flags, ENTERED_ROOT).label("same root");
  p.load(8, R1, R1, layout.dentry.inode.offset);
  p.load(layout.inode.number.size, R2, R1, layout.inode.number.offset).store(8, R7, at.rootInode, { register: R2 });
  p.load(8, R1, R1, layout.inode.superBlock.offset).load(4, R1, R1, layout.super_block.device.offset);
  p.store(4, R7, at.rootDevice, { register: R1 });
}

/** What the linux_binprm in R9 says about the file that runs; and leaves the file in R1. */
function writeFile(p: Assembler, { linux_binprm: binprm, file, inode, super_block }: Layout): void {
  p.load(8, R2, R9, binprm.filename.offset).load(8, R3, R9, binprm.interp.offset);
  p.jumpIf(b.BPF_JEQ, R2, { register: R3 }, "no script");
  p.load(1, R1, R7, at.flags).or(R1, SCRIPT).store(1, R7, at.flags, { register: R1 }).label("no script");
  p.load(8, R1, R9, binprm.file.offset).load(8, R2, R1, file.inode.offset);
  const copy = (member: { offset: number; size: number }, to: number, bytes: number) => {
    p.load(member.size, R3, R2, member.offset).store(bytes, R7, to, { register: R3 });
  };
  copy(inode.number, at.inode, 8);
  copy(inode.changeSeconds, at.changeSeconds, 8);
  copy(inode.changeNanoseconds, at.changeNanoseconds, 4);
  copy(inode.mode, at.mode, 2);
  copy(inode.owner, at.owner, 4);
  copy(inode.links, at.links, 4);
  p.load(8, R2, R2, inode.superBlock.offset);
  copy(super_block.device, at.device, 4);
}

/** The path of the file in R1, and the name by which the linux_binprm in R9, then on the stack, was asked for. */
function writePathAndName(p: Assembler, layout: Layout, { components }: ExecLimits): void {
  p.load(8, R2, R9, layout.linux_binprm.filename.offset).store(8, FP, FOLDER, { register: R2 });
  p.move(R8, at.header).add(R1, layout.file.path.offset);
  walk(p, layout, { name: "path", components, limit: PATH_END, flagsAt: at.pathFlags, shift: 0 });
  p.move(R1, { register: R8 }).add(R1, -at.header).store(2, R7, at.pathBytes, { register: R1 });
  p.store(2, R7, at.nameBytes, 0);
  p.move(R1, { register: R7 }).add(R1, { register: R8 }).move(R2, NAME_LIMIT).load(8, R3, FP, FOLDER);
  p.call(b.BPF_FUNC_probe_read_kernel_str);
  p.jumpIf(b.BPF_JSLE, R0, 0, "no name").jumpIf(b.BPF_JSGT, R0, NAME_LIMIT, "no name");
  p.store(2, R7, at.nameBytes, { register: R0 }).add(R8, { register: R0 }).label("no name");
}

/** The beginning of the arguments, as the new image has them in its memory: it hasn't run yet, so they are those of execve(2). */
function writeArguments(p: Assembler, most: number): void {
  p.load(4, R9, R7, at.argumentTotal).jumpIf(b.BPF_JEQ, R9, 0, "no arguments");
  p.jumpIf(b.BPF_JLE, R9, most, "all arguments").move(R9, most).label("all arguments");
  p.move(R1, { register: R7 }).add(R1, { register: R8 }).move(R2, { register: R9 }).load(8, R3, FP, ARGUMENTS);
  p.call(b.BPF_FUNC_probe_read_user).jumpIf(b.BPF_JNE, R0, 0, "unread arguments");
  p.store(2, R7, at.argumentBytes, { register: R9 }).add(R8, { register: R9 }).jump("no arguments");
  p.label("unread arguments").load(1, R1, R7, at.flags).or(R1, NO_ARGUMENTS).store(1, R7, at.flags, { register: R1 });
  p.label("no arguments");
}

function writeFolder(p: Assembler, layout: Layout, { components }: ExecLimits): void {
  p.store(8, FP, FOLDER, { register: R8 });
  p.load(8, R1, FP, TASK).load(8, R1, R1, layout.task_struct.fs.offset).add(R1, layout.fs_struct.pwd.offset);
  walk(p, layout, { name: "folder", components, limit: FOLDER_END, flagsAt: at.flags, shift: FOLDER_SHIFT });
  p.load(8, R1, FP, FOLDER).move(R2, { register: R8 }).subtract(R2, { register: R1 });
  p.store(2, R7, at.folderBytes, { register: R2 });
}

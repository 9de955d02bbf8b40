/**
 * The programs that run in the kernel at every fork and exit and write the records of processes ({@link FORK_RECORD},
 * {@link EXIT_RECORD}) into the ring; threads are left out there. As for execs (`exec_program.ts`) they are `tp_btf` programs.
 *
 * The fork is told before the child runs, and the exit before its id can be given to another: so in one ring the order of the
 * records is that of what happened, over all CPUs.
 *
 * @module
 */
import { Assembler, FP, R0, R1, R2, R6, R7, R8, R9 } from "./assembler.ts";
import * as b from "./constants.ts";
import type { Layout } from "./layout.ts";
import { EXIT_RECORD, FORK_RECORD } from "./lifecycle_records.ts";
import { END, type OutputMaps, writeOut } from "./output.ts";

/** include/linux/sched/signal.h: all threads end with one status, `group_exit_code`. */
const SIGNAL_GROUP_EXIT = 4;

/** For sched_process_fork (parent, child). */
export function forkProgram(
  { task_struct: task }: Layout,
  maps: OutputMaps,
  wakeBytes: number,
): Uint8Array<ArrayBuffer> {
  const p = new Assembler(), record = -FORK_RECORD.length;
  p.load(8, R6, R1, 8);
  p.load(4, R1, R6, task.pid.offset).load(4, R2, R6, task.tgid.offset).jumpIf(b.BPF_JNE, R1, { register: R2 }, END);
  p.store(4, FP, record + FORK_RECORD.tgid, { register: R2 });
  p.load(8, R1, R6, task.realParent.offset).load(4, R1, R1, task.tgid.offset);
  p.store(4, FP, record + FORK_RECORD.parent, { register: R1 });
  p.call(b.BPF_FUNC_ktime_get_ns).store(8, FP, record + FORK_RECORD.time, { register: R0 });
  p.move(R7, { register: FP }).add(R7, record).move(R8, FORK_RECORD.length);
  writeOut(p, maps, wakeBytes);
  return p.assemble();
}

/**
 * For sched_process_exit (task, and `group_dead` where `tellsGroupDead`). It fires when the last task's accounting record has been
 * sent. Where the kernel doesn't tell which task is the last, one that sees nobody alive is: so do two that end at the same time,
 * and the process is told twice.
 */
export function exitProgram(
  { task_struct: task, signal_struct: signal }: Layout,
  maps: OutputMaps,
  wakeBytes: number,
  tellsGroupDead: boolean,
): Uint8Array<ArrayBuffer> {
  const p = new Assembler(), record = -EXIT_RECORD.length;
  p.load(8, R6, R1, 0).load(8, R9, R6, task.signal.offset);
  if (tellsGroupDead) p.load(8, R1, R1, 8).and(R1, 0xff).jumpIf(b.BPF_JEQ, R1, 0, END); // a bool
  else p.load(4, R1, R9, signal.live.offset).jumpIf(b.BPF_JNE, R1, 0, END);
  p.load(4, R1, R6, task.tgid.offset).store(4, FP, record + EXIT_RECORD.tgid, { register: R1 });
  p.load(8, R2, R6, task.groupLeader.offset);
  p.load(8, R1, R2, task.startBoottime.offset).store(8, FP, record + EXIT_RECORD.start, { register: R1 });
  // What wait(2) says (wait_task_zombie): the status of all, or the first thread's.
  p.load(4, R1, R9, signal.flags.offset).and(R1, SIGNAL_GROUP_EXIT).jumpIf(b.BPF_JEQ, R1, 0, "of the first thread");
  p.load(4, R1, R9, signal.groupExitCode.offset).jump("status");
  p.label("of the first thread").load(4, R1, R2, task.exitCode.offset);
  p.label("status").store(4, FP, record + EXIT_RECORD.status, { register: R1 });
  p.call(b.BPF_FUNC_ktime_get_ns).store(8, FP, record + EXIT_RECORD.time, { register: R0 });
  p.move(R7, { register: FP }).add(R7, record).move(R8, EXIT_RECORD.length);
  writeOut(p, maps, wakeBytes);
  return p.assemble();
}

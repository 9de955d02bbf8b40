/**
 * Names that a reader of a tree takes for the system's own. They are the same on all machines, whatever is installed.
 *
 * @module
 */
import { baseName } from "./database/mod.ts";
import { builtIn } from "./programs.ts";
import { appletKeepsName } from "./services.ts";
import { findInterpreter } from "../interpreters/mod.ts";

/**
 * Threads of the kernel, without what stands behind `/` and `:` in their names (kthread_create(), Linux 6.18); and any name in
 * brackets, which is how ps(1) shows them.
 */
const KERNEL_THREADS =
  /^\[?(?:kthreadd|kworker|ksoftirqd|kswapd\d*|khugepaged|kcompactd\d*|ksmd|kauditd|kdevtmpfs|kintegrityd|kblockd|khungtaskd|migration|cpuhp|idle_inject|rcu_\w+|oom_reaper|watchdogd|writeback|scsi_eh_\d+|jbd2|loop\d+|irq|md\d*)\b|^\[[^\]]+\]$/;

let names: ReadonlySet<string> | undefined;

/**
 * Whether a file's name is that of a program of the built-in list, a service, pid 1, a thread of the kernel or an interpreter that
 * systems have.
 */
export function isKnownName(name: string): boolean {
  names ??= new Set(builtIn().map(baseName));
  if (names.has(name) || appletKeepsName(name) || KERNEL_THREADS.test(name)) return true;
  const interpreter = findInterpreter(name);
  return interpreter !== undefined && interpreter.isBundled !== true;
}

/**
 * /proc/PID/stat (proc_pid_stat(5)) as bytes.
 *
 * @module
 */

/** PF_KTHREAD and PF_FORKNOEXEC of include/linux/sched.h: a kernel thread; a process that forked and never exec'd. */
const PF_KTHREAD = 0x00200000;
const PF_FORKNOEXEC = 0x00000040;
/** USER_HZ: /proc counts in hundredths of a second on every architecture supported here. */
export const TICK_NS = 1e7;

/** Whether two starts with the same process id are those of one process, nanoseconds: /proc rounds down to a tick, and clocks are read apart. */
export function isSameStart(oneNs: number, otherNs: number): boolean {
  return Math.abs(oneNs - otherNs) <= 2 * TICK_NS;
}

/** Filled again and again. */
export class ProcessStat {
  parent = 0;
  /** State letter, as its character code: `Z` for a zombie. */
  state = 0;
  threads = 0;
  isKernelThread = false;
  neverExecuted = false;
  /** Start in ticks of {@link TICK_NS} since boot (CLOCK_BOOTTIME). */
  startTicks = 0;

  /** Whether nothing of the process runs any more. A zombie with threads is a process whose first thread ended early. */
  get hasEnded(): boolean {
    return (this.state === 90 || this.state === 88) && this.threads <= 1; // Z, X
  }

  /** Whether the first thread has ended while others live on. */
  get isLeaderless(): boolean {
    return (this.state === 90 || this.state === 88) && this.threads > 1;
  }
}

/**
 * Parses the first `length` bytes. The name (field 2) may hold blanks, parentheses and line feeds, so the fields are counted
 * from the last parenthesis. False for anything else than the format of stat.
 */
export function parseStat(bytes: Uint8Array, length: number, into: ProcessStat): boolean {
  let at = bytes.lastIndexOf(41, length - 1); // ")"
  if (at < 0 || at + 2 >= length) return false;
  at += 2;
  into.state = bytes[at]!;
  at += 2;
  let field = 4, value = 0, digits = 0;
  for (; at <= length; at++) {
    const code = at < length ? bytes[at]! : 32;
    if (code >= 48 && code <= 57) {
      value = value * 10 + (code - 48);
      digits++;
      continue;
    }
    if (code === 45) continue; // a minus sign: none of the fields that matter has one
    if (digits === 0) return false;
    if (field === 4) into.parent = value;
    else if (field === 9) {
      into.isKernelThread = (value & PF_KTHREAD) !== 0;
      into.neverExecuted = (value & PF_FORKNOEXEC) !== 0;
    } else if (field === 20) into.threads = value;
    else if (field === 22) {
      into.startTicks = value;
      return true;
    }
    field++;
    value = digits = 0;
  }
  return false;
}

/** Fields of stat that say where the kernel put an image's code, stack and heap: startcode, startstack, start_brk. */
const LAYOUT_FIELDS = [26, 28, 47] as const;
/** The field behind the name. */
const FIRST_FIELD = 3;
const TEXT = new TextDecoder();

/**
 * Where an image lies in the memory of its process, from the first `length` bytes; empty where that isn't told. Each exec draws it anew
 * (randomize_va_space of proc_sys_kernel(5)), and a fork keeps it: processes that share it and their executable run one image.
 */
export function parseLayout(bytes: Uint8Array, length: number): string {
  const fields = TEXT.decode(bytes.subarray(bytes.lastIndexOf(41, length - 1) + 2, length)).split(" ");
  const layout = LAYOUT_FIELDS.map((field) => fields[field - FIRST_FIELD] ?? "0");
  return layout.includes("0") ? "" : layout.join(" ");
}

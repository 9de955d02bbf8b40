/**
 * Accounting records of finished tasks (uapi/linux/taskstats.h; Documentation/accounting/taskstats.rst): decoding one
 * datagram of the TASKSTATS family.
 *
 * `struct taskstats` has grown from version 4 (2.6.22) to 17 (Linux 7.2); later fields are read only where the record has them.
 * Version 15 (6.14.0–6.14.8, early 6.15) moved fields and was mended by version 16, so it has a table of its own.
 *
 * @module
 */
import * as c from "./linux/mod.ts";
import { LITTLE } from "./linux/mod.ts";
import { attributeLength, findAttribute, GENL_ATTRIBUTES, GENL_CMD } from "./genetlink.ts";
import { fields } from "./tables/mod.ts";
import { NLMSGHDR } from "./wire.ts";

/** Offsets in `struct taskstats`, by kernel field name, for every version but 15. */
export const TASKSTATS = {
  version: 0, // u16
  ac_exitcode: 4, // u32
  ac_flag: 8, // u8
  cpu_count: 16, // u64, like all that follow unless said otherwise
  cpu_delay_total: 24, // ns
  blkio_count: 32,
  blkio_delay_total: 40, // ns
  swapin_count: 48,
  swapin_delay_total: 56, // ns
  cpu_run_real_total: 64, // ns, by ticks
  cpu_run_virtual_total: 72, // ns, exact
  ac_comm: 80, // char[32]
  ac_uid: 120, // u32
  ac_pid: 128, // u32
  ac_ppid: 132, // u32
  ac_btime: 136, // u32, seconds since the epoch
  ac_etime: 144, // µs
  ac_utime: 152, // µs, by ticks
  ac_stime: 160, // µs, by ticks
  ac_minflt: 168,
  ac_majflt: 176,
  hiwater_rss: 200, // KiB
  read_char: 216,
  write_char: 224,
  read_bytes: 248,
  write_bytes: 256,
  nvcsw: 272,
  nivcsw: 280,
  freepages_count: 312, // since version 7
  freepages_delay_total: 320, // ns
  ac_tgid: 368, // u32, since version 12
  ac_tgetime: 376, // µs
  ac_exe_dev: 384,
  ac_exe_inode: 392,
} as const;

/** Version 15 put maximum and minimum behind each delay, which moved what follows. */
function version15(offset: number): number {
  if (offset < TASKSTATS.cpu_delay_total + 8) return offset;
  if (offset < TASKSTATS.swapin_count) return offset + 16;
  if (offset < TASKSTATS.cpu_run_real_total) return offset + 32;
  if (offset <= TASKSTATS.freepages_delay_total) return offset + 48;
  return offset + 96; // behind freepages, thrashing and compact
}

type Offsets = { readonly [name in keyof typeof TASKSTATS]: number };
export const TASKSTATS_V15: Offsets = Object.fromEntries(
  Object.entries(TASKSTATS).map(([name, offset]) => [name, version15(offset)]),
) as Offsets;

/** Versions 1 to 3 (before 2.6.22) had other offsets, and no kernel that sends them can run this program: they are refused. */
const FIRST_VERSION = 4;
/** Up to the CPU time; what lies behind is read only where the record has it. */
const MINIMUM_LENGTH = TASKSTATS.cpu_run_virtual_total + 8;

/** The 64-bit numbers that are read of a record. */
const NAMES = [
  "cpu_count",
  "cpu_delay_total",
  "blkio_delay_total",
  "swapin_delay_total",
  "cpu_run_virtual_total",
  "ac_etime",
  "ac_utime",
  "ac_stime",
  "ac_majflt",
  "hiwater_rss",
  "read_bytes",
  "write_bytes",
  "nvcsw",
  "nivcsw",
  "freepages_delay_total",
  "ac_tgetime",
] as const satisfies readonly (keyof Offsets)[];
const NUMBER = fields(NAMES).place;
const PLACES = NAMES.map((name) => TASKSTATS[name]);
const PLACES_V15 = NAMES.map((name) => TASKSTATS_V15[name]);

/**
 * A record, filled again and again. Of the record of one task, joined with the sums over the process's threads where the
 * kernel sends them, which is with the last thread of a multi-threaded process.
 */
export class TaskRecord {
  /** Time between two ticks of the kernel, seconds: 1 / CONFIG_HZ. Set by the owner. */
  tickSeconds = 0.004;
  version = 0;
  /** Thread id; process id, 0 where the kernel doesn't say: before 5.19 only the sums of a process tell it. */
  pid = 0;
  tgid = 0;
  /**
   * Whether the task was the last of its process (AGROUP), so that the process is gone. Before 5.19 known of a process of several
   * threads only, by its sums, which come with its last one.
   */
  last = false;
  /** Whether the process forked and never exec'd (AFORK). */
  neverExecuted = false;
  /** Status as wait(2) reports it. */
  exitCode = 0;
  /** CPU time of the task, or of the whole process where `hasProcessSums`, seconds. */
  userSeconds = 0;
  systemSeconds = 0;
  voluntarySwitches = 0;
  involuntarySwitches = 0;
  cpuDelaySeconds = 0;
  blockIoDelaySeconds = 0;
  swapDelaySeconds = 0;
  reclaimDelaySeconds = 0;
  /** Whether CPU time, switches and delays are those of all threads (AGGR_TGID). */
  hasProcessSums = false;
  /**
   * Whether those sums have neither user and system time nor switches, as up to Linux 6.1, and no longer in 6.12 (fill_tgid_exit(), kernel/taskstats.c):
   * the switches are the task's own then, and the CPU time of all is split as the task's own is.
   */
  arePartialSums = false;
  /**
   * CPU time that the task used and the record misses, seconds: {@link unaccountedSeconds}. Never part of the sums of a
   * process, so the tails of all its tasks add to them.
   */
  tailSeconds = 0;
  /** Real user id of the task at its end, by the machine's own user namespace; NO_USER where unknown. */
  user: number = c.NO_USER;
  /** Of the task alone. */
  readBytes = 0;
  writtenBytes = 0;
  majorFaults = 0;
  /** Peak resident memory of the address space, bytes. */
  maxResidentBytes = 0;
  /** Time the process lived, seconds; 0 where unknown. */
  processSeconds = 0;
  /** Executable's device (as in st_dev) and inode, in halves of 32 bits; all 0 where unknown. */
  exeDevice = 0;
  exeInodeLow = 0;
  exeInodeHigh = 0;
  /** The 64-bit numbers as they are in the struct that was read last. */
  readonly numbers = new Float64Array(NAMES.length);
  /** Where `ac_comm` lies in the buffer: 32 bytes, the name ended by a zero byte; -1 where the record has none. */
  commOffset = 0;
}

/**
 * Reads the numbers of a struct of `size` bytes at `at`; 0 where the struct is too short to have one. One loop, because V8 takes
 * a tenth of a second to compile as many reads one after the other.
 */
function readNumbers(view: DataView, at: number, size: number, places: readonly number[], numbers: Float64Array): void {
  for (let i = 0; i < NAMES.length; i++) {
    const offset = places[i]!, low = at + offset;
    numbers[i] = size < offset + 8
      ? 0
      : (view.getInt32(low, LITTLE) >>> 0) + (view.getInt32(low + 4, LITTLE) >>> 0) * 4294967296;
  }
}

/** Reads the sums of a process in the place of its task's numbers. True where they lack some, which stay the task's. */
function readSums(view: DataView, at: number, places: readonly number[], numbers: Float64Array): boolean {
  const { ac_utime, ac_stime, nvcsw, nivcsw } = NUMBER;
  const user = numbers[ac_utime]!, system = numbers[ac_stime]!;
  const voluntary = numbers[nvcsw]!, involuntary = numbers[nivcsw]!;
  readNumbers(view, at, attributeLength(view, at), places, numbers);
  if (numbers[ac_utime] !== 0 || numbers[ac_stime] !== 0 || numbers[nvcsw] !== 0 || numbers[nivcsw] !== 0) return false;
  numbers[ac_utime] = user;
  numbers[ac_stime] = system;
  numbers[nvcsw] = voluntary;
  numbers[nivcsw] = involuntary;
  return true;
}

function u32(view: DataView, at: number, size: number, offset: number): number {
  return size < offset + 4 ? 0 : view.getInt32(at + offset, LITTLE) >>> 0;
}

/**
 * Splits the exact run time by the tick-based user and system times, as the kernel's own cputime_adjust() does
 * (kernel/sched/cputime.c): all to user where no tick fell into system mode, and the other way round.
 */
function setCpu(record: TaskRecord, user: number, system: number, exact: number): void {
  const total = exact > 0 ? exact : user + system;
  record.systemSeconds = system === 0 ? 0 : user === 0 ? total : total * system / (user + system);
  record.userSeconds = total - record.systemSeconds;
}

function setSums(record: TaskRecord): void {
  const { numbers } = record;
  const user = numbers[NUMBER.ac_utime]! / 1e6, system = numbers[NUMBER.ac_stime]! / 1e6;
  setCpu(record, user, system, numbers[NUMBER.cpu_run_virtual_total]! / 1e9);
  record.voluntarySwitches = numbers[NUMBER.nvcsw]!;
  record.involuntarySwitches = numbers[NUMBER.nivcsw]!;
  record.cpuDelaySeconds = numbers[NUMBER.cpu_delay_total]! / 1e9;
  record.blockIoDelaySeconds = numbers[NUMBER.blkio_delay_total]! / 1e9;
  record.swapDelaySeconds = numbers[NUMBER.swapin_delay_total]! / 1e9;
  record.reclaimDelaySeconds = numbers[NUMBER.freepages_delay_total]! / 1e9;
}

/**
 * CPU time that a record misses. The kernel fills it from `se.sum_exec_runtime`, which it updates at ticks and context
 * switches only: what the task ran since then is not in it, and for a process of half a millisecond that is all.
 *
 * A task that never slept (no voluntary switch) ran whenever it didn't wait for a processor: age - wait, to a few µs; what is
 * more than a tick of that was stolen by a hypervisor or spent in interrupts. For one that slept the last stretch isn't
 * known; it is taken for as long as its stretches are on average, and for half a tick where they are longer than that,
 * because ticks come at any point of them.
 */
function unaccountedSeconds({ numbers, tickSeconds }: TaskRecord): number {
  if (numbers[NUMBER.cpu_count] === 0) return 0; // no scheduler statistics in this kernel
  const run = numbers[NUMBER.cpu_run_virtual_total]! / 1e9;
  const age = numbers[NUMBER.ac_etime]! / 1e6, wait = numbers[NUMBER.cpu_delay_total]! / 1e9;
  const unexplained = Math.max(0, age - wait - run);
  const slept = numbers[NUMBER.nvcsw]!;
  if (slept === 0) return Math.min(unexplained, tickSeconds);
  const stretch = run / (slept + numbers[NUMBER.nivcsw]!);
  return Math.min(unexplained, stretch, tickSeconds / 2);
}

/**
 * Decodes the datagram of `length` bytes at `start` into `record`. False for anything that isn't a record of a finished
 * task, or is shorter than it claims; never throws, never reads past `length`.
 */
export function decodeTaskRecord(view: DataView, start: number, length: number, record: TaskRecord): boolean {
  if (length < GENL_ATTRIBUTES || start < 0 || start + length > view.byteLength) return false;
  const messageLength = view.getInt32(start + NLMSGHDR.nlmsg_len, LITTLE), end = start + messageLength;
  if (messageLength < GENL_ATTRIBUTES || messageLength > length) return false;
  if (view.getInt8(start + GENL_CMD) !== c.TASKSTATS_CMD_NEW) return false;
  const attributes = start + GENL_ATTRIBUTES;
  const task = findAttribute(view, attributes, end, c.TASKSTATS_TYPE_AGGR_PID);
  if (task < 0) return false;
  const taskEnd = task + attributeLength(view, task);
  const pid = findAttribute(view, task, taskEnd, c.TASKSTATS_TYPE_PID);
  const at = findAttribute(view, task, taskEnd, c.TASKSTATS_TYPE_STATS);
  if (pid < 0 || attributeLength(view, pid) < 4 || view.getInt32(pid, LITTLE) <= 0 || at < 0) return false;
  const size = attributeLength(view, at);
  if (size < MINIMUM_LENGTH) return false;
  const version = view.getInt16(at + TASKSTATS.version, LITTLE) & 0xffff;
  if (version < FIRST_VERSION) return false;
  const f: Offsets = version === 15 ? TASKSTATS_V15 : TASKSTATS, places = version === 15 ? PLACES_V15 : PLACES;

  const flags = view.getInt8(at + f.ac_flag), { numbers } = record;
  readNumbers(view, at, size, places, numbers);
  record.version = version;
  record.pid = view.getInt32(pid, LITTLE);
  record.exitCode = view.getInt32(at + f.ac_exitcode, LITTLE) >>> 0;
  record.neverExecuted = (flags & c.AFORK) !== 0;
  record.user = size < f.ac_uid + 4 ? c.NO_USER : view.getInt32(at + f.ac_uid, LITTLE) >>> 0;
  record.readBytes = numbers[NUMBER.read_bytes]!;
  record.writtenBytes = numbers[NUMBER.write_bytes]!;
  record.majorFaults = numbers[NUMBER.ac_majflt]!;
  record.maxResidentBytes = numbers[NUMBER.hiwater_rss]! * 1024;
  record.commOffset = size < f.ac_comm + 32 ? -1 : at + f.ac_comm;
  record.tgid = u32(view, at, size, f.ac_tgid);
  record.last = record.tgid !== 0 && (flags & c.AGROUP) !== 0;
  record.tailSeconds = unaccountedSeconds(record);
  record.processSeconds = numbers[NUMBER.ac_tgetime]! / 1e6;
  record.exeDevice = u32(view, at, size, f.ac_exe_dev);
  record.exeInodeLow = u32(view, at, size, f.ac_exe_inode);
  record.exeInodeHigh = u32(view, at, size, f.ac_exe_inode + 4);

  const group = findAttribute(view, attributes, end, c.TASKSTATS_TYPE_AGGR_TGID);
  const sums = group < 0
    ? -1
    : findAttribute(view, group, group + attributeLength(view, group), c.TASKSTATS_TYPE_STATS);
  record.hasProcessSums = sums >= 0 && attributeLength(view, sums) >= MINIMUM_LENGTH;
  record.arePartialSums = record.hasProcessSums && readSums(view, sums, places, numbers);
  if (record.tgid === 0 && record.hasProcessSums) {
    const tgid = findAttribute(view, group, group + attributeLength(view, group), c.TASKSTATS_TYPE_TGID);
    record.tgid = tgid < 0 || attributeLength(view, tgid) < 4 ? 0 : Math.max(0, view.getInt32(tgid, LITTLE));
    record.last = record.tgid !== 0;
  }
  setSums(record);
  return true;
}

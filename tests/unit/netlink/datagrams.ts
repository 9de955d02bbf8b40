/**
 * The recorded datagrams, and writers of made-up ones that share nothing with the decoders.
 *
 * @module
 */

/** What an action of tests/fixtures/netlink/actions.c says about itself. */
export interface Truth {
  readonly parent: number;
  readonly pid: number;
  readonly threads: readonly number[];
  /** As wait(2) reports it. */
  readonly status: number;
  readonly beganNs: number;
  readonly endedNs: number;
  readonly userMicroseconds: number;
  readonly systemMicroseconds: number;
  readonly maxResidentKilobytes: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly majorFaults: number;
  readonly exeDevice: readonly [major: number, minor: number];
  readonly exeInode: number;
}

/** One action and what the kernel sent about it. */
export interface Run {
  readonly action: string;
  readonly truth: Truth;
  readonly events: readonly Uint8Array<ArrayBuffer>[];
  readonly records: readonly Uint8Array<ArrayBuffer>[];
}

interface Recorded {
  readonly cpus: string;
  readonly listen: { readonly token: number; readonly acknowledgement: string };
  readonly family: { readonly number: number; readonly request: string; readonly answers: readonly string[] };
  readonly unknownFamily: { readonly request: string; readonly answers: readonly string[] };
  readonly runs: readonly {
    readonly action: string;
    readonly truth: Truth;
    readonly events: readonly string[];
    readonly records: readonly string[];
  }[];
}

const path = new URL("../../fixtures/netlink/datagrams.json", import.meta.url);

/** The fixture as it is stored: datagrams are hexadecimal. */
export const recorded = JSON.parse(Deno.readTextFileSync(path)) as Recorded;

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export const runs: readonly Run[] = recorded.runs.map(({ action, truth, events, records }) => (
  { action, truth, events: events.map(fromHex), records: records.map(fromHex) }
));

export const acknowledgement = fromHex(recorded.listen.acknowledgement);

/** The run of an action. */
export function run(action: string): Run {
  const found = runs.find((run) => run.action === action);
  if (found === undefined) throw new Error(`no run of ${action} was recorded`);
  return found;
}

/** Every event that was recorded, the acknowledgement included. */
export const allEvents = [acknowledgement, ...runs.flatMap((run) => run.events)];
export const allRecords = runs.flatMap((run) => run.records);

/** Little-endian words behind one another. */
function words(...values: number[]): number[] {
  return values.flatMap((value) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
}

const low = (value: number) => value % 4294967296;
const high = (value: number) => Math.floor(value / 4294967296);

export interface EventOptions {
  /** `ack` of the connector's header. */
  readonly ack?: number;
  /** Bytes of event_data: 24 since 4.18, 16 before. */
  readonly dataBytes?: number;
}

/** An event of the proc connector: its type, its time and the words of its event_data. */
export function procEvent(what: number, timestampNs: number, data: readonly number[], options: EventOptions = {}) {
  const { ack = 0, dataBytes = 24 } = options;
  const event = [
    ...words(what, 1, low(timestampNs), high(timestampNs)),
    ...words(...data),
    ...new Array<number>(24).fill(0),
  ].slice(0, 16 + dataBytes);
  const header = words(36 + event.length, 3, 0, 0);
  const connector = [...words(1, 1, 0, ack), event.length, 0, 0, 0];
  return Uint8Array.from([...header, ...connector, ...event]);
}

export const forkEvent = (ns: number, parent: number, child: number, thread = child) =>
  procEvent(1, ns, [parent, parent, thread, child]);
export const execEvent = (ns: number, pid: number) => procEvent(2, ns, [pid, pid]);
export const exitEvent = (ns: number, pid: number, status: number, thread = pid) =>
  procEvent(0x80000000, ns, [thread, pid, status, 17, 1, 1]);

/** A field of struct taskstats: name, bytes, the version that brought it; aligned to 8 where the header says so. */
type Field = readonly [name: string, bytes: number, since: number, aligned?: boolean];

/** Delays, in the order of their maximum and minimum at the end of version 16. */
const DELAYS = ["cpu", "blkio", "swapin", "freepages", "thrashing", "compact", "wpcopy", "irq"] as const;

/** uapi/linux/taskstats.h in the order of its lines, but for the maximum and minimum of the delays. */
const FIELDS: readonly Field[] = [
  ["version", 2, 1],
  ["ac_exitcode", 4, 2],
  ["ac_flag", 1, 2],
  ["ac_nice", 1, 2],
  ["cpu_count", 8, 1],
  ["cpu_delay_total", 8, 1],
  ["blkio_count", 8, 1],
  ["blkio_delay_total", 8, 1],
  ["swapin_count", 8, 1],
  ["swapin_delay_total", 8, 1],
  ["cpu_run_real_total", 8, 1],
  ["cpu_run_virtual_total", 8, 1],
  ["ac_comm", 32, 2],
  ["ac_sched", 1, 2],
  ["ac_pad", 3, 2],
  ["ac_uid", 4, 2, true],
  ["ac_gid", 4, 2],
  ["ac_pid", 4, 2],
  ["ac_ppid", 4, 2],
  ["ac_btime", 4, 2],
  ["ac_etime", 8, 2],
  ["ac_utime", 8, 2],
  ["ac_stime", 8, 2],
  ["ac_minflt", 8, 2],
  ["ac_majflt", 8, 2],
  ["coremem", 8, 2],
  ["virtmem", 8, 2],
  ["hiwater_rss", 8, 2],
  ["hiwater_vm", 8, 2],
  ["read_char", 8, 2],
  ["write_char", 8, 2],
  ["read_syscalls", 8, 2],
  ["write_syscalls", 8, 2],
  ["read_bytes", 8, 3],
  ["write_bytes", 8, 3],
  ["cancelled_write_bytes", 8, 3],
  ["nvcsw", 8, 5],
  ["nivcsw", 8, 5],
  ["ac_utimescaled", 8, 6],
  ["ac_stimescaled", 8, 6],
  ["cpu_scaled_run_real_total", 8, 6],
  ["freepages_count", 8, 7],
  ["freepages_delay_total", 8, 7],
  ["thrashing_count", 8, 9],
  ["thrashing_delay_total", 8, 9],
  ["ac_btime64", 8, 10],
  ["compact_count", 8, 11],
  ["compact_delay_total", 8, 11],
  ["ac_tgid", 4, 12],
  ["ac_tgetime", 8, 12],
  ["ac_exe_dev", 8, 12],
  ["ac_exe_inode", 8, 12],
  ["wpcopy_count", 8, 13],
  ["wpcopy_delay_total", 8, 13],
  ["irq_count", 8, 14],
  ["irq_delay_total", 8, 14],
];

/** Where each field lies in a version of the struct, and how long it is. */
export function layoutOf(version: number): { offsets: ReadonlyMap<string, readonly [number, number]>; size: number } {
  const offsets = new Map<string, readonly [number, number]>();
  let end = 0;
  const add = (name: string, bytes: number, aligned: boolean) => {
    const alignment = aligned ? 8 : name === "ac_comm" || name === "ac_pad" ? 1 : bytes;
    end = Math.ceil(end / alignment) * alignment;
    offsets.set(name, [end, bytes]);
    end += bytes;
  };
  for (const [name, bytes, since, aligned] of FIELDS) {
    if (since > version) continue;
    add(name, bytes, aligned === true && version >= 4); // version 4 brought the alignment
    const delay = /^(.*)_delay_total$/.exec(name)?.[1];
    if (version === 15 && delay !== undefined) {
      for (const what of ["max", "min"]) add(`${delay}_delay_${what}`, 8, false);
    }
  }
  if (version >= 16) {
    for (const delay of DELAYS) for (const what of ["max", "min"]) add(`${delay}_delay_${what}`, 8, false);
  }
  return { offsets, size: Math.ceil(end / 8) * 8 };
}

/** Values of fields; what isn't named gets a number of its own, so that no two fields can be taken for one another. */
export type Values = Readonly<Record<string, number | bigint | string>>;

/** struct taskstats of a version. */
export function taskstats(version: number, values: Values = {}): Uint8Array<ArrayBuffer> {
  const { offsets, size } = layoutOf(version);
  const bytes = new Uint8Array(size), view = new DataView(bytes.buffer);
  let next = 100;
  for (const [name, [offset, length]] of offsets) {
    const value = name === "version" ? version : values[name] ?? next++;
    if (typeof value === "string") bytes.set(new TextEncoder().encode(value), offset);
    else if (length === 8) view.setBigUint64(offset, BigInt(value), true);
    else if (length === 4) view.setUint32(offset, Number(value), true);
    else if (length === 2) view.setUint16(offset, Number(value), true);
    else if (length === 1) view.setUint8(offset, Number(value) & 255);
  }
  return bytes;
}

/** An attribute with its padding. */
export function attribute(type: number, value: ArrayLike<number>): number[] {
  const length = 4 + value.length;
  const bytes = [length & 255, length >> 8, type & 255, type >> 8, ...Array.from(value)];
  while (bytes.length % 4 !== 0) bytes.push(0);
  return bytes;
}

/** A generic netlink message. */
export function genericMessage(type: number, command: number, attributes: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = [...words(20 + attributes.length, type, 0, 0), command, 1, 0, 0, ...attributes];
  return Uint8Array.from(bytes);
}

/** A record of a finished task, with the sums of its process where `sums` is given. */
export function taskRecord(pid: number, stats: Uint8Array, sums?: { tgid: number; stats: Uint8Array }) {
  const parts = attribute(4, [...attribute(1, words(pid)), ...attribute(3, stats)]);
  if (sums !== undefined) {
    parts.push(...attribute(5, [...attribute(2, words(sums.tgid)), ...attribute(3, sums.stats)]));
  }
  return genericMessage(31, 2, parts);
}

/** The name at an offset of a buffer, up to its zero byte. */
export function textAt(bytes: Uint8Array, offset: number, length: number): string {
  const field = bytes.subarray(offset, offset + length), zero = field.indexOf(0);
  return new TextDecoder().decode(zero < 0 ? field : field.subarray(0, zero));
}

/**
 * Giving up what a root process may do beyond what the exporter needs, in all its threads.
 *
 * Capabilities belong to threads, a thread can only change its own, and the runtime has started several before the first
 * line of this program runs. So the main thread makes its own set small and executes the program once more: the new image
 * has the small set in every thread, under the same process id, and can't get more by anything it executes.
 *
 * What takes more rights than it keeps is opened before, and handed over by its descriptors: the ring into which the kernel
 * writes execs, a procfs of its own, and the file of the event log. A service that isn't root, but was given the rights to
 * open the ring, gives them up in the same way.
 *
 * Root stays user 0 and so reads, as their owner, the files that only root may read: keys, the configuration, package
 * databases, now and at each reload. Landlock would keep it from writing such files, but would also hide all other
 * processes' executables from it.
 *
 * @module
 */
import {
  capabilityNames,
  type CapabilitySets,
  constants as c,
  cString,
  Descriptor,
  dropFromBoundingSet,
  errnoName,
  Libc,
  openPrivateProcfs,
  pointers,
  raiseAmbient,
  readCapabilities,
  setCapabilities,
} from "../../netlink/mod.ts";
import { AppendedFile } from "./appended_file.ts";
import { OWN_EXECUTABLE, readOwnExecution, readTextFile } from "../proc/mod.ts";
import { type Log, NO_RING, openRing, type RingWish } from "../worker/mod.ts";

/** What the exporter needs for as long as it runs, always: to subscribe again, to look at others' processes. */
const NEEDED = [c.CAP_NET_ADMIN, c.CAP_SYS_PTRACE];
/** What it needs for the start alone: to have a program of its own run in the kernel. */
const START_ONLY = [c.CAP_BPF, c.CAP_PERFMON];
/** A thread's name has 15 bytes. */
const NAME = cString("cnproc-exporter");

/** What the configuration asks for beyond {@link NEEDED}. */
export interface PrivilegeNeeds {
  /** Whether a port below 1024 is listened on. */
  readonly lowPort: boolean;
  /** Files that are read, now or later. */
  readonly files: readonly string[];
  /** A file that lines are appended to; undefined for none. */
  readonly appended: string | undefined;
  /** How launches are to be named. */
  readonly ring: Omit<RingWish, "handedOver">;
  /** Whether the reading thread is to run before others even where nothing needs it to. */
  readonly early: boolean;
  /** What an earlier image of this program handed over ({@link HandedOver}), as text; undefined in the first. */
  readonly handedOver: string | undefined;
  /** Tells the next image of this program what is handed over to it. */
  pass(handedOver: string): void;
}

/** What was opened before rights were given up. */
export interface HandedOver {
  /** As `ExecRing.handOver` has it, or that there can be none; undefined where it wasn't tried. */
  readonly ring: string | undefined;
  /** A procfs of the exporter's own. */
  readonly procfs: number | undefined;
  /** The file that lines are appended to. */
  readonly appended: AppendedFile | undefined;
}

/** Nothing was opened before: whoever needs it opens it. */
export const NOTHING_OPEN: HandedOver = { ring: undefined, procfs: undefined, appended: undefined };

/** As text: the ring, and the two descriptors behind semicolons, empty for none. */
function textOf({ ring, procfs, appended }: HandedOver): string {
  return [ring ?? NO_RING, procfs ?? "", appended?.handOver() ?? ""].join(";");
}

/** What a text says; a descriptor that is no procfs, or not open for appending, isn't believed. */
function parse(libc: Libc, text: string): HandedOver {
  const [ring, ...numbers] = text.split(";");
  const [procfs, appended] = numbers.map((number) => /^\d{1,6}$/.test(number) ? Number(number) : undefined);
  const isThere = procfs !== undefined && readTextFile(libc, "self/stat", procfs) !== undefined;
  if (isThere) libc.call.fcntl(procfs, c.F_SETFD, c.FD_CLOEXEC);
  return {
    ring,
    procfs: isThere ? procfs : undefined,
    appended: appended === undefined ? undefined : AppendedFile.inherited(appended),
  };
}

function maskOf(capabilities: readonly number[]): bigint {
  return capabilities.reduce((set, number) => set | 1n << BigInt(number), 0n);
}

/**
 * Opens what takes more capabilities than are kept, executes the program again with those it needs, and then doesn't return;
 * returns where there is nothing to give up, or where it can't be given up, which is logged. Call it before anything else is
 * opened. Returns what was handed over, for the worker. Throws `SourceUnavailableError` where what is a must can't be opened.
 */
export function keepNeededPrivileges(needs: PrivilegeNeeds, log: Log): HandedOver {
  const libc = new Libc(), held = readCapabilities(libc);
  const isRoot = libc.call.geteuid() === 0, isRestarted = needs.handedOver !== undefined;
  if (!isRoot && !isRestarted && (held.permitted & maskOf(START_ONLY)) === 0n) return NOTHING_OPEN;
  const handedOver = isRestarted ? parse(libc, needs.handedOver!) : open(libc, held, needs, log);
  giveUp(libc, held, { ...needs, early: needs.early || handedOver.ring === NO_RING }, handedOver, log);
  return handedOver;
}

function open(libc: Libc, held: CapabilitySets, { ring, appended }: PrivilegeNeeds, log: Log): HandedOver {
  const file = appended === undefined ? undefined : AppendedFile.open(appended);
  // A service without that right isn't let call for it either.
  const mayMount = (held.permitted & maskOf([c.CAP_SYS_ADMIN])) !== 0n;
  const procfs = mayMount ? openPrivateProcfs(libc) : undefined;
  if (procfs === undefined) log("debug", "Cannot mount a procfs of its own without CAP_SYS_ADMIN; reading /proc");
  else procfs.setInherited(true);
  return {
    ring: openRing(libc, { ...ring, handedOver: undefined }, log)?.handOver() ?? NO_RING,
    procfs: procfs?.fd,
    appended: file,
  };
}

/** Keeps what is needed once everything is open. Doesn't return where the program is executed again. */
function giveUp(libc: Libc, held: CapabilitySets, needs: PrivilegeNeeds, handedOver: HandedOver, log: Log): void {
  const wanted = [...NEEDED];
  if (needs.early) wanted.push(c.CAP_SYS_NICE);
  if (needs.lowPort) wanted.push(c.CAP_NET_BIND_SERVICE);
  const kept = held.permitted & maskOf(wanted);
  const readAll = held.permitted & maskOf([c.CAP_DAC_READ_SEARCH]);
  if ((held.permitted & ~(kept | readAll)) === 0n) {
    libc.prctl(c.PR_SET_NAME, libc.address(NAME)); // the kernel named it after the link it was executed by
    log("debug", "Capabilities", { permitted: capabilityNames(held.permitted) });
    return;
  }
  if (kept !== 0n && (held.inheritable === kept || held.inheritable === (kept | readAll))) {
    log("warn", "Cannot give up capabilities: the kernel gave them back", {
      permitted: capabilityNames(held.permitted),
    });
    return;
  }
  needs.pass(textOf(handedOver));
  const error = restart(libc, kept, readAll, needs.files, log);
  log("warn", `Cannot give up capabilities in all threads: ${error}; run it by its systemd unit instead`);
}

/** Executes the program again; returns why that failed. */
function restart(libc: Libc, kept: bigint, readAll: bigint, files: readonly string[], log: Log): string {
  const own = readOwnExecution(libc);
  if (own === undefined) return "what it was executed as can't be read from /proc";

  // With what is kept, and nothing else: can what is needed be read?
  const { permitted, inheritable } = readCapabilities(libc);
  setCapabilities(libc, { effective: kept, permitted, inheritable });
  const unreadable = [own.executable, own.folder, ...files].find((path) => !mayRead(libc, path));
  setCapabilities(libc, { effective: permitted, permitted, inheritable });
  const wanted = unreadable === undefined ? kept : kept | readAll;

  if (unreadable !== undefined) {
    log("info", "Keeping CAP_DAC_READ_SEARCH too: without it this could not be read", { path: unreadable });
  }
  log("info", "Starting again with the needed capabilities only", { kept: capabilityNames(wanted) });
  if (!dropFromBoundingSet(libc, wanted)) log("debug", "Cannot narrow the bounding set without CAP_SETPCAP");
  libc.check(libc.prctl(c.PR_SET_NO_NEW_PRIVS, 1), "set no_new_privs");
  setCapabilities(libc, { effective: wanted, permitted: wanted, inheritable: wanted });
  raiseAmbient(libc, wanted);
  const strings = splitStrings(own.cmdline);
  libc.call.execv(cString(OWN_EXECUTABLE), pointers(libc, strings));
  const { errno } = libc;
  for (const string of strings) string.fill(0); // used after the call: an address in a struct doesn't keep its buffer alive
  return `${OWN_EXECUTABLE} can't be executed again (${errnoName(errno)})`;
}

/** Whether a file can be opened, or isn't there: then it is for its reader to say. */
function mayRead(libc: Libc, path: string): boolean {
  const file = Descriptor.of(libc, libc.call.open(cString(path), c.O_RDONLY | c.O_CLOEXEC | c.O_NONBLOCK));
  const isAllowed = file !== undefined || libc.errno !== c.EACCES;
  file?.close();
  return isAllowed;
}

/** C strings out of bytes in which each ends with a zero. */
export function splitStrings(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const strings: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    if (end < 0) break; // a process can't be given an argument without its end
    strings.push(bytes.slice(at, end + 1));
    at = end + 1;
  }
  return strings;
}

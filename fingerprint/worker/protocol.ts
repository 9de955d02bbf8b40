/**
 * What the main thread and the worker say to each other. Events never cross; per scrape there is one wake-up and one message.
 *
 * @module
 */
import { fields } from "../../netlink/mod.ts";
import type { SystemContainer } from "../containers/mod.ts";
import type { Boost, Changes } from "../trees/mod.ts";
import type { RunningTree } from "./running.ts";
import type { Rules } from "../labels/mod.ts";
import type { RootReadings, RootRequest } from "../programs/mod.ts";
import type { Verdict, VerifyRequest } from "../verification/mod.ts";

/** Where events come from. */
export type Source = "connector" | "bpf" | "poll";

/** Where events are to come from: the connector where it can be had and polling otherwise, or one of them. */
export type SourceWish = "auto" | Source;

/** What names launches: a program in the kernel where it can be had and looks at /proc otherwise, or one of them. */
export type CaptureWish = "auto" | "bpf" | "proc";

/** What the worker needs to know. */
export interface WorkerConfig {
  readonly source: SourceWish;
  readonly pollIntervalMs: number;
  /** Trees that get series at most. */
  readonly treesLimit: number;
  /** Names launched once that get series below one tree at most; 0 is any number. */
  readonly treesMaxOnce: number;
  /** How long a stopped tree keeps its series; 0 is for ever. */
  readonly treesRetentionMs: number;
  /** Bytes to ask for per socket; 0: as much as a stop of five seconds at 20,000 launches a second needs, where memory allows. */
  readonly receiveBuffer: number;
  readonly boost: Boost | "auto";
  readonly capture: CaptureWish;
  /** Bytes of the ring of the kernel's program. */
  readonly ringBytes: number;
  /** The ring that was opened before rights were given up (`ExecRing.handOver`), or that there can be none; undefined: open it. */
  readonly handedOver: string | undefined;
  /** A procfs of this process's own (`openPrivateProcfs`), open; undefined: /proc. */
  readonly procfs: number | undefined;
  /** Whether programs of the base system are compared with their packages' digests. */
  readonly verifiesBase: boolean;
  /** Whether runtimes' files are asked what containers are called. */
  readonly namesContainers: boolean;
  /** The folder in which those files are looked for, as the machine's root; undefined: that of the first process. */
  readonly rootfs: string | undefined;
  /** Those of the configuration file, and whether there are any or may be some later. */
  readonly rules: Rules;
  readonly followsRules: boolean;
}

/** First message to the worker. */
export interface StartMessage {
  readonly config: WorkerConfig;
  /** The eventfd with which the main thread wakes the worker. */
  readonly wakeFd: number;
  /** {@link Control} words. */
  readonly control: SharedArrayBuffer;
  /** Other rules than those of the start, as JSON: the worker gets no messages while it goes round its loop. */
  readonly rules: SharedArrayBuffer;
  /** Answers about programs of the base system. */
  readonly verdicts: SharedArrayBuffer;
}

/** Asks whether programs of the base system are what their packages brought. */
export interface Verification {
  ask(requests: readonly VerifyRequest[]): void;
  /** Takes the answers that have come. */
  take(answer: (key: number, verdict: Verdict) => void): void;
}

/** What the main thread does for the worker, which never waits for a file system. */
export interface MainThread extends RootReadings {
  /** Without it no program is compared. */
  readonly verification?: Verification;
  /** Is told of each container that is new; without it nobody asks what containers are called. */
  meet?(container: SystemContainer): void;
}

/** Bytes for {@link StartMessage.rules}. They take no memory before they are written. */
export const RULES_BYTES = 1 << 20;

const CONTROL = fields([
  /** The main thread counts up: a report is wanted, and this is its number. */
  "Wanted",
  /** 1: stop. */
  "Stop",
  /** The worker counts up each time it comes round; a value that stands still is a worker that is stuck. */
  "Heartbeat",
  /** 1: somebody wants launches and endings one by one, as part of the reports. */
  "Listening",
  /** Number of the last report that two scrapes have got. */
  "Scraped",
  /** The main thread counts up: there are other rules. */
  "Rules",
  /** How many bytes they have. */
  "RulesBytes",
  /** The main thread counts up: there is another answer about a root. */
  "RootAnswers",
  /** The main thread counts up: somebody wants to know what runs a tree, and this is the tree's number. */
  "Asked",
  "AskedTree",
]);

/** Places of the words of the shared memory, 32 bits each. */
export const Control = CONTROL.place;

/** How many there are. */
export const CONTROL_WORDS: number = CONTROL.width;

export type LogLevel = "error" | "warn" | "info" | "debug" | "trace";
export type LogFields = Readonly<Record<string, string | number | boolean>>;
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

export type WorkerMessage =
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string; readonly fields: LogFields }
  | { readonly type: "ready"; readonly source: Source }
  /** The worker can't go on. `message` is one line with cause and remedy, `detail` for debugging. */
  | { readonly type: "failed"; readonly message: string; readonly detail: string }
  /** The rules with this number are followed from now on. */
  | { readonly type: "configured"; readonly number: number }
  /** Programs of the base system are to be compared with their packages' digests. */
  | { readonly type: "verify"; readonly requests: readonly VerifyRequest[] }
  /** The base system of a root is wanted, as an answer in shared memory. */
  | { readonly type: "root"; readonly request: RootRequest; readonly answer: SharedArrayBuffer }
  /** A container that is new. */
  | { readonly type: "container"; readonly container: SystemContainer }
  /** What runs the tree that was asked for. */
  | { readonly type: "running"; readonly running: RunningTree }
  | { readonly type: "changes"; readonly changes: Changes }
  | { readonly type: "stopped" };

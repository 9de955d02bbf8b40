/**
 * How a process ends, as a table: in which state it is, what is learned of it, and what follows.
 *
 * The kernel says it twice, and may say it wrongly or not at all. The connector's exit event is that of the first thread, which
 * may end before the others, while a ring of BPF tells the end of the last; the accounting record of the last task is the truth,
 * but it can be lost, or not be had; and what neither tells is seen in /proc, or when the id is in use again.
 *
 * @module
 */

/** What is known of a process in the table. */
export const State = {
  /** It lives, as far as is known. */
  Lives: 0,
  /** Its first thread has ended; others may live on. */
  Leaderless: 1,
  /** Leaderless, and not in /proc any more: its record may be on its way. */
  Doubted: 2,
  /** It is no longer in the table. */
  Gone: 3,
} as const;
export type State = (typeof State)[keyof typeof State];

/** What is learned of it. */
export const Learned = {
  /** The exit event came, and the record of the process's end is there; or turns out to be that, where the record doesn't say so. */
  ExitWithRecord: 0,
  /**
   * The exit event came, and others live on: the first thread's record says so, or the last one's would be there. Before Linux 5.19
   * they may: what comes next tells.
   */
  LeaderExit: 1,
  /** The exit event came, and nothing tells whether others live on; or it is that of the whole process, whose record was lost. */
  ExitAlone: 2,
  /** The record of its end came, and no exit event. */
  RecordAlone: 3,
  /** /proc doesn't have it; its events and its record may be on their way. */
  Missing: 4,
  /** /proc doesn't have it, and what could still come has been waited for. */
  LongMissing: 5,
  /** Its id is in use again. */
  Replaced: 6,
  /** It exec'd, or runs another program: from whichever thread, it goes on as one. */
  Exec: 7,
} as const;
export type Learned = (typeof Learned)[keyof typeof Learned];

/** What tells when and how it ended. */
export type Evidence =
  /** The event: its time and status. */
  | "event"
  /** The record: start and age, and its exit code. */
  | "record"
  /** The exit event of its first thread, which is the last that was heard of it. */
  | "leader"
  /** Nothing: the outcome is `unknown`, and there is no run time. */
  | "nothing";

/** One row of the table. */
export interface Transition {
  readonly from: State;
  readonly learned: Learned;
  readonly to: State;
  /** Only where the process is gone. */
  readonly by?: Evidence;
}

const { Lives, Leaderless, Doubted, Gone } = State;

/** What follows. A pair that isn't here changes nothing. */
export const TRANSITIONS: readonly Transition[] = [
  { from: Lives, learned: Learned.ExitWithRecord, to: Gone, by: "event" },
  { from: Lives, learned: Learned.LeaderExit, to: Leaderless },
  { from: Lives, learned: Learned.ExitAlone, to: Gone, by: "event" },
  { from: Lives, learned: Learned.RecordAlone, to: Gone, by: "record" },
  { from: Lives, learned: Learned.LongMissing, to: Gone, by: "nothing" },
  { from: Lives, learned: Learned.Replaced, to: Gone, by: "nothing" },
  { from: Leaderless, learned: Learned.RecordAlone, to: Gone, by: "record" },
  { from: Leaderless, learned: Learned.Missing, to: Doubted },
  { from: Leaderless, learned: Learned.LongMissing, to: Gone, by: "nothing" },
  { from: Leaderless, learned: Learned.Replaced, to: Gone, by: "leader" },
  { from: Leaderless, learned: Learned.Exec, to: Lives },
  { from: Doubted, learned: Learned.RecordAlone, to: Gone, by: "record" },
  { from: Doubted, learned: Learned.Missing, to: Gone, by: "leader" },
  { from: Doubted, learned: Learned.LongMissing, to: Gone, by: "nothing" },
  { from: Doubted, learned: Learned.Replaced, to: Gone, by: "leader" },
  { from: Doubted, learned: Learned.Exec, to: Lives },
  // There were no others (Linux before 5.19); or twice an exit event, and the exec between them, from another thread, was lost.
  { from: Leaderless, learned: Learned.ExitWithRecord, to: Gone, by: "event" },
  { from: Leaderless, learned: Learned.LeaderExit, to: Leaderless },
  { from: Leaderless, learned: Learned.ExitAlone, to: Gone, by: "event" },
  { from: Doubted, learned: Learned.ExitWithRecord, to: Gone, by: "event" },
  { from: Doubted, learned: Learned.LeaderExit, to: Leaderless },
  { from: Doubted, learned: Learned.ExitAlone, to: Gone, by: "event" },
];

const KINDS = Object.keys(Learned).length;
const ROW = new Int8Array(KINDS * Object.keys(State).length).fill(-1);
TRANSITIONS.forEach(({ from, learned }, row) => ROW[from * KINDS + learned] = row);

/** The row of {@link TRANSITIONS} for a process in a state of which something is learned, or -1: nothing follows. */
export function transitionOf(from: number, learned: Learned): number {
  return ROW[from * KINDS + learned]!;
}

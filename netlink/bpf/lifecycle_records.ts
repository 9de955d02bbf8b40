/**
 * The records of forks and exits of processes, as the programs in the kernel write them (`lifecycle_programs.ts`): their own wire
 * format. Little endian, read in place. Each kind has one length, shorter than any record of an exec, and is told by it.
 *
 * @module
 */
import { LITTLE } from "../linux/mod.ts";

/** Offsets in the record of a fork, and its length. */
export const FORK_RECORD = {
  /** u64, CLOCK_MONOTONIC in nanoseconds. */
  time: 0,
  /** u32 each: process ids of the child and its parent (the real one, also with CLONE_PARENT), in the initial namespace. */
  tgid: 8,
  parent: 12,
  length: 16,
} as const;

/** Offsets in the record of an exit, and its length. */
export const EXIT_RECORD = {
  /** u64, CLOCK_MONOTONIC in nanoseconds. */
  time: 0,
  /** u64, CLOCK_BOOTTIME in nanoseconds: when the process (its first thread) began. */
  start: 8,
  /** u32, process id in the initial namespace. */
  tgid: 16,
  /** u32, as wait(2) reports it to the parent. */
  status: 20,
  length: 24,
} as const;

/** A time of either record, nanoseconds. */
export function readTime(view: DataView, at: number): number {
  return view.getUint32(at, LITTLE) + view.getUint32(at + 4, LITTLE) * 4294967296;
}

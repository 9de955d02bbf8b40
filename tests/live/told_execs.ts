/**
 * Execs that a ring tells, decoded whole.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  EXEC_RECORD,
  ExecRecord,
  type ExecRing,
  MORE_VARIABLES,
  UNREAD_VARIABLES,
  VARIABLES,
  writePath,
} from "../../netlink/bpf/mod.ts";

const UTF8 = new TextDecoder();

/** One exec, decoded whole. */
export interface Told {
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly timeNs: number;
  readonly pid: number;
  readonly path: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Of the control group, where that was told; else empty. */
  readonly group: string;
  readonly record: Readonly<Record<keyof typeof EXEC_RECORD, number>>;
  readonly pathFlags: number;
  /** Names of the variables that were told. */
  readonly variables: readonly string[];
  /** The other bits of its environment. */
  readonly environment: number;
  readonly inputMode: number;
  readonly inputDetail: number;
  /** Variables whose values are told. */
  readonly options: readonly string[];
  readonly isScript: boolean;
  readonly hasAllArguments: boolean;
  readonly enteredRoot: boolean;
}

/** Execs that have come; `others` takes the lengths of other records. */
export function drain(ring: ExecRing, others = new Set<number>()): Told[] {
  const record = new ExecRecord(), into = new Uint8Array(8192), told: Told[] = [], { view, bytes } = ring.ring;
  ring.drain({
    record(at, length) {
      if (length < EXEC_RECORD.header) return others.add(length);
      assert.ok(record.read(view, at, length));
      const path = (from: number, to: number, flags: number) => {
        const length = writePath(bytes, from, to, flags, into);
        return length < 0 ? "?" : UTF8.decode(into.subarray(0, length));
      };
      const text = (from: number, to: number) => UTF8.decode(bytes.slice(from, to));
      told.push({
        timeNs: record.timeNs,
        pid: record.tgid,
        path: path(record.pathAt, record.nameAt, record.pathFlags),
        name: text(record.nameAt, record.argumentsAt - 1),
        args: text(record.argumentsAt, record.optionsAt).split("\0").slice(0, -1),
        folder: path(record.folderAt, record.groupAt, record.folderFlags),
        group: record.groupAt === record.end ? "" : path(record.groupAt, record.end, 0),
        record: Object.fromEntries(
          Object.entries(EXEC_RECORD).map((
            [name, offset],
          ) => [name, offset < EXEC_RECORD.inputDetail ? record.u32(offset) : 0]),
        ) as Told["record"],
        pathFlags: record.pathFlags,
        variables: VARIABLES.filter((_, i) => (record.environment & 1 << i) !== 0),
        environment: record.environment & (MORE_VARIABLES | UNREAD_VARIABLES),
        inputMode: record.inputMode,
        inputDetail: record.inputDetail,
        options: text(record.optionsAt, record.folderAt).split("\0").slice(0, -1),
        isScript: record.isScript,
        hasAllArguments: record.hasAllArguments,
        enteredRoot: record.enteredRoot,
      });
    },
  });
  return told;
}

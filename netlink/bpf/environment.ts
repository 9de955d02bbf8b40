/**
 * The part of the exec's program that looks for {@link VARIABLES} in the new image's environment, which the process hasn't had
 * a chance to write over: it hasn't run yet.
 *
 * The first bytes are read at once and looked through eight at a time: a read of each string by the kernel's helper would cost
 * 0.1 µs a variable. What is behind them is read string by string. Both only note where a variable begins whose first bytes
 * may be those of a wanted one; the few that were noted are compared in the end.
 *
 * As in a walk of a path, the verifier finds all turns of a loop alike but for their number: what differs otherwise is kept in
 * the scratch value, where it doesn't look.
 *
 * @module
 */
import { type Assembler, R0, R1, R2, R3, R4, R5, R6, R7, R8, R9 } from "./assembler.ts";
import * as b from "./constants.ts";
import {
  EXEC_RECORD as at,
  MORE_VARIABLES,
  OPTION_BYTES,
  OPTION_VARIABLES,
  UNREAD_VARIABLES,
  VARIABLES,
  VERSIONED_VARIABLES,
} from "./exec_record.ts";
import type { Layout } from "./layout.ts";

/** Bytes that are read at once: a power of two. */
const BLOCK_BYTES = 4096;
/** Bytes that one turn goes over where no string ends in them. */
const STRIDE = 32;
/** Turns in the block: it is looked through whole if 64 strings are in it. */
const TURNS = BLOCK_BYTES / STRIDE + 64;
/** Reads behind the block: of a string, or of {@link BLOCK_BYTES} bytes of a longer one. */
const READS = 384;
/** Variables that are compared; and bytes of each: more than any wanted name has. */
const CANDIDATES = 32, CANDIDATE_BYTES = 24;

/** In the scratch: a block or string, and what the verifier believes could be read behind it; the addresses of candidates… */
const TEXT = 0, LIST = TEXT + BLOCK_BYTES + 2 * STRIDE, CANDIDATE = LIST + 8 * CANDIDATES;
/** …the addresses where the environment begins and ends, and where the last string that was found begins; counters. */
const BEGIN = CANDIDATE + CANDIDATE_BYTES, END = BEGIN + 8, NEXT = END + 8, COUNT = NEXT + 8, IS_REST = COUNT + 4;
const LENGTH = IS_REST + 4, PLACE = LENGTH + 4;
/** And the addresses of {@link OPTION_VARIABLES}, 0 for one that isn't there. */
const OPTIONS = PLACE + 4;
/** Bytes of the scratch value that {@link writeEnvironment} uses. */
export const ENVIRONMENT_SCRATCH = OPTIONS + 8 * OPTION_VARIABLES.length;

/** `=` and `_`. */
const ASCII_EQUALS = 0x3d, ASCII_LOW_LINE = 0x5f;

/** Bytes of a name that tell whether it is a candidate, and a factor by which those of no common other name are taken for one. */
const PREFIX_BYTES = 4, FACTOR = 0x5aa51181;

/** Appends it, for the task in R8. `scratch` is where in the value at R7 its own bytes are. All registers but R7 are used. */
export function writeEnvironment(p: Assembler, { task_struct: task, mm_struct: mm }: Layout, scratch: number): void {
  const text = scratch + TEXT, next = scratch + NEXT, end = scratch + END, begin = scratch + BEGIN;
  p.store(2, R7, at.environment, 0).store(2, R7, at.optionBytes, 0).store(4, R7, scratch + COUNT, 0).store(
    4,
    R7,
    scratch + IS_REST,
    0,
  );
  p.load(8, R1, R8, task.mm.offset).load(8, R3, R1, mm.envStart.offset).load(8, R9, R1, mm.envEnd.offset);
  p.store(8, R7, begin, { register: R3 }).store(8, R7, next, { register: R3 }).store(8, R7, end, { register: R9 });
  for (const i of OPTION_VARIABLES.keys()) p.store(8, R7, scratch + OPTIONS + 8 * i, 0);
  p.subtract(R9, { register: R3 }).jumpIf(b.BPF_JEQ, R9, 0, "end of environment");
  p.jumpIf(b.BPF_JLE, R9, BLOCK_BYTES, "one block").move(R9, BLOCK_BYTES).label("one block").store(
    4,
    R7,
    scratch + LENGTH,
    { register: R9 },
  );
  p.move(R1, { register: R7 }).add(R1, text).move(R2, { register: R9 }).call(b.BPF_FUNC_probe_read_user);
  p.jumpIf(b.BPF_JNE, R0, 0, "unread");
  lookThroughBlock(p, scratch);
  // All of it was in the block, or what begins with the string that goes on behind it is read now.
  p.load(8, R1, R7, end).load(8, R2, R7, begin).subtract(R1, { register: R2 });
  p.jumpIf(b.BPF_JLE, R1, BLOCK_BYTES, "candidates").label("behind the block");
  readStrings(p, scratch);
  p.label("candidates");
  compareCandidates(p, scratch);

  p.label("more");
  flag(p, MORE_VARIABLES);
  p.jump("candidates").label("unread");
  flag(p, UNREAD_VARIABLES);
  p.label("end of environment");
}

/** Notes the candidates in the block; jumps to `behind the block` where its turns are over. */
function lookThroughBlock(p: Assembler, scratch: number): void {
  const text = scratch + TEXT, place = scratch + PLACE;
  p.constant(R4, 0x0101010101010101n).constant(R5, 0x8080808080808080n);
  p.load(4, R9, R7, scratch + LENGTH).move(R6, 0).store(4, R7, place, 0).jump("string");

  p.label("turn").add(R6, 1).jumpIf(b.BPF_JGT, R6, TURNS, "behind the block");
  p.load(4, R8, R7, place).jumpIf(b.BPF_JLE, R9, { register: R8 }, "end of block").and(R8, BLOCK_BYTES - 1);
  p.move(R1, { register: R7 }).add(R1, { register: R8 });
  for (let word = 0; word < STRIDE; word += 8) {
    // The lowest bit that stays is the uppermost one of the first byte that is zero.
    p.load(8, R2, R1, text + word).move(R3, { register: R2 }).subtract(R3, { register: R4 });
    p.exclusiveOr(R2, -1).and(R3, { register: R2 }).and(R3, { register: R5 }).jumpIf(b.BPF_JNE, R3, 0, "end of string");
    p.add(R8, 8);
  }
  p.store(4, R7, place, { register: R8 }).jump("turn");

  // Which byte it is: the bit alone, times a number in which each byte tells how far it has to be moved to be the highest.
  p.label("end of string").store(4, R7, place, { register: R8 }).move(R2, 0).subtract(R2, { register: R3 });
  p.and(R3, { register: R2 }).shiftRight(R3, 7).constant(R2, 0x0001020304050607n).multiply(R3, { register: R2 });
  p.shiftRight(R3, 56).add(R3, 1).load(4, R8, R7, place).add(R8, { register: R3 }).store(4, R7, place, {
    register: R8,
  });
  // Before 5.11 only a jump may lead to the middle of a loop that is entered there.
  p.jump("string").label("string").load(4, R8, R7, place).jumpIf(b.BPF_JLE, R9, { register: R8 }, "end of block");
  p.and(R8, BLOCK_BYTES - 1).load(8, R1, R7, scratch + BEGIN).add(R1, { register: R8 });
  p.store(8, R7, scratch + NEXT, { register: R1 });
  p.move(R2, { register: R7 }).add(R2, { register: R8 }).load(PREFIX_BYTES, R2, R2, text);
  noteCandidate(p, scratch, R1, "turn");
  p.jump("turn").label("end of block");
}

/** Notes the candidates among the strings from {@link NEXT} on. */
function readStrings(p: Assembler, scratch: number): void {
  p.move(R6, 0);
  p.label("read").load(8, R8, R7, scratch + NEXT).load(8, R1, R7, scratch + END);
  p.jumpIf(b.BPF_JLE, R1, { register: R8 }, "candidates").add(R6, 1).jumpIf(b.BPF_JGT, R6, READS, "more");
  p.move(R1, { register: R7 }).add(R1, scratch + TEXT).move(R2, BLOCK_BYTES).move(R3, { register: R8 });
  p.call(b.BPF_FUNC_probe_read_user_str).jumpIf(b.BPF_JSLE, R0, 0, "unread");
  p.load(1, R3, R7, scratch + IS_REST).store(1, R7, scratch + IS_REST, 0);
  // One that was cut has a zero byte in place of the one with which it goes on.
  p.jumpIf(b.BPF_JNE, R0, BLOCK_BYTES, "whole").store(1, R7, scratch + IS_REST, 1).add(R0, -1).label("whole");
  p.add(R0, { register: R8 }).store(8, R7, scratch + NEXT, { register: R0 }).jumpIf(b.BPF_JNE, R3, 0, "read");
  p.load(PREFIX_BYTES, R2, R7, scratch + TEXT).move(R1, { register: R8 });
  noteCandidate(p, scratch, R1, "read");
  p.jump("read");
}

/**
 * Notes the address in R1 if the prefix in R2 may be a wanted one's, by two parts of its product with {@link FACTOR}, else jumps to
 * `other`; R0, R2 and R3 are used. Of other names one in 64 is taken for one.
 */
function noteCandidate(p: Assembler, scratch: number, address: number, other: string): void {
  const bits = (from: bigint) =>
    VARIABLES.reduce(
      (bits, name) => bits | 1n << (prefix(`${name}=`, 0, PREFIX_BYTES) * BigInt(FACTOR) >> from & 63n),
      0n,
    );
  p.multiply(R2, FACTOR).move(R0, { register: R2 }).shiftRight(R2, 26).and(R2, 63).shiftRight(R0, 20).and(R0, 63);
  p.constant(R3, bits(26n)).shiftRight(R3, { register: R2 }).constant(R2, bits(20n)).shiftRight(R2, { register: R0 });
  p.and(R3, { register: R2 }).and(R3, 1).jumpIf(b.BPF_JEQ, R3, 0, other);
  p.load(4, R2, R7, scratch + COUNT).jumpIf(b.BPF_JGT, R2, CANDIDATES - 1, "more");
  p.move(R3, { register: R2 }).add(R3, 1).store(4, R7, scratch + COUNT, { register: R3 });
  p.multiply(R2, 8).add(R2, { register: R7 }).store(8, R2, scratch + LIST, { register: address });
}

/** Compares what was noted, and tells the wanted variables that have a value. */
function compareCandidates(p: Assembler, scratch: number): void {
  const text = scratch + CANDIDATE;
  p.move(R6, 0);
  p.label("candidate").load(4, R1, R7, scratch + COUNT).jumpIf(b.BPF_JLE, R1, { register: R6 }, "end of environment");
  p.jumpIf(b.BPF_JGT, R6, CANDIDATES - 1, "end of environment");
  p.move(R1, { register: R6 }).multiply(R1, 8).add(R1, { register: R7 }).load(8, R3, R1, scratch + LIST).add(R6, 1);
  p.move(R1, { register: R7 }).add(R1, text).move(R2, CANDIDATE_BYTES).call(b.BPF_FUNC_probe_read_user_str);
  p.jumpIf(b.BPF_JSLE, R0, 0, "unread");
  for (const [i, name] of VARIABLES.entries()) {
    const other = `not ${name}`;
    if (VERSIONED_VARIABLES.includes(name)) {
      jumpUnless(p, name, text, other);
      p.load(1, R1, R7, text + name.length).jumpIf(b.BPF_JEQ, R1, ASCII_EQUALS, `${name}=`);
      p.jumpIf(b.BPF_JNE, R1, ASCII_LOW_LINE, other).label(`${name}=`);
    } else {
      jumpUnless(p, `${name}=`, text, other);
    }
    p.load(1, R1, R7, text + name.length + 1).jumpIf(b.BPF_JEQ, R1, 0, "candidate");
    flag(p, 1 << i);
    const option = OPTION_VARIABLES.indexOf(name);
    if (option >= 0) {
      p.move(R1, { register: R6 }).multiply(R1, 8).add(R1, { register: R7 }).load(8, R1, R1, scratch + LIST - 8);
      p.store(8, R7, scratch + OPTIONS + 8 * option, { register: R1 });
    }
    p.jump("candidate").label(other);
  }
  p.jump("candidate");
}

/** Appends the writing of what {@link writeEnvironment} found of {@link OPTION_VARIABLES} at place R8, which moves. R0 to R3 are used. */
export function writeOptions(p: Assembler, scratch: number): void {
  for (const [i, name] of OPTION_VARIABLES.entries()) {
    const none = `no ${name}`;
    p.load(8, R3, R7, scratch + OPTIONS + 8 * i).jumpIf(b.BPF_JEQ, R3, 0, none);
    p.move(R1, { register: R7 }).add(R1, { register: R8 }).move(R2, OPTION_BYTES).call(b.BPF_FUNC_probe_read_user_str);
    p.jumpIf(b.BPF_JSLE, R0, 0, none).jumpIf(b.BPF_JSGT, R0, OPTION_BYTES, none).add(R8, { register: R0 });
    p.load(2, R1, R7, at.optionBytes).add(R1, { register: R0 }).store(2, R7, at.optionBytes, { register: R1 });
    p.label(none);
  }
}

function flag(p: Assembler, bit: number): void {
  p.load(2, R1, R7, at.environment).or(R1, bit).store(2, R7, at.environment, { register: R1 });
}

/** Appends a jump to `label` where the bytes at place `at` of the value in R7 aren't those of `text`; R1 and R2 are used. */
function jumpUnless(p: Assembler, text: string, at: number, label: string): void {
  for (let from = 0, bytes = 8; from < text.length; from += bytes) {
    while (bytes > text.length - from) bytes /= 2;
    const value = prefix(text, from, bytes);
    p.load(bytes, R1, R7, at + from);
    // ASCII: the upper bit of a number of 32 bits is never set.
    if (bytes < 8) p.jumpIf(b.BPF_JNE, R1, Number(value), label);
    else p.constant(R2, value).jumpIf(b.BPF_JNE, R1, { register: R2 }, label);
  }
}

/** The number that `bytes` bytes of a text are, from place `from` on. */
function prefix(text: string, from: number, bytes: number): bigint {
  let value = 0n;
  for (let i = bytes - 1; i >= 0; i--) value = value << 8n | BigInt(text.charCodeAt(from + i));
  return value;
}

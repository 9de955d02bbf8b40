/**
 * The end of every program: its record goes into the ring.
 *
 * @module
 */
import { type Assembler, R0, R1, R2, R3, R4, R7, R8 } from "./assembler.ts";
import * as b from "./constants.ts";

/** Descriptors of the maps that all programs write to. */
export interface OutputMaps {
  readonly ring: number;
  /** An array of one u64: records for which the ring had no room. */
  readonly lost: number;
}

/** Labels: jump to the first where the reader is wanted at once, to the second where there is nothing to be told. */
export const WAKE = "wake";
export const END = "end";

/**
 * Appends the end: puts the R8 bytes at R7 into the ring. The reader comes by itself five times a second; it is woken where that
 * would be too late, because `wakeBytes` wait.
 */
export function writeOut(p: Assembler, maps: OutputMaps, wakeBytes: number): void {
  p.map(R1, maps.ring).move(R2, b.BPF_RB_AVAIL_DATA).call(b.BPF_FUNC_ringbuf_query);
  p.move(R4, b.BPF_RB_NO_WAKEUP).jumpIf(b.BPF_JLT, R0, wakeBytes, "output");
  p.label(WAKE).move(R4, b.BPF_RB_FORCE_WAKEUP);
  p.label("output").map(R1, maps.ring).move(R2, { register: R7 }).move(R3, { register: R8 });
  p.call(b.BPF_FUNC_ringbuf_output).jumpIf(b.BPF_JEQ, R0, 0, END);
  p.mapValue(R1, maps.lost).move(R2, 1).atomicAdd(R1, 0, R2);
  p.label(END).move(R0, 0).exit();
}

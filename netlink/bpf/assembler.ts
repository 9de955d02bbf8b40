/**
 * An assembler of BPF instructions (Documentation/bpf/standardization/instruction-set.rst): methods append one each, jumps name
 * labels, {@link Assembler.assemble} joins them.
 *
 * An instruction has 8 bytes: opcode u8@0, destination and source register in halves of u8@1, offset i16@2, immediate i32@4;
 * a 64-bit load has a second one for the upper half.
 *
 * @module
 */
import { LITTLE } from "../linux/mod.ts";
import * as b from "./constants.ts";

/** Registers: the result of a call, its arguments, those that calls preserve, and the end of the stack frame. */
export const [R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, FP] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** Bytes of a load or store → its bits in the opcode. */
const SIZES: Readonly<Record<number, number>> = { 1: b.BPF_B, 2: b.BPF_H, 4: b.BPF_W, 8: b.BPF_DW };
const INSTRUCTION_BYTES = 8;

/** An operand: a register in `{ register }`, else a signed number of 32 bits. */
export type Operand = number | { readonly register: number };

export class Assembler {
  /** Opcode, registers, offset, immediate; four numbers an instruction. */
  readonly #code: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #jumps: { readonly at: number; readonly label: string }[] = [];

  /** Names the place of the next instruction. Throws for a name that is taken. */
  label(name: string): this {
    if (this.#labels.has(name)) throw new Error(`Cannot assemble: there are two labels ${name}`);
    this.#labels.set(name, this.#length);
    return this;
  }

  move(to: number, value: Operand): this {
    return this.#alu(b.BPF_MOV, to, value);
  }

  add(to: number, value: Operand): this {
    return this.#alu(b.BPF_ADD, to, value);
  }

  subtract(to: number, value: Operand): this {
    return this.#alu(b.BPF_SUB, to, value);
  }

  and(to: number, value: Operand): this {
    return this.#alu(b.BPF_AND, to, value);
  }

  or(to: number, value: Operand): this {
    return this.#alu(b.BPF_OR, to, value);
  }

  exclusiveOr(to: number, value: Operand): this {
    return this.#alu(b.BPF_XOR, to, value);
  }

  multiply(to: number, value: Operand): this {
    return this.#alu(b.BPF_MUL, to, value);
  }

  /** Zeros come from above. */
  shiftRight(to: number, value: Operand): this {
    return this.#alu(b.BPF_RSH, to, value);
  }

  /** Loads `bytes` bytes (1, 2, 4, 8) at `from + offset`. */
  load(bytes: number, to: number, from: number, offset: number): this {
    return this.#put(b.BPF_LDX | b.BPF_MEM | size(bytes), to, from, offset);
  }

  /** Stores the low `bytes` bytes of a register, or of a number, at `to + offset`. */
  store(bytes: number, to: number, offset: number, value: Operand): this {
    return typeof value === "number"
      ? this.#put(b.BPF_ST | b.BPF_MEM | size(bytes), to, 0, offset, value)
      : this.#put(b.BPF_STX | b.BPF_MEM | size(bytes), to, value.register, offset);
  }

  /** Adds a register to the 64 bits at `to + offset`, in one piece; without giving back what was there, which not every old JIT can. */
  atomicAdd(to: number, offset: number, from: number): this {
    return this.#put(b.BPF_STX | b.BPF_ATOMIC | b.BPF_DW, to, from, offset, b.BPF_ADD);
  }

  jump(label: string): this {
    return this.#jumpTo(label).#put(b.BPF_JMP | b.BPF_JA, 0, 0);
  }

  /** Jumps where `register operation value` holds: `BPF_JEQ` and the like, 64 bits wide. */
  jumpIf(operation: number, register: number, value: Operand, label: string): this {
    this.#jumpTo(label);
    return typeof value === "number"
      ? this.#put(b.BPF_JMP | b.BPF_K | operation, register, 0, 0, value)
      : this.#put(b.BPF_JMP | b.BPF_X | operation, register, value.register);
  }

  /** Calls one of the kernel's helpers; the result is in R0, and R1 to R5 are gone. */
  call(helper: number): this {
    return this.#put(b.BPF_JMP | b.BPF_CALL, 0, 0, 0, helper);
  }

  exit(): this {
    return this.#put(b.BPF_JMP | b.BPF_EXIT, 0, 0);
  }

  /** A number of 64 bits. */
  constant(to: number, value: bigint): this {
    return this.#wide(to, 0, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** A map by its descriptor. */
  map(to: number, fd: number): this {
    return this.#wide(to, b.BPF_PSEUDO_MAP_FD, fd);
  }

  /** The address of an array map's first value. */
  mapValue(to: number, fd: number): this {
    return this.#wide(to, b.BPF_PSEUDO_MAP_VALUE, fd);
  }

  /** The instructions as bpf(2) takes them. Throws for a jump to a label that isn't there, or too far away. */
  assemble(): Uint8Array<ArrayBuffer> {
    for (const { at, label } of this.#jumps) {
      const target = this.#labels.get(label);
      if (target === undefined) throw new Error(`Cannot assemble: there is no label ${label}`);
      const distance = target - at - 1;
      if (distance !== distance << 16 >> 16) {
        throw new Error(`Cannot assemble: ${label} is ${distance} instructions away`);
      }
      this.#code[4 * at + 2] = distance;
    }
    const bytes = new Uint8Array(this.#length * INSTRUCTION_BYTES), view = new DataView(bytes.buffer);
    for (let i = 0; i < this.#length; i++) {
      const at = i * INSTRUCTION_BYTES;
      view.setUint8(at, this.#code[4 * i]!);
      view.setUint8(at + 1, this.#code[4 * i + 1]!);
      view.setInt16(at + 2, this.#code[4 * i + 2]!, LITTLE);
      view.setInt32(at + 4, this.#code[4 * i + 3]!, LITTLE);
    }
    return bytes;
  }

  get #length(): number {
    return this.#code.length / 4;
  }

  #alu(operation: number, to: number, value: Operand): this {
    return typeof value === "number"
      ? this.#put(b.BPF_ALU64 | b.BPF_K | operation, to, 0, 0, value)
      : this.#put(b.BPF_ALU64 | b.BPF_X | operation, to, value.register);
  }

  #wide(to: number, pseudo: number, low: number, high = 0): this {
    return this.#put(b.BPF_LD | b.BPF_IMM | b.BPF_DW, to, pseudo, 0, low).#put(0, 0, 0, 0, high);
  }

  #jumpTo(label: string): this {
    this.#jumps.push({ at: this.#length, label });
    return this;
  }

  #put(opcode: number, to: number, from: number, offset = 0, immediate = 0): this {
    this.#code.push(opcode, to | from << 4, offset, immediate);
    return this;
  }
}

function size(bytes: number): number {
  const bits = SIZES[bytes];
  if (bits === undefined) throw new Error(`Cannot assemble: a load or store of ${bytes} bytes`);
  return bits;
}

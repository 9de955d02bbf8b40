/** The assembler makes the bytes that other assemblers make (tests/fixtures/bpf/instructions.json has the commands). */

import assert from "node:assert/strict";
import { Assembler, type Operand } from "../../../../netlink/bpf/assembler.ts";
import * as b from "../../../../netlink/bpf/constants.ts";
import fixture from "../../../fixtures/bpf/instructions.json" with { type: "json" };

const r = (register: number): Operand => ({ register });

/** A jump over `distance` instructions, or back to one of those before it, and what of it is compared. */
function jumping(jump: (p: Assembler) => Assembler, distance: number): Uint8Array {
  const p = new Assembler();
  if (distance < 0) p.label("target");
  for (let i = distance + 1; i < 0; i++) p.exit();
  jump(p);
  for (let i = 0; i < distance; i++) p.exit();
  if (distance >= 0) p.label("target");
  const at = distance < 0 ? 8 * (-distance - 1) : 0;
  return p.exit().assemble().subarray(at, at + 8);
}

/** The text of each instruction there → how it is assembled here. */
const HERE: Readonly<Record<string, (p: Assembler) => Assembler>> = {
  "r1 = r2": (p) => p.move(1, r(2)),
  "r3 = -7": (p) => p.move(3, -7),
  "r4 += 112": (p) => p.add(4, 112),
  "r4 += r5": (p) => p.add(4, r(5)),
  "r6 -= r7": (p) => p.subtract(6, r(7)),
  "r8 &= 8191": (p) => p.and(8, 8191),
  "r1 |= 32": (p) => p.or(1, 32),
  "r3 ^= -1": (p) => p.exclusiveOr(3, -1),
  "r1 *= 8": (p) => p.multiply(1, 8),
  "r3 *= r2": (p) => p.multiply(3, r(2)),
  "r2 >>= 26": (p) => p.shiftRight(2, 26),
  "r3 >>= r2": (p) => p.shiftRight(3, r(2)),
  "r5 = -9187201950435737472 ll": (p) => p.constant(5, 0x8080808080808080n),
  "r2 = 283686952306183 ll": (p) => p.constant(2, 0x0001020304050607n),
  "r1 = *(u8 *)(r7 + 110)": (p) => p.load(1, 1, 7, 110),
  "r1 = *(u16 *)(r2 + 0)": (p) => p.load(2, 1, 2, 0),
  "r4 = *(u32 *)(r6 + 2504)": (p) => p.load(4, 4, 6, 2504),
  "r0 = *(u64 *)(r10 - 16)": (p) => p.load(8, 0, 10, -16),
  "*(u8 *)(r7 + 111) = r1": (p) => p.store(1, 7, 111, r(1)),
  "*(u16 *)(r7 + 100) = r1": (p) => p.store(2, 7, 100, r(1)),
  "*(u32 *)(r10 - 184) = r2": (p) => p.store(4, 10, -184, r(2)),
  "*(u64 *)(r7 + 8) = r0": (p) => p.store(8, 7, 8, r(0)),
  "lock *(u64 *)(r1 + 0) += r2": (p) => p.atomicAdd(1, 0, 2),
  "call 112": (p) => p.call(112),
  "exit": (p) => p.exit(),
  "ld_pseudo r1, 1, 5": (p) => p.map(1, 5),
  "ld_pseudo r3, 2, 77": (p) => p.mapValue(3, 77),
  "stb [%r7+110], 4": (p) => p.store(1, 7, 110, 4),
  "sth [%r7+102], 0": (p) => p.store(2, 7, 102, 0),
  "stw [%r10+-184], 0": (p) => p.store(4, 10, -184, 0),
  "stdw [%r7+8], 7": (p) => p.store(8, 7, 8, 7),
};
const JUMPS: Readonly<Record<string, readonly [(p: Assembler) => Assembler, distance: number]>> = {
  "goto +3": [(p) => p.jump("target"), 3],
  "if r1 == 0 goto +2": [(p) => p.jumpIf(b.BPF_JEQ, 1, 0, "target"), 2],
  "if r0 != 0 goto -5": [(p) => p.jumpIf(b.BPF_JNE, 0, 0, "target"), -5],
  "if r9 > 32 goto +100": [(p) => p.jumpIf(b.BPF_JGT, 9, 32, "target"), 100],
  "if r0 s<= 0 goto +1": [(p) => p.jumpIf(b.BPF_JSLE, 0, 0, "target"), 1],
  "if r0 s> 256 goto +1": [(p) => p.jumpIf(b.BPF_JSGT, 0, 256, "target"), 1],
  "if r0 < 1048576 goto +2": [(p) => p.jumpIf(b.BPF_JLT, 0, 1048576, "target"), 2],
  "if r9 <= 512 goto +1": [(p) => p.jumpIf(b.BPF_JLE, 9, 512, "target"), 1],
  "if r1 == r2 goto +4": [(p) => p.jumpIf(b.BPF_JEQ, 1, r(2), "target"), 4],
};

Deno.test("assembler: each instruction has the bytes that other assemblers give it", () => {
  const texts = new Set(fixture.instructions.map(({ text }) => text));
  assert.deepEqual(new Set([...Object.keys(HERE), ...Object.keys(JUMPS)]), texts);
  for (const { by, text, bytes } of fixture.instructions) {
    const jump = JUMPS[text];
    const made = jump === undefined ? HERE[text]!(new Assembler()).assemble() : jumping(...jump);
    const hex = [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    assert.equal(hex, bytes, `${text}, by ${by}`);
  }
});

Deno.test("assembler: refuses what it can't assemble", () => {
  assert.throws(() => new Assembler().jump("nowhere").assemble(), /there is no label nowhere/);
  assert.throws(() => new Assembler().label("here").label("here"), /two labels here/);
  assert.throws(() => new Assembler().load(3, 0, 1, 0), /of 3 bytes/);
  const far = new Assembler().jump("end");
  for (let i = 0; i < 32768; i++) far.exit();
  assert.throws(() => far.label("end").exit().assemble(), /32768 instructions away/);
});

/**
 * An interpreter of classic BPF (Documentation/networking/filter.rst), as far as socket filters here need it: what the
 * kernel would do with a program and a packet.
 *
 * @module
 */

/** code, jump if true, jump if false, constant. */
export type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];

/** Throws for what the kernel would refuse to attach: unknown codes, jumps beyond the end, an end that doesn't return. */
export function check(program: readonly Instruction[]): void {
  if (program.length === 0 || program.length > 4096) throw new Error("a program has 1 to 4096 instructions");
  program.forEach(([code, jumpTrue, jumpFalse, k], at) => {
    const targets = code === 0x05 ? [k] : (code & 0x07) === 0x05 ? [jumpTrue, jumpFalse] : [];
    for (const target of targets) if (at + 1 + target >= program.length) throw new Error(`${at}: jumps beyond the end`);
    if (![0x20, 0x28, 0x30, 0x05, 0x15, 0x1d, 0x25, 0x45, 0x06, 0x07, 0x87].includes(code)) {
      throw new Error(`${at}: unknown code 0x${code.toString(16)}`);
    }
  });
  if (program.at(-1)![0] !== 0x06) throw new Error("the last instruction must return");
}

/** The bytes of `packet` that the program keeps: 0 drops it. */
export function filter(program: readonly Instruction[], packet: Uint8Array): number {
  check(program);
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let a = 0, x = 0;
  for (let at = 0;; at++) {
    const [code, jumpTrue, jumpFalse, k] = program[at]!;
    const jump = (condition: boolean) => at += condition ? jumpTrue : jumpFalse;
    const bytes = { 0x20: 4, 0x28: 2, 0x30: 1 }[code];
    if (bytes !== undefined && k + bytes > packet.length) return 0; // a load beyond the packet ends the program
    switch (code) {
      case 0x20: // ld [k]: big endian
        a = view.getUint32(k);
        break;
      case 0x28: // ldh [k]
        a = view.getUint16(k);
        break;
      case 0x30: // ldb [k]
        a = view.getUint8(k);
        break;
      case 0x05: // ja k
        at += k;
        break;
      case 0x15: // jeq #k
        jump(a === k);
        break;
      case 0x1d: // jeq x
        jump(a === x);
        break;
      case 0x25: // jgt #k
        jump(a > k);
        break;
      case 0x45: // jset #k
        jump((a & k) !== 0);
        break;
      case 0x07: // tax
        x = a;
        break;
      case 0x87: // txa
        a = x;
        break;
      case 0x06: // ret #k
        return Math.min(k, packet.length);
    }
  }
}

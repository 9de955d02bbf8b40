/**
 * The recorded types of kernels, and what a C compiler says about them.
 *
 * @module
 */
import new618 from "../../../fixtures/bpf/types-6.18.44.json" with { type: "json" };
import old61 from "../../../fixtures/bpf/types-6.1.192.json" with { type: "json" };

/** One kernel's. */
export interface RecordedTypes {
  readonly kernel: string;
  readonly btf: Uint8Array<ArrayBuffer>;
  /** `inode.i_ino` → offset and size; null where the kernel has no such member. */
  readonly members: Readonly<Record<string, readonly number[] | null>>;
}

export const RECORDED_TYPES: readonly RecordedTypes[] = [new618, old61].map(({ kernel, btf, members }) => ({
  kernel,
  btf: Uint8Array.from(atob(btf), (byte) => byte.charCodeAt(0)),
  members,
}));

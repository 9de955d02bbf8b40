/**
 * Execs through BPF: a program in the kernel writes a record of each into a ring, with everything that names the image. Raw
 * bpf(2), the kernel's own types for the layout of its structures, and an assembler; no compiler, no library.
 *
 * @module
 */
export {
  EXEC_RECORD,
  ExecRecord,
  MORE_VARIABLES,
  NAME_LIMIT,
  OPTION_BYTES,
  OPTION_VARIABLES,
  UNREAD_VARIABLES,
  type VariableName,
  VARIABLES,
  VERSIONED_VARIABLES,
} from "./exec_record.ts";
export { ExecRing, RING_BYTES } from "./exec_ring.ts";
export { EXIT_RECORD, FORK_RECORD, readTime } from "./lifecycle_records.ts";
export { CUT, DELETED, DETACHED, writePath } from "./record_path.ts";
export { type RingHandler, type RingReader } from "./ring.ts";
export { ProgramRefusedError } from "./system_calls.ts";

/**
 * Why capturing by BPF can't be had on a machine, in words for its user: cause and remedy.
 *
 * @module
 */
import * as c from "../linux/mod.ts";
import {
  type Libc,
  readCapabilities,
  SourceUnavailableError,
  SystemCallError,
  type Unavailable,
} from "../linux/mod.ts";
import { BtfError } from "./btf.ts";
import { ProgramRefusedError } from "./system_calls.ts";

export type Step = "types" | "maps" | "load" | "attach" | "mapping";

/** prctl(PR_GET_SECCOMP): system calls go through a filter. */
const SECCOMP_MODE_FILTER = 2;

/** Turns what went wrong in a step into an error with cause and remedy; its `cause` is the original. */
export function unavailable(libc: Libc, step: Step, error: unknown): SourceUnavailableError {
  if (error instanceof SourceUnavailableError) return error;
  const make = (reason: Unavailable, text: string) =>
    new SourceUnavailableError("bpf", reason, `Cannot use BPF: ${text}`, { cause: error });
  const message = (error instanceof Error ? error.message : String(error)).replace(/^Cannot/, "cannot");
  if (error instanceof BtfError) return make("other", message);
  if (!(error instanceof SystemCallError)) return make("other", message);
  if (step === "types") {
    if (error.errno !== c.ENOENT) return make("other", message);
    return make(
      "not-in-kernel",
      "the kernel doesn't describe its types in /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF)",
    );
  }
  switch (error.errno) {
    case c.ENOSYS:
      return make("not-in-kernel", "the kernel has no bpf(2) (CONFIG_BPF_SYSCALL)");
    case c.EPERM:
    case c.EACCES:
      if (error instanceof ProgramRefusedError && /unknown func|helper call is not allowed/.test(error.verifierLog)) {
        return make(
          "not-permitted",
          "the kernel is locked down (lockdown=confidentiality), so that no program may read its memory",
        );
      }
      // The verifier has its say only about what may be loaded.
      if (error instanceof ProgramRefusedError && error.verifierLog !== "") break;
      return make("not-permitted", notPermitted(libc, step));
    case c.EINVAL:
      if (error instanceof ProgramRefusedError && /unknown func/.test(error.verifierLog)) {
        return make("not-permitted", "the kernel is locked down (lockdown=confidentiality), or older than 5.8");
      }
      if (step === "maps") return make("not-in-kernel", "the kernel has no ring buffers, which came with 5.8");
      break;
    case c.ENOMEM:
      return make("other", "there is no memory for the ring (ENOMEM); a smaller --capture.ring-size needs less");
  }
  return make(
    "other",
    error instanceof ProgramRefusedError ? `the verifier refused the program (${message})` : message,
  );
}

/** Why EPERM: the right isn't there, or it is and something else forbids it. */
function notPermitted(libc: Libc, step: Step): string {
  const { effective } = readCapabilities(libc), has = (number: number) => (effective >> BigInt(number) & 1n) === 1n;
  const mayBpf = has(c.CAP_SYS_ADMIN) || has(c.CAP_BPF), mayRead = has(c.CAP_SYS_ADMIN) || has(c.CAP_PERFMON);
  if (!mayBpf || !mayRead) {
    return "not permitted (EPERM); run as root, or with CAP_BPF and CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN)";
  }
  if (libc.prctl(c.PR_GET_SECCOMP) === SECCOMP_MODE_FILTER) {
    return "not permitted (EPERM), probably by a seccomp filter; let the container or unit call bpf(2)";
  }
  const cause = "not permitted (EPERM), though the rights are there: in a user namespace, or by a security module";
  return step === "maps"
    ? `${cause}; before Linux 5.11 raise the limit of locked memory (ulimit -l unlimited, LimitMEMLOCK=infinity)`
    : cause;
}

import assert from "node:assert/strict";
import { BtfError } from "../../../../netlink/bpf/btf.ts";
import { ProgramRefusedError } from "../../../../netlink/bpf/system_calls.ts";
import { type Step, unavailable } from "../../../../netlink/bpf/unavailable.ts";
import { constants as c, type Libc, SourceUnavailableError, SystemCallError } from "../../../../netlink/mod.ts";

const ROOT = [c.CAP_SYS_ADMIN], SERVICE = [c.CAP_BPF, c.CAP_PERFMON];

/** A thread with these capabilities, behind a filter of system calls or not. */
function thread(capabilities: readonly number[], seccomp = 0): Libc {
  return {
    number: { capget: 125 },
    check: (result: number) => result,
    call: {
      capabilities(_number: number, _header: Uint8Array, data: Uint8Array<ArrayBuffer>) {
        const view = new DataView(data.buffer);
        for (const number of capabilities) {
          const at = number < 32 ? 0 : 12; // two structs of three words each
          view.setUint32(at, view.getUint32(at, true) | 1 << number % 32, true);
        }
        return 0;
      },
    },
    prctl: () => seccomp,
  } as unknown as Libc;
}

Deno.test("why BPF can't be had: cause and remedy, by the step that failed and what the thread may do", () => {
  const call = (errno: number) => new SystemCallError("create the BPF map cnproc_ring", errno);
  const refused = (errno: number, log: string) => new ProgramRefusedError(errno, log);
  const lockdown = "0: (85) call bpf_probe_read_kernel#113\nunknown func bpf_probe_read_kernel#113\n";
  const cases: [step: Step, error: Error, thread: Libc, reason: string, text: RegExp][] = [
    ["types", call(c.ENOENT), thread(ROOT), "not-in-kernel", /doesn't describe its types .*CONFIG_DEBUG_INFO_BTF/],
    ["types", call(c.EMFILE), thread(ROOT), "other", /cannot create .*EMFILE; .*ulimit -n/],
    ["types", new BtfError("no magic", 0), thread(ROOT), "other", /cannot read the kernel's types: no magic at byte 0/],
    ["maps", call(c.ENOSYS), thread(ROOT), "not-in-kernel", /has no bpf\(2\)/],
    ["maps", call(c.EPERM), thread([]), "not-permitted", /EPERM.*run as root, or with CAP_BPF and CAP_PERFMON/],
    ["load", call(c.EPERM), thread([c.CAP_BPF]), "not-permitted", /CAP_PERFMON/],
    ["maps", call(c.EPERM), thread(SERVICE, 2), "not-permitted", /seccomp filter/],
    [
      "maps",
      call(c.EPERM),
      thread(SERVICE),
      "not-permitted",
      /user namespace.*before Linux 5\.11 .*locked memory.*LimitMEMLOCK/,
    ],
    ["load", call(c.EPERM), thread(ROOT), "not-permitted", /user namespace, or by a security module/],
    ["load", refused(c.EACCES, lockdown), thread(ROOT), "not-permitted", /lockdown=confidentiality/],
    [
      "load",
      refused(c.EINVAL, lockdown),
      thread(ROOT),
      "not-permitted",
      /lockdown=confidentiality\), or older than 5\.8/,
    ],
    [
      "load",
      refused(c.EACCES, "R1 invalid mem access"),
      thread(ROOT),
      "other",
      /verifier refused the program .*EACCES/,
    ],
    ["load", refused(c.E2BIG, "too many"), thread(ROOT), "other", /verifier refused the program .*E2BIG/],
    ["maps", call(c.EINVAL), thread(ROOT), "not-in-kernel", /ring buffers, which came with 5\.8/],
    ["mapping", call(c.ENOMEM), thread(ROOT), "other", /ENOMEM.*--capture\.ring-size/],
    ["attach", call(c.EINVAL), thread(ROOT), "other", /cannot create .*EINVAL/],
  ];
  for (const [step, cause, libc, reason, text] of cases) {
    const error = unavailable(libc, step, cause);
    assert.equal(error.source, "bpf");
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, /^Cannot use BPF: [^\n]+$/);
    assert.match(error.message, text);
    assert.equal(error.cause, cause);
  }
});

Deno.test("what is explained already stays as it is", () => {
  const error = new SourceUnavailableError("bpf", "not-in-kernel", "Cannot use BPF: in this kernel struct x has no y");
  assert.equal(unavailable(thread(ROOT), "types", error), error);
});

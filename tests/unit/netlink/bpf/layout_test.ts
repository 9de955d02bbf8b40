import assert from "node:assert/strict";
import { Btf } from "../../../../netlink/bpf/btf.ts";
import { execProgram } from "../../../../netlink/bpf/exec_program.ts";
import { layoutOf, tellsGroupDead, tracepointOf, TYPE_NAMES } from "../../../../netlink/bpf/layout.ts";
import { exitProgram, forkProgram } from "../../../../netlink/bpf/lifecycle_programs.ts";
import { SourceUnavailableError } from "../../../../netlink/linux/errors.ts";
import { RECORDED_TYPES } from "./types.ts";

Deno.test("layout: members that were renamed are found by the name that the kernel has", () => {
  for (const { kernel, btf, members } of RECORDED_TYPES) {
    const { inode, task_struct } = layoutOf(new Btf(btf, TYPE_NAMES));
    const names = ["i_ctime.tv_sec", "__i_ctime.tv_sec", "i_ctime_sec"];
    const expected = names.map((name) => members[`inode.${name}`]).find((member) => member !== null)!;
    assert.deepEqual([inode.changeSeconds.offset, inode.changeSeconds.size], expected, kernel);
    assert.equal(task_struct.startBoottime.size, 8, kernel);
  }
});

Deno.test("layout: what a kernel doesn't have is said by name", () => {
  const names = TYPE_NAMES.filter((name) => name !== "mnt_namespace" && name !== "btf_trace_sched_process_exec");
  const btf = new Btf(RECORDED_TYPES[0]!.btf, names);
  const isBpf = (error: unknown) => error instanceof SourceUnavailableError && error.reason === "not-in-kernel";
  assert.throws(
    () => layoutOf(btf),
    (error: Error) => isBpf(error) && /struct mnt_namespace has no ns\.inum/.test(error.message),
  );
  assert.throws(() => tracepointOf(btf, "exec"), isBpf);
  assert.ok(tracepointOf(btf, "fork") > 0 && tracepointOf(btf, "exit") > 0);
});

Deno.test("layout: the tracepoint of exits tells the last task of a process since 6.16", () => {
  assert.deepEqual(
    RECORDED_TYPES.map(({ kernel, btf }) => [kernel, tellsGroupDead(new Btf(btf, TYPE_NAMES))]),
    [["6.18.44-x86_64", true], ["6.1.192-x86_64", false]],
  );
  assert.equal(tellsGroupDead(new Btf(RECORDED_TYPES[0]!.btf, [])), false);
});

Deno.test("exec program: is assembled for each recorded kernel, with its own offsets", () => {
  const maps = { ring: 3, scratch: 4, groups: 6, lost: 5 },
    limits = { argumentBytes: 512, components: 32, wakeBytes: 1 << 20 };
  const programs = RECORDED_TYPES.map(({ btf }) => execProgram(layoutOf(new Btf(btf, TYPE_NAMES)), maps, limits));
  assert.equal(programs[0]!.length, programs[1]!.length);
  assert.notDeepEqual(programs[0], programs[1]);
  assert.ok(programs[0]!.length < 8 * 4096, "the most that the kernel took before 5.2");
});

Deno.test("lifecycle programs: are assembled for each recorded kernel, and what tells the last task of a process is its own", () => {
  const maps = { ring: 3, lost: 5 }, [new618, old61] = RECORDED_TYPES.map(({ btf }) => new Btf(btf, TYPE_NAMES));
  const fork = (btf: Btf) => forkProgram(layoutOf(btf), maps, 4096);
  const exit = (btf: Btf, isTold: boolean) => exitProgram(layoutOf(btf), maps, 4096, isTold);
  assert.equal(fork(new618!).length, fork(old61!).length);
  assert.notDeepEqual(fork(new618!), fork(old61!));
  // r1 = *(u32 *)(r9 + 4): signal->live of both kernels; if r1 != 0 goto …
  const live = (code: Uint8Array) => [...code.subarray(16, 26)].map((byte) => byte.toString(16)).join(" ");
  assert.equal(live(exit(old61!, false)), "61 91 4 0 0 0 0 0 55 1");
  assert.equal(live(exit(new618!, false)), live(exit(old61!, false)));
  // r1 = *(u64 *)(r1 + 8): the second argument of the tracepoint.
  assert.equal(live(exit(new618!, true)), "79 11 8 0 0 0 0 0 57 1");
});

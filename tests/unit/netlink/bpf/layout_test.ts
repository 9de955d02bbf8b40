import assert from "node:assert/strict";
import { Btf } from "../../../../netlink/bpf/btf.ts";
import { execProgram } from "../../../../netlink/bpf/exec_program.ts";
import { layoutOf, tracepointOf, TYPE_NAMES } from "../../../../netlink/bpf/layout.ts";
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
  assert.throws(() => tracepointOf(btf), isBpf);
});

Deno.test("exec program: is assembled for each recorded kernel, with its own offsets", () => {
  const maps = { ring: 3, scratch: 4, lost: 5 }, limits = { argumentBytes: 512, components: 32, wakeBytes: 1 << 20 };
  const programs = RECORDED_TYPES.map(({ btf }) => execProgram(layoutOf(new Btf(btf, TYPE_NAMES)), maps, limits));
  assert.equal(programs[0]!.length, programs[1]!.length);
  assert.notDeepEqual(programs[0], programs[1]);
  assert.ok(programs[0]!.length < 8 * 4096, "the most that the kernel took before 5.2");
});

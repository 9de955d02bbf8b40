import assert from "node:assert/strict";
import { parseProgramTime } from "../../../../scripts/bench/program_time.ts";

// As Linux 6.18 prints /proc/PID/fdinfo/FD of a program, and of a socket.
const PROGRAM = "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1062\nprog_type:\t26\nprog_jited:\t1\n" +
  "prog_tag:\t4f1ccbcb0b3b5d5e\nmemlock:\t8192\nprog_id:\t31\nrun_time_ns:\t123456\nrun_cnt:\t50\nrecursion_misses:\t0\n";
const SOCKET = "pos:\t0\nflags:\t02000002\nmnt_id:\t9\nino:\t51234\n";

Deno.test("bench: a BPF program's runs and their time, from its descriptor", () => {
  assert.deepEqual(parseProgramTime(PROGRAM), { nanoseconds: 123456, runs: 50 });
  assert.equal(parseProgramTime(SOCKET), undefined);
});

import assert from "node:assert/strict";
import { ProcessStat } from "../../../../fingerprint/proc/stat.ts";
import { readTextFile } from "../../../../fingerprint/proc/files.ts";
import { CMDLINE_BYTES, Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";
import { SystemCallError } from "../../../../netlink/linux/errors.ts";

const root = new URL("../../../fixtures/proc/host", import.meta.url).pathname;
const libc = new Libc();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function withProcfs(folder: string, use: (procfs: Procfs) => void): void {
  const procfs = new Procfs(libc, folder);
  try {
    use(procfs);
  } finally {
    procfs.close();
  }
}

Deno.test("what is read of a process", () => {
  withProcfs(root, (procfs) => {
    const exe = (pid: number) => text(procfs.path.subarray(0, procfs.readExe(pid)));
    assert.equal(exe(310), "/usr/bin/bash");
    assert.equal(exe(1), "/usr/lib/systemd/systemd"); // the longer path that was read before is gone
    assert.equal(exe(315), "/opt/old tool (deleted)");
    assert.equal(text(procfs.cmdline.subarray(0, procfs.readCmdline(311))), "/bin/sh\0./server.sh\0--port\x0080\0");
    assert.equal(text(procfs.cmdline.subarray(0, procfs.readCmdline(400))), "sshd: u@pts/0\0\0\0");
    assert.equal(procfs.readCmdline(37), 0);
    assert.equal(procfs.readCwd(311), "/srv/app");
    assert.equal(procfs.readCwd(315), "/srv/gone (deleted)");
    assert.equal(text(procfs.readComm(37)!), "kworker/0:1-events");
    assert.equal(text(procfs.readComm(315)!), "a) (b) R 1 9");
    const stat = new ProcessStat();
    assert.ok(procfs.readStat(315, stat));
    assert.deepEqual([stat.parent, stat.state, stat.threads, stat.startTicks], [310, 82, 3, 7600]);
    assert.equal(procfs.errors, 0);
  });
});

Deno.test("a process that has gone is no error, and one without an executable neither", () => {
  withProcfs(root, (procfs) => {
    assert.equal(procfs.readExe(999), -2);
    assert.equal(procfs.readExe(2), -2);
    assert.equal(procfs.readCmdline(999), -2);
    assert.equal(procfs.readCwd(999), undefined);
    assert.equal(procfs.readComm(999), undefined);
    assert.equal(procfs.readStat(999, new ProcessStat()), false);
    assert.equal(procfs.readExe(4194304), -2);
    assert.equal(procfs.errors, 0);
  });
});

Deno.test("a read that fails for another reason is counted", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/5`, ""); // a file where a folder should be: ENOTDIR
    withProcfs(folder, (procfs) => {
      assert.equal(procfs.readExe(5), -20);
      assert.equal(procfs.readCmdline(5), -20);
      assert.equal(procfs.readStat(5, new ProcessStat()), false);
      assert.equal(procfs.errors, 3);
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a long command line is cut, and a stat that is none is refused", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${folder}/5`);
    Deno.writeTextFileSync(`${folder}/5/cmdline`, "x".repeat(CMDLINE_BYTES + 5));
    Deno.writeTextFileSync(`${folder}/5/stat`, "5 (x) S");
    withProcfs(folder, (procfs) => {
      assert.equal(procfs.readCmdline(5), CMDLINE_BYTES);
      assert.equal(procfs.readStat(5, new ProcessStat()), false);
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("an image is shared where memory is laid out alike and the executable is one", () => {
  const folder = Deno.makeTempDirSync();
  const add = (pid: number, startStack: number, executable: string) => {
    Deno.mkdirSync(`${folder}/${pid}`);
    // Fields from the third on; startcode is the 26th, startstack the 28th, start_brk the 47th.
    const fields = Array.from({ length: 50 }, (_, i) => i + 3 === 28 ? startStack : i + 3);
    Deno.writeTextFileSync(`${folder}/${pid}/stat`, `${pid} (a) b) ${fields.join(" ")}\n`);
    Deno.writeTextFileSync(`${folder}/${executable}`, "");
    Deno.symlinkSync(`${folder}/${executable}`, `${folder}/${pid}/exe`);
  };
  try {
    add(1, 4096, "one");
    add(2, 4096, "one");
    add(3, 8192, "one"); // executed again
    add(4, 4096, "two"); // another program, where layouts aren't random
    add(5, 0, "one"); // of a process that may not be asked
    withProcfs(folder, (procfs) => {
      const shared = [2, 3, 4, 5, 6].map((pid) => procfs.sharesImage(pid, 1));
      assert.deepEqual(shared, [true, false, false, false, false]);
      assert.equal(procfs.sharesImage(5, 5), false);
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("processes are the folders that are called by a number", () => {
  withProcfs(root, (procfs) => {
    assert.deepEqual([...procfs.processIds()].sort((a, b) => a - b), [1, 2, 37, 310, 311, 312, 313, 314, 315, 400]);
    assert.equal(procfs.readText("sys/kernel/pid_max"), "32768\n");
    assert.equal(procfs.readText("sys/kernel/none"), undefined);
  });
});

Deno.test("thousands of processes are listed, each once", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const want = Array.from({ length: 3000 }, (_, i) => 7 * i + 1);
    for (const id of want) Deno.mkdirSync(`${folder}/${id}`);
    for (const name of ["-1", "1x", "x1", "01x", "99999999999", "self"]) Deno.mkdirSync(`${folder}/${name}`);
    withProcfs(folder, (procfs) => assert.deepEqual([...procfs.processIds()].sort((a, b) => a - b), want));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a folder that is not there, or no /proc, is an error with its remedy", () => {
  assert.throws(() => new Procfs(libc, `${root}/none`), (error) => {
    return error instanceof SystemCallError && /mount procfs/.test(error.message);
  });
  withProcfs(
    `${root}/sys`,
    (procfs) => assert.throws(() => procfs.processIds(), /Cannot list processes: .*mount procfs/),
  );
});

Deno.test("this machine's own /proc", () => {
  withProcfs("/proc", (procfs) => {
    assert.ok(procfs.processIds().includes(Deno.pid));
    assert.equal(text(procfs.path.subarray(0, procfs.readExe(Deno.pid))), Deno.realPathSync(Deno.execPath()));
    assert.equal(procfs.readCwd(Deno.pid), Deno.cwd());
    const stat = new ProcessStat();
    assert.ok(procfs.readStat(Deno.pid, stat));
    assert.equal(stat.parent, Deno.ppid);
    assert.ok(stat.threads > 0 && !stat.isKernelThread && !stat.neverExecuted && !stat.hasEnded);
  });
  assert.equal(readTextFile(libc, "/proc/none"), undefined);
});

import assert from "node:assert/strict";
import { EXEC_RECORD, ExecRecord } from "../../../../netlink/bpf/exec_record.ts";
import { madeRecord } from "./made_records.ts";
import { BROKEN, CUT, DELETED, DETACHED, writePath } from "../../../../netlink/bpf/record_path.ts";
import { RECORDED, RING_DATA, ringWith } from "./recorded_ring.ts";

const UTF8 = new TextDecoder();

function eachRecord(look: (view: DataView, at: number, length: number, index: number) => void): void {
  const { reader, produce } = ringWith(RING_DATA);
  produce(RECORDED.produced);
  let index = 0;
  reader.drain({ record: (at, length) => look(reader.view, at, length, index++) });
}

Deno.test("exec record: the recorded launches are told as they were made", () => {
  const record = new ExecRecord(), path = new Uint8Array(4200);
  let before = 0;
  eachRecord((view, at, length, index) => {
    const launch = RECORDED.execs[index]!, bytes = new Uint8Array(view.buffer, view.byteOffset);
    assert.ok(record.read(view, at, length));
    const text = (from: number, to: number, flags: number) =>
      UTF8.decode(path.subarray(0, writePath(bytes, from, to, flags, path)));
    assert.equal(text(record.pathAt, record.nameAt, record.pathFlags), RECORDED.executables[index]);
    assert.equal(text(record.folderAt, record.groupAt, record.folderFlags), launch.folder);
    assert.equal(UTF8.decode(bytes.subarray(record.nameAt, record.argumentsAt)), `${launch.path}\0`);
    const isScript = launch.path.endsWith("script");
    const argv = isScript ? ["/bin/sh", launch.path, ...launch.args] : [launch.path, ...launch.args];
    const whole = argv.map((argument) => `${argument}\0`).join("");
    assert.equal(UTF8.decode(bytes.subarray(record.argumentsAt, record.optionsAt)), whole.slice(0, 512));
    assert.equal(record.hasAllArguments, whole.length <= 512);
    assert.equal(record.u32(EXEC_RECORD.argumentTotal), new TextEncoder().encode(whole).length);
    assert.equal(record.isScript, isScript);
    assert.equal(record.enteredRoot, false);
    assert.equal(record.mode, 0o100755);
    // /dev/null, as Deno gives it to what it launches.
    assert.deepEqual([record.environment, record.inputMode & 0o170000], [0, 0o020000]);
    assert.deepEqual([record.inputDetail, record.folderAt], [1, record.optionsAt]);
    assert.ok(record.timeNs > before && record.startNs > 0 && record.tgid > 0);
    assert.equal(record.u32(EXEC_RECORD.tid), record.tgid);
    before = record.timeNs;
  });
});

Deno.test("exec record: every truncation of a record is refused", () => {
  const record = new ExecRecord();
  eachRecord((view, at, length) => {
    const used = (record.read(view, at, length), record.groupAt - at);
    for (let cut = 0; cut < used; cut++) assert.equal(record.read(view, at, cut), false, `${cut} bytes`);
    assert.equal(record.read(view, view.byteLength - 8, length), false);
    assert.equal(record.read(view, -8, length), false);
  });
});

const NAMES = new TextEncoder().encode("true\0bin\0usr\0");
for (
  const [what, bytes, flags, want] of [
    ["names from the last to the first", NAMES, 0, "/usr/bin/true"],
    ["the root itself", new Uint8Array(0), 0, "/"],
    ["an unlinked file", NAMES, DELETED, "/usr/bin/true"],
    ["a file without a place", new TextEncoder().encode("memfd:x\0"), DETACHED, "/memfd:x"],
    ["one that is too deep", NAMES, CUT, undefined],
    ["one that could not be read", NAMES, BROKEN, undefined],
    ["a name without its end", NAMES.subarray(0, -1), 0, undefined],
  ] as const
) {
  Deno.test(`exec record: ${what} is written from the root on`, () => {
    const into = new Uint8Array(64), length = writePath(bytes, 0, bytes.length, flags, into);
    assert.equal(length < 0 ? undefined : UTF8.decode(into.subarray(0, length)), want);
    if (length > 0) assert.equal(writePath(bytes, 0, bytes.length, flags, new Uint8Array(length - 1)), -1, "no room");
  });
}

Deno.test("exec record: a control group stands behind the folder, where it is told", () => {
  const record = new ExecRecord(), into = new Uint8Array(600);
  for (const groupPath of [undefined, "/system.slice/a.service", `/${"n".repeat(255)}/b`]) {
    const bytes = madeRecord({ pid: 7, path: "/bin/true", folder: "/srv/x", group: 5, ...groupPath && { groupPath } });
    assert.ok(record.read(new DataView(bytes.buffer), 0, bytes.length));
    const text = (at: number, end: number) => UTF8.decode(into.subarray(0, writePath(bytes, at, end, 0, into)));
    assert.equal(text(record.folderAt, record.groupAt), "/srv/x");
    assert.equal(record.groupAt < record.end ? text(record.groupAt, record.end) : undefined, groupPath);
    assert.equal(record.controlGroup, 5);
    // One that is cut is refused, or told without what is behind the folder.
    for (let length = 0; length < bytes.length; length++) {
      if (record.read(new DataView(bytes.buffer), 0, length)) assert.ok(record.groupAt <= length, String(length));
    }
  }
});

Deno.test("exec record: devices are numbered as stat(2) numbers them", () => {
  const view = new DataView(new ArrayBuffer(EXEC_RECORD.header)), record = new ExecRecord();
  view.setUint32(EXEC_RECORD.device, 254 << 20, true);
  view.setUint32(EXEC_RECORD.rootDevice, 339, true);
  assert.ok(record.read(view, 0, EXEC_RECORD.header));
  assert.equal(record.device, 0xfe00);
  assert.equal(record.rootDevice, 0x100053);
});

/** Offsets, sizes and constants are those that a C compiler finds in the installed kernel headers. */

import assert from "node:assert/strict";
import type { FileStatus } from "../../fingerprint/proc/mod.ts";
import { learnKnownExecutables } from "../../fingerprint/programs/known_executables.ts";
import type { BasePaths, Files } from "../../fingerprint/base/mod.ts";
import { Procfs } from "../../fingerprint/proc/procfs.ts";
import type { Programs } from "../../fingerprint/programs/naming.ts";
import * as constants from "../../netlink/linux/constants.ts";
import { attachFilter, type Instruction } from "../../netlink/filter.ts";
import { Libc } from "../../netlink/linux/libc.ts";
import { PROC_EVENT } from "../../netlink/proc_event.ts";
import { setShortSlice } from "../../netlink/linux/scheduling.ts";
import { NetlinkSocket } from "../../netlink/socket.ts";
import { TASKSTATS } from "../../netlink/taskstats.ts";
import { Waiter } from "../../netlink/linux/wake.ts";
import { CN_MSG, NLMSGHDR, SOCKADDR_NL } from "../../netlink/wire.ts";
import { requireTool } from "../require.ts";

/** Fields that the tests below look up, by struct. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  nlmsghdr: ["nlmsg_len", "nlmsg_type", "nlmsg_flags", "nlmsg_seq", "nlmsg_pid"],
  cn_msg: ["id.idx", "id.val", "seq", "ack", "len", "flags"],
  sockaddr_nl: ["nl_family", "nl_pid", "nl_groups"],
  genlmsghdr: ["cmd", "version"],
  nlattr: ["nla_len", "nla_type"],
  nlmsgerr: ["error"],
  mmsghdr: [
    "msg_len",
    "msg_hdr.msg_name",
    "msg_hdr.msg_namelen",
    "msg_hdr.msg_iov",
    "msg_hdr.msg_iovlen",
    "msg_hdr.msg_flags",
  ],
  iovec: ["iov_base", "iov_len"],
  sock_filter: ["code", "jt", "jf", "k"],
  sock_fprog: ["len", "filter"],
  pollfd: ["fd", "events", "revents"],
  timeval: ["tv_sec", "tv_usec"],
  statx: [
    "stx_nlink",
    "stx_uid",
    "stx_mode",
    "stx_ino",
    "stx_ctime.tv_sec",
    "stx_ctime.tv_nsec",
    "stx_dev_major",
    "stx_dev_minor",
    "stx_mnt_id",
  ],
  dirent64: ["d_ino", "d_off", "d_reclen", "d_type", "d_name"],
  sched_attr: ["size", "sched_policy", "sched_flags", "sched_nice", "sched_priority", "sched_runtime"],
};

/** Members of struct proc_event's union, and the fields of each that {@link PROC_EVENT} has under another name or not at all. */
const UNION: Readonly<Record<string, readonly (readonly [ours: string, theirs: string])[]>> = {
  fork: [["parent_pid", ""], ["parent_tgid", ""], ["child_pid", ""], ["child_tgid", ""]],
  exec: [["process_pid", ""], ["process_tgid", ""]],
  exit: [["process_pid", ""], ["process_tgid", ""], ["exit_code", ""], ["exit_signal", ""], ["parent_pid", ""], [
    "parent_tgid",
    "",
  ]],
  ack: [["err", ""]],
};

/** Fields of struct taskstats that version 12 brought; the installed header may be older. */
const SINCE_12 = new Set(["ac_tgid", "ac_tgetime", "ac_exe_dev", "ac_exe_inode"]);

const NUMBERS = [
  "TASKSTATS_VERSION",
  "SK_MEMINFO_RCVBUF",
  "SYS_getdents64",
  "SYS_statx",
  "SYS_sched_setattr",
  "SYS_gettid",
  "SYS_openat2",
  "SYS_capget",
  "SYS_capset",
  "SYS_bpf",
  "SYS_fsopen",
  "SYS_fsconfig",
  "SYS_fsmount",
];
const STATX_FIELDS = ["TYPE", "MODE", "NLINK", "UID", "MTIME", "CTIME", "INO", "SIZE", "MNT_ID"];
const STATX_NUMBERS = [...STATX_FIELDS.map((field) => `STATX_${field}`), "S_IFMT", "S_IFREG"];

function wanted(): string {
  const lines: string[] = [];
  for (const [type, fields] of Object.entries(FIELDS)) {
    lines.push(`SIZE(${type})`, ...fields.map((field) => `FIELD(${type}, ${field})`));
  }
  lines.push(
    "FIELD(proc_event, what)",
    "FIELD(proc_event, cpu)",
    "FIELD(proc_event, timestamp_ns)",
    "SIZE(proc_event)",
  );
  lines.push("FIELD(proc_event, event_data)");
  for (const [member, fields] of Object.entries(UNION)) {
    for (const [ours, theirs] of fields) lines.push(`FIELD(proc_event, event_data.${member}.${theirs || ours})`);
  }
  for (const field of Object.keys(TASKSTATS)) {
    if (SINCE_12.has(field)) lines.push("#if TASKSTATS_VERSION >= 12", `FIELD(taskstats, ${field})`, "#endif");
    else lines.push(`FIELD(taskstats, ${field})`);
  }
  for (const [name, value] of Object.entries(constants)) {
    lines.push(typeof value === "string" ? `TEXT(${name})` : `NUMBER(${name})`);
  }
  return [...lines, ...NUMBERS.map((name) => `NUMBER(${name})`), ...STATX_NUMBERS.map((name) => `NUMBER(${name})`)]
    .join("\n");
}

/** What the compiler says: the values of a line by what stands at its beginning. */
function compile(): ReadonlyMap<string, readonly string[]> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/wanted.inc`, wanted() + "\n");
    const source = new URL("offsets.c", import.meta.url).pathname;
    const args = ["-I", folder, "-o", `${folder}/offsets`, source];
    const built = new Deno.Command("cc", { args }).outputSync();
    assert.ok(built.success, new TextDecoder().decode(built.stderr));
    const text = new TextDecoder().decode(new Deno.Command(`${folder}/offsets`).outputSync().stdout);
    return new Map(
      text.trim().split("\n").map((line) => {
        const [name, ...values] = line.split(" ");
        return [name!, values];
      }),
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The compiler's answers. */
class Headers {
  readonly #answers = compile();
  #get(name: string): readonly string[] {
    const values = this.#answers.get(name);
    assert.ok(values !== undefined, `the headers have no ${name}`);
    return values;
  }
  offset(field: string): number {
    return Number(this.#get(field)[0]);
  }
  /** Size of a field, a struct; value of a constant. */
  size(name: string): number {
    return Number(this.#get(name).at(-1));
  }
  text(name: string): string {
    return this.#get(name).join(" ");
  }
}

const options = { ignore: requireTool("cc", "gcc libc6-dev linux-libc-dev") };
let headers: Headers | undefined;

function test(name: string, fn: (headers: Headers) => void): void {
  Deno.test({ name: `headers: ${name}`, ...options, fn: () => fn(headers ??= new Headers()) });
}

test("constants", (headers) => {
  const names = Object.keys(constants);
  assert.ok(names.length > 60);
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === "string") assert.equal(headers.text(name), value, name);
    else assert.equal(headers.size(name) | 0, value | 0, name); // an enumerator above 2^31 has a sign in C
  }
});

test("netlink and connector headers", (headers) => {
  const { size, ...fields } = NLMSGHDR;
  assert.equal(headers.size("nlmsghdr"), size);
  for (const [field, offset] of Object.entries(fields)) {
    assert.equal(headers.offset(`nlmsghdr.${field}`), offset, field);
  }

  const { end, ...inMessage } = CN_MSG;
  assert.equal(headers.size("cn_msg"), end - size);
  for (const [field, offset] of Object.entries(inMessage)) {
    const name = field === "idx" || field === "val" ? `id.${field}` : field;
    assert.equal(headers.offset(`cn_msg.${name}`), offset - size, field);
  }
  assert.equal(headers.size("sockaddr_nl"), SOCKADDR_NL.size);
  for (const field of ["nl_family", "nl_pid", "nl_groups"] as const) {
    assert.equal(headers.offset(`sockaddr_nl.${field}`), SOCKADDR_NL[field], field);
  }
  // What genetlink.ts counts on: the command first, four bytes of header, an error number behind the netlink header.
  assert.deepEqual(
    [headers.offset("genlmsghdr.cmd"), headers.offset("genlmsghdr.version"), headers.size("genlmsghdr")],
    [0, 1, 4],
  );
  assert.deepEqual([headers.offset("nlattr.nla_len"), headers.offset("nlattr.nla_type"), headers.size("nlattr")], [
    0,
    2,
    4,
  ]);
  assert.equal(headers.offset("nlmsgerr.error"), 0);
});

test("struct proc_event", (headers) => {
  const start = CN_MSG.end, known = PROC_EVENT as unknown as Record<string, number | Record<string, number>>;
  for (const field of ["what", "cpu", "timestamp_ns", "event_data"]) {
    assert.equal(headers.offset(`proc_event.${field}`) + start, known[field], field);
  }
  assert.deepEqual(Object.keys(known).filter((name) => typeof known[name] === "object"), Object.keys(UNION));
  for (const [member, fields] of Object.entries(UNION)) {
    const ours = known[member] as Record<string, number>;
    assert.deepEqual(
      Object.keys(ours).filter((name) => !/end$/i.test(name)).sort(),
      fields.map(([name]) => name).sort(),
    );
    let end = 0;
    for (const [field, theirs] of fields) {
      const name = `proc_event.event_data.${member}.${theirs || field}`;
      assert.equal(headers.offset(name) + start, ours[field], name);
      end = Math.max(end, headers.offset(name) + start + headers.size(name));
    }
    assert.equal(ours["fullEnd"] ?? ours["end"], end, `${member}: end`);
  }
  assert.equal(headers.size("proc_event") + start, PROC_EVENT.exit.fullEnd);
});

test("struct taskstats", (headers) => {
  const version = headers.size("TASKSTATS_VERSION");
  assert.ok(version >= 8 && version !== 15, `the installed header is version ${version}`);
  const sizes: Readonly<Record<string, number>> = {
    version: 2,
    ac_exitcode: 4,
    ac_flag: 1,
    ac_comm: 32,
    ac_uid: 4,
    ac_pid: 4,
    ac_ppid: 4,
    ac_btime: 4,
    ac_tgid: 4,
  };
  for (const [field, offset] of Object.entries(TASKSTATS)) {
    const name = `taskstats.${field}`;
    if (version < 12 && SINCE_12.has(field)) continue;
    assert.deepEqual([headers.offset(name), headers.size(name)], [offset, sizes[field] ?? 8], name);
  }
});

/** A made-up C library that keeps what it is given; the addresses of buffers are numbers of this table. */
class Capture {
  readonly buffers: Uint8Array<ArrayBuffer>[] = [];
  readonly call: Record<string, (...args: never[]) => number>;
  readonly number = { getdents64: 1, statx: 2, sched_setattr: 3, gettid: 4 };
  constructor(call: Record<string, (...args: never[]) => number>) {
    this.call = call;
  }
  get libc(): Libc {
    return this as unknown as Libc;
  }
  get errno(): number {
    return 11; // EAGAIN
  }
  address(bytes: Uint8Array<ArrayBuffer>): bigint {
    return BigInt(this.buffers.push(bytes)) << 32n;
  }
  /** The buffer and the offset in it that an address means. */
  at(address: bigint): { bytes: Uint8Array<ArrayBuffer>; offset: number } {
    return { bytes: this.buffers[Number(address >> 32n) - 1]!, offset: Number(address & 0xffffffffn) };
  }
  check(result: number): number {
    assert.ok(result >= 0);
    return result;
  }
}

test("struct mmsghdr and struct iovec", (headers) => {
  const batch = 3, datagramBytes = 40, at = (field: string) => headers.offset(`mmsghdr.${field}`);
  let calls = 0;
  const c = new Capture({
    socket: () => 3,
    bind: () => 0,
    setsockopt: () => 0,
    getsockopt: (_fd: number, _level: number, _name: number, value: Uint8Array<ArrayBuffer>) => {
      new DataView(value.buffer).setUint32(4 * headers.size("SK_MEMINFO_RCVBUF"), 4711, true);
      return 0;
    },
    recvmmsg: (_fd: number, messages: Uint8Array<ArrayBuffer>) => {
      calls++;
      const view = new DataView(messages.buffer), size = headers.size("mmsghdr");
      assert.equal(messages.length, batch * size);
      for (let i = 0; i < batch; i++) {
        const pointer = (field: string) => c.at(view.getBigUint64(i * size + at(field), true));
        assert.equal(view.getBigUint64(i * size + at("msg_hdr.msg_iovlen"), true), 1n);
        assert.equal(view.getUint32(i * size + at("msg_hdr.msg_namelen"), true), headers.size("sockaddr_nl"));
        const vector = pointer("msg_hdr.msg_iov"), vectorView = new DataView(vector.bytes.buffer);
        const base = vectorView.getBigUint64(vector.offset + headers.offset("iovec.iov_base"), true);
        assert.equal(
          vectorView.getBigUint64(vector.offset + headers.offset("iovec.iov_len"), true),
          BigInt(datagramBytes),
        );
        assert.equal(vector.offset, i * headers.size("iovec"));
        const data = c.at(base);
        assert.ok(data.bytes.length >= data.offset + datagramBytes);
        data.bytes[data.offset] = 100 + i;
        const name = pointer("msg_hdr.msg_name");
        const port = name.offset + headers.offset("sockaddr_nl.nl_pid");
        new DataView(name.bytes.buffer).setUint32(port, i === 2 ? 77 : 0, true);
        view.setUint32(i * size + at("msg_hdr.msg_flags"), i === 1 ? headers.size("MSG_TRUNC") : 0, true);
        view.setUint32(i * size + at("msg_len"), 30 + i, true);
      }
      return batch;
    },
  });
  const socket = new NetlinkSocket(c.libc, { protocol: 11, groups: 1, batch, datagramBytes, receiveBuffer: 1 });
  assert.equal(socket.receiveBufferBytes, 4711);
  assert.equal(socket.receive(), batch);
  assert.equal(calls, 1);
  assert.deepEqual([0, 1, 2].map((i) => socket.view.getUint8(i * datagramBytes)), [100, 101, 102]);
  assert.deepEqual([0, 1, 2].map((i) => socket.lengthOf(i)), [30, 0, 0]);
});

test("struct sock_filter and struct sock_fprog", (headers) => {
  const program: Instruction[] = [[0x1234, 0x56, 0x78, 0x9abcdef0], [6, 1, 2, 3]];
  let seen = 0;
  const c = new Capture({
    setsockopt: (_fd: number, _level: number, _name: number, value: Uint8Array<ArrayBuffer>, length: number) => {
      assert.equal(length, headers.size("sock_fprog"));
      const view = new DataView(value.buffer);
      assert.equal(view.getUint16(headers.offset("sock_fprog.len"), true), program.length);
      const code = c.at(view.getBigUint64(headers.offset("sock_fprog.filter"), true));
      const codeView = new DataView(code.bytes.buffer), size = headers.size("sock_filter");
      assert.equal(code.bytes.length, program.length * size);
      program.forEach(([op, jumpTrue, jumpFalse, k], i) => {
        const at = (field: string) => i * size + headers.offset(`sock_filter.${field}`);
        assert.deepEqual(
          [
            codeView.getUint16(at("code"), true),
            code.bytes[at("jt")],
            code.bytes[at("jf")],
            codeView.getUint32(at("k"), true),
          ],
          [op, jumpTrue, jumpFalse, k],
        );
        seen++;
      });
      return 0;
    },
  });
  attachFilter(c.libc, 3, program);
  assert.equal(seen, program.length);
});

test("struct pollfd", (headers) => {
  const size = headers.size("pollfd"), at = (field: string) => headers.offset(`pollfd.${field}`);
  let ready = [0, 0];
  const c = new Capture({
    poll: (fds: Uint8Array<ArrayBuffer>, count: number) => {
      const view = new DataView(fds.buffer);
      assert.deepEqual([count, fds.length], [2, 2 * size]);
      assert.deepEqual([0, 1].map((i) => view.getInt32(i * size + at("fd"), true)), [41, 42]);
      for (const i of [0, 1]) {
        assert.equal(view.getInt16(i * size + at("events"), true), headers.size("POLLIN"));
        view.setInt16(i * size + at("revents"), ready[i]!, true);
      }
      return 0;
    },
    read: () => 8,
  });
  const waiter = new Waiter(c.libc, 41, 42);
  for (ready of [[0, 0], [1, 0], [0, 1], [8, 1]]) {
    waiter.wait(0);
    assert.deepEqual([waiter.sourceReady, waiter.takeWake()], [ready[0] !== 0, ready[1] !== 0]);
    assert.equal(waiter.takeWake(), false);
  }
});

test("struct timeval", (headers) => {
  let time: DataView | undefined;
  const c = new Capture({
    socket: () => 3,
    bind: () => 0,
    getsockopt: () => 0,
    setsockopt: (_fd: number, _level: number, name: number, value: Uint8Array<ArrayBuffer>, length: number) => {
      if (name === headers.size("SO_RCVTIMEO")) time = new DataView(value.buffer, 0, length);
      return 0;
    },
  });
  new NetlinkSocket(c.libc, { protocol: 11, groups: 1, batch: 1, datagramBytes: 8, receiveBuffer: 1 }).setTimeout(40);
  const view = time!;
  assert.equal(view.byteLength, headers.size("timeval"));
  assert.deepEqual(
    [
      view.getBigInt64(headers.offset("timeval.tv_sec"), true),
      view.getBigInt64(headers.offset("timeval.tv_usec"), true),
    ],
    [0n, 40_000n],
  );
});

test("struct sched_attr", (headers) => {
  let attributes: DataView | undefined;
  const c = new Capture({
    sched_setattr: (_number: number, pid: number, bytes: Uint8Array<ArrayBuffer>, flags: number) => {
      assert.deepEqual([pid, flags], [0, 0]);
      attributes = new DataView(bytes.buffer);
      return 0;
    },
  });
  setShortSlice(c.libc);
  const view = attributes!, at = (field: string) => headers.offset(`sched_attr.${field}`);
  assert.equal(view.getUint32(at("size"), true), view.byteLength);
  assert.ok(view.byteLength <= headers.size("sched_attr") && view.byteLength >= at("sched_runtime") + 8);
  assert.equal(view.getUint32(at("sched_policy"), true), headers.size("SCHED_OTHER"));
  assert.equal(view.getBigUint64(at("sched_flags"), true), 0n);
  assert.equal(view.getInt32(at("sched_nice"), true), 0);
  assert.equal(view.getUint32(at("sched_priority"), true), 0);
  assert.equal(view.getBigUint64(at("sched_runtime"), true), 100_000n);
});

test("struct statx", (headers) => {
  const at = (field: string) => headers.offset(`statx.${field}`);
  const c = new Capture({
    readlinkat: () => -1, // no link
    statx: (
      _number: number,
      _folder: number,
      path: Uint8Array,
      _flags: number,
      mask: number,
      bytes: Uint8Array<ArrayBuffer>,
    ) => {
      assert.equal(bytes.length, headers.size("statx"));
      assert.equal(
        mask,
        STATX_FIELDS.reduce(
          (mask, name) => mask | headers.size(`STATX_${name}`),
          0,
        ),
      );
      const view = new DataView(bytes.buffer), isFolder = path[path.length - 2] === 0x64; // "…/d"
      view.setUint16(at("stx_mode"), (isFolder ? 0o040000 : headers.size("S_IFREG")) | 0o755, true);
      view.setBigUint64(at("stx_ino"), 0x1234567_89abcdefn, true);
      view.setUint32(at("stx_nlink"), 3, true);
      view.setUint32(at("stx_uid"), 4, true);
      view.setBigInt64(at("stx_ctime.tv_sec"), 5n, true);
      view.setUint32(at("stx_ctime.tv_nsec"), 6, true);
      view.setBigUint64(at("stx_mnt_id"), 7n, true);
      view.setUint32(at("stx_dev_major"), 0xfe, true);
      view.setUint32(at("stx_dev_minor"), 0x153, true);
      return 0;
    },
  });
  const learned: unknown[] = [];
  const inodes = {
    know(path: Uint8Array, file: FileStatus): number {
      const { device, inodeLow, inodeHigh, links, owner, changedSeconds, changedNanoseconds, mode, mount } = file;
      const name = new TextDecoder().decode(path);
      return learned.push([
        name,
        device,
        inodeLow,
        inodeHigh,
        links,
        owner,
        changedSeconds,
        changedNanoseconds,
        mode,
        mount,
      ]);
    },
  };
  const files = { list: (folder: string) => folder === "/usr/bin" ? ["d", "e"] : undefined };
  const base = { paths: ["/usr/bin/e", "/usr/lib/openssh/f"].values() };
  learnKnownExecutables(
    c.libc,
    files as unknown as Files,
    base as unknown as BasePaths,
    { inodes } as unknown as Programs,
  );
  const file = [0x10fe53, 0x89abcdef, 0x1234567, 3, 4, 5, 6, 0o100755, 7];
  assert.deepEqual(learned, [["/usr/bin/e", ...file], ["/usr/lib/openssh/f", ...file]]); // e once
});

test("struct linux_dirent64", (headers) => {
  // The kernel's struct isn't in a header; the C library's dirent64 is the same.
  const at = (field: string) => headers.offset(`dirent64.${field}`);
  let listed = false;
  const c = new Capture({
    open: () => 5,
    openat: () => 6,
    close: () => 0,
    getdents64: (_number: number, _fd: number, bytes: Uint8Array<ArrayBuffer>) => {
      if (listed) return 0;
      listed = true;
      const view = new DataView(bytes.buffer);
      let end = 0;
      for (const name of [".", "1", "self", "4194304", "12x"]) {
        const length = Math.ceil((at("d_name") + name.length + 1) / 8) * 8;
        bytes.fill(0xff, end, end + length);
        view.setUint16(end + at("d_reclen"), length, true);
        bytes.set(new TextEncoder().encode(name + "\0"), end + at("d_name"));
        end += length;
      }
      return end;
    },
  });
  assert.deepEqual([...new Procfs(c.libc, "/anywhere").processIds()], [1, 4194304]);
});

// The C library stays open, as it does in the exporter.
Deno.test({ name: "headers: system call numbers", ...options, sanitizeResources: false }, () => {
  headers ??= new Headers();
  for (const [name, number] of Object.entries(new Libc().number)) {
    assert.equal(headers.size(`SYS_${name}`), number, name);
  }
});

import assert from "node:assert/strict";
import { NO_READINGS } from "../programs/no_readings.ts";
import { NO_RING, openEvents, openRing, type RingWish } from "../../../../fingerprint/worker/opening.ts";
import type { WorkerConfig } from "../../../../fingerprint/worker/protocol.ts";
import { constants as c, type Libc, SourceUnavailableError, SystemCallError } from "../../../../netlink/mod.ts";
import { RECORDED_TYPES } from "../../netlink/bpf/types.ts";

/** Commands of bpf(2). */
const MAP_CREATE = 0, PROG_LOAD = 5;

/** A kernel that refuses a command of bpf(2) with an error number, has no netlink, and gives the caller no capability. */
class Kernel {
  refused = -1;
  errno = 0;
  /** What the verifier says. */
  verifier = "";
  readonly open = new Set<number>();
  #next = 10;
  #left = 0;
  readonly #buffers: Uint8Array[] = [];

  readonly libc = Object.defineProperty(
    {
      number: { bpf: 321, capget: 125 },
      pageBytes: 4096,
      call: {
        open: () => (this.#left = 2, this.#new()),
        openat: () => (this.#left = 2, this.#new()),
        read: (_fd: number, into: Uint8Array) => {
          const types = RECORDED_TYPES[0]!.btf.subarray(0, into.length);
          if (--this.#left === 0) return 0;
          into.set(types);
          return types.length;
        },
        close: (fd: number) => this.open.delete(fd) ? 0 : -1,
        bpf: (_number: number, command: number, attr: Uint8Array<ArrayBuffer>) => {
          if (command !== this.refused) return this.#new();
          const address = command === PROG_LOAD ? Number(new DataView(attr.buffer).getBigUint64(32, true)) : 0;
          if (address > 0) new TextEncoder().encodeInto(this.verifier, this.#buffers[address - 1]!);
          return -1;
        },
        socket: () => -1,
        capabilities: () => 0,
      },
      address: (bytes: Uint8Array) => BigInt(this.#buffers.push(bytes)),
      map: (_fd: number, length: number) => ({ bytes: new ArrayBuffer(length), close: () => {} }),
      prctl: () => 0,
      check: (result: number, op: string) => {
        if (result < 0) throw new SystemCallError(op, this.errno);
        return result;
      },
    },
    "errno",
    { get: () => this.errno },
  ) as unknown as Libc;

  #new(): number {
    this.open.add(this.#next);
    return this.#next++;
  }
}

function scene(refused = -1, errno = 0, source: RingWish["source"] = "auto") {
  const kernel = Object.assign(new Kernel(), { refused, errno }), lines: string[] = [];
  const log = (level: string, message: string, fields = {}) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const wish = (capture: RingWish["capture"], handedOver?: string): RingWish => ({
    source,
    capture,
    ringBytes: 4096,
    handedOver,
  });
  return {
    kernel,
    lines,
    ring: (capture: RingWish["capture"], handedOver?: string) => openRing(kernel.libc, wish(capture, handedOver), log),
    connector: (capture: RingWish["capture"]) =>
      openEvents(kernel.libc, { ...wish(capture), receiveBuffer: 0 } as WorkerConfig, -1, log, NO_READINGS),
  };
}

const isBpf = (error: unknown) => error instanceof SourceUnavailableError && error.source === "bpf";

Deno.test("opening: names come from the ring where it can be had", () => {
  for (const capture of ["auto", "bpf"] as const) {
    const { ring, kernel, lines } = scene(), opened = ring(capture)!;
    assert.ok(kernel.open.size > 0);
    opened.close();
    assert.deepEqual([...kernel.open], []);
    assert.deepEqual(lines, []);
  }
});

Deno.test("opening: auto goes on without the ring, and says once why and what helps", () => {
  const { ring, kernel, lines } = scene(MAP_CREATE, c.EPERM);
  assert.equal(ring("auto"), undefined);
  assert.deepEqual(lines, [
    "warn Cannot use BPF: not permitted (EPERM); run as root, or with CAP_BPF and CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN); " +
    'going on with names from /proc {"source":"bpf","reason":"not-permitted"}',
  ]);
  assert.deepEqual([...kernel.open], []);
});

Deno.test("opening: bpf fails instead, with the same words", () => {
  const { ring, kernel, lines } = scene(MAP_CREATE, c.EPERM);
  assert.throws(() => ring("bpf"), (error: Error) => isBpf(error) && /CAP_BPF and CAP_PERFMON/.test(error.message));
  assert.deepEqual(lines, []);
  assert.deepEqual([...kernel.open], []);
});

Deno.test("opening: proc, and a ring that could not be had before, are nothing to try", () => {
  const { ring, kernel, lines } = scene(MAP_CREATE, c.EPERM);
  Object.assign(kernel.libc.call, { open: () => assert.fail("the types are read") });
  for (const [capture, handedOver] of [["proc", undefined], ["proc", "3,4,5,6"], ["auto", NO_RING]] as const) {
    assert.equal(ring(capture, handedOver), undefined);
  }
  assert.deepEqual(lines, []);
});

Deno.test("opening: what was handed over and is no ring is said, or fails", () => {
  const { ring, lines } = scene();
  assert.equal(ring("auto", "some ring"), undefined);
  assert.match(lines.join("\n"), /^warn Cannot use BPF: what was handed over is no ring of execs; going on .*$/);
  assert.throws(() => ring("bpf", "some ring"), isBpf);
});

Deno.test("opening: for all events the ring is a must, with two programs more than for names", () => {
  const opened = (source: RingWish["source"]) => {
    const { ring, kernel } = scene(-1, 0, source);
    ring("auto");
    return kernel.open.size;
  };
  assert.equal(opened("bpf") - opened("auto"), 4, "two programs and their links");
  for (const handedOver of [undefined, NO_RING, "some ring", "3,4,5,6"]) {
    const { ring, connector, kernel, lines } = scene(MAP_CREATE, c.EPERM, "bpf");
    assert.throws(() => ring("auto", handedOver), isBpf);
    if (handedOver === undefined) assert.throws(() => connector("auto"), isBpf);
    assert.deepEqual([lines, [...kernel.open]], [[], []]);
  }
});

Deno.test("opening: the verifier's last words are for those who debug", () => {
  for (const capture of ["auto", "bpf"] as const) {
    const { ring, kernel, lines } = scene(PROG_LOAD, c.EACCES);
    kernel.verifier = `${"0: nop ".repeat(1000)}the reason`;
    if (capture === "auto") assert.equal(ring(capture), undefined);
    else assert.throws(() => ring(capture), isBpf);
    assert.match(lines[0]!, /^debug What the verifier said last .*the reason"\}$/);
    assert.ok(lines[0]!.length < 2100);
    assert.equal(lines.length, capture === "auto" ? 2 : 1);
    assert.deepEqual([...kernel.open], []);
  }
});

Deno.test("opening: without the connector the ring is closed, and that isn't blamed on BPF", () => {
  const { connector, kernel, lines } = scene();
  kernel.errno = c.EPERM;
  const isConnector = (error: unknown) => error instanceof SourceUnavailableError && error.source === "connector";
  for (const capture of ["auto", "bpf", "proc"] as const) {
    const before = kernel.open.size;
    assert.throws(() => connector(capture), isConnector);
    assert.equal(kernel.open.size, before, capture);
  }
  assert.deepEqual(lines, []);
});

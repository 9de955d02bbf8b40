import assert from "node:assert/strict";
import { Accounting } from "../../../netlink/accounting.ts";
import { SourceUnavailableError, SystemCallError, type Unavailable } from "../../../netlink/linux/errors.ts";
import { allRecords, attribute, fromHex, genericMessage, recorded } from "./datagrams.ts";
import { FakeKernel } from "./fake_kernel.ts";

/** nlmsgerr: the negated error number behind a header of type 2. */
function answer(errno: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(36), view = new DataView(bytes.buffer);
  view.setUint32(0, 36, true);
  view.setUint16(4, 2, true);
  view.setInt32(16, -errno, true);
  return bytes;
}

const [family] = recorded.family.answers.map(fromHex);
const isResolve = (message: Uint8Array<ArrayBuffer>) => new DataView(message.buffer).getUint16(4, true) === 16;

/** A kernel that knows the family, and answers a registration with an error number or success. */
function kernelThatAnswers({ resolve = 0, register = 0, recordsFirst = 0 } = {}): FakeKernel {
  const kernel = new FakeKernel();
  kernel.onSend = (socket, message) => {
    if (isResolve(message) && resolve === 0) kernel.deliver(socket, family!);
    if (!isResolve(message)) {
      for (let i = 0; i < recordsFirst; i++) kernel.deliver(socket, allRecords[i % allRecords.length]!);
    }
    kernel.deliver(socket, answer(isResolve(message) ? resolve : register));
  };
  return kernel;
}

function failure(kernel: FakeKernel): SourceUnavailableError {
  try {
    new Accounting(kernel.libc, "0-1", 1000);
  } catch (error) {
    assert.ok(error instanceof SourceUnavailableError);
    assert.equal(error.source, "taskstats");
    assert.match(error.message, /^Cannot use taskstats: /);
    for (const socket of kernel.sockets) assert.ok(socket.closed);
    return error;
  }
  assert.fail("it was made");
}

/** A request's parts, read here by hand. */
function request(message: Uint8Array<ArrayBuffer>) {
  const view = new DataView(message.buffer), end = 20 + view.getUint16(20, true);
  return {
    type: view.getUint16(4, true),
    flags: view.getUint16(6, true),
    command: message[16],
    attribute: view.getUint16(22, true),
    text: new TextDecoder().decode(message.subarray(24, end)),
  };
}

Deno.test("the family's number is asked for, all processors are registered, and taken back at the end", () => {
  const kernel = kernelThatAnswers(), accounting = new Accounting(kernel.libc, "0-1", 1000);
  const [socket] = kernel.sockets;
  assert.deepEqual([socket!.protocol, socket!.groups, socket!.receiveBuffer], [16, 0, 2000]);
  accounting.close();
  const type = recorded.family.number, flags = 5;
  assert.deepEqual(socket!.sent.map(request), [
    { type: 16, flags, command: 3, attribute: 2, text: "TASKSTATS\0" },
    { type, flags, command: 1, attribute: 3, text: "0-1\0" },
    { type, flags, command: 1, attribute: 4, text: "0-1\0" },
  ]);
  assert.ok(socket!.closed);
});

Deno.test("records that come before the kernel's answer don't hide it", () => {
  new Accounting(kernelThatAnswers({ recordsFirst: 300 }).libc, "0-1", 1000);
});

const CAUSES: readonly (readonly [errno: number, reason: Unavailable, text: RegExp])[] = [
  [1, "not-permitted", /EPERM.*CAP_NET_ADMIN/],
  [22, "namespace", /EINVAL.*host's pid namespace/],
  [12, "other", /ENOMEM/],
];

for (const [errno, reason, text] of CAUSES) {
  Deno.test(`a registration refused with ${errno} is "${reason}", with its cause and what to do`, () => {
    const error = failure(kernelThatAnswers({ register: errno }));
    assert.equal(error.reason, reason);
    assert.match(error.message, text);
    assert.ok(error.cause instanceof SystemCallError && error.cause.errno === errno);
  });
}

Deno.test("a kernel without taskstats doesn't know the family", () => {
  const error = failure(kernelThatAnswers({ resolve: 2 }));
  assert.equal(error.reason, "not-in-kernel");
  assert.match(error.message, /CONFIG_TASKSTATS/);
});

Deno.test("an answer that never comes is given up, and so is one in an endless flood of records", () => {
  const silent = new FakeKernel();
  assert.match(failure(silent).message, /did not answer/);

  const flood = new FakeKernel(), endless = { length: 1, shift: () => ({ bytes: allRecords[0]!, port: 0 }), push() {} };
  flood.onSend = (socket, message) => {
    flood.deliver(socket, family!);
    if (isResolve(message)) flood.deliver(socket, answer(0));
    else Object.defineProperty(socket, "queue", { value: endless });
  };
  assert.match(failure(flood).message, /did not answer/);
  assert.ok(flood.receives > 1000, "it looked through what came");
});

Deno.test("the family's message may have its attributes in any order", () => {
  const kernel = new FakeKernel();
  kernel.onSend = (socket, message) => {
    const attributes = [...attribute(77, [1]), ...attribute(1, [0x34, 0x12]), ...attribute(2, [84, 0])];
    if (isResolve(message)) kernel.deliver(socket, genericMessage(16, 1, attributes));
    kernel.deliver(socket, answer(0));
  };
  new Accounting(kernel.libc, "0", 1000);
  assert.equal(request(kernel.sockets[0]!.sent[1]!).type, 0x1234);
});

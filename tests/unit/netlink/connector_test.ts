import assert from "node:assert/strict";
import { Connector } from "../../../netlink/connector.ts";
import { SourceUnavailableError, SystemCallError, type Unavailable } from "../../../netlink/linux/errors.ts";
import { execEvent, exitEvent, forkEvent, procEvent } from "./datagrams.ts";
import { FakeKernel, type FakeSocket, subscription } from "./fake_kernel.ts";

const BUFFERS = { execBytes: 1000, lifecycleBytes: 2000 };
const LISTEN = 1, IGNORE = 2;

/** A kernel that acknowledges to all listeners, as a real one does. */
function kernelThatAnswers(error = 0): FakeKernel {
  const kernel = new FakeKernel();
  kernel.onSend = (_, message) => {
    const { token } = subscription(message);
    for (const socket of kernel.sockets) {
      if (!socket.closed) kernel.deliver(socket, procEvent(0, kernel.nowNs, [error], { ack: token + 1 }));
    }
  };
  return kernel;
}

const operations = (socket: FakeSocket) => socket.sent.map((message) => subscription(message).operation);

/** How the constructor fails; and that it leaves nothing open behind it. */
function failure(kernel: FakeKernel): SourceUnavailableError {
  try {
    new Connector(kernel.libc, BUFFERS);
  } catch (error) {
    assert.ok(error instanceof SourceUnavailableError);
    assert.equal(error.source, "connector");
    assert.match(error.message, /^Cannot use the proc connector: .*--source=poll/);
    for (const socket of kernel.sockets) assert.ok(socket.closed);
    return error;
  }
  assert.fail("it was made");
}

Deno.test("two sockets in the connector's group, each with its filter and its buffer, both subscribed", () => {
  const kernel = kernelThatAnswers(), connector = new Connector(kernel.libc, BUFFERS);
  const [execs, lifecycle] = kernel.sockets;
  assert.equal(kernel.sockets.length, 2);
  for (const socket of kernel.sockets) {
    assert.deepEqual([socket.protocol, socket.groups, operations(socket)], [11, 1, [LISTEN]]);
  }
  assert.deepEqual([execs!.receiveBuffer, lifecycle!.receiveBuffer], [2000, 4000]);
  assert.deepEqual([connector.execs.fd, connector.lifecycle.fd], [execs!.fd, lifecycle!.fd]);
  const tokens = kernel.sockets.map((socket) => subscription(socket.sent[0]!).token);
  assert.notEqual(tokens[0], tokens[1]);

  for (const socket of kernel.sockets) socket.queue.length = 0;
  for (const event of [forkEvent(1, 1, 2), execEvent(2, 2), exitEvent(3, 2, 0), exitEvent(3, 2, 0, 7)]) {
    for (const socket of kernel.sockets) kernel.deliver(socket, event);
  }
  assert.deepEqual([execs!.queue.length, lifecycle!.queue.length], [1, 2]);
});

Deno.test("the filters are attached before the first LISTEN", () => {
  const kernel = kernelThatAnswers(), answer = kernel.onSend;
  kernel.onSend = (socket, message) => {
    assert.ok(kernel.sockets.every(({ program }) => program !== undefined));
    answer(socket, message);
  };
  new Connector(kernel.libc, BUFFERS);
});

Deno.test("only the kernel's answer to its own request counts", () => {
  const kernel = new FakeKernel();
  kernel.onSend = (socket, message) => {
    const { token } = subscription(message);
    kernel.deliver(socket, procEvent(0, 1, [1], { ack: token })); // to another listener, an error
    kernel.deliver(socket, procEvent(0, 1, [0], { ack: token + 2 }));
    kernel.deliver(socket, procEvent(0, 1, [0], { ack: token + 1 }), 4711); // sent by a process
  };
  assert.equal(failure(kernel).reason, "namespace");

  const late = new FakeKernel();
  late.onSend = (socket, message) => {
    late.onWait = () => late.deliver(socket, procEvent(0, 1, [0], { ack: subscription(message).token + 1 }));
  };
  new Connector(late.libc, BUFFERS);
});

Deno.test("an acknowledgement is found behind a storm of events", () => {
  const kernel = new FakeKernel();
  kernel.onSend = (socket, message) => {
    for (let i = 1; i < 700; i++) {
      kernel.deliver(socket, socket === kernel.sockets[0] ? execEvent(i, i) : forkEvent(i, 1, i));
    }
    kernel.deliver(socket, procEvent(0, 1, [0], { ack: subscription(message).token + 1 }));
  };
  new Connector(kernel.libc, BUFFERS);
});

Deno.test("a kernel that never answers is given up after a second", () => {
  const kernel = new FakeKernel(), began = kernel.nowNs;
  const error = failure(kernel);
  assert.equal(error.reason, "namespace");
  assert.match(error.message, /--pid=host/);
  assert.ok(kernel.nowNs - began < 1.1e9, `${kernel.nowNs - began} ns`);
});

Deno.test("so is one that sends events without end and no answer", () => {
  const kernel = new FakeKernel(), began = kernel.nowNs;
  const shift = () => {
    kernel.nowNs += 1e6;
    assert.ok(kernel.nowNs - began < 3e9, "it reads for ever");
    return { bytes: execEvent(1, 1), port: 0 };
  };
  kernel.onSend = (socket) => Object.defineProperty(socket, "queue", { value: { length: 1, shift } });
  assert.equal(failure(kernel).reason, "namespace");
});

const CAUSES:
  readonly (readonly [what: "socket" | "bind" | "send", errno: number, reason: Unavailable, text: RegExp])[] = [
    ["bind", 1, "not-permitted", /EPERM.*CAP_NET_ADMIN/],
    ["send", 1, "not-permitted", /EPERM.*CAP_NET_ADMIN/],
    ["send", 13, "not-permitted", /CAP_NET_ADMIN/],
    ["send", 111, "namespace", /ECONNREFUSED.*--network=host/],
    ["socket", 93, "not-in-kernel", /CONFIG_PROC_EVENTS/],
    ["socket", 24, "other", /open a netlink socket: EMFILE; .*ulimit -n/],
  ];

for (const [what, errno, reason, text] of CAUSES) {
  Deno.test(`error ${errno} of ${what} is "${reason}", with its cause and what to do`, () => {
    const kernel = kernelThatAnswers();
    kernel.fail[what] = errno;
    const error = failure(kernel);
    assert.equal(error.reason, reason);
    assert.match(error.message, text);
    assert.ok(error.cause instanceof SystemCallError && error.cause.errno === errno);
  });
}

Deno.test("a refusal inside the acknowledgement is not-permitted, as before Linux 6.6", () => {
  const error = failure(kernelThatAnswers(1));
  assert.equal(error.reason, "not-permitted");
});

Deno.test("each LISTEN is taken back by one IGNORE, because kernels before 6.6 count them", () => {
  const kernel = kernelThatAnswers(), connector = new Connector(kernel.libc, BUFFERS);
  connector.subscribe();
  connector.close();
  for (const socket of kernel.sockets) {
    assert.deepEqual(operations(socket), [LISTEN, LISTEN, IGNORE, IGNORE]);
    assert.ok(socket.closed);
  }
  connector.close();
  assert.deepEqual(kernel.sockets.map(({ sent }) => sent.length), [4, 4]);
});

Deno.test("no IGNORE without a LISTEN: it would silence another listener of an old kernel", () => {
  const kernel = new FakeKernel();
  kernel.onSend = (socket) => {
    assert.equal(socket, kernel.sockets[0], "the second socket never listened");
  };
  failure(kernel);
  assert.deepEqual(operations(kernel.sockets[0]!), [LISTEN, IGNORE]);
  assert.deepEqual(operations(kernel.sockets[1]!), []);

  const refused = new FakeKernel();
  refused.fail.send = 111;
  failure(refused);
  assert.deepEqual(refused.sockets.map(({ sent }) => sent.length), [0, 0]);
});

Deno.test("a socket that can't be told is closed all the same", () => {
  const kernel = kernelThatAnswers(), connector = new Connector(kernel.libc, BUFFERS);
  kernel.fail.send = 111;
  connector.close();
  assert.ok(kernel.sockets.every(({ closed }) => closed));
});

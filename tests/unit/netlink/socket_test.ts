import assert from "node:assert/strict";
import { SystemCallError } from "../../../netlink/linux/errors.ts";
import { NetlinkSocket } from "../../../netlink/socket.ts";
import { FakeKernel } from "./fake_kernel.ts";

const OPTIONS = { protocol: 11, groups: 1, batch: 4, datagramBytes: 16, receiveBuffer: 1 << 20 };

function open(kernel = new FakeKernel(), options = OPTIONS) {
  const socket = new NetlinkSocket(kernel.libc, options);
  return { kernel, socket, fake: kernel.sockets.at(-1)! };
}

/** The datagrams of a batch, as far as anybody should read them. */
const batchOf = (socket: NetlinkSocket, received: number) =>
  Array.from({ length: received }, (_, i) => {
    const start = i * socket.datagramBytes;
    return [...new Uint8Array(socket.view.buffer, start, socket.lengthOf(i))];
  });

const errno = (want: number) => (error: unknown) => error instanceof SystemCallError && error.errno === want;

Deno.test("a socket is bound to its groups, keeps to its process, and gets the room it asks for", () => {
  const { socket, fake } = open();
  assert.deepEqual([fake.protocol, fake.groups, fake.type], [11, 1, 3 | 0o2000000]); // SOCK_RAW, SOCK_CLOEXEC
  assert.equal(socket.receiveBufferBytes, 2 << 20);
  assert.ok(fake.options.some(([level, name]) => level === 270 && name === 5), "NETLINK_NO_ENOBUFS");
});

Deno.test("without CAP_NET_ADMIN the buffer is what net.core.rmem_max allows", () => {
  const kernel = new FakeKernel();
  kernel.fail.receiveBufferForce = 1;
  assert.equal(open(kernel).socket.receiveBufferBytes, 425984);
});

Deno.test("a batch holds the datagrams in order, each with its length", () => {
  const { kernel, socket, fake } = open();
  const datagrams = [[1], [2, 2], [], [4, 4, 4, 4], [5], [6, 6]];
  for (const datagram of datagrams) kernel.deliver(fake, Uint8Array.from(datagram));
  assert.equal(socket.receive(), 4);
  assert.deepEqual(batchOf(socket, 4), datagrams.slice(0, 4));
  assert.equal(socket.receive(1), 1);
  assert.deepEqual(batchOf(socket, 1), [[5]]);
  assert.equal(socket.receive(), 1);
  assert.deepEqual(batchOf(socket, 1), [[6, 6]]);
  assert.equal(socket.receive(), 0);
});

Deno.test("a datagram that was cut, or that another process sent, has length 0; the next in its place has not", () => {
  const { kernel, socket, fake } = open();
  kernel.deliver(fake, new Uint8Array(17).fill(1));
  kernel.deliver(fake, new Uint8Array(16).fill(2));
  kernel.deliver(fake, new Uint8Array(8).fill(3), 4711);
  assert.deepEqual(batchOf(socket, socket.receive()).map(({ length }) => length), [0, 16, 0]);
  for (const length of [5, 6, 7]) kernel.deliver(fake, new Uint8Array(length));
  assert.deepEqual(batchOf(socket, socket.receive()).map(({ length }) => length), [5, 6, 7]);
});

Deno.test("an empty queue, a signal and a loss are no errors; a broken socket is", () => {
  const { kernel, socket } = open();
  for (const expected of [11, 4, 105]) {
    kernel.fail.receive = expected;
    assert.equal(socket.receive(), 0);
  }
  kernel.fail.receive = 9;
  assert.throws(() => socket.receive(), errno(9));
});

Deno.test("one datagram at a time is waited for, as long as the socket's timeout", () => {
  const { kernel, socket, fake } = open();
  for (const milliseconds of [1000, 2500, 0.25, 40]) {
    socket.setTimeout(milliseconds);
    const began = kernel.nowNs;
    assert.equal(socket.receiveNext(), -1);
    assert.equal(kernel.nowNs - began, milliseconds * 1e6);
  }

  const sent: readonly (readonly [length: number, port: number, want: number])[] = [
    [16, 0, 16],
    [17, 0, 0], // cut
    [8, 4711, 0], // sent by another process
    [5, 0, 5],
    [0, 0, 0],
  ];
  for (const [length, port] of sent) kernel.deliver(fake, new Uint8Array(length).fill(length), port);
  for (const [length, , want] of sent) {
    assert.equal(socket.receiveNext(), want);
    if (want > 0) assert.deepEqual([...new Uint8Array(socket.view.buffer, 0, want)], new Array(want).fill(length));
  }
  for (const expected of [11, 4, 105]) {
    kernel.fail.receive = expected;
    assert.equal(socket.receiveNext(), -1);
  }
  kernel.fail.receive = 9;
  assert.throws(() => socket.receiveNext(), errno(9));

  // A batch has room for names of full length again.
  kernel.fail.receive = 0;
  kernel.deliver(fake, new Uint8Array(3));
  assert.deepEqual(batchOf(socket, socket.receive()).map(({ length }) => length), [3]);
});

Deno.test("drops are the kernel's count", () => {
  const { kernel, socket, fake } = open();
  assert.equal(socket.drops(), 0);
  fake.capacity = 2;
  for (let i = 0; i < 9; i++) kernel.deliver(fake, new Uint8Array(4));
  assert.equal(socket.drops(), 7);
  fake.drops = 4294967295;
  assert.equal(socket.drops(), 4294967295);
});

Deno.test("a failure leaves no socket open", () => {
  const kernel = new FakeKernel();
  kernel.fail.bind = 1;
  assert.throws(() => new NetlinkSocket(kernel.libc, OPTIONS), errno(1));
  assert.deepEqual(kernel.sockets.map(({ closed }) => closed), [true]);
  kernel.fail.socket = 93;
  assert.throws(() => new NetlinkSocket(kernel.libc, OPTIONS), errno(93));
  kernel.fail.socket = kernel.fail.bind = 0;
  const { socket } = open(kernel);
  kernel.fail.send = 111;
  assert.throws(() => socket.send(new Uint8Array(4)), errno(111));
});

Deno.test("a socket is closed once: its number may be another's by then", () => {
  const { kernel, socket, fake } = open();
  socket.close();
  assert.ok(fake.closed);
  fake.closed = false; // the number is in use again
  socket.close();
  assert.ok(!kernel.sockets[0]!.closed);
});

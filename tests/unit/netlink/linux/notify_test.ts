import assert from "node:assert/strict";
import {
  AF_UNIX,
  CLOCK_MONOTONIC,
  MSG_DONTWAIT,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
} from "../../../../netlink/linux/constants.ts";
import { Libc } from "../../../../netlink/linux/libc.ts";
import { poll } from "../../../live/exporter.ts";
import { encodeNotifyAddress, Notifier, NotifyError } from "../../../../netlink/linux/notify.ts";

/** A service manager that listens at `address`; `take` gives its next message, if there is one. */
function listen(libc: Libc, address: string) {
  const bytes = encodeNotifyAddress(address), buffer = new Uint8Array(4096);
  const fd = libc.check(libc.call.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "open a socket");
  libc.check(libc.call.bind(fd, bytes, bytes.length), `bind ${address}`);
  const take = () => {
    const length = libc.call.recvfrom(fd, buffer, buffer.length, MSG_DONTWAIT, null, null);
    return length < 0 ? undefined : new TextDecoder().decode(buffer.subarray(0, length));
  };
  return { take, close: () => libc.call.close(fd) };
}

/** As {@link listen}, for the length of `fn`. */
function manager(address: string, fn: (libc: Libc, take: () => string | undefined) => void): void {
  const libc = new Libc(), listener = listen(libc, address);
  try {
    fn(libc, listener.take);
  } finally {
    listener.close();
  }
}

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, sanitizeResources: false, fn });
}

test("a service manager hears each change of state as one datagram", () => {
  const folder = Deno.makeTempDirSync();
  try {
    for (const address of [`${folder}/notify`, `@cnproc-exporter-test-${crypto.randomUUID()}`]) {
      manager(address, (libc, take) => {
        const notifier = new Notifier(libc, address);
        assert.equal(take(), undefined);
        notifier.ready("Watching\nERRNO=1");
        assert.equal(take(), "READY=1\nSTATUS=Watching ERRNO=1");
        notifier.reloading();
        const [state, time] = take()!.split("\n");
        assert.equal(state, "RELOADING=1");
        const age = libc.clock(CLOCK_MONOTONIC) / 1000 - Number(time!.replace("MONOTONIC_USEC=", ""));
        assert.ok(age >= 0 && age < 10e6, `${age} µs`);
        notifier.alive();
        notifier.stopping();
        assert.deepEqual([take(), take(), take()], ["WATCHDOG=1", "STOPPING=1", undefined]);
        assert.equal(notifier.failures, 0);
        notifier.close();
      });
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

test("a manager that has gone, or whose queue is full, costs nothing but a count", () => {
  const address = `@cnproc-exporter-test-${crypto.randomUUID()}`;
  let gone: Notifier | undefined;
  manager(address, (libc) => {
    gone = new Notifier(libc, address);
    for (let i = 0; i < 2000 && gone.failures === 0; i++) gone.alive();
    assert.equal(gone.failures, 1, "a full queue takes no message and doesn't block");
  });
  gone!.alive();
  assert.equal(gone!.failures, 2);
  gone!.close();
});

test("what changes while the manager's queue is full is told when there is room, in order", async () => {
  const address = `@cnproc-exporter-test-${crypto.randomUUID()}`;
  const libc = new Libc(), listener = listen(libc, address), notifier = new Notifier(libc, address);
  const told = async (last: string) => {
    const messages: string[] = [];
    await poll(last, () => {
      const message = listener.take();
      if (message !== undefined && message !== "WATCHDOG=1") messages.push(message.split("\n").at(-1)!);
      return messages.at(-1) === last;
    }, 60_000);
    return messages.map((message) => message.replace(/(MONOTONIC_USEC=)\d+/, "$1…"));
  };
  try {
    for (
      const { what, want } of [
        { what: ["one"], want: ["STATUS=one"] },
        { what: ["", "two"], want: ["MONOTONIC_USEC=…", "STATUS=two"] },
        { what: ["", "two", "three"], want: ["MONOTONIC_USEC=…", "STATUS=three"] },
        { what: ["one", "", "two", "", "three"], want: ["MONOTONIC_USEC=…", "STATUS=three"] },
      ]
    ) {
      for (const before = notifier.failures; notifier.failures === before;) notifier.alive();
      for (const status of what) status === "" ? notifier.reloading() : notifier.ready(status);
      notifier.alive(); // stands behind them, and is given up
      assert.deepEqual(await told(want.at(-1)!), want, what.join());
    }
    for (const before = notifier.failures; notifier.failures === before;) notifier.alive();
    notifier.ready("four");
    notifier.stopping();
    assert.deepEqual(await told("STOPPING=1"), ["STOPPING=1"]);
  } finally {
    notifier.close();
    listener.close();
  }
});

test("an address that is none, or that nobody listens at, is an error that names it", () => {
  const libc = new Libc();
  for (
    const address of ["vsock:2:1", "relative/notify", "/nowhere/notify", `@${"x".repeat(108)}`, `/${"x".repeat(107)}`]
  ) {
    assert.throws(() => new Notifier(libc, address), (error) => {
      assert.ok(error instanceof NotifyError && error.address === address && error.message.includes(address));
      return true;
    });
  }
});

test("addresses are laid out as the kernel reads them", () => {
  assert.deepEqual([...encodeNotifyAddress("/a")], [1, 0, 47, 97, 0]);
  assert.deepEqual([...encodeNotifyAddress("@a")], [1, 0, 0, 97]);
  assert.equal(encodeNotifyAddress(`@${"x".repeat(107)}`).length, 110);
  assert.equal(encodeNotifyAddress(`/${"x".repeat(106)}`).length, 110);
});

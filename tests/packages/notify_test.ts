/** The exporter under a service manager: what it says on the notification socket, and what it leaves in its environment. */

import assert from "node:assert/strict";
import { AF_UNIX, MSG_DONTWAIT, SOCK_CLOEXEC, SOCK_DGRAM } from "../../netlink/linux/constants.ts";
import { Libc } from "../../netlink/linux/libc.ts";
import { encodeNotifyAddress } from "../../netlink/linux/notify.ts";
import { BINARY, requireBinary } from "../e2e/binary.ts";
import { Exporter, poll } from "../live/exporter.ts";

/** A service manager's socket, and what came in so far. */
class Manager implements Disposable {
  readonly address = `@cnproc-exporter-test-${crypto.randomUUID()}`;
  readonly messages: string[] = [];
  readonly #libc = new Libc();
  readonly #fd = this.#libc.check(this.#libc.call.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "open a socket");

  constructor() {
    const bytes = encodeNotifyAddress(this.address);
    this.#libc.check(this.#libc.call.bind(this.#fd, bytes, bytes.length), "bind it");
  }

  /** Waits for a message that begins so. */
  async heard(state: string): Promise<string> {
    const buffer = new Uint8Array(4096);
    return await poll(`${state} among ${this.messages}`, () => {
      for (;;) {
        const length = this.#libc.call.recvfrom(this.#fd, buffer, buffer.length, MSG_DONTWAIT, null, null);
        if (length < 0) return this.messages.find((message) => message.startsWith(state));
        this.messages.push(new TextDecoder().decode(buffer.subarray(0, length)));
      }
    });
  }

  [Symbol.dispose](): void {
    this.#libc.call.close(this.#fd);
  }
}

Deno.test({
  name: "notify: READY, WATCHDOG, RELOADING and READY again, STOPPING",
  ignore: requireBinary(),
  sanitizeResources: false,
}, async () => {
  using manager = new Manager();
  // A socket holds ten messages (unix(7), max_dgram_qlen): more would be lost before anybody asks.
  const env = { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: "1500000" };
  await using exporter = await Exporter.start({ command: [BINARY], env });
  assert.match(await manager.heard("EXTEND_TIMEOUT_USEC="), /^EXTEND_TIMEOUT_USEC=60000000$/);
  assert.match(await manager.heard("READY=1"), /^READY=1\nSTATUS=\S/);
  await manager.heard("WATCHDOG=1");
  manager.messages.length = 0;
  exporter.kill("SIGHUP");
  await manager.heard("RELOADING=1");
  await manager.heard("READY=1");
  const told = manager.messages.filter((message) => !message.startsWith("WATCHDOG"));
  assert.deepEqual(told.map((message) => message.split("=")[0]), ["RELOADING", "READY"]);
  assert.equal((await exporter.stop()).code, 0);
  await manager.heard("STOPPING=1");
  assert.deepEqual(exporter.log.filter((line) => / level=(warn|error) /.test(line)), []);
});

Deno.test({
  name: "notify: a broken reload is in the status, and its line has the journal's priority",
  ignore: requireBinary(),
  sanitizeResources: false,
}, async () => {
  using manager = new Manager();
  const config = await Deno.makeTempFile();
  try {
    const asService = 'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$0" "$@"';
    await using exporter = await Exporter.start({
      command: ["sh", "-c", asService, BINARY],
      flags: [`--config.file=${config}`],
      env: { NOTIFY_SOCKET: manager.address },
    });
    await manager.heard("READY=1");
    manager.messages.length = 0;
    await Deno.writeTextFile(config, "roots: 1");
    exporter.kill("SIGHUP");
    assert.match(await manager.heard("READY=1"), /^READY=1\nSTATUS=\S.*; the last reload failed: \S/);
    assert.match(exporter.log.find((line) => line.includes("Cannot reload"))!, /^<3>ts=\S+ level=error /);
    assert.deepEqual(exporter.log.filter((line) => !/^<[3-7]>ts=/.test(line)), []);
  } finally {
    await Deno.remove(config);
  }
});

Deno.test({
  name: "notify: without a watchdog it stays quiet, and a socket nobody listens at is one warning",
  ignore: requireBinary(),
  sanitizeResources: false,
}, async () => {
  using manager = new Manager();
  {
    const env = { NOTIFY_SOCKET: manager.address, WATCHDOG_USEC: "1000", WATCHDOG_PID: "1" };
    await using exporter = await Exporter.start({ command: [BINARY], env });
    await exporter.scrape();
    assert.equal((await exporter.stop()).code, 0);
    await manager.heard("STOPPING=1");
    assert.ok(!manager.messages.includes("WATCHDOG=1"), "another process is meant");
  }
  await using exporter = await Exporter.start({ command: [BINARY], env: { NOTIFY_SOCKET: "@nobody-listens-here" } });
  const warnings = exporter.log.filter((line) => / level=warn /.test(line));
  assert.equal(warnings.length, 1, warnings.join("\n"));
  assert.match(warnings[0]!, /Cannot notify the service manager at @nobody-listens-here/);
});

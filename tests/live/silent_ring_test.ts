/** A program that is attached and whose records don't come: `auto` notices by an own child, and takes names from /proc. */

import assert from "node:assert/strict";
import { requireRoot } from "../require.ts";
import { requireBpf } from "./bpf.ts";
import { openEvents } from "../../fingerprint/worker/opening.ts";
import { NO_READINGS } from "../unit/fingerprint/programs/no_readings.ts";
import type { CaptureWish, WorkerConfig } from "../../fingerprint/worker/protocol.ts";
import { NO_RULES } from "../../fingerprint/mod.ts";
import { Libc, openWake, SourceUnavailableError } from "../../netlink/mod.ts";

function config(capture: CaptureWish): WorkerConfig {
  return {
    source: "connector",
    capture,
    ringBytes: 64 << 10,
    handedOver: undefined,
    procfs: undefined,
    pollIntervalMs: 1000,
    treesLimit: 1000,
    treesMaxOnce: 64,
    treesRetentionMs: 0,
    receiveBuffer: 0,
    boost: "none",
    rules: NO_RULES,
    followsRules: false,
    verifiesBase: false,
    namesContainers: false,
    rootfs: undefined,
  };
}

/** A C library through which memory that is shared with the kernel is memory of nobody else. */
function deafLibc(): Libc {
  return Object.assign(new Libc(), {
    map: (_fd: number, length: number) => ({ bytes: new ArrayBuffer(length), close: () => {} }),
  });
}

const openFiles = () => [...Deno.readDirSync("/proc/self/fd")].length;

Deno.test({
  name: "live: a ring that stays silent is closed, and names come from /proc where that may be",
  ignore: requireRoot() || requireBpf(),
  sanitizeResources: false, // the C library stays open for as long as the process lives
}, () => {
  const libc = deafLibc(), warnings: string[] = [], before = openFiles();
  using wake = openWake(libc);
  const log = (level: string, message: string) => void (level === "warn" && warnings.push(message));
  const isSilent = (error: unknown) => error instanceof SourceUnavailableError && error.reason === "silent";
  assert.throws(() => openEvents(libc, config("bpf"), wake.fd, log, NO_READINGS), isSilent);
  assert.throws(() => openEvents(libc, { ...config("auto"), source: "bpf" }, wake.fd, log, NO_READINGS), isSilent);
  assert.deepEqual(warnings, []);
  const loop = openEvents(libc, config("auto"), wake.fd, log, NO_READINGS);
  assert.equal(loop.isRaced, true);
  assert.match(
    warnings.join("\n"),
    /^Cannot use BPF: .* the records of a process started here did not come; run .* namespace; going on with names from \/proc$/,
  );
  loop.close();
  assert.equal(openFiles(), before + 1, "the eventfd");
});

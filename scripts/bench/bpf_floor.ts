/**
 * What following launches through BPF costs at the least, from Deno: five times a second it reads the ring and counts. No
 * name, no table, no other source. The benchmark compares the exporter's CPU time with this program's.
 *
 * Prints {"ready":true} once the program is attached, and its counts at SIGTERM.
 *
 * @module
 */

import { ExecRing, Libc, RING_BYTES } from "../../netlink/mod.ts";

const DRAIN_MS = 200;

if (import.meta.main) {
  using ring = ExecRing.open(new Libc(), { ringBytes: RING_BYTES });
  const ended = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGTERM", ended.resolve);
  let execs = 0;
  const count = { record: () => void execs++ };
  const timer = setInterval(() => ring.drain(count), DRAIN_MS);
  console.log(JSON.stringify({ ready: true }));
  await ended.promise;
  clearInterval(timer);
  ring.drain(count);
  console.log(JSON.stringify({ execs, lost: ring.lost() }));
  Deno.exit(0); // the listener keeps it running
}

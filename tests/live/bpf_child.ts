/**
 * Opens a ring of execs with what rights it has, prints one line of JSON, and holds it until standard input ends.
 *
 * @module
 */
import { ExecRing } from "../../netlink/bpf/mod.ts";
import { Libc, setCapabilities, SourceUnavailableError } from "../../netlink/linux/mod.ts";

/** What it prints. */
export interface ChildReport {
  /** Why the ring can't be had. */
  readonly error?: string;
  readonly reason?: string;
  /** Records that came of a few launches, once all rights had been given up, and those lost. */
  readonly records?: number;
  readonly lost?: number;
}

function report(): ChildReport {
  const libc = new Libc();
  try {
    const ring = ExecRing.open(libc, { ringBytes: 64 << 10 });
    setCapabilities(libc, { effective: 0n, permitted: 0n, inheritable: 0n });
    for (let i = 0; i < 3; i++) new Deno.Command("/bin/true").outputSync();
    return { records: ring.drain({ record: () => {} }), lost: ring.lost() };
  } catch (error) {
    if (!(error instanceof SourceUnavailableError)) throw error;
    return { error: error.message, reason: error.reason };
  }
}

if (import.meta.main) {
  console.log(JSON.stringify(report()));
  for await (const _ of Deno.stdin.readable) { /* until it ends */ }
}

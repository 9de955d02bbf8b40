/**
 * cnproc-exporter: counts every process launch of a Linux machine by process tree, for Prometheus.
 *
 * The only user of arguments, environment and exit status: all else is in the commands (metrics/commands).
 *
 * @module
 */
import settings from "./deno.json" with { type: "json" };
import { runProgram } from "./metrics/mod.ts";
import { isStandardError } from "./fingerprint/mod.ts";
import { Libc, Notifier } from "./netlink/mod.ts";

/** Takes a variable out of the environment, so that nothing it starts or calls reads it again. */
function takeVariable(name: string): string | undefined {
  const value = Deno.env.get(name);
  if (value !== undefined) Deno.env.delete(name);
  return value;
}

Deno.exit(
  await runProgram(Deno.args, {
    version: settings.version,
    // Beside the code in the compiled file, absent in a checkout.
    buildFile: new URL("./build.json", import.meta.url),
    takeVariable,
    isJournal: () => isStandardError(new Libc(), Deno.env.get("JOURNAL_STREAM")),
    passVariable: (name, value) => Deno.env.set(name, value),
    openNotifier: (address) => new Notifier(new Libc(), address),
  }),
);

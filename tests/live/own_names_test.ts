/**
 * Programs that run behind a loader, a virtual machine, a supervisor's script or a very long command line: each is launched, and
 * what `explain` calls the process is compared with what really runs.
 */

import assert from "node:assert/strict";
import { machineExplainer } from "../../fingerprint/mod.ts";
import { findTool, requireTool } from "../require.ts";

const explainer = machineExplainer();
await explainer.command("/bin/sh"); // opens what it keeps open, that for comparing a file with its package too

/** Long enough to be looked at. */
const SECONDS = 60;

interface Launch {
  readonly what: string;
  /** The program that is executed; the test is skipped where it isn't installed. */
  readonly tool: string;
  /** Every machine that tests has it. */
  readonly isCommon?: boolean;
  /** Its arguments, in the folder of the test. */
  readonly args: readonly string[];
  /** Where it is executed, below the folder of the test. */
  readonly folder?: string;
  /** A command of the shell that prepares the folder. */
  readonly setUp?: string;
  readonly want: string;
}

/** A shell waits for a line that never comes: it launches nothing that would outlive it. */
const WAITING = `printf 'read line; exit\\n'`;

const LAUNCHES: readonly Launch[] = [
  {
    what: "a module of Erlang",
    tool: "erl",
    setUp:
      `printf '%s\\n' '-module(own).' '-export([start/0]).' 'start() -> timer:sleep(${SECONDS}000).' >own.erl; erlc own.erl`,
    args: ["-noshell", "-s", "own", "-s", "init", "stop"],
    want: "own",
  },
  {
    what: "a script of Erlang",
    tool: "escript",
    setUp: `printf '#!/usr/bin/env escript\\nmain(_) -> timer:sleep(${SECONDS}000).\\n' >own-tool`,
    args: ["own-tool", "x"],
    want: "own-tool",
  },
  {
    what: "what BusyBox's shell runs",
    tool: "busybox",
    isCommon: true,
    setUp: `${WAITING} >own.sh`,
    args: ["sh", "-e", "own.sh"],
    want: "own.sh",
  },
  {
    what: "a supervised service",
    tool: "sh",
    isCommon: true,
    setUp: `mkdir -p service/shop; ${WAITING} >service/shop/run`,
    folder: "service/shop",
    args: ["./run"],
    want: "shop",
  },
  {
    what: "a script behind 100,001 bytes of an option",
    tool: "perl",
    isCommon: true,
    setUp: `printf 'sleep ${SECONDS};\\n' >own.pl`,
    args: [`-I${"x".repeat(100_001)}`, "own.pl"],
    want: "own.pl",
  },
];

for (const { what, tool, isCommon, args, folder = "", setUp, want } of LAUNCHES) {
  Deno.test({
    name: `live: ${what} has its own name`,
    ignore: isCommon === true ? requireTool(tool) : findTool(tool) === undefined,
    async fn() {
      const home = await Deno.makeTempDir({ prefix: "own" });
      const shell = (command: string) => new Deno.Command("sh", { args: ["-c", command], cwd: home }).output();
      if (setUp !== undefined) assert.ok((await shell(setUp)).success, setUp);
      const child = new Deno.Command(tool, {
        args: [...args],
        cwd: `${home}/${folder}`,
        stdin: "piped",
        env: { HOME: home },
      })
        .spawn();
      try {
        // Some become what they run by a chain of execs.
        let label: string | undefined;
        for (const end = performance.now() + 10_000; label !== want && performance.now() < end;) {
          label = (await explainer.process(child.pid))?.label;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.equal(label, want);
      } finally {
        child.kill("SIGKILL");
        await child.stdin.close().catch(() => {});
        await child.status;
        await Deno.remove(home, { recursive: true });
      }
    },
  });
}

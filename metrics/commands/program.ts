/**
 * The program: from arguments to an exit status.
 *
 * @module
 */

import { machineExplainer } from "../../fingerprint/mod.ts";
import { helpText, parseCommandLine, PROGRAM, UsageError } from "../command_line/mod.ts";
import { ConfigError } from "../text/mod.ts";
import { checkBaseline, diffBaselines, learnBaseline } from "./baseline.ts";
import { readBuild } from "./build.ts";
import { checkConfig } from "./check_config.ts";
import { explain } from "./explain.ts";
import { complain, print } from "./output.ts";
import type { Process } from "./process.ts";
import { serve } from "./serve.ts";
import { watchForest } from "./top.ts";
import { runTrace } from "./trace.ts";
import { printForest } from "./tree.ts";
import { rulesOf } from "./watching.ts";

/** Does what the arguments ask for. Gives the exit status: 1 for an error, 2 for arguments that can't be used. */
export async function runProgram(args: readonly string[], process: Process): Promise<number> {
  try {
    return await run(args, process);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    complain(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The working folder; the root where it was deleted. */
function workingFolder(): string {
  try {
    return Deno.cwd();
  } catch {
    return "/";
  }
}

async function run(args: readonly string[], process: Process): Promise<number> {
  const commandLine = parseCommandLine(args);
  // These would make the YAML parser print what it reads.
  for (const name of ["LOG_STREAM", "LOG_TOKENS"]) process.takeVariable(name);
  // Only a baseline is ever written.
  if (commandLine.command !== "baseline learn") await Deno.permissions.revoke({ name: "write" });
  switch (commandLine.command) {
    case "help":
      print(helpText(commandLine.about).trimEnd());
      return 0;
    case "version": {
      const { version, revision, deno } = readBuild(process);
      print(`${PROGRAM} ${version} (revision ${revision}, Deno ${deno}, ${Deno.build.arch})`);
      return 0;
    }
    case "serve":
      return await serve(commandLine.options, process);
    case "tree":
      return await printForest(commandLine.options);
    case "top":
      return await watchForest(commandLine.options);
    case "trace":
      return await runTrace(commandLine.options, process);
    case "explain": {
      const explainer = machineExplainer(await rulesOf(commandLine.options), commandLine.options.rootfs);
      const io = { input: Deno.stdin.readable, output: Deno.stdout.writable, folder: workingFolder, complain };
      return await explain(explainer, commandLine.options, commandLine, io);
    }
    case "check-config":
      return await checkConfig(commandLine.options, print, complain);
    case "baseline learn":
      return await learnBaseline(commandLine.options, commandLine.operands[0], process);
    case "baseline check":
      return await checkBaseline(commandLine.options, commandLine.operands[0]!);
    case "baseline diff":
      return await diffBaselines(commandLine.options, commandLine.operands);
  }
}

/**
 * The command `check-config`: files of settings are read as they will be, and what is wrong with them is told.
 *
 * @module
 */

import { type CheckConfigOptions, UsageError } from "../command_line/mod.ts";
import { checkWebConfig } from "../http/mod.ts";
import { ConfigError } from "../text/mod.ts";
import { rulesOf } from "./watching.ts";

/** What reads each file, by the option that names it; it throws what is wrong. What it needs is loaded with it. */
const READERS: Readonly<Record<keyof CheckConfigOptions, (file: string) => Promise<unknown>>> = {
  configFile: (file) => rulesOf({ configFile: file }),
  baselineFile: async (file) => (await import("../baseline/mod.ts")).readBaseline(file),
  webConfigFile: checkWebConfig,
  httpConfigFile: async (file) => (await import("../baseline/mod.ts")).readHttpConfig(file),
};

/** Writes what is wrong to `complain` and what isn't to `print`; the exit status. Throws a {@link UsageError} without a file. */
export async function checkConfig(
  options: CheckConfigOptions,
  print: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const named = Object.entries(options).flatMap(([option, file]) =>
    file === undefined ? [] : [{ file, read: READERS[option as keyof CheckConfigOptions] }]
  );
  if (named.length === 0) {
    throw new UsageError(
      "check-config",
      "Cannot use check-config without a file: want --config.file, --baseline.file, --web.config.file or --http.config.file",
    );
  }
  let status = 0;
  for (const { file, read } of named) {
    try {
      await read(file);
      print(`${file} can be used`);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const line of faults(error)) complain(line);
      status = 1;
    }
  }
  return status;
}

/** What is wrong with a file, a line each, in the order of the file. */
function faults(error: ConfigError): string[] {
  const place = ({ line = 0, column = 0 }: ConfigError) => [line, column] as const;
  return [error, ...error.further].toSorted((a, b) => {
    const [lineA, columnA] = place(a), [lineB, columnB] = place(b);
    return lineA - lineB || columnA - columnB;
  }).map(({ message }) => message);
}

/**
 * The command `check-config`: its options and their flags.
 *
 * @module
 */

import type { Command, OptionsOf } from "./command.ts";
import { SERVE } from "./serve.ts";
import { HTTP_CONFIG_FLAG } from "./shared_flags.ts";

const { configFile, baselineFile, webConfigFile } = SERVE.flags;

/** Reads files of settings as `serve` would, and does nothing else. */
export const CHECK_CONFIG = {
  name: "check-config",
  help: "Tell whether files of settings can be used, before they are.",
  details: [
    "A fault is one line with file, line and column. The exit status is 0 if all files can be used, 1 if one can't. Run it\n" +
    "as the user that will read them: certificates and keys are looked at, too.",
  ],
  flags: {
    configFile: { ...configFile, help: "Rules of your own." },
    baselineFile: { ...baselineFile, help: "What is expected to run." },
    webConfigFile: { ...webConfigFile, help: "TLS, passwords, headers and a rate limit, with the files it names." },
    httpConfigFile: { ...HTTP_CONFIG_FLAG, help: "How to ask over HTTP, with the files it names." },
  },
} as const satisfies Command;

export type CheckConfigOptions = OptionsOf<typeof CHECK_CONFIG.flags>;

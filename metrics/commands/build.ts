/**
 * Which build of the program this is.
 *
 * @module
 */

import type { Process } from "./process.ts";

/** The labels of `cnproc_exporter_build_info`. */
export interface Build extends Readonly<Record<string, string>> {
  readonly version: string;
  /** Commit of the sources; `unknown` in a checkout. */
  readonly revision: string;
  readonly deno: string;
}

export function readBuild({ version, buildFile }: Process): Build {
  return { version, revision: readRevision(buildFile), deno: Deno.version.deno };
}

function readRevision(buildFile: URL): string {
  try {
    const build = JSON.parse(Deno.readTextFileSync(buildFile)) as { revision?: string };
    return build.revision ?? "unknown";
  } catch {
    return "unknown";
  }
}

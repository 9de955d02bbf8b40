/**
 * What `deno task package` has built, and running commands, for the tests of packages.
 *
 * @module
 */

import assert from "node:assert/strict";
import { skipUnless } from "../require.ts";

export const ROOT = `${import.meta.dirname}/../..`;
export const PACKAGES = `${ROOT}/dist/packages`;
export const { version: VERSION } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { version: string };

/** The files by what they are for. */
export const FILES = {
  deb: `${PACKAGES}/cnproc-exporter_${VERSION}-1_amd64.deb`,
  debArm: `${PACKAGES}/cnproc-exporter_${VERSION}-1_arm64.deb`,
  rpm: `${PACKAGES}/cnproc-exporter-${VERSION}-1.x86_64.rpm`,
  tar: `${PACKAGES}/cnproc-exporter-${VERSION}-linux-amd64.tar.gz`,
  sbom: `${PACKAGES}/cnproc-exporter-${VERSION}.cdx.json`,
  sums: `${PACKAGES}/SHA256SUMS`,
} as const;

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Skips unless the packages are there. */
export function requirePackages(): boolean {
  return skipUnless(Object.values(FILES).every(exists), "needs dist/packages: run deno task package");
}

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export async function run(command: readonly string[], options: Deno.CommandOptions = {}): Promise<Result> {
  const [name, ...args] = command;
  const env = { LC_ALL: "C.UTF-8", NO_COLOR: "1", DEBIAN_FRONTEND: "noninteractive", ...options.env };
  const output = await new Deno.Command(name!, { stdin: "null", ...options, args, env }).output();
  const text = new TextDecoder();
  return { code: output.code, out: text.decode(output.stdout), err: text.decode(output.stderr) };
}

/** Runs a command that must succeed: what it printed on standard output. */
export async function must(command: readonly string[], options: Deno.CommandOptions = {}): Promise<string> {
  const { code, out, err } = await run(command, options);
  assert.equal(code, 0, `${command.join(" ")}: ${err}${out}`);
  return out;
}

/** A temporary folder that goes with the test. */
export async function temporaryFolder(options: Deno.MakeTempOptions = {}): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "cnproc-packages-", ...options });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

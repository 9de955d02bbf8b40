/**
 * Texts of the exporter for other programs to judge: hostile names, odd numbers, both formats.
 *
 * @module
 */

import { PROFILES, type Selection } from "../../metrics/exposition/mod.ts";
import type { Format } from "../../metrics/exposition/templates.ts";
import { busyRow, FakeWatcher, feeding } from "../unit/metrics/fake_watcher.ts";

/** Paths that a careless writer or reader trips over. */
export const HOSTILE_PATHS: readonly string[] = [
  "/sshd/base/pstree",
  '/quote"/back\\slash/line\nfeed',
  "/\\n/not a line feed",
  '/{le="0.1"} 1 # {a="b"} 2',
  "/# EOF",
  "/trailing\\",
  "/\u00e4\u{1f600}/\u202e\u2028\u0085",
  "/\r\t\0\x1b[2J",
  "/\ud800",
  `/${"x".repeat(64)}/${"y".repeat(2000)}`,
];

/** A scraper of these trees, with numbers of all sizes. */
export function hostileScraper() {
  const watcher = new FakeWatcher();
  HOSTILE_PATHS.forEach((path, index) => watcher.add(path, busyRow(1 + 10 ** index, index % 2, 10 ** (index - 4))));
  const process = {
    cpuSeconds: 1.5,
    residentBytes: 6e7,
    virtualBytes: 6e10,
    openFds: 20,
    maxFds: 1024,
    startTimeSeconds: 1_799_999_999.5,
  };
  const build = { version: "0.1.0", revision: 'dirty "\\\n' };
  return { watcher, ...feeding(watcher, { build, selfProcess: () => process }, process.startTimeSeconds) };
}

/** Runs a program with this input; gives its status and what it wrote. */
export async function run(command: string, args: readonly string[], input: Uint8Array) {
  const child = new Deno.Command(command, { args: [...args], stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  // A program that has seen enough closes its input.
  const written = writer.write(input).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await written;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The text of the hostile trees. */
export async function hostileText(format: Format, selection: Selection = PROFILES.full): Promise<Uint8Array> {
  return (await hostileScraper().scraper.scrape(format, false, selection)).bytes;
}

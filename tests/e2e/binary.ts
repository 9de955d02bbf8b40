/**
 * The compiled exporter, for the tests that use it as a stranger would.
 *
 * @module
 */

import { skipUnless } from "../require.ts";

/** Where `deno task compile` puts it. */
export const BINARY = `${import.meta.dirname}/../../dist/cnproc-exporter`;

/** Value for `ignore` of a test that needs root and the compiled exporter. */
export function requireBinary(): boolean {
  const built = (() => {
    try {
      return Deno.statSync(BINARY).isFile;
    } catch {
      return false;
    }
  })();
  return skipUnless(built, "needs dist/cnproc-exporter: run deno task compile") ||
    skipUnless(Deno.uid() === 0, "needs root: run it with sudo");
}

/** Addresses a process listens on, as the kernel prints them in hexadecimal: `0100007F:251D`. */
export function listeningSockets(pid: number): string[] {
  const inodes = new Set<string>();
  for (const fd of Deno.readDirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd.name}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    Deno.readTextFileSync(`/proc/${pid}/net/${table}`).split("\n").slice(1)
  )
    .map((line) => line.trim().split(/\s+/));
  const LISTEN = "0A";
  return rows.filter((row) => row[3] === LISTEN && inodes.has(row[9]!)).map((row) => row[1]!).sort();
}

/** A file descriptor may be closed while they are listed. */
function readLink(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}

/** The kernel's form of 127.0.0.1 and a port. */
export function loopback(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The port of an exporter's address. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Lines that look like a stack trace or an uncaught error, which no user should see. */
export function traces(lines: readonly string[]): string[] {
  return lines.filter((line) => /^\s+at |Uncaught|panicked|Stack backtrace/.test(line));
}

/**
 * The writable layer of an overlay, in which containers have what isn't of their image.
 *
 * @module
 */

/** Lines of proc_pid_mountinfo(5): mount point 5th, file system and its own options after the separator. */
const ROOT_OVERLAY = /^\d+ \d+ \d+:\d+ \S+ \/ .* - overlay \S+ (\S+)$/;
const UPPER = /(?:^|,)upperdir=([^,]*)/;

/**
 * The folder that takes what is written to the overlay at the root of a process (overlayfs, `upperdir=`), by its
 * /proc/PID/mountinfo; undefined where its root is none, or can't be written to.
 */
export function writableLayer(mounts: string): string | undefined {
  // Of mounts at one place the last covers the others.
  const root = mounts.split("\n").findLast((line) => line.split(" ", 5)[4] === "/");
  const options = root === undefined ? undefined : ROOT_OVERLAY.exec(root)?.[1];
  const upper = options === undefined ? undefined : UPPER.exec(options)?.[1];
  // Blanks, commas and backslashes are written in octal.
  const folder = upper?.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
  return folder?.startsWith("/") ? folder : undefined;
}

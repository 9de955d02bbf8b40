/**
 * /proc/PID/net/tcp, tcp6, udp, udp6 (proc(5)): the sockets of a network namespace, one a line, its inode in the tenth column.
 *
 * @module
 */

/** Whether a socket's inode is in the first `length` bytes of such a file; negative where that couldn't be read. */
export function listsSocket(bytes: Uint8Array, length: number, inode: number): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, Math.max(0, length)));
  for (const [, listed] of text.matchAll(/^ *\d+:(?: +\S+){8} +(\d+) /gm)) if (Number(listed) === inode) return true;
  return false;
}

/**
 * Names of users, from the machine's own list (passwd(5)). Users of a directory (LDAP, SSSD) have numbers only.
 *
 * @module
 */

const FILE = "/etc/passwd";

/** User number → name; empty where the list can't be read. The first line of a number counts, as for getpwuid(3). */
export async function readUserNames(
  read: () => Promise<string> = () => Deno.readTextFile(FILE),
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>();
  for (const line of (await read().catch(() => "")).split("\n")) {
    const [name, , uid] = line.split(":");
    if (name !== undefined && /^\d+$/.test(uid ?? "") && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

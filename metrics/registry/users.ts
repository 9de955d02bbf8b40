/**
 * Names of users, from the machine's own list (passwd(5)). Users of a directory (LDAP, SSSD) have numbers only.
 *
 * @module
 */

const FILE = "/etc/passwd";

/** The list is read again where somebody asks and it is older. */
const FRESH_MS = 10_000;

/** The name of a number; null where the list has none, or can't be read. */
export type UserNames = (uid: number) => string | null;

/**
 * Names of users; the list is read when the first is asked for. `read` gives its text; `nowMs` is a clock that never goes back.
 */
export function userNames(read = () => Deno.readTextFileSync(FILE), nowMs = () => performance.now()): UserNames {
  let names: ReadonlyMap<number, string> = new Map(), readMs = -Infinity;
  return (uid) => {
    const now = nowMs();
    if (now - readMs >= FRESH_MS) {
      readMs = now;
      try {
        names = namesIn(read());
      } catch {
        names = new Map(); // numbers must do
      }
    }
    return names.get(uid) ?? null;
  };
}

/** The first line of a number counts, as for getpwuid(3). */
function namesIn(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name, , uid] = line.split(":");
    if (name !== undefined && /^\d+$/.test(uid ?? "") && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}

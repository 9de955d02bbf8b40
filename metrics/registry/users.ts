/**
 * Names of users, from the machine's own list (passwd(5)). Users of a directory (LDAP, SSSD) have numbers only.
 *
 * @module
 */

const FILE = "/etc/passwd";

/** The list is read again where somebody asks and it is older. */
const FRESH_MS = 10_000;

/** Names of users; the list is read when the first is asked for. */
export class UserNames {
  readonly #read: () => string;
  readonly #nowMs: () => number;
  #names: ReadonlyMap<number, string> = new Map();
  #readMs = -Infinity;

  /** `read` gives the text of the list; `nowMs` is a clock that never goes back. */
  constructor(read: () => string = () => Deno.readTextFileSync(FILE), nowMs: () => number = () => performance.now()) {
    this.#read = read;
    this.#nowMs = nowMs;
  }

  /** The name of a number; null where the list has none, or can't be read. */
  nameOf(uid: number): string | null {
    const nowMs = this.#nowMs();
    if (nowMs - this.#readMs >= FRESH_MS) {
      this.#readMs = nowMs;
      this.#names = namesIn(this.#text());
    }
    return this.#names.get(uid) ?? null;
  }

  #text(): string {
    try {
      return this.#read();
    } catch {
      return ""; // numbers must do
    }
  }
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

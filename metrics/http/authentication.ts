/**
 * HTTP basic authentication against bcrypt hashes.
 *
 * @module
 */

import { compare } from "bcryptjs";
import { createHmac, randomBytes } from "node:crypto";
import type { Peer } from "./answers.ts";
import { ComparisonQueue } from "./comparison_queue.ts";

/** bcrypt reads no more of a password; what is longer can't be told from what it begins with, and is wrong. */
const MOST_PASSWORD_BYTES = 72;
/** Answers remembered, right and wrong ones apart: wrong ones come in any number, and must not push out the right ones. */
const MOST_REMEMBERED = 128;
const DEFAULT_COST = "10";

/** What becomes of a value of Authorization. */
export type Authentication = "right" | "wrong" | "busy";

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** `Basic`, and `USER:PASSWORD` in base64 and UTF-8 (RFC 7617). */
function parseBasic(authorization: string): Credentials | undefined {
  const [, base64] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization.trim()) ?? [];
  if (base64 === undefined) return undefined;
  let text: string;
  try {
    text = new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** A set that forgets what was used longest ago. */
class Recent {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    if (!this.#keys.delete(key)) return false;
    this.#keys.add(key);
    return true;
  }

  add(key: string): void {
    this.#keys.add(key);
    if (this.#keys.size > MOST_REMEMBERED) this.#keys.delete(this.#keys.values().next().value!);
  }
}

/** Checks who asks. */
export class Authenticator {
  readonly #users: ReadonlyMap<string, string>;
  /** What a password of an unknown user is compared with: as costly as a known one's, and nobody's hash. */
  readonly #nobody: string;
  /** Of this process and these users only: what is remembered is of no use elsewhere, and no password can be read in it. */
  readonly #secret = randomBytes(32);
  readonly #right = new Recent();
  readonly #wrong = new Recent();
  readonly #queue = new ComparisonQueue();

  /** @param users bcrypt hashes by name; without any everybody is right */
  constructor(users: ReadonlyMap<string, string>) {
    this.#users = users;
    const [first] = users.values();
    const cost = first?.split("$")[2] ?? DEFAULT_COST;
    this.#nobody = `$2b$${cost}$${"cnproc.unknown.user.sal"}${"t".repeat(30)}`;
  }

  /** Checks a client's value of Authorization; undefined is none. */
  async check(authorization: string | undefined, peer: Peer): Promise<Authentication> {
    if (this.#users.size === 0) return "right";
    const credentials = parseBasic(authorization ?? "");
    if (credentials === undefined) return "wrong";
    const { user, password } = credentials;
    const key = createHmac("sha256", this.#secret).update(JSON.stringify([user, password])).digest("base64");
    if (this.#right.has(key)) return "right";
    if (this.#wrong.has(key)) {
      this.#queue.wrong(peer);
      return "wrong";
    }
    const hash = this.#users.get(user);
    const same = await this.#compare(password, hash ?? this.#nobody, peer);
    if (same === undefined) return "busy";
    const short = new TextEncoder().encode(password).length <= MOST_PASSWORD_BYTES;
    const right = same && short && hash !== undefined;
    (right ? this.#right : this.#wrong).add(key);
    if (!right) this.#queue.wrong(peer);
    return right ? "right" : "wrong";
  }

  /**
   * Compares, one password after the other: the library works on this thread, some 70 ms at cost 10, and lets others in every
   * 100 ms. Undefined if too many come before this one.
   */
  async #compare(password: string, hash: string, peer: Peer): Promise<boolean | undefined> {
    if (!await this.#queue.enter(peer)) return undefined;
    try {
      return await compare(password, hash);
    } finally {
      this.#queue.leave();
    }
  }
}

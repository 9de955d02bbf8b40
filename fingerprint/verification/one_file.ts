/**
 * The verification of one program after the other, for somebody who waits for the answer.
 *
 * @module
 */
import type { Libc } from "../../netlink/mod.ts";
import { waitFor } from "../waiting/mod.ts";
import { Verdict, type VerifyRequest } from "./request.ts";
import type { Opener } from "./root_folder.ts";
import { type Judgement, Verifier, type VerifierParts } from "./verifier.ts";

/** Nobody waits for longer, milliseconds: a file system may never answer, and packages be under way. */
const PATIENCE_MS = 10_000;

export class FileVerifier {
  readonly #verifier: Verifier;
  readonly #waiting = new Map<number, (judgement: Judgement) => void>();
  #lastKey = 0;

  constructor(libc: Libc, procfs: Opener, parts: VerifierParts = {}) {
    this.#verifier = new Verifier(libc, procfs, (key, judgement) => this.#waiting.get(key)?.(judgement), {
      share: 1, // of the CPU: whoever asked waits for it
      ...parts,
    });
  }

  /** Compares a program with what its package brought. Never rejects. */
  async verify(program: Omit<VerifyRequest, "key" | "isEarlier">, patienceMs = PATIENCE_MS): Promise<Judgement> {
    const key = ++this.#lastKey;
    const answer = new Promise<Judgement>((resolve) => void this.#waiting.set(key, resolve));
    this.#verifier.ask([{ ...program, key, isEarlier: false }]);
    const judgement = await waitFor(answer, patienceMs);
    this.#waiting.delete(key);
    return judgement ?? { verdict: Verdict.Unverified, doubt: "no answer in time" };
  }
}

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

/** What compares a program with what its package brought. Its promises never reject. */
export function fileVerifier(libc: Libc, procfs: Opener, parts: VerifierParts = {}) {
  const waiting = new Map<number, (judgement: Judgement) => void>();
  const verifier = new Verifier(libc, procfs, (key, judgement) => waiting.get(key)?.(judgement), {
    share: 1, // of the CPU: whoever asked waits for it
    ...parts,
  });
  let key = 0;
  return async (
    program: Omit<VerifyRequest, "key" | "isEarlier">,
    patienceMs: number = PATIENCE_MS,
  ): Promise<Judgement> => {
    const own = ++key, answer = Promise.withResolvers<Judgement>();
    waiting.set(own, answer.resolve);
    verifier.ask([{ ...program, key: own, isEarlier: false }]);
    const judgement = await waitFor(answer.promise, patienceMs);
    waiting.delete(own);
    return judgement ?? { verdict: Verdict.Unverified, doubt: "no answer in time" };
  };
}

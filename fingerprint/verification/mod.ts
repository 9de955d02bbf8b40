/**
 * Whether programs of the base system are what their packages brought.
 *
 * @module
 */
export { fileVerifier } from "./one_file.ts";
export { type Identity, Verdict, type VerifyRequest } from "./request.ts";
export { identityOf, isSame } from "./root_folder.ts";
export { takeVerdicts, VERDICT_BYTES, writeVerdict } from "./verdicts.ts";
export { type Judgement, Verifier } from "./verifier.ts";

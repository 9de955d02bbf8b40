/**
 * What a package's database says of the content of its files.
 *
 * @module
 */

export type Algorithm = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

export type Expected =
  /** A digest of its bytes, in lower-case hexadecimal digits. */
  | { readonly algorithm: Algorithm; readonly digest: string }
  /** No digest, but how long it is and when it was last written: Unix time, whole seconds. */
  | { readonly bytes: number; readonly modifiedSeconds: number }
  /** It is one that the administrator may edit. */
  | "configuration";

/** Path of a file that may be a program, as `mergePath` spells it → what packages say of it; one is enough. */
export type Digests = Map<string, Expected[]>;

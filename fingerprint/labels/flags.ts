/**
 * What the name of a tree can't say about a launch, as bits: a launch has any of them.
 *
 * @module
 */

/** The flags, in the order of their bits. */
export const FLAGS = [
  /** The file had been unlinked when it was executed, or was between its exec and a look at it. */
  "deleted",
  /** It never had a name in a mounted file system (memfd_create(2)). */
  "memfd",
  /** Its path, or that of the script, leads to another file, or to none, where the machine or the root's owner looks. */
  "unconfirmed",
  /** A file of the base system that isn't what its package brought. */
  "modified",
  /** It has the name of a program of the system, and lies where anybody may put it. */
  "namesake",
  /** The file changed the user: its set-user-ID bit is set, and its owner is another one. */
  "setuid",
  /** An interpreter runs code from its command line, its standard input or an open descriptor. */
  "inline",
  /** Something in the environment or the command line loads other code first. */
  "preload",
  /** The standard input of a shell or an interpreter is a network connection. */
  "socket",
  /** It lies in a folder that everybody may write to. */
  "temp",
  /** The file changed less than a minute before. */
  "new",
  /** It lies in the writable layer of a container. */
  "upper",
  /** An interpreter runs something, but nobody knows what: the command line wasn't seen whole, or no grammar knows it. */
  "unparsed",
  /** Another program maps and runs it: the dynamic linker, an emulator, Wine. */
  "loader",
] as const;
export type FlagName = (typeof FLAGS)[number];

type Bits = { readonly [N in FlagName as Capitalize<N>]: number };

export const Flag: Bits = Object.fromEntries(
  FLAGS.map((name, i) => [`${name[0]!.toUpperCase()}${name.slice(1)}`, 1 << i]),
) as unknown as Bits;

/** Those that are ordinary on most machines, and only inform; the others are grave. */
export const ORDINARY: number = Flag.Inline | Flag.Temp | Flag.New | Flag.Loader;

export function flagNames(flags: number): FlagName[] {
  return FLAGS.filter((_, i) => (flags & 1 << i) !== 0);
}

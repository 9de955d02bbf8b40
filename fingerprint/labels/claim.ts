/**
 * What is known of a path by which a program was found: whether the file that runs lies there.
 *
 * @module
 */

export const Claim = {
  /** The machine, or whoever set up the process's root, finds that file at the path. */
  Confirmed: 0,
  /** Nothing lies there on the machine itself; a view of root's own making, a service's private folder say, has it there. */
  Private: 1,
  /** Another file lies there, or only somebody's own view of the file system has it there. The path names nothing. */
  Unconfirmed: 2,
  /** The file had no name any more. */
  Deleted: 3,
  /** It never had one in a mounted file system. */
  Detached: 4,
} as const;
export type Claim = (typeof Claim)[keyof typeof Claim];

/**
 * What a package database tells of the base system.
 *
 * @module
 */

/** What a reader of a package database found. */
export interface BasePackages {
  /** The file that changes when a package does. */
  readonly database: string;
  /** When it had last been written before it was read ({@link Files.modified}). */
  readonly modified: number | undefined;
  /** Names of the packages that are the base system. */
  readonly packages: readonly string[];
  /** Their files that may be programs, as {@link mergePath} spells them; in no order, repeats are possible. */
  readonly programs: readonly string[];
}

/**
 * A root that processes run in, and who is asked and told about roots.
 *
 * @module
 */
import type { Labeller } from "../labels/mod.ts";

export interface Population {
  /** A living process in a root, or -1: whom to ask for the root again. */
  pidIn(root: number): number;
  /** The numbers of roots in which somebody runs. */
  rootsInUse(): ReadonlySet<number>;
}

/** Told what an operator should know of, once: more roots than numbers, and a root whose file system doesn't answer. */
export interface RootLog {
  full(roots: number): void;
  stalled(path: string): void;
}

export class Root {
  /** Whether a program of it was labelled. */
  isAsked = false;
  /** Whether its base system was read. */
  isRead = false;
  constructor(
    readonly device: number,
    readonly inodeLow: number,
    readonly inodeHigh: number,
    readonly path: string,
    readonly userNs: number,
    /** Where the machine has the files that aren't of a container's image. */
    readonly layer: string | undefined,
    readonly labeller: Labeller,
  ) {}
}

/**
 * systemd is the first process, and the manager of each user's own services (systemd(1), `--user`). What the first process starts
 * stands directly below the root. A user's services have a root of their own: whoever is no administrator can add them, and one
 * mustn't look like a service of the system.
 *
 * @module
 */
import { isRandom, type LabelTable, plain, SYSTEMD, USER_MANAGER } from "../labels/mod.ts";
import { ROOT } from "./nodes.ts";

const FIRST_PROCESS = 1;

/** Where a label would stand, and what a label says. */
export interface Place {
  readonly labels: LabelTable;
  /** The plain id of the label of a node; negative for the root. */
  labelOf(node: number): number;
}

/** The label by which a program counts that a process executed below a node. Only of the machine's own systemd it is another. */
export function labelBelow(trie: Place, pid: number, node: number, label: number): number {
  return node === ROOT && pid !== FIRST_PROCESS && isSystemd(trie, label)
    ? trie.labels.idOf(USER_MANAGER, false)
    : label;
}

/** As {@link labelBelow}, of a process that runs the program of its parent, which counts at the node. */
export function labelForked(trie: Place, node: number, label: number): number {
  if (node <= ROOT || !isSystemd(trie, label)) return label;
  const parent = trie.labelOf(node);
  return parent >= 0 && trie.labels.textOf(parent) === USER_MANAGER ? parent : label;
}

function isSystemd({ labels }: Place, label: number): boolean {
  return !isRandom(label) && labels.textOf(plain(label)) === SYSTEMD;
}

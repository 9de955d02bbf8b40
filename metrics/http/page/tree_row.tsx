/**
 * A tree on the page, with those below it.
 *
 * @module
 */

import type { TreeJson } from "../api/mod.ts";
import type { ForestNode } from "./forest.ts";
import { agoText, type Badge, type Cells as CellTexts, cellsOf, treeBadges } from "./browser/mod.ts";

const BLANK: CellTexts = { running: "", launches: "", failed: "", failures: "", plot: "", mean: "", cpu: "" };

/** Badges, as the script writes them too. */
export function Badges({ badges }: { readonly badges: readonly Badge[] }) {
  return <>{badges.map(({ text, kind, title }) => <em class={kind} title={title}>{text}</em>)}</>;
}

/** What stands in a row. The script fills the same cells, by their order. */
function Cells({ label, random, tree, nowSeconds }: {
  readonly label: string;
  readonly random: boolean;
  readonly tree: TreeJson | undefined;
  readonly nowSeconds: number;
}) {
  const cells = tree === undefined ? BLANK : cellsOf(tree);
  const seen = tree?.first_seen ?? undefined;
  return (
    <>
      <span>
        <b>{label}</b>
        <Badges badges={treeBadges(random, tree)} />
      </span>
      <span>{cells.running}</span>
      <span>{cells.launches}</span>
      <span title={cells.failures || undefined}>{cells.failed}</span>
      <span>
        <svg viewBox="0 0 71 16" aria-hidden="true">
          <path d={cells.plot} />
        </svg>
        <span>{cells.mean}</span>
      </span>
      <span>{cells.cpu}</span>
      {seen === undefined
        ? <time />
        : <time datetime={new Date(seen * 1000).toISOString()}>{agoText(nowSeconds - seen)}</time>}
    </>
  );
}

/** Class of a row, by what its tree does. */
export function rowClass(tree: TreeJson | undefined): string {
  if (tree === undefined) return "row ghost";
  return tree.running > 0 || tree.processes > 0 ? "row up" : "row";
}

/** A tree and those below it. */
export function TreeItem({ node, depth, nowSeconds }: {
  readonly node: ForestNode;
  readonly depth: number;
  readonly nowSeconds: number;
}) {
  const { path, label, random, tree, children } = node;
  const row = <Cells label={label} random={random} tree={tree} nowSeconds={nowSeconds} />;
  return (
    <li class={`d${depth}`} data-path={path}>
      {children.length === 0 ? <div class={rowClass(tree)} tabindex={-1}>{row}</div> : (
        <details open>
          <summary class={rowClass(tree)}>{row}</summary>
          <ul>
            {children.map((child) => <TreeItem node={child} depth={depth + 1} nowSeconds={nowSeconds} />)}
          </ul>
        </details>
      )}
    </li>
  );
}

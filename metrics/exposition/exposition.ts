/**
 * The metrics in one format.
 *
 * The bytes of the last scrape are the cache of the next: what they have of trees that didn't change is copied from them, in
 * runs of neighbours, and only that of the others is written again.
 *
 * @module
 */

import { Bytes, encode } from "../text/mod.ts";
import { exporterLines } from "./exporter_lines.ts";
import { exporterMetrics } from "./exporter_metrics.ts";
import { FAMILIES } from "./families.ts";
import type {
  CountedSeries,
  ExporterFamily,
  ExporterNumbers,
  ExporterWriter,
  Family,
  TreeFamily,
  TreeWriter,
} from "./family.ts";
import { familyFields } from "./protobuf.ts";
import type { Registry, Tree } from "../registry/mod.ts";
import { commentLines, type Format } from "./templates.ts";
import { treeLines } from "./tree_lines.ts";
import { treeMetrics } from "./tree_metrics.ts";

/** What is needed to write a family. */
interface Block {
  /** What stands before the series. */
  readonly head: Uint8Array;
  /** Bytes of head and series the last time. */
  length: number;
  /** Where the series begin in the last bytes. */
  first: number;
}

interface ExporterBlock extends Block {
  readonly exporter: ExporterWriter;
  readonly counted: ExporterFamily["counted"];
  /** The counted series that the last bytes have. */
  series: readonly CountedSeries[];
}

interface TreeBlock extends Block {
  readonly family: TreeFamily;
  readonly tree: TreeWriter;
  /** From the first series, where those of each tree begin, and where those of the last one end; room for the next. */
  starts: Uint32Array;
  spareStarts: Uint32Array;
}

/** About what a tree needs: room made at once instead of in many steps, each of which leaves garbage. */
const TREE_BYTES = 3000;

/** Marks a tree that must be written. */
const CHANGED = -1;

const END = encode("# EOF\n");

/** Whether a table is large enough, and not far too large since many trees left. */
function fits(length: number, need: number): boolean {
  return length >= need && length <= 8 * need + 1024;
}

/** Which of the optional families are written, as a number. */
function optionalOf({ accounting, hasExpectation }: Registry): number {
  return (accounting ? 1 : 0) + (hasExpectation ? 2 : 0);
}

function isWanted({ needsAccounting, needsBaseline }: TreeFamily, { accounting, hasExpectation }: Registry): boolean {
  return (needsAccounting !== true || accounting) && (needsBaseline !== true || hasExpectation);
}

function isNativeOnly(family: Family): boolean {
  return family.of === "trees" && family.nativeOnly === true;
}

function blockOf(family: Family, format: Format): ExporterBlock | TreeBlock {
  const isText = format !== "protobuf";
  const block = { head: isText ? commentLines(family, format) : familyFields(family), length: 0, first: 0 };
  if (family.of === "exporter") {
    const exporter = isText ? exporterLines(family, format) : exporterMetrics(family);
    return { ...block, exporter, counted: family.counted, series: [] };
  }
  const tree = isText ? treeLines(family, format) : treeMetrics(family);
  return { ...block, family, tree, starts: new Uint32Array(0), spareStarts: new Uint32Array(0) };
}

/** Writes the metrics in one format, again and again. */
export class Exposition {
  readonly #format: Format;
  readonly #blocks: readonly (ExporterBlock | TreeBlock)[];
  readonly #out = new Bytes();
  /** Whether there are last bytes, and all of them. */
  #isWhole = false;
  /** What they show. */
  #trees: readonly Tree[] = [];
  #generation = 0;
  /** Which of the optional families they have. */
  #optional = 0;
  /** Index of each tree in the last bytes, or {@link CHANGED}. */
  #before = new Int32Array(0);

  constructor(format: Format, families: readonly Family[] = FAMILIES) {
    this.#format = format;
    this.#blocks = families.filter((family) => format === "protobuf" || !isNativeOnly(family))
      .map((family) => blockOf(family, format));
  }

  /** The bytes. They hold until the next call but one. */
  render(registry: Registry, numbers: ExporterNumbers): Uint8Array<ArrayBuffer> {
    this.#compare(registry);
    const out = this.#out, isWhole = this.#isWhole;
    this.#isWhole = false; // Whatever may interrupt the writing below: half a scrape is no cache.
    out.begin();
    out.reserve(TREE_BYTES * registry.trees.length);
    for (const block of this.#blocks) {
      if ("exporter" in block || isWanted(block.family, registry)) this.#write(out, block, registry, numbers, isWhole);
    }
    if (this.#format === "openmetrics") {
      out.reserve(END.length);
      out.put(END);
    }
    this.#trees = registry.trees;
    this.#generation = registry.generation;
    this.#optional = optionalOf(registry);
    this.#isWhole = true;
    return out.view();
  }

  /** Finds out where in the last bytes each tree is. Both lists are in the order of paths. */
  #compare(registry: Registry): void {
    const { trees } = registry;
    const old = this.#isWhole && optionalOf(registry) === this.#optional ? this.#trees : [];
    if (!fits(this.#before.length, trees.length)) this.#before = new Int32Array(Math.ceil(trees.length * 1.25));
    let at = 0;
    for (let i = 0; i < trees.length; i++) {
      const tree = trees[i]!;
      if (old === trees) at = i;
      else while (at < old.length && old[at]!.path < tree.path) at++;
      this.#before[i] = old[at] === tree && tree.changed <= this.#generation ? at : CHANGED;
    }
  }

  /** Writes a family; none of protobuf, and none about the exporter, without any series. */
  #write(
    out: Bytes,
    block: ExporterBlock | TreeBlock,
    registry: Registry,
    numbers: ExporterNumbers,
    isWhole: boolean,
  ): void {
    const { head, length: expected } = block, start = out.length, isMessage = this.#format === "protobuf";
    out.reserve(head.length + 8);
    const at = isMessage ? out.open(expected) : start;
    out.put(head);
    const first = out.length;
    if ("exporter" in block) this.#writeExporter(out, block, registry, numbers, isWhole);
    else this.#writeTrees(out, block, registry);
    block.length = out.length - first + head.length;
    if (out.length === first && (isMessage || "exporter" in block)) return out.truncate(start);
    out.reserve(8);
    const moved = isMessage ? out.close(at, expected) : 0;
    block.first = first + moved;
  }

  /** Counted series that are all as they were are copied: one a tree with who launches it, and few of them change. */
  #writeExporter(
    out: Bytes,
    block: ExporterBlock,
    { startSeconds }: Registry,
    numbers: ExporterNumbers,
    isWhole: boolean,
  ): void {
    if (block.counted === undefined) return block.exporter(out, numbers, [], startSeconds);
    const series = [...block.counted.series(numbers)], last = block.series;
    block.series = series;
    const isSame = isWhole && series.length === last.length &&
      series.every(([labels, value], i) => labels === last[i]![0] && value === last[i]![1]);
    if (!isSame) return block.exporter(out, numbers, series, startSeconds);
    const end = block.first + block.length - block.head.length;
    out.reserve(end - block.first);
    out.copy(block.first, end);
  }

  #writeTrees(out: Bytes, block: TreeBlock, { trees, rows }: Registry): void {
    const before = this.#before;
    const oldStarts = block.starts;
    if (!fits(block.spareStarts.length, trees.length + 1)) {
      block.spareStarts = new Uint32Array(Math.ceil(trees.length * 1.25) + 1);
    }
    const starts = block.spareStarts, begin = out.length;
    for (let i = 0; i < trees.length;) {
      const first = before[i]!;
      starts[i] = out.length - begin;
      if (first === CHANGED) {
        block.tree(out, trees[i++]!, rows);
        continue;
      }
      const from = oldStarts[first]!;
      const moved = out.length - begin - from;
      let next = first;
      while (i < trees.length && before[i] === next) starts[i++] = oldStarts[next++]! + moved;
      const end = oldStarts[next]!;
      out.reserve(end - from);
      out.copy(block.first + from, block.first + end);
    }
    starts[trees.length] = out.length - begin;
    block.starts = starts;
    block.spareStarts = oldStarts;
  }
}

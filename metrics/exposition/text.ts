/**
 * The text of the metrics in one format.
 *
 * The text of the last scrape is the cache of the next: the lines of trees that didn't change are copied from it, in runs of
 * neighbours, and only the lines of the others are written again.
 *
 * @module
 */

import { Bytes, encode, numberText } from "../text/mod.ts";
import { FAMILIES } from "./families.ts";
import type { ExporterFamily, ExporterNumbers, TreeFamily } from "./family.ts";
import type { Registry, Tree } from "../registry/mod.ts";
import { commentLines, exporterHeads, type Format } from "./templates.ts";
import { TreeLines } from "./tree_lines.ts";

/** What is needed to write a family about the exporter. */
interface ExporterBlock {
  readonly comments: Uint8Array;
  readonly family: ExporterFamily;
  /** Known with the first numbers: they bring the build's labels. */
  heads?: readonly string[];
}

/** What is needed to write a family about the trees. */
interface TreeBlock {
  readonly comments: Uint8Array;
  readonly family: TreeFamily;
  readonly lines: TreeLines;
  /** Where the lines of each tree start in the last text, and where those of the last one end; room for the next. */
  starts: Uint32Array;
  spareStarts: Uint32Array;
}

/** About what the lines of a tree need: room made at once instead of in many steps, each of which leaves garbage. */
const TREE_BYTES = 3000;

/** Marks a tree whose lines must be written. */
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

/** Writes the metrics in one format, again and again. */
export class Exposition {
  readonly #format: Format;
  readonly #blocks: readonly (ExporterBlock | TreeBlock)[];
  readonly #text = new Bytes();
  /** What the last text shows. */
  #trees: readonly Tree[] = [];
  #generation = 0;
  /** Which of the optional families it has. */
  #optional = 0;
  /** Index of each tree in the last text, or {@link CHANGED}. */
  #before = new Int32Array(0);

  constructor(format: Format) {
    this.#format = format;
    this.#blocks = FAMILIES.map((family) => {
      const comments = commentLines(family, format);
      if (family.of === "exporter") return { family, comments };
      return {
        family,
        comments,
        lines: new TreeLines(family, format),
        starts: new Uint32Array(0),
        spareStarts: new Uint32Array(0),
      };
    });
  }

  /** The text. It holds until the next call but one. */
  render(registry: Registry, numbers: ExporterNumbers): Uint8Array<ArrayBuffer> {
    this.#compare(registry);
    this.#trees = []; // Whatever may interrupt the writing below: half a text is no cache.
    const out = this.#text;
    out.begin();
    out.reserve(TREE_BYTES * registry.trees.length);
    for (const block of this.#blocks) {
      if (!("lines" in block)) this.#writeExporter(out, block, numbers);
      else if (isWanted(block.family, registry)) this.#writeTrees(out, block, registry);
    }
    if (this.#format === "openmetrics") {
      out.reserve(END.length);
      out.put(END);
    }
    this.#trees = registry.trees;
    this.#generation = registry.generation;
    this.#optional = optionalOf(registry);
    return out.view();
  }

  /** Finds out where in the last text the lines of each tree are. Both lists are in the order of paths. */
  #compare(registry: Registry): void {
    const { trees } = registry;
    const old = optionalOf(registry) === this.#optional ? this.#trees : [];
    if (!fits(this.#before.length, trees.length)) this.#before = new Int32Array(Math.ceil(trees.length * 1.25));
    let at = 0;
    for (let i = 0; i < trees.length; i++) {
      const tree = trees[i]!;
      if (old === trees) at = i;
      else while (at < old.length && old[at]!.path < tree.path) at++;
      this.#before[i] = old[at] === tree && tree.changed <= this.#generation ? at : CHANGED;
    }
  }

  #writeTrees(out: Bytes, block: TreeBlock, registry: Registry): void {
    const { trees, rows } = registry;
    const before = this.#before;
    const oldStarts = block.starts;
    if (!fits(block.spareStarts.length, trees.length + 1)) {
      block.spareStarts = new Uint32Array(Math.ceil(trees.length * 1.25) + 1);
    }
    const starts = block.spareStarts;
    out.reserve(block.comments.length);
    out.put(block.comments);
    for (let i = 0; i < trees.length;) {
      const first = before[i]!;
      starts[i] = out.length;
      if (first === CHANGED) {
        const tree = trees[i++]!;
        block.lines.write(out, tree.label, rows, tree.at);
        continue;
      }
      const from = oldStarts[first]!;
      const moved = out.length - from;
      let next = first;
      while (i < trees.length && before[i] === next) starts[i++] = oldStarts[next++]! + moved;
      const end = oldStarts[next]!;
      out.reserve(end - from);
      out.copy(from, end);
    }
    starts[trees.length] = out.length;
    block.starts = starts;
    block.spareStarts = oldStarts;
  }

  #writeExporter(out: Bytes, block: ExporterBlock, numbers: ExporterNumbers): void {
    const heads = block.heads ??= exporterHeads(block.family, numbers.build);
    let text = "";
    block.family.series.forEach(({ value: read }, index) => {
      const value = read(numbers);
      if (value !== undefined) text += `${heads[index]}${numberText(value)}\n`;
    });
    if (text === "") return;
    out.reserve(block.comments.length);
    out.put(block.comments);
    out.text(text);
  }
}

/**
 * Draws the names that the fast tests hold against the committed model where the corpora are not there.
 *
 *     deno run -A scripts/randomness/sample.ts [FOLDER]
 *
 * From the corpora in `FOLDER` (default: `../shared/corpora` beside the repository) it writes `names.txt`, `random.txt`,
 * `pairs.tsv` and `outside.tsv` of the same form, but smaller, to `tests/fixtures/randomness`. The same corpora give the same files.
 *
 * @module
 */

import { fnv } from "./corpora.ts";

/** Rows of each source or family that are kept, at most. */
const KEPT: Readonly<Record<string, number>> = {
  "names.txt": 150,
  "random.txt": 25,
  "pairs.tsv": Infinity,
  "outside.tsv": 4000,
};

if (import.meta.main) {
  const from = Deno.args[0] ?? new URL("../../../shared/corpora", import.meta.url).pathname;
  const to = new URL("../../tests/fixtures/randomness/", import.meta.url);
  await Deno.mkdir(to, { recursive: true });
  for (const [file, kept] of Object.entries(KEPT)) {
    const lines = (await Deno.readTextFile(`${from}/${file}`)).split("\n").filter((line) => line !== "");
    const kinds = Map.groupBy(lines, (line) => kept === Infinity ? "" : line.slice(0, line.indexOf("\t")));
    const drawn = [...kinds.values()].flatMap((rows) =>
      rows.map((row) => ({ row, order: fnv(row) })).sort((a, b) => a.order - b.order).slice(0, kept)
        .map(({ row }) => row).sort()
    );
    await Deno.writeTextFile(new URL(file, to), `${drawn.join("\n")}\n`);
    console.log(`${file}: ${drawn.length} of ${lines.length}`);
  }
}

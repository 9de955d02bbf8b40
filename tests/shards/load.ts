/**
 * Loads a share of the fast tests into one isolate. `deno test` gives each file an isolate of its own, in which the same
 * modules are read, compiled and warmed up again: for 200 files that takes as long as the tests. A shard is a file that
 * `deno test --parallel` takes a thread for; the test files are dealt out among the shards that this folder has.
 *
 * They are imported by name at run time, so types aren't checked here: `deno task gate` checks them all.
 */
import { basename } from "node:path";

const FOLDERS = ["unit", "property"];
const IS_TEST = /_test\.tsx?$/;

/** All test files below a folder, as addresses, in a fixed order. */
function testFiles(folder: URL): string[] {
  const entries = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory
      ? testFiles(new URL(`${encodeURIComponent(name)}/`, folder))
      : IS_TEST.test(name)
      ? [new URL(encodeURIComponent(name), folder).href]
      : []
  );
}

/** Registers the tests of the shard whose address is given. Fails at the first file that can't be loaded. */
export async function loadShard(address: string): Promise<void> {
  const shards = [...Deno.readDirSync(import.meta.dirname!)].map(({ name }) => name)
    .filter((name) => IS_TEST.test(name)).sort();
  const own = shards.indexOf(basename(address));
  // One folder after the other, so that the properties, which take longest, are spread as evenly as the rest.
  const files = FOLDERS.flatMap((folder) => testFiles(new URL(`../${folder}/`, import.meta.url)));
  for (const [i, file] of files.entries()) if (i % shards.length === own) await import(file);
}

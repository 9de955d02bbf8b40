/**
 * Bundles the page's script:
 *
 *     deno task page
 *
 * The text is part of the sources, so that the exporter runs from a checkout without a build; a test says when it is old.
 *
 * @module
 */

import { resolve } from "@std/path/posix";

const ROOT = resolve(import.meta.dirname!, "..");
const FOLDER = `${ROOT}/metrics/http/page/browser`;

/** The file that holds the text. */
export const BUNDLE_FILE = `${FOLDER}/bundle.ts`;

/** What that file must be. */
export async function pageBundle(): Promise<string> {
  const output = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const args = ["bundle", "--quiet", "--lock=deno.lock", "--platform=browser", "--format=iife", "--minify"];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, `--output=${output}`, `${FOLDER}/client.ts`],
      cwd: ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) throw new Error(`Cannot bundle the page's script: ${new TextDecoder().decode(stderr)}`);
    const script = (await Deno.readTextFile(output)).trim();
    return `// deno-fmt-ignore-file
/**
 * The script of the page, bundled from \`client.ts\` by scripts/bundle_page.ts (deno task page).
 *
 * @module
 */

/** The text of the script element. */
export const SCRIPT: string =
  ${JSON.stringify(script)};
`;
  } finally {
    await Deno.remove(output);
  }
}

if (import.meta.main) await Deno.writeTextFile(BUNDLE_FILE, await pageBundle());

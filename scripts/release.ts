/**
 * Runs the steps of a release that can run on this machine, and says which were left out and why:
 *
 *     deno task release --dry-run [--no-test]
 *
 * A release itself is made by .github/workflows/release.yml when a tag vX.Y.Z is pushed.
 *
 * @module
 */

import { resolve } from "@std/path/posix";
import { sectionOf } from "./changelog.ts";
import { GO_TOOLS, goRun, ToolError } from "./go_tools.ts";

const ROOT = resolve(import.meta.dirname!, "..");
const WORKFLOW = ".github/workflows/release.yml";

/** A step that can't run here; the message says why. */
class Skipped extends Error {}
/** A step that failed. */
class Failed extends Error {}

interface Step {
  readonly name: string;
  /** What it found, in a few words; throws {@link Skipped} or {@link Failed}. */
  readonly run: () => Promise<string>;
}

async function command(name: string, args: readonly string[]): Promise<{ success: boolean; text: string }> {
  const output = await new Deno.Command(name, { args: [...args], cwd: ROOT, env: { NO_COLOR: "1" } }).output();
  const text = new TextDecoder();
  return { success: output.success, text: (text.decode(output.stdout) + text.decode(output.stderr)).trim() };
}

async function must(name: string, args: readonly string[]): Promise<string> {
  const { success, text } = await command(name, args);
  if (!success) throw new Failed(text);
  return text;
}

async function version(): Promise<string> {
  return (JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)) as { version: string }).version;
}

/** Actions of the workflow that a tag or a branch names: those move, a commit doesn't. */
export function unpinned(workflow: string): string[] {
  const uses = [...workflow.matchAll(/^\s*(?:-\s+)?uses:\s*(\S+)(.*)$/gm)];
  return uses.filter(([, action, comment]) => !/@[0-9a-f]{40}$/.test(action!) || !/# v\d+\.\d+\.\d+$/.test(comment!))
    .map(([, action]) => action!);
}

const STEPS: readonly Step[] = [
  {
    name: "tag",
    async run() {
      const want = `v${await version()}`;
      const tags = (await must("git", ["tag", "--points-at", "HEAD"])).split("\n").filter((tag) => /^v\d/.test(tag));
      if (tags.length > 0 && !tags.includes(want)) throw new Failed(`the tag is ${tags.join(", ")}, want ${want}`);
      return tags.length > 0 ? want : `none yet; ${want} is the one to push`;
    },
  },
  {
    name: "changelog",
    async run() {
      const want = await version();
      const section = sectionOf(await Deno.readTextFile(`${ROOT}/CHANGELOG.md`), want);
      if (section === undefined) throw new Failed(`CHANGELOG.md has no section "## ${want} / YYYY-MM-DD"`);
      return `${section.split(/^- /m).length - 1} entries about ${want}`;
    },
  },
  {
    name: "workflow",
    async run() {
      const loose = unpinned(await Deno.readTextFile(`${ROOT}/${WORKFLOW}`));
      if (loose.length > 0) throw new Failed(`want a full commit and its tag for ${loose.join(", ")}`);
      await goRun("actionlint", [WORKFLOW], ROOT);
      return `${GO_TOOLS.actionlint.split("@")[1]} of actionlint has nothing to say, all actions are pinned`;
    },
  },
  {
    name: "test",
    async run() {
      if (Deno.args.includes("--no-test")) throw new Skipped("--no-test");
      await must(Deno.execPath(), ["task", "ok"]);
      return "deno task ok; .ci/run has all the tests";
    },
  },
  {
    name: "packages",
    async run() {
      const text = await must(Deno.execPath(), [
        "run",
        "-A",
        "--lock=tests/deno.lock",
        "-q",
        "scripts/package.ts",
        "--verify",
      ]);
      return `in dist/packages\n${text}`;
    },
  },
  {
    name: "image",
    async run() {
      const engine = await command("docker", ["info", "--format={{.ServerVersion}}"]).catch(() => undefined);
      if (engine === undefined || !engine.success) throw new Skipped("no Docker engine answers here");
      await must("docker", [
        "buildx",
        "build",
        "--file=deploy/container/Dockerfile",
        "--tag=cnproc-exporter:dry-run",
        ".",
      ]);
      return "cnproc-exporter:dry-run for this architecture, not pushed";
    },
  },
  {
    name: "provenance",
    run: () => Promise.reject(new Skipped("GitHub alone attests what its own runners build")),
  },
  {
    name: "publish",
    run: () => Promise.reject(new Skipped("a dry run")),
  },
];

async function main(): Promise<number> {
  const unknown = Deno.args.find((arg) => arg !== "--dry-run" && arg !== "--no-test");
  if (unknown !== undefined || !Deno.args.includes("--dry-run")) {
    console.error(`Cannot release from here: want --dry-run; pushing a tag releases, see ${WORKFLOW}`);
    return 2;
  }
  for (const { name, run } of STEPS) {
    try {
      console.log(`${name}: ${await run()}`);
    } catch (error) {
      if (error instanceof Skipped) {
        console.log(`${name}: skipped, ${error.message}`);
      } else if (error instanceof Failed || error instanceof ToolError) {
        console.error(`${name}: failed: ${error.message}`);
        return 1;
      } else {
        throw error;
      }
    }
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main());

/**
 * What an isolation forest (scikit-learn) makes of the same features, in an environment of Python's that is made once.
 *
 * @module
 */

import { FLAGS } from "../../fingerprint/mod.ts";
import { findPython } from "../../tests/require.ts";
import type { Judged } from "./evaluation.ts";

/** dist/ is nobody's but the build's. */
const FOLDER = `${import.meta.dirname}/../../dist/detection-python`;
const PACKAGE = "scikit-learn==1.5.2";
/** The forest draws 256 of the launches for each tree: one in so many is enough to draw from. */
const LEARN_EVERY = 10;
/** Steps of a lineage that have a feature each. */
const STEPS = 4;

/** What the exporter tells of a launch, as numbers. */
export function features({ tree, flags, isExpected, isNew, bits }: Judged): number[] {
  return [
    ...Array.from({ length: STEPS }, (_, step) => bits[step] ?? 0),
    Number(isNew),
    Number(isExpected === false),
    Number(tree.startsWith("/random/")),
    tree.split("/").length - 1,
    ...FLAGS.map((flag) => Number(flags.includes(flag))),
  ];
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The environment's Python; undefined where it can't be made. */
async function environment(): Promise<string | undefined> {
  const python = `${FOLDER}/bin/python`, has = () => succeeds(python, "-c", "import sklearn");
  if (await has()) return python;
  const base = findPython();
  if (base === undefined || !await succeeds(base, "-m", "venv", "--clear", FOLDER)) return undefined;
  return await succeeds(python, "-m", "pip", "install", "-q", PACKAGE) && await has() ? python : undefined;
}

/** Scores of launches by a forest that learned from others, higher for what is odder; undefined where there is no scikit-learn. */
export async function isolationForest(
  learn: readonly Judged[],
  score: readonly Judged[],
  seed: number,
): Promise<number[] | undefined> {
  const python = await environment();
  if (python === undefined) return undefined;
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const rows = score.map((one) => JSON.stringify(features(one))), numbers = new Map<string, number>();
    for (const row of rows) if (!numbers.has(row)) numbers.set(row, numbers.size);
    const sample = learn.filter((_, at) => at % LEARN_EVERY === 0).map(features);
    await Deno.writeTextFile(file, `{"learn":${JSON.stringify(sample)},"score":[${[...numbers.keys()].join()}]}`);
    const args = [`${import.meta.dirname}/isolation_forest.py`, file, String(seed)];
    const { success, stdout, stderr } = await new Deno.Command(python, { args, stdin: "null" }).output();
    if (!success) throw new Error(`Cannot score by an isolation forest: ${new TextDecoder().decode(stderr)}`);
    const scores = JSON.parse(new TextDecoder().decode(stdout)) as number[];
    return rows.map((row) => scores[numbers.get(row)!]!);
  } finally {
    await Deno.remove(file);
  }
}

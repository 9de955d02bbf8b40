/**
 * What docs/example-machine.md says, and the lists of trees that it explains.
 *
 * @module
 */

const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

/** The page. */
export const page = (): Promise<string> => read("docs/example-machine.md");

/** The rules that it recommends to whoever wants fewer trees: a configuration file. */
export function rulesOn(page: string): string {
  return /```yaml\n(.*?)```/s.exec(page)![1]!;
}

/** The lists below tests/fixtures/example_machine: the first day's trees, and those that the second day adds. */
export const LISTS = ["trees", "second_day"] as const;
export type List = typeof LISTS[number];

const pathOf = (list: List) => `tests/fixtures/example_machine/${list}.txt`;

export async function recorded(list: List): Promise<string[]> {
  return (await read(pathOf(list))).trimEnd().split("\n");
}

export async function record(list: List, trees: readonly string[]): Promise<void> {
  await Deno.writeTextFile(new URL(`../../${pathOf(list)}`, import.meta.url), `${trees.join("\n")}\n`);
}

/**
 * A running exporter, asked over HTTP. What it answers may come from anybody: texts are made printable, and an answer of another
 * shape is an error.
 *
 * @module
 */

import type { HealthJson, TreeJson } from "../http/api/mod.ts";
import type { HttpClient } from "../baseline/mod.ts";
import type { ContainerJson, ContextJson } from "../registry/mod.ts";
import { printable } from "../text/mod.ts";

/** The trees of an exporter, as of a moment. */
export interface Forest {
  /** Unix time of the answer, seconds. */
  readonly time: number;
  readonly health: HealthJson;
  readonly trees: readonly TreeJson[];
}

/** The address of a path of the JSON interface, below what a URL names: a root, or a folder that ends with a slash. */
export function apiUrl(url: string, path: string): string {
  const base = new URL(url);
  if (!base.pathname.endsWith("/")) base.pathname = "/";
  base.search = base.hash = "";
  return new URL(`api/v1/${path}`, base).href;
}

/** A client with what `--http.config.file` says. Its room is loaded for those who ask only. */
export async function clientOf(options: { readonly httpConfigFile: string | undefined }): Promise<HttpClient> {
  const { HttpClient, readHttpConfig } = await import("../baseline/mod.ts");
  return new HttpClient(options.httpConfigFile === undefined ? {} : readHttpConfig(options.httpConfigFile));
}

/** Reads the trees. Throws an error whose message is one line. */
export async function readForest(client: HttpClient, url: string): Promise<Forest> {
  const address = apiUrl(url, "trees"), text = await client.text(address, "application/json");
  const problem = (): Error => new Error(`Cannot read from ${address}: its answer has no trees: is it an exporter?`);
  let answer: Partial<Forest> | null;
  try {
    answer = JSON.parse(text);
  } catch {
    throw problem();
  }
  const { time, health, trees } = answer ?? {};
  const isForest = typeof time === "number" && typeof health?.lost === "object" && Array.isArray(trees) &&
    trees.every(isTree);
  if (!isForest) throw problem();
  return { time, health, trees: trees.map(shown) };
}

/** A tree with printable texts. An older exporter says no rarity, and not who launches, and where. */
function shown(tree: TreeJson): TreeJson {
  const { path, rarity, launched_by, launched_in } = tree as Pick<TreeJson, "path"> & {
    readonly rarity?: unknown;
    readonly launched_by?: unknown;
    readonly launched_in?: unknown;
  };
  return {
    ...tree,
    path: printable(path),
    rarity: typeof rarity === "number" ? rarity : 0,
    launched_by: (Array.isArray(launched_by) ? launched_by : []).map(contextIn),
    launched_in: Array.isArray(launched_in) ? launched_in.filter((place) => typeof place === "object" && place) : [],
  };
}

/** What is told of a container only where that is known. */
const CONTAINER_FIELDS = ["container_name", "image", "pod", "namespace"] as const satisfies (keyof ContainerJson)[];

/** A context as it came, which may be from anybody: what isn't one is nobody's. */
export function contextIn(value: unknown): ContextJson {
  const said = (value ?? {}) as Partial<Record<keyof ContextJson, unknown>>;
  const { uid, user, unit, container } = said;
  const textOf = (text: unknown) => typeof text === "string" ? printable(text) : null;
  return {
    uid: typeof uid === "number" ? uid : null,
    user: textOf(user),
    unit: textOf(unit),
    container: textOf(container),
    ...Object.fromEntries(
      CONTAINER_FIELDS.flatMap((field) => typeof said[field] === "string" ? [[field, printable(said[field])]] : []),
    ),
  };
}

/** Whether it has what is shown of a tree. */
function isTree(tree: Partial<TreeJson> | null): boolean {
  return typeof tree === "object" && tree !== null && typeof tree.path === "string" && tree.path.startsWith("/") &&
    typeof tree.launches === "number" && typeof tree.running === "number" && typeof tree.processes === "number" &&
    typeof tree.exits === "object" && typeof tree.seconds?.count === "number" && Array.isArray(tree.unexpected_flags) &&
    typeof tree.flagged_launches === "object" && tree.flagged_launches !== null && tree.resources !== undefined;
}

/**
 * Who launched: the places of launches as the worker numbers them, and how many launches each unit had.
 *
 * @module
 */

import {
  type ContainerInfo,
  type LaunchContextChanges,
  NO_USER,
  type ProcessPlace,
  unitFamily,
  WAY_WIDTH,
} from "../../fingerprint/mod.ts";
import { ContainerLaunches } from "./container_launches.ts";
import { type LaunchPlace, LaunchPlaces, UNKNOWN_PLACE } from "./launch_places.ts";
import { type UserNames, userNames } from "./users.ts";

/** Units that are counted by themselves. */
export const MOST_UNITS = 200;
/** In place of a unit: no unit, nobody knows which, one that came when there were {@link MOST_UNITS}. No unit is called so. */
export const NO_UNIT = "none", UNKNOWN_UNIT = "unknown", OTHER_UNIT = "other";

/** Of a tree as many ways to be launched are shown. */
export const MOST_OF_TREE = 4;

/**
 * Who launches a tree, as labels: the tree's path, the unit (numbered ones as one: `session-*.scope`), the container, and the user
 * by number; empty where it is in none, or nobody knows. The same object from scrape to scrape.
 */
export type LaunchedBy = readonly [tree: string, unit: string, container: string, user: string];

/** What a container's runtime calls it; each only where its files tell. Field names are those of the JSON interface. */
export interface ContainerJson {
  readonly container_name?: string;
  readonly image?: string;
  /** Name and namespace of the Kubernetes pod. */
  readonly pod?: string;
  readonly namespace?: string;
}

/** Who knows what containers are called. */
export interface ContainerNaming {
  of(container: string): ContainerInfo | undefined;
}

export function containerJson({ name, ...rest }: ContainerInfo = {}): ContainerJson {
  return name === undefined ? rest : { container_name: name, ...rest };
}

/** A container with its labels: what lists of its runtime call it, its name, its image, its pod and its namespace; empty where nobody knows. */
export type NamedContainer = readonly [container: string, name: string, image: string, pod: string, namespace: string];

/** Whose a process is and where it belongs; null where it is in none, or nobody knows. Field names are those of the JSON interface. */
export interface ContextJson extends ContainerJson {
  /** The user by number, and by name. */
  readonly uid: number | null;
  readonly user: string | null;
  readonly unit: string | null;
  readonly container: string | null;
}

/** Places that are remembered: twice as many as the worker tells apart at a time. */
const MOST_PLACES = 8192;

export class LaunchContexts {
  readonly #places = new Map<number, ProcessPlace>();
  readonly #launches = new Map<string, number>();
  readonly containers = new ContainerLaunches();
  /** Launches of each tree by place. */
  readonly places = new LaunchPlaces();
  /** Number of a tree → who launched it, the last at the end. */
  readonly #byTree = new Map<number, readonly LaunchedBy[]>();

  constructor(
    readonly users: UserNames = userNames(),
    readonly names: ContainerNaming = { of: () => undefined },
  ) {}

  /** The containers of {@link containers} that have a name, in their order. */
  *named(): Generator<NamedContainer> {
    for (const [container] of this.containers.entries()) {
      const info = this.names.of(container);
      if (info === undefined) continue;
      const { name = "", image = "", pod = "", namespace = "" } = info;
      yield [container, name, image, pod, namespace];
    }
  }

  /** Launches by the unit of the system's own manager, a user's counted as that user's manager's. */
  get launchesByUnit(): ReadonlyMap<string, number> {
    return this.#launches;
  }

  /** The place of a number; undefined where nobody knows. */
  placeOf(context: number): ProcessPlace | undefined {
    return this.#places.get(context);
  }

  /** Where a context is, as far as baselines tell places apart. */
  launchPlaceOf(context: number): LaunchPlace {
    const place = this.placeOf(context);
    if (place === undefined) return UNKNOWN_PLACE;
    const { unit, container, containerId } = place;
    const image = containerId === undefined ? "" : this.names.of(container!)?.image;
    return this.places.of(unit === undefined ? "" : countedUnit(place), image);
  }

  /** The context of a launch or an ending, by the numbers of its place and its user. */
  contextOf(context: number, uid: number): ContextJson {
    const place = this.placeOf(context);
    return { ...this.#userOf(uid), unit: place?.unit ?? null, ...this.#containerOf(place?.container) };
  }

  /** The contexts of {@link launchersOf}. */
  contextsOf(tree: number): ContextJson[] {
    return this.launchersOf(tree).map(([, unit, container, user]) => ({
      ...this.#userOf(user === "" ? NO_USER : Number(user)),
      unit: unit || null,
      ...this.#containerOf(container || undefined),
    }));
  }

  #containerOf(container: string | undefined): Pick<ContextJson, "container"> & ContainerJson {
    return container === undefined ? { container: null } : { container, ...containerJson(this.names.of(container)) };
  }

  #userOf(uid: number): Pick<ContextJson, "uid" | "user"> {
    return uid === NO_USER ? { uid: null, user: null } : { uid, user: this.users(uid) };
  }

  /** The last {@link MOST_OF_TREE} that were seen to launch a tree, by its number. */
  launchersOf(tree: number): readonly LaunchedBy[] {
    return this.#byTree.get(tree) ?? [];
  }

  /** A tree has left. */
  forget(tree: number): void {
    this.#byTree.delete(tree);
    this.places.forget(tree);
  }

  /**
   * Takes a report in; `pathOf` gives the path of a tree, undefined for one that has left: of that nothing is kept. `nowSeconds` is
   * Unix time.
   */
  apply(
    { added, launches, launchedIn }: LaunchContextChanges,
    pathOf: (tree: number) => string | undefined,
    nowSeconds: number,
  ): void {
    this.containers.sweep(nowSeconds);
    for (const { id, ...place } of added) {
      if (this.#places.size >= MOST_PLACES) this.#places.delete(this.#places.keys().next().value!);
      this.#places.set(id, place);
    }
    for (let i = 0; i < launches.length; i += 2) {
      const place = this.placeOf(launches[i]!);
      this.#count(place === undefined ? UNKNOWN_UNIT : countedUnit(place), launches[i + 1]!);
      if (place?.container !== undefined) this.containers.count(place.container, launches[i + 1]!, nowSeconds);
    }
    for (let i = 0; i < launchedIn.length; i += WAY_WIDTH) {
      const tree = launchedIn[i]!, context = launchedIn[i + 1]!, path = pathOf(tree);
      if (path === undefined) continue;
      this.#add(tree, path, context, launchedIn[i + 2]!);
      this.places.count(tree, this.launchPlaceOf(context), launchedIn[i + 3]!);
    }
  }

  #add(tree: number, path: string, context: number, uid: number): void {
    const place = this.placeOf(context), user = uid === NO_USER ? "" : String(uid);
    const by: LaunchedBy = [path, unitFamily(place?.unit ?? ""), place?.container ?? "", user];
    const isOther = (known: LaunchedBy) => known.some((label, i) => label !== by[i]),
      launchers = this.launchersOf(tree);
    if (launchers.length > 0 && !isOther(launchers.at(-1)!)) return;
    this.#byTree.set(tree, [...launchers.filter(isOther), by].slice(-MOST_OF_TREE));
  }

  #count(unit: string, launches: number): void {
    const isKnown = this.#launches.has(unit) || this.#launches.size < MOST_UNITS;
    const name = isKnown ? unit : OTHER_UNIT;
    this.#launches.set(name, Math.max(0, (this.#launches.get(name) ?? 0) + launches));
  }
}

/** The unit under which a place's launches count. */
function countedUnit({ unit = NO_UNIT }: ProcessPlace): string {
  return unitFamily(unit.split("/", 1)[0]!);
}

/**
 * A control group's path → the unit, the container and the pod of the processes in it.
 *
 * Whoever owns a group may make others in it, of any name. Units are therefore believed as far as the system's own manager names
 * them: down to its first service or scope. What stands below is the word of whom that was given to, a user mostly, and is
 * written behind that unit's name, so that it passes for nobody else's. What is below a container is the container's business.
 *
 * @module
 */
import { cgroupPath } from "./cgroup_file.ts";
import { containerOf, podOf, type Runtime, shortId } from "./containers.ts";
import { isDelegatedToOthers, isSlice, isUnit, isUserManager, withoutPrefix } from "./units.ts";

/** Where a process belongs; each undefined where it is in none. */
export interface ProcessPlace {
  /** Unit of the system's manager: `nginx.service`. In a user's session also that of the user's own: `user@1000.service/mail.service`. */
  readonly unit: string | undefined;
  /** The innermost slice that the system's manager has put it into. */
  readonly slice: string | undefined;
  /** What lists of the runtime call the container, behind the unit if a user says so: `user@1000.service/4f8a1c0de3b2`. */
  readonly container: string | undefined;
  readonly runtime: Runtime | undefined;
  /** The container's whole id, where the system's own runtime told of it: what that wrote about it is to be found by the id. */
  readonly containerId: string | undefined;
  /** Id of the Kubernetes pod. */
  readonly pod: string | undefined;
}

export const NOWHERE: ProcessPlace = {
  unit: undefined,
  slice: undefined,
  container: undefined,
  runtime: undefined,
  containerId: undefined,
  pod: undefined,
};

/** The place of a group, by its path. */
export function placeOf(path: string): ProcessPlace {
  let unit: string | undefined, own: string | undefined, slice: string | undefined, pod: string | undefined;
  let above = "";
  for (const group of path.split("/")) {
    if (group === "" || group === "..") continue; // above the reader's own root, where it has one (cgroup_namespaces(7))
    const name = withoutPrefix(group), isClaim = unit !== undefined && isDelegatedToOthers(unit);
    const container = containerOf(group, above);
    const behind = (text: string) => isClaim ? `${unit}/${text}` : text;
    if (container !== undefined) {
      const { runtime, id } = container, containerId = isClaim ? undefined : id;
      unit ??= isUnit(name) ? name : undefined;
      return { unit: own ?? unit, slice, container: behind(shortId(container)), runtime, containerId, pod };
    }
    if (unit === undefined && isUnit(name)) unit = name;
    else if (unit === undefined && isSlice(name)) slice = name;
    else if (isClaim && isUserManager(unit!) && isUnit(name)) own ??= behind(name);
    if (!isClaim) pod = podOf(group) ?? pod;
    above = group;
  }
  return { ...NOWHERE, unit: own ?? unit, slice, pod };
}

/** The place of a process, by the text of its /proc/PID/cgroup. */
export function placeIn(text: string): ProcessPlace {
  return placeOf(cgroupPath(text));
}

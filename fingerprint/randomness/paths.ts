/**
 * What a path tells about its elements: where they stand, and which hashes in it are there by design.
 *
 * @module
 */

/** Where an element stands: decides the threshold. */
export type Place = "temporary" | "system" | "other";

/** Elements below these folders are temporary, wherever the folder stands. */
const TEMPORARY = new Set(["tmp", "temp", "shm", ".cache", "cache", "caches", "Temp", "Cache", "Caches"]);

/** Folders of the root that packages fill. */
const SYSTEM = new Set("usr opt lib lib32 lib64 libx32 bin sbin etc boot nix gnu snap System Library".split(" "));

/** The place of each element, for the elements of an absolute or relative path. */
export function placesOf(elements: readonly string[], absolute: boolean): Place[] {
  let place: Place = "other";
  return elements.map((element, i) => {
    if (i === 0 && absolute && SYSTEM.has(element)) place = "system";
    const here = place;
    if (TEMPORARY.has(element) || (i === 1 && element === "user" && elements[0] === "run")) place = "temporary";
    return here;
  });
}

/**
 * Documented paths: Nix and Guix stores, snap revisions, OSTree deployments, Flatpak commits, layers and tasks of
 * container engines, Kubernetes pods, build ids, Cargo's registries, VS Code servers, process ids and descriptors. Each carries
 * a hash or number by design: the path up to and with that element, whose first group is kept before the star, the second
 * after it.
 */
const DOCUMENTED: readonly (readonly [rule: string, form: RegExp])[] = [
  ["path:nix", /^\/(?:nix|gnu)\/store\/()[0-9a-z]{32}(-[^/]*)$/],
  ["path:nix", /^\/nix\/var\/nix\/profiles\/(.*-)\d+(-link)$/],
  ["path:snap", /^(?:\/var\/lib\/snapd)?\/snap\/[^/]+\/()x?\d+()$/],
  ["path:snap", /^\/(?:home\/[^/]+|root|var)\/snap\/[^/]+\/()x?\d+()$/],
  ["path:ostree", /^(?:\/sysroot)?\/ostree\/deploy\/[^/]+\/deploy\/()[0-9a-f]{64}\.\d+()$/],
  ["path:ostree", /^(?:\/sysroot)?\/ostree\/repo\/objects\/()[0-9a-f]{2}()$/],
  ["path:ostree", /^(?:\/sysroot)?\/ostree\/repo\/objects\/..\/()[0-9a-f]{62}(\.\w+)$/],
  ["path:flatpak", /\/flatpak\/(?:app|runtime)\/[^/]+\/[^/]+\/[^/]+\/()[0-9a-f]{64}()$/],
  ["path:container", /\/(?:overlay2|overlay|aufs|vfs\/dir|containers|overlay-containers)\/()[0-9a-f]{64}(-init)?$/],
  ["path:container", /\/(?:overlay2|overlay)\/l\/()[A-Z0-9]{26}()$/],
  ["path:container", /\/io\.containerd\.[^/]+\/(?:[^/]+\/)?()(?:[0-9a-f]{64}|\d+)()$/],
  ["path:container", /^\/var\/lib\/kubelet\/pods\/()[0-9a-f-]{36}()$/],
  ["path:build-id", /\/\.build-id\/()[0-9a-f]{2}()$/],
  ["path:build-id", /\/\.build-id\/..\/()[0-9a-f]{30,60}((?:\.debug)?)$/],
  ["path:cargo", /\/(?:registry\/(?:src|index|cache)|git\/(?:db|checkouts))\/(.+-)[0-9a-f]{16}()$/],
  [
    "path:vscode",
    /\/\.vscode(?:-server)?(?:-insiders)?\/(?:bin|cli\/servers)\/((?:Stable-|Insiders-)?)[0-9a-f]{40}()$/,
  ],
  ["path:proc", /^\/proc\/()\d+()$/],
  ["path:proc", /^\/proc\/[^/]+\/(?:fd|task|fdinfo|map_files)\/()[0-9a-f-]+()$/],
  ["path:proc", /^\/dev\/fd\/()\d+()$/],
  ["path:run-user", /^\/run\/user\/()\d+()$/],
];

/** Something that every documented path has; a quick look for paths that can't be one. */
const HINT =
  /^\/(?:nix|gnu|proc|dev\/fd|run\/user)\/|\/(?:snap|ostree|flatpak|overlay2?|aufs|vfs|containers|overlay-containers|io\.containerd\.[^/]*|kubelet|\.build-id|registry|git|\.vscode[^/]*)\//;

/** Whether any element of the path can be documented. */
export function mayBeDocumented(path: string): boolean {
  return HINT.test(path);
}

/** How the last element of a path collapses by design, and by which rule; `undefined` for most paths. */
export function documented(path: string): { collapsed: string; rule: string } | undefined {
  for (const [rule, form] of DOCUMENTED) {
    const match = form.exec(path);
    if (match !== null) return { collapsed: `${match[1] ?? ""}*${match[2] ?? ""}`, rule };
  }
  return undefined;
}

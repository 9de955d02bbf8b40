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

/** A path that carries a hash or number by design: its element collapses without being random. */
interface Documented {
  readonly rule: string;
  /** The path up to and with the element; the first group is what is kept before the star, the second after it. */
  readonly form: RegExp;
}

/**
 * Documented paths: Nix and Guix stores, snap revisions, OSTree deployments, Flatpak commits, layers and tasks of
 * container engines, Kubernetes pods, build ids, Cargo's registries, VS Code servers, process ids and descriptors.
 */
const DOCUMENTED: readonly Documented[] = [
  { rule: "path:nix", form: /^\/(?:nix|gnu)\/store\/()[0-9a-z]{32}(-[^/]*)$/ },
  { rule: "path:nix", form: /^\/nix\/var\/nix\/profiles\/(.*-)\d+(-link)$/ },
  { rule: "path:snap", form: /^(?:\/var\/lib\/snapd)?\/snap\/[^/]+\/()x?\d+()$/ },
  { rule: "path:snap", form: /^\/(?:home\/[^/]+|root|var)\/snap\/[^/]+\/()x?\d+()$/ },
  { rule: "path:ostree", form: /^(?:\/sysroot)?\/ostree\/deploy\/[^/]+\/deploy\/()[0-9a-f]{64}\.\d+()$/ },
  { rule: "path:ostree", form: /^(?:\/sysroot)?\/ostree\/repo\/objects\/()[0-9a-f]{2}()$/ },
  { rule: "path:ostree", form: /^(?:\/sysroot)?\/ostree\/repo\/objects\/..\/()[0-9a-f]{62}(\.\w+)$/ },
  { rule: "path:flatpak", form: /\/flatpak\/(?:app|runtime)\/[^/]+\/[^/]+\/[^/]+\/()[0-9a-f]{64}()$/ },
  {
    rule: "path:container",
    form: /\/(?:overlay2|overlay|aufs|vfs\/dir|containers|overlay-containers)\/()[0-9a-f]{64}(-init)?$/,
  },
  { rule: "path:container", form: /\/(?:overlay2|overlay)\/l\/()[A-Z0-9]{26}()$/ },
  { rule: "path:container", form: /\/io\.containerd\.[^/]+\/(?:[^/]+\/)?()(?:[0-9a-f]{64}|\d+)()$/ },
  { rule: "path:container", form: /^\/var\/lib\/kubelet\/pods\/()[0-9a-f-]{36}()$/ },
  { rule: "path:build-id", form: /\/\.build-id\/()[0-9a-f]{2}()$/ },
  { rule: "path:build-id", form: /\/\.build-id\/..\/()[0-9a-f]{30,60}((?:\.debug)?)$/ },
  { rule: "path:cargo", form: /\/(?:registry\/(?:src|index|cache)|git\/(?:db|checkouts))\/(.+-)[0-9a-f]{16}()$/ },
  {
    rule: "path:vscode",
    form: /\/\.vscode(?:-server)?(?:-insiders)?\/(?:bin|cli\/servers)\/((?:Stable-|Insiders-)?)[0-9a-f]{40}()$/,
  },
  { rule: "path:proc", form: /^\/proc\/()\d+()$/ },
  { rule: "path:proc", form: /^\/proc\/[^/]+\/(?:fd|task|fdinfo|map_files)\/()[0-9a-f-]+()$/ },
  { rule: "path:proc", form: /^\/dev\/fd\/()\d+()$/ },
  { rule: "path:run-user", form: /^\/run\/user\/()\d+()$/ },
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
  for (const { rule, form } of DOCUMENTED) {
    const match = form.exec(path);
    if (match !== null) return { collapsed: `${match[1] ?? ""}*${match[2] ?? ""}`, rule };
  }
  return undefined;
}

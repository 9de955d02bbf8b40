import type { Files } from "../../../fingerprint/base/database/files.ts";

/** Files that are held in memory; the time of each is that of its last `set`. */
export class MapFiles implements Files {
  readonly #contents = new Map<string, Uint8Array>();
  readonly #times = new Map<string, number>();
  readonly #links = new Map<string, string>();
  #clock = 0;
  /** Calls of {@link modified} so far. */
  stats = 0;

  constructor(contents: { readonly [path: string]: string | Uint8Array } = {}) {
    for (const path of Object.keys(contents)) this.set(path, contents[path]!);
  }

  set(path: string, content: string | Uint8Array): void {
    this.#contents.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    this.#times.set(path, ++this.#clock);
  }

  /** A link at `path`, to a file that need not be there. */
  link(path: string, target: string): void {
    this.set(path, "");
    this.#links.set(path, target);
  }

  target(path: string): string | undefined {
    return this.#links.get(path) ?? (this.#contents.has(path) ? path : undefined);
  }

  readText(path: string): string | undefined {
    const bytes = this.#contents.get(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  readInto(path: string, offset: number, buffer: Uint8Array): number | undefined {
    const bytes = this.#contents.get(path)?.subarray(offset, offset + buffer.length);
    if (bytes !== undefined) buffer.set(bytes);
    return bytes?.length;
  }

  list(path: string): string[] | undefined {
    const names = new Set<string>();
    for (const one of this.#contents.keys()) {
      if (one.startsWith(`${path}/`)) names.add(one.slice(path.length + 1).split("/")[0]!);
    }
    return names.size === 0 ? undefined : [...names];
  }

  modified(path: string): number | undefined {
    this.stats++;
    return this.#times.get(path);
  }
}

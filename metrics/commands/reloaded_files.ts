/**
 * The files that an exporter follows, each as something that is loaded again.
 *
 * @module
 */

import type { Rules } from "../../fingerprint/mod.ts";
import type { Scraper } from "../exposition/mod.ts";
import type { BaselineMode } from "../registry/mod.ts";
import type { Reloadable } from "./reload.ts";
import { rulesOf } from "./watching.ts";

/** The rules of `--config.file`, for the worker. */
export class RulesFile implements Reloadable {
  readonly #file: string | undefined;
  readonly #watcher: { configure(rules: Rules): Promise<void> };

  constructor(file: string | undefined, watcher: { configure(rules: Rules): Promise<void> }) {
    this.#file = file;
    this.#watcher = watcher;
  }

  async load(): Promise<() => void | Promise<void>> {
    if (this.#file === undefined) return () => {};
    const rules = await rulesOf({ configFile: this.#file });
    return () => this.#watcher.configure(rules);
  }
}

/** The baseline of `--baseline.file`, for the registry. */
export class BaselineFile implements Reloadable {
  readonly #file: string | undefined;
  readonly #mode: BaselineMode;
  readonly #scraper: Pick<Scraper, "refresh" | "registry">;
  readonly #health: { notReady(): string | undefined };

  constructor(
    file: string | undefined,
    mode: BaselineMode,
    scraper: Pick<Scraper, "refresh" | "registry">,
    health: { notReady(): string | undefined },
  ) {
    this.#file = file;
    this.#mode = mode;
    this.#scraper = scraper;
    this.#health = health;
  }

  /** Launches up to then are still judged by the old baseline. */
  async load(): Promise<() => void> {
    if (this.#file === undefined) return () => {};
    const { readBaseline } = await import("../baseline/mod.ts"); // costly: loaded where there is one only
    const baseline = await readBaseline(this.#file);
    await this.look();
    return () => this.#scraper.registry.expect(baseline, this.#mode);
  }

  /** Brings the registry up to date, so that it tells of trees that aren't expected, whether or not anybody scrapes. */
  async look(): Promise<void> {
    // What can't be collected is told by the scrapes, and by the health.
    if (this.#health.notReady() === undefined) await this.#scraper.refresh().catch(() => {});
  }
}

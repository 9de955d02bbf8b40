/**
 * Cuts what a recorder took down into recordings: what came of each marker script, and what each daemon launched.
 *
 * @module
 */

import { type FlagName, FLAGS } from "../../fingerprint/mod.ts";
import type { Event, Image } from "../record_forest.ts";
import type { RecordedEvent } from "../../tests/unit/fingerprint/recorded_forest.ts";
import type { Recording } from "./recording.ts";

/** The process of a recording that isn't part of it. */
const ABOVE = 100;

/** What begins a recording. */
export interface Cuts {
  /** The recording that an image is the marker script of. */
  readonly markerOf: (image: Image) => Pick<Recording, "id" | "what" | "idea"> | undefined;
  /** The name of the daemon that an image is; each process that it launches begins a recording. */
  readonly daemonOf: (image: Image) => string | undefined;
  /** What is kept of a path or an argument. */
  readonly rewrite: (text: string) => string;
}

/** A launch as an exporter told it. */
export interface ToldLaunch {
  readonly pid: number;
  readonly flags: readonly string[];
}

/** A recording that is being made. */
class Slice {
  readonly events: RecordedEvent[] = [];
  readonly #strings = new Map<string, number>();
  readonly #numbers = new Map<number, number>();
  /** Machine's process id → indexes of its launches. */
  readonly launches = new Map<number, number[]>();
  #next = ABOVE + 1;

  constructor(readonly about: Pick<Recording, "id" | "what" | "idea">, readonly below: string) {}

  /** The process `pid` is what it is recorded below. */
  begin(pid: number): void {
    this.#numbers.set(pid, ABOVE);
  }

  fork(parent: number, child: number): void {
    this.events.push(["fork", this.#numbers.get(parent)!, this.#next]);
    this.#numbers.set(child, this.#next++);
  }

  exec(pid: number, { exe, cwd, comm, argv }: Image, flags: readonly FlagName[]): void {
    const index = this.events.length, numbers = [exe, cwd, comm].map((text) => this.#text(text));
    const [exeAt, cwdAt, commAt] = numbers as [number, number, number];
    const event = [
      "exec",
      this.#numbers.get(pid)!,
      exeAt,
      cwdAt,
      commAt,
      argv.map((text) => this.#text(text)),
    ] as const;
    this.events.push(flags.length === 0 ? event : [...event, flags]);
    this.launches.set(pid, [...this.launches.get(pid) ?? [], index]);
  }

  exit(pid: number, status: number): void {
    this.events.push(["exit", this.#numbers.get(pid)!, status]);
    this.#numbers.delete(pid);
  }

  #text(text: string): number {
    if (!this.#strings.has(text)) this.#strings.set(text, this.#strings.size);
    return this.#strings.get(text)!;
  }

  recording(hidden?: readonly number[]): Recording {
    const { about, below, events } = this, strings = [...this.#strings.keys()];
    return { ...about, below, strings, events, ...hidden === undefined ? {} : { hidden } };
  }
}

/** What is known of a process: the recording that it is part of, or the daemon that it is. */
interface Known {
  readonly slice?: Slice;
  readonly daemon?: string;
}

/** Recordings, and how many launches an exporter told otherwise than they were recorded. */
export class Slices {
  readonly slices: Slice[] = [];
  /** Launches of which nothing was seen, and those that the exporter didn't tell. */
  unseen = 0;
  untold = 0;

  constructor(
    events: readonly Event[],
    images: readonly (Image | undefined)[],
    told: readonly ToldLaunch[],
    cuts: Cuts,
  ) {
    const flagsOf = new Map<number, (readonly string[])[]>();
    for (const { pid, flags } of told) flagsOf.set(pid, [...flagsOf.get(pid) ?? [], flags]);
    const known = new Map<number, Known>(),
      rewritten = (image: Image): Image => ({
        exe: cuts.rewrite(image.exe),
        cwd: cuts.rewrite(image.cwd),
        comm: image.comm,
        argv: image.argv.map(cuts.rewrite),
      });
    for (const event of events) {
      if (event.kind === "fork") {
        const above = known.get(event.parent);
        above?.slice?.fork(event.parent, event.child);
        if (above === undefined) known.delete(event.child);
        else known.set(event.child, above);
      } else if (event.kind === "exit") {
        known.get(event.pid)?.slice?.exit(event.pid, event.status);
        known.delete(event.pid);
      } else {
        const flags = flagsOf.get(event.pid)?.shift(), image = images[event.captured], { pid } = event;
        if (image === undefined) {
          this.unseen++;
          continue;
        }
        const { slice, daemon } = known.get(pid) ?? {}, about = slice === undefined ? cuts.markerOf(image) : undefined;
        if (about !== undefined) {
          known.set(pid, { slice: this.#begin(about, "shell", pid) });
          continue;
        }
        if (slice === undefined && daemon === undefined) {
          const name = cuts.daemonOf(image);
          if (name !== undefined) known.set(pid, { daemon: name });
          continue;
        }
        let own = slice;
        if (own === undefined) {
          own = this.#begin({ id: "", what: "" }, daemon!, -1);
          own.fork(-1, pid);
          known.set(pid, { slice: own });
        }
        if (flags === undefined) this.untold++;
        own.exec(pid, rewritten(image), FLAGS.filter((flag) => flags?.includes(flag)));
      }
    }
  }

  #begin(about: Pick<Recording, "id" | "what" | "idea">, below: string, pid: number): Slice {
    const slice = new Slice(about, below);
    slice.begin(pid);
    this.slices.push(slice);
    return slice;
  }
}

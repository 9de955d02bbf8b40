/**
 * Launches that were recorded: real work and harmless attacks, as they are kept beside this file.
 *
 * @module
 */

import type { RecordedForest } from "../../tests/unit/fingerprint/recorded_forest.ts";

/** What was launched below something that isn't part of it. The process 100 is a fork of that: no image of its own. */
export interface Recording extends Pick<RecordedForest, "what" | "strings" | "events"> {
  /** Once in its file. */
  readonly id: string;
  /** Of an attack: the number of its technique in MITRE ATT&CK, or a collection. */
  readonly idea?: string;
  /** The daemon that launched it, or `shell`: it was typed, or run by whatever runs commands. */
  readonly below: string;
  /** Of a technique: indexes of the events that are launches of what hides; all of them, where it isn't given. */
  readonly hidden?: readonly number[];
}

/** What stands for the folder in which trials ran: the evaluation puts another one in its place. */
export const LAB_FOLDER = "/tmp/lab";

/** A file of recordings, and the machine that they are of. */
export interface Recordings {
  readonly system: string;
  readonly kernel: string;
  readonly recordings: readonly Recording[];
}

export const KINDS = ["ordinary", "techniques", "chains"] as const;
export type Kind = (typeof KINDS)[number];

function fileOf(kind: Kind): string {
  return `${import.meta.dirname}/recordings/${kind}.json.gz`;
}

/** Reads a file of recordings. */
export async function readRecordings(kind: Kind): Promise<Recordings> {
  using file = await Deno.open(fileOf(kind));
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).json();
}

/** Writes one. */
export async function writeRecordings(kind: Kind, recordings: Recordings): Promise<void> {
  const text = new Blob([JSON.stringify(recordings)]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(fileOf(kind), new Uint8Array(await new Response(text).arrayBuffer()));
}

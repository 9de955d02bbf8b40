/**
 * How the page writes numbers, and what containers are called. The same functions run in the browser.
 *
 * @module
 */

import type { ContextJson } from "../../../registry/mod.ts";
import type { EventJson } from "../../api/mod.ts";

/** A container by its name, behind that of its pod, or else its id; undefined for what is in none. */
export function containerText({ container, container_name, pod }: Partial<ContextJson>): string | undefined {
  return [pod, container_name].filter((name) => name !== undefined).join("/") || (container ?? undefined);
}

/** `950`, `12,345`, `1.2M`: at most six characters for all that can be counted. */
export function countText(count: number): string {
  if (count < 1e5) return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
  const [unit, size] = count < 1e6 ? ["k", 1e3] as const : count < 1e9 ? ["M", 1e6] as const : ["G", 1e9] as const;
  const value = count / size;
  return (value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value)) + unit;
}

/** `0.4 ms`, `12 ms`, `1.3 s`, `2m 05s`, `3h 20m`, `4d 2h`. */
export function durationText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (seconds < 0.00095) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 0.00995) return `${(seconds * 1e3).toFixed(1)} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1e3)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.min(59, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ${two(seconds % 3600 / 60)}m`;
  return `${Math.floor(seconds / 86_400)}d ${Math.floor(seconds % 86_400 / 3600)}h`;
}

/** How long ago: `now`, `40 s`, `12 min`, `5 h`, `3 d`, `2 y`. */
export function agoText(seconds: number): string {
  if (seconds < 5) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  if (seconds < 31_536_000) return `${Math.floor(seconds / 86_400)} d`;
  return `${Math.floor(seconds / 31_536_000)} y`;
}

/** Time of day of a Unix time, in the reader's zone: `14:03:07.120`. */
export function clockText(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const part = (value: number, width: number) => String(value).padStart(width, "0");
  return `${part(date.getHours(), 2)}:${part(date.getMinutes(), 2)}:${part(date.getSeconds(), 2)}.${
    part(date.getMilliseconds(), 3)
  }`;
}

/**
 * The bars of a histogram, as the path of a plot 16 high: each `width` wide, a new one each `step`. The highest is 16; what is
 * there at all is at least 2.
 */
export function plotPath(buckets: readonly number[], step = 6, width = 5): string {
  const most = Math.max(...buckets);
  let path = "";
  for (let i = 0; i < buckets.length; i++) {
    if (buckets[i] === 0) continue;
    const height = Math.max(2, Math.round(buckets[i]! / most * 32) / 2);
    path += `M${i * step} 16v-${height}h${width}v${height}z`;
  }
  return path;
}

/** `3 error, 1 signal`; empty where nothing failed. */
export function failuresText(exits: Readonly<Record<string, number>>): string {
  return ["error", "signal", "core"].filter((outcome) => exits[outcome]! > 0)
    .map((outcome) => `${exits[outcome]} ${outcome}`).join(", ");
}

/** What the page says of an ending: `success · 3.1 ms · CPU 1.2 ms`. */
export function endingText(event: Pick<EventJson, "seconds" | "cpu_seconds"> & { readonly outcome?: string }): string {
  const { outcome, seconds, cpu_seconds: cpu } = event;
  return [
    outcome ?? "",
    typeof seconds === "number" ? durationText(seconds) : "",
    typeof cpu === "number" ? `CPU ${durationText(cpu)}` : "",
  ].filter((text) => text !== "").join(" · ");
}

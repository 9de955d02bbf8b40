/**
 * Where the commands read trees from.
 *
 * @module
 */

import { HttpClient } from "./http_client.ts";
import { readHttpConfig } from "./http_config.ts";

/** Where trees are read from. */
export interface SourceRequest {
  readonly exporterUrls: readonly string[];
  readonly prometheusUrl: string | undefined;
  readonly prometheusMatchers: string | undefined;
  readonly httpConfigFile: string | undefined;
  /** How far to look back on a Prometheus server, how long to go on asking exporters. */
  readonly forMs: number | undefined;
}

export const DEFAULT_FOR_MS = 86_400_000;

/** Whether trees are asked for elsewhere. */
export function asksOthers({ exporterUrls, prometheusUrl }: SourceRequest): boolean {
  return exporterUrls.length > 0 || prometheusUrl !== undefined;
}

/** How far back a Prometheus server is asked. */
export function lookBackMs({ forMs }: SourceRequest): number {
  return forMs ?? DEFAULT_FOR_MS;
}

/** A client with what `--http.config.file` says. */
export function clientOf({ httpConfigFile }: SourceRequest): HttpClient {
  return new HttpClient(httpConfigFile === undefined ? {} : readHttpConfig(httpConfigFile));
}

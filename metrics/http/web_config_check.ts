/**
 * Whether a server could be started with a web configuration.
 *
 * @module
 */

import { ConfigError } from "../text/mod.ts";
import { checkIdentity, TlsIdentityError } from "./listen.ts";

/**
 * Reads a web configuration and the files that it names, and puts nothing into force. Throws a `ConfigError` for what can't be
 * used, its certificate included.
 */
export async function checkWebConfig(file: string): Promise<void> {
  // Loaded where there is a file only: what it is read with takes three megabytes.
  const [{ readWebConfig }, { WatchedFiles }] = await Promise.all([
    import("./web_config.ts"),
    import("../settings/mod.ts"),
  ]);
  const { tls } = readWebConfig(file, new WatchedFiles());
  try {
    if (tls !== undefined) checkIdentity(tls);
  } catch (error) {
    if (!(error instanceof TlsIdentityError)) throw error;
    throw new ConfigError(file, undefined, undefined, error.message.replace(/^Cannot use /, ""));
  }
}

/** In namespaces of its own the exporter says exactly what is missing, and polls. */

import assert from "node:assert/strict";
import { BINARY, requireBinary } from "../e2e/binary.ts";
import { Exporter, poll } from "../live/exporter.ts";
import { skipUnless } from "../require.ts";

const FALLBACK = "Falling back to polling /proc: processes that live shorter than 1000 ms are not seen";
const NO_ANSWER =
  "Cannot use the proc connector: the kernel did not acknowledge the subscription, as it does in a pid or user " +
  "namespace of one's own; run in the host's namespaces (containers: --pid=host, without user namespace) or use --source=poll";
const REFUSED =
  "Cannot use the proc connector: the kernel refused (ECONNREFUSED), as it does in a network namespace of one's " +
  "own or without CONFIG_PROC_EVENTS; run in the host's network namespace (containers: --network=host) or use --source=poll";

/** The namespaces, the words of unshare(1) for them, and what is said of the connector. */
const PLACES: ReadonlyArray<readonly [name: string, words: string[], says: string]> = [
  ["pid", ["--pid", "--fork", "--kill-child"], NO_ANSWER],
  ["pid, with its own /proc, as in a pod", ["--pid", "--fork", "--kill-child", "--mount-proc"], NO_ANSWER],
  ["user", ["--user", "--map-root-user"], NO_ANSWER],
  ["network", ["--net"], REFUSED],
  ["pid, user and network", ["--pid", "--fork", "--kill-child", "--user", "--map-root-user", "--net"], REFUSED],
];

/** In a user namespace no capability counts for BPF. */
const NO_BPF =
  "Cannot use BPF: not permitted (EPERM), though the rights are there: in a user namespace, or by a security module; " +
  "before Linux 5.11 raise the limit of locked memory (ulimit -l unlimited, LimitMEMLOCK=infinity); going on with names from /proc";

for (const [name, words, says] of PLACES) {
  const works = () => new Deno.Command("unshare", { args: [...words, "true"] }).outputSync().success;
  const ignore = requireBinary() || skipUnless(works(), `needs unshare ${words.join(" ")}`);
  Deno.test({ name: `namespaces: ${name}: what is missing, word for word, then polls`, ignore }, async () => {
    const flags = ["--web.listen-address=127.0.0.1:0", "--log.format=json"];
    await using exporter = Exporter.launch({ command: ["unshare", ...words, BINARY], flags });
    const records = () => exporter.log.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    await poll("what is watched", () => records().find(({ msg }) => msg === "Watching processes"));
    assert.equal(records().find(({ msg }) => msg === "Watching processes").source, "poll");
    const warnings = records().filter(({ level }) => level === "warn");
    const wanted = words.includes("--user") ? [[NO_BPF, "not-permitted"]] : [];
    wanted.push([`${says}. ${FALLBACK}`, "namespace"]);
    assert.deepEqual(warnings.map(({ msg, reason }) => [msg, reason]), wanted);
  });
}

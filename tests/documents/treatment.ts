/**
 * How each command of README and docs is tested: which test executes it, or why none can.
 *
 * @module
 */

import type { Typed } from "./mod.ts";

/** Executed by a test of its own, whose path it is. */
interface Elsewhere {
  readonly by: string;
}

/** Can't be executed where tests run; what there is in its place. */
interface Named {
  readonly because: string;
}

/** What names that are examples stand for while a test runs. */
export interface StandIns {
  /** Where the exporter under test answers. */
  readonly exporter: string;
  /** Where a Prometheus server seems to answer. */
  readonly prometheus: string;
  /** A tree that runs, as it stands in an address. */
  readonly tree: string;
}

/** Executed by tests/e2e/documents_test.ts beside a running exporter. */
interface Executed {
  readonly run: true;
  /** What is replaced before it runs: names that the document gives as examples. */
  readonly replace?: readonly (readonly [example: string, name: keyof StandIns])[];
  /** Goes on until a signal ends it: does so when it has printed this. */
  readonly until?: RegExp;
  /** What it prints beside a web server whose `pay.sh` launches a program with a made-up name. */
  readonly prints?: RegExp;
  /** Its exit status, 0 unless given. */
  readonly status?: number;
}

export type Treatment = Elsewhere | Named | Executed;

/** By document and by what the command begins with. A document alone stands for all of its scripts. */
const TREATMENTS: readonly (readonly [file: string, begins: string, treatment: Treatment])[] = [
  ["README.md", "wget https:", {
    because:
      "the release is made when its tag is pushed; tests/unit/docs compares the names with what is packaged, and " +
      "tests/packages installs the packages",
  }],
  ["README.md", "sudo npx -y deno@", {
    because:
      "it fetches npm and runs these tests: .ci/run types the second one, and starts the exporter from its sources",
  }],
  ["README.md", "sudo cnproc-exporter trace --exclude=base", { run: true, until: /./ }],
  ["README.md", "curl -s localhost:9501/metrics", { run: true }],
  ["docs/api.md", "curl -s localhost:9501/api/v1/trees |", { run: true }],
  ["docs/api.md", "curl -s localhost:9501/api/v1/trees/sshd", {
    run: true,
    replace: [["/sshd/base/vim", "tree"]],
    prints: /"pid": \d+/,
  }],
  ["docs/api.md", "curl -sN", { run: true, until: /^event: events\nid: .*\ndata: \{"events":/m }],
  ["docs/fleet.md", "cat http.yml", { run: true }],
  ["docs/fleet.md", "cnproc-exporter baseline learn", {
    run: true,
    replace: [["https://prometheus.example", "prometheus"]],
  }],
  ["docs/fleet.md", "cnproc-exporter baseline check", {
    run: true,
    replace: [["https://web-17.example:9501", "exporter"]],
    status: 1, // the machine that tests run on isn't that fleet's
  }],
  ["docs/install.md", "ansible-playbook ", {
    because: "it wants a machine of its own; tests/packages/ansible_test.ts applies the role to a copy of this one",
  }],
  ["docs/install.md", "jb init", { because: "it fetches a published repository" }],
  ["docs/install.md", "cat cnproc.jsonnet", {
    because: "it shows a file; tests/prometheus/mixin_test.ts renders one like it",
  }],
  ["docs/install.md", "jsonnet -J vendor", {
    because: "it reads what jb fetched; tests/prometheus/mixin_test.ts renders it",
  }],
  ["docs/install.md", "kubectl ", { because: "it wants a cluster" }],
  ["docs/install.md", "helm install", { because: "it wants a cluster; tests/packages/helm_test.ts renders the chart" }],
  ["docs/live.md", "cnproc-exporter tree", { run: true, prints: /^ +RUN +LAUNCHES .* TREE$/m }],
  ["docs/live.md", "sudo cnproc-exporter trace", { run: true, until: /./ }],
  // jq before 1.7 leaves a star as it is.
  ["docs/runbook.md", 'curl -s "$HOST/api/v1/trees" |', { run: true, prints: /\/http\.server\/pay\.sh\/(?:\*|%2A)$/m }],
  ["docs/runbook.md", 'curl -s "$HOST/api/v1/trees$TREE/processes"', {
    run: true,
    prints: /\{"type":"launch","pid":\d+,/,
  }],
  ["docs/siem.md", "ARGS=", { by: "tests/unit/docs/siem_test.ts" }],
  ["docs/siem.md", "journalctl -u", { because: "no journal is kept where tests run" }],
  ["docs/trees.md", "cnproc-exporter explain", { run: true }],
  ["docs/walkthrough.md", "apt-get install", { because: ".ci/run installs the same" }],
  ["docs/walkthrough.md", "systemctl disable", { because: "no systemd runs where tests run" }],
  ["docs/walkthrough.md", "npx -y deno@", { because: ".ci/run compiles with the same task" }],
  ["docs/walkthrough.md", "", { by: "tests/e2e/walkthrough_test.ts" }],
];

/** The row of a command; undefined for one that nobody has thought of. */
export function treatmentOf({ file, command }: Typed): Treatment | undefined {
  return rowOf(file, command)?.[2];
}

function rowOf(file: string, command: string) {
  return TREATMENTS.find(([document, begins]) => document === file && command.startsWith(begins));
}

/** Rows that no command of these has: what they are about was taken out of the documents. */
export function unused(typed: readonly Typed[]): string[] {
  const used = new Set(typed.map(({ file, command }) => rowOf(file, command)));
  return TREATMENTS.filter((row) => !used.has(row)).map(([file, begins]) => `${file}: ${begins}`);
}

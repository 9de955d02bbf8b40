/**
 * A forest as a small web server has it, with what happens in it, for the page: no machine need run it.
 *
 * @module
 */

import {
  BUCKET_BOUNDS,
  Column,
  EventKind,
  Flag,
  type FlagName,
  FLAGS,
  OUTCOMES,
  ROW_WIDTH,
} from "../../fingerprint/mod.ts";
import type { FakeWatcher } from "../unit/metrics/fake_watcher.ts";

/** A tree: launches, how many run, usual run time in seconds, share that fails, CPU per launch, age in days. */
type Plan = readonly [
  path: string,
  launches: number,
  running: number,
  seconds: number,
  failing: number,
  cpu: number,
  days: number,
];

const PLANS: readonly Plan[] = [
  ["/base", 214, 6, 0.4, 0.01, 0.02, 41],
  ["/cron", 1, 1, 1, 0, 0, 41],
  ["/cron/base", 11_836, 0, 0.012, 0, 0.002, 41],
  ["/cron/base/backup.sh", 41, 0, 612, 0.05, 3.1, 41],
  ["/cron/base/backup.sh/base", 3_936, 0, 0.9, 0.004, 0.11, 41],
  ["/cron/base/backup.sh/restic", 41, 0, 588, 0.05, 214, 41],
  ["/cron/base/certbot", 82, 0, 4.2, 0, 1.9, 41],
  ["/cron/base/logrotate", 41, 0, 0.22, 0, 0.05, 41],
  ["/cron/base/munin-cron", 11_772, 0, 2.4, 0.0004, 0.6, 41],
  ["/cron/base/munin-cron/munin-update", 11_772, 0, 2.1, 0.0004, 0.5, 41],
  ["/dockerd", 1, 1, 1, 0, 0, 12],
  ["/dockerd/containerd", 1, 1, 1, 0, 0, 12],
  ["/dockerd/containerd/containerd-shim-runc-v2", 31, 4, 86_000, 0.1, 12, 12],
  ["/dockerd/containerd/containerd-shim-runc-v2/runc", 1_260, 0, 0.06, 0.01, 0.03, 12],
  ["/dockerd/containerd/containerd-shim-runc-v2/postgres", 3, 3, 86_000, 0, 60, 12],
  ["/dockerd/containerd/containerd-shim-runc-v2/base", 18_420, 0, 0.03, 0.002, 0.01, 12],
  ["/dockerd/containerd/containerd-shim-runc-v2/base/pg_isready", 17_390, 0, 0.014, 0.006, 0.004, 12],
  ["/gitlab-runner", 1, 1, 1, 0, 0, 6],
  ["/gitlab-runner/base", 412, 1, 38, 0.07, 0.4, 6],
  ["/gitlab-runner/base/git", 2_884, 0, 0.35, 0.003, 0.08, 6],
  ["/gitlab-runner/base/make", 206, 1, 71, 0.09, 0.3, 6],
  ["/gitlab-runner/base/make/base", 8_240, 1, 0.8, 0.01, 0.1, 6],
  ["/gitlab-runner/base/make/base/cc1", 41_300, 2, 0.62, 0.004, 0.55, 6],
  ["/gitlab-runner/base/make/base/as", 41_180, 0, 0.04, 0, 0.03, 6],
  ["/gitlab-runner/base/make/base/ld", 2_060, 0, 0.31, 0.01, 0.28, 6],
  ["/gitlab-runner/base/make/go", 410, 0, 22, 0.04, 61, 6],
  ["/gitlab-runner/base/make/go/compile", 30_922, 0, 0.7, 0.001, 0.9, 6],
  ["/gitlab-runner/base/make/go/link", 822, 0, 2.8, 0, 3.2, 6],
  ["/nginx", 2, 2, 1, 0, 0, 41],
  ["/other", 318, 0, 0.02, 0.1, 0.01, 2],
  ["/php-fpm8.2", 1, 1, 1, 0, 0, 41],
  ["/php-fpm8.2/base", 96, 0, 0.02, 0, 0.004, 3],
  ["/php-fpm8.2/base/convert", 96, 0, 0.7, 0.02, 0.6, 3],
  ["/random/php-fpm8.2/base/*", 3, 1, 4_200, 0.3, 1_980, 0.02],
  ["/random/php-fpm8.2/base/*/base", 17, 0, 0.008, 0.2, 0.001, 0.02],
  ["/random/php-fpm8.2/base/*/kdevtmpfsi", 1, 1, 1, 0, 0, 0.01],
  ["/sshd", 41, 3, 3_900, 0, 0.1, 41],
  ["/sshd/base", 188, 2, 1_260, 0.06, 0.03, 41],
  ["/sshd/base/deploy.py", 22, 0, 48, 0.14, 6, 21],
  ["/sshd/base/deploy.py/rsync", 66, 0, 9, 0.01, 1.4, 21],
  ["/sshd/base/htop", 9, 1, 340, 0, 2.2, 30],
  ["/sshd/base/server.sh", 12, 1, 7_000, 0.08, 0.2, 19],
  ["/sshd/base/server.sh/sudo", 12, 1, 7_000, 0.08, 0.02, 19],
  ["/sshd/base/server.sh/sudo/base", 60, 1, 90, 0.02, 0.03, 19],
  ["/sshd/base/server.sh/sudo/base/pstree", 1_204, 0, 0.0041, 0, 0.003, 19],
  ["/sshd/base/vim", 37, 1, 620, 0, 0.8, 40],
  ["/unknown", 2, 0, 3, 0, 0.1, 40],
];

/** Column of the launches with a flag. */
export function flagColumn(flag: FlagName): number {
  return Column.Flagged + FLAGS.indexOf(flag);
}

/** A row of a tree by its plan, at `now` (Unix seconds). Run times spread around the usual one, the same at every call. */
export function planRow([path, launches, running, seconds, failing, cpu, days]: Plan, now: number): Float64Array {
  const row = new Float64Array(ROW_WIDTH), ended = launches - running, failed = Math.round(ended * failing);
  row[Column.Processes] = running;
  row[Column.Running] = running;
  row[Column.Launches] = launches;
  row[Column.Exits] = ended - failed;
  row[Column.Exits + OUTCOMES.indexOf("error")] = Math.ceil(failed * 0.8);
  row[Column.Exits + OUTCOMES.indexOf("signal")] = failed - Math.ceil(failed * 0.8);
  const usual = BUCKET_BOUNDS.findIndex((bound) => seconds <= bound);
  const shares = [0.04, 0.2, 0.55, 0.16, 0.05];
  shares.forEach((share, i) => {
    const bucket = Math.min(BUCKET_BOUNDS.length, Math.max(0, usual + i - 2));
    row[Column.Buckets + bucket]! += Math.floor(ended * share);
  });
  row[Column.Buckets + usual]! += ended - shares.reduce((sum, share) => sum + Math.floor(ended * share), 0);
  row[Column.SecondsSum] = ended * seconds;
  row[Column.CpuUserSeconds] = ended * cpu * 0.8;
  row[Column.CpuSystemSeconds] = ended * cpu * 0.2;
  if (path.endsWith("/kdevtmpfsi")) { for (const flag of ["deleted", "temp"] as const) row[flagColumn(flag)] = 1; }
  row[Column.FirstSeen] = now - days * 86_400;
  row[Column.LastLaunch] = now - 3;
  row[Column.LastLaunchPid] = 4711;
  return row;
}

/** Plants the forest. Gives the numbers of the trees by path. */
export function plant(watcher: FakeWatcher, now: number): Map<string, number> {
  return new Map(PLANS.map((plan) => [plan[0], watcher.add(plan[0], planRow(plan, now), plan[0].endsWith("/*"))]));
}

/** Some launches and endings of the last seconds. */
export function happen(watcher: FakeWatcher, ids: ReadonlyMap<string, number>, now: number): void {
  const launch = (path: string, pid: number, ago: number, flags = 0) =>
    watcher.event(EventKind.Launch, ids.get(path)!, pid, now - ago, NaN, NaN, flags);
  const end = (path: string, pid: number, ago: number, outcome: typeof OUTCOMES[number], seconds: number, cpu = NaN) =>
    watcher.event(OUTCOMES.indexOf(outcome), ids.get(path)!, pid, now - ago, seconds, cpu);
  end("/gitlab-runner/base/git", 30_011, 9.2, "success", 0.31, 0.07);
  launch("/cron/base", 30_018, 8.4);
  launch("/cron/base/munin-cron", 30_018, 8.39);
  end("/cron/base", 30_018, 8.39, "exec", 0.0121);
  launch("/sshd/base/server.sh/sudo/base/pstree", 30_023, 7.9);
  end("/sshd/base/server.sh/sudo/base/pstree", 30_023, 7.896, "success", 0.0041, 0.0033);
  launch("/gitlab-runner/base/make/base/cc1", 30_031, 6.02);
  launch("/gitlab-runner/base/make/base/cc1", 30_032, 5.98);
  end("/gitlab-runner/base/make/base/cc1", 30_031, 5.44, "success", 0.583, 0.561);
  launch("/gitlab-runner/base/make/base/as", 30_033, 5.43);
  end("/gitlab-runner/base/make/base/as", 30_033, 5.39, "success", 0.0382, 0.0291);
  end("/gitlab-runner/base/make/base/cc1", 30_032, 5.2, "error", 0.78, 0.703);
  launch("/dockerd/containerd/containerd-shim-runc-v2/base/pg_isready", 30_040, 4.1);
  end("/dockerd/containerd/containerd-shim-runc-v2/base/pg_isready", 30_040, 4.087, "success", 0.0134, 0.0041);
  launch("/random/php-fpm8.2/base/*/base", 30_052, 2.2);
  end("/random/php-fpm8.2/base/*/base", 30_052, 2.194, "signal", 0.0062, 0.0009);
  launch("/random/php-fpm8.2/base/*/kdevtmpfsi", 30_055, 1.4, Flag.Deleted | Flag.Temp);
  launch("/sshd/base", 30_061, 0.4);
}

/** What runs in a container that has a name. */
export const CONTAINED = "/dockerd/containerd/containerd-shim-runc-v2/postgres";

/** Has the container's process be known. */
export function runContained(watcher: FakeWatcher, ids: ReadonlyMap<string, number>, now: number): void {
  watcher.runs.set(ids.get(CONTAINED)!, {
    count: 1,
    processes: [{
      ...{ pid: 30_039, user: 999, unit: "docker-4f8a1c0de3b2.scope", slice: "system.slice", runtime: "docker" },
      ...{ container: "4f8a1c0de3b2", containerId: "4f8a1c0de3b2".padEnd(64, "0"), pod: undefined },
      ...{ sinceSeconds: now - 86_000, executable: "/usr/lib/postgresql/16/bin/postgres", flags: 0 },
    }],
    explanation: undefined,
  });
}

/** What runs the tree with the dropper. */
export const DROPPER = "/random/php-fpm8.2/base/*/kdevtmpfsi";

/** Has the dropper's process be known. */
export function runDropper(watcher: FakeWatcher, ids: ReadonlyMap<string, number>, now: number): void {
  watcher.runs.set(ids.get(DROPPER)!, {
    count: 1,
    processes: [{
      pid: 30_055,
      user: 33,
      unit: "php8.2-fpm.service",
      slice: "system.slice",
      container: undefined,
      containerId: undefined,
      runtime: undefined,
      pod: undefined,
      sinceSeconds: now - 840,
      executable: "/var/tmp/.Xk29qZ/kdevtmpfsi (deleted)",
      flags: Flag.Deleted | Flag.Temp,
    }],
    explanation: {
      program: "/var/tmp/.Xk29qZ/kdevtmpfsi (deleted)",
      label: "kdevtmpfsi",
      base: false,
      random: true,
      rule: "file",
      origin: "dpkg",
      flags: ["deleted", "temp"],
      elements: [{ name: ".Xk29qZ", random: true, collapsed: "*", score: 0.997, rule: "model" }],
    },
  });
}

/**
 * What must hold on every kernel, of the exporter as its package installs it, under systemd.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Scrape, Tree } from "../live/exposition.ts";
import { mayBe } from "../live/late_names.ts";
import { comes, type Guest } from "./guest.ts";

/** Something that must hold; later ones find the guest as earlier ones left it. */
export interface Check {
  readonly name: string;
  /** Whether it starts the exporter or the guest anew, which takes an emulated processor a minute. */
  readonly takesLong?: boolean;
  run(guest: Guest): Promise<void>;
}

const SERVICE = "cnproc-exporter.service";
const FOLDER = "/usr/local/lib/vm";
const CONFIGURATION = "/etc/cnproc-exporter/cnproc-exporter.yml";
/** CAP_NET_ADMIN and CAP_SYS_PTRACE (linux/capability.h). */
const CAPABILITIES = (1 << 12 | 1 << 19).toString(16).padStart(16, "0");

/** Runs a command as a service of the guest, so that its first program is the root of its trees, and waits for its end. */
async function work(guest: Guest, ...command: string[]): Promise<string> {
  return await guest.must(`systemd-run --quiet --wait --pipe --collect ${FOLDER}/${command.join(" ")}`);
}

/** Does some work and gives the trees below its first program, when all has ended: what was added since before. */
async function treesOf(guest: Guest, root: string, launch: () => Promise<unknown>): Promise<Map<string, Tree>> {
  const under = (scrape: Scrape) => new Map(scrape.treesThrough(root).map((tree) => [tree.path, tree]));
  const before = under(await guest.scrape());
  await launch();
  return await comes(`the end of ${root}`, async () => {
    const after = under(await guest.scrape());
    const added = new Map<string, Tree>();
    for (const [path, tree] of after) {
      const earlier = before.get(path), exits = { ...tree.exits };
      for (const [outcome, count] of Object.entries(earlier?.exits ?? {})) exits[outcome]! -= count;
      const launches = tree.launches - (earlier?.launches ?? 0);
      const cpuSeconds = tree.cpuSeconds - (earlier?.cpuSeconds ?? 0);
      if (launches > 0) added.set(path, { ...tree, launches, exits, cpuSeconds });
    }
    const isOver = added.size > 0 && [...added.values()].every(({ running }) => running === 0);
    return isOver && added;
  });
}

const launchesOf = (trees: ReadonlyMap<string, Tree>) =>
  Object.fromEntries([...trees].map(([path, { launches }]) => [path, launches]));

/**
 * Checks how many launches each tree had. Without BPF a name may have come too late: then it says that it isn't known, and all
 * launches are there.
 */
function assertTrees(
  guest: Pick<Guest, "hasBpf">,
  trees: ReadonlyMap<string, Tree>,
  want: Readonly<Record<string, number>>,
): void {
  if (guest.hasBpf) return assert.deepEqual(launchesOf(trees), want);
  const sum = (launches: Readonly<Record<string, number>>) =>
    Object.values(launches).reduce((sum, one) => sum + one, 0);
  const paths = Object.keys(want).map((path) => path.split("/"));
  const wrong = [...trees.keys()].filter((path) => !paths.some((other) => mayBe(path.split("/"), other)));
  assert.deepEqual([wrong, sum(launchesOf(trees))], [[], sum(want)]);
}

async function mainPid(guest: Guest): Promise<string> {
  return await guest.must(`systemctl show --property=MainPID --value ${SERVICE}`);
}

/** Restarts the exporter with further flags. */
async function restartWith(guest: Guest, flags: string): Promise<void> {
  await guest.must(`sed -i 's|^ARGS=.*|ARGS="--config.file=${CONFIGURATION} ${flags}"|' /etc/default/cnproc-exporter`);
  await guest.must(`systemctl restart ${SERVICE}`);
  await guest.ready();
}

/** A tree of the API, and who launched it. */
interface Owned {
  readonly path: string;
  readonly launched_by: readonly { readonly user: string | null; readonly unit: string | null }[];
}

async function ownedTrees(guest: Guest): Promise<readonly Owned[]> {
  return JSON.parse(await guest.get("/api/v1/trees")).trees;
}

async function shapesOf(guest: Guest): Promise<Map<string, Tree>> {
  return await treesOf(guest, "shapes.py", () => work(guest, "shapes.py"));
}

/** Names of shapes that no other program's name hides. */
const SHAPES = Object.fromEntries(
  ["", "/job.sh", "/job.sh/base", "/keyword", "/doubled", "/threaded"].map((path) => [`/shapes.py${path}`, 1]),
);

export const CHECKS: readonly Check[] = [
  {
    name: "ready, and all sources up",
    async run(guest) {
      await guest.ready();
      const scrape = await guest.scrape(), up = (source: string) => scrape.value("cnproc_source_up", { source });
      assert.deepEqual([up("connector"), up("taskstats")], [1, 1]);
      assert.equal(up("bpf"), guest.hasBpf ? 1 : 0);
      const refused = await guest.must(
        `journalctl --boot --unit=${SERVICE} --output=cat | grep -c 'level=warn.*BPF' || true`,
      );
      assert.equal(refused, guest.hasBpf ? "0" : "1", "lines about BPF");
    },
  },
  {
    name: "two capabilities in every thread",
    async run(guest) {
      // Without CAP_SETPCAP the bounding set stays what the unit says.
      const sets = await guest.must(`cat /proc/$(systemctl show --property=MainPID --value ${SERVICE})/task/*/status`);
      const found = [...sets.matchAll(/^Cap(?:Inh|Prm|Eff|Amb):\s+(\w+)$/gm)].map(([, set]) => set);
      assert.ok(found.length >= 4 * 4, sets);
      assert.deepEqual(found.filter((set) => set !== CAPABILITIES), []);
    },
  },
  {
    name: "500 launches in one tree",
    async run(guest) {
      const trees = await treesOf(guest, "launch.sh", () => work(guest, "launch.sh", "500", "/bin/true"));
      assert.deepEqual(launchesOf(trees), { "/launch.sh": 1, "/launch.sh/base": 500 });
    },
  },
  {
    name: "a service that is gone at once is known by its unit",
    async run(guest) {
      if (!guest.hasBpf) return;
      const unit = "cnbrief.service", command = `systemd-run --quiet --wait --collect --unit=${unit} /bin/true`;
      for (let i = 0; i < 3; i++) await guest.must(command);
      await comes("its launches", async () => {
        // Later service managers launch a helper of their own there first.
        return (await guest.scrape()).value("cnproc_unit_launches_total", { unit }) >= 3;
      });
    },
  },
  {
    name: "outcomes",
    async run(guest) {
      const trees = await treesOf(guest, "outcomes.sh", () => work(guest, "outcomes.sh"));
      assertTrees(guest, trees, { "/outcomes.sh": 1, "/outcomes.sh/base": 40 });
      const ended = (outcome: string) => [...trees].reduce((sum, [, { exits }]) => sum + (exits[outcome] ?? 0), 0);
      // One success more is the script's own.
      assert.deepEqual(["success", "error", "signal", "core"].map(ended), [11, 10, 10, 10]);
    },
  },
  {
    name: "processor time within 2 %",
    async run(guest) {
      let truth = NaN;
      const trees = await treesOf(guest, "measure.py", async () => truth = Number(await work(guest, "measure.py")));
      const { cpuSeconds } = trees.get("/measure.py/burn.py")!;
      assert.ok(truth >= 3 && Math.abs(cpuSeconds / truth - 1) <= 0.02, `${cpuSeconds} s, wait4(2) says ${truth}`);
    },
  },
  {
    name: "script, module, double fork, exec by a thread",
    async run(guest) {
      assertTrees(guest, await shapesOf(guest), SHAPES);
    },
  },
  {
    name: "the same trees by /proc",
    takesLong: true,
    async run(guest) {
      await restartWith(guest, "--capture=proc");
      assertTrees({ hasBpf: false }, await shapesOf(guest), SHAPES);
      await restartWith(guest, "");
    },
  },
  {
    name: "unit and user of a service and of a login, by control groups of version 2",
    async run(guest) {
      assert.equal(await guest.must("grep -o ' cgroup2\\? ' /proc/mounts | sort -u"), "cgroup2");
      const launch = `${FOLDER}/launch.sh 20 ${FOLDER}/owned`;
      const service = "systemd-run --quiet --wait --pipe --collect --uid=user --unit=vm-owner.service";
      await treesOf(guest, "launch.sh", () => guest.must(`${service} ${launch}`));
      await treesOf(guest, "launch.sh", () => guest.must(launch, "user"));
      const trees = await ownedTrees(guest);
      const ownersOf = (root: string) => {
        const found = trees.filter(({ path }) => path.replaceAll("@?", "") === `${root}/launch.sh/owned`);
        const owners = found.flatMap(({ launched_by: ways }) => ways.map(({ user, unit }) => `${user} ${unit}`));
        // Without BPF a process can be gone before its group was read: then nothing is said of it.
        return [...new Set(owners)].filter((owner) => guest.hasBpf || owner !== "user null");
      };
      // The login's shell executes the command in its own place.
      assert.deepEqual(["", "/sshd"].map(ownersOf), [["user vm-owner.service"], ["user session-*.scope"]]);
    },
  },
  {
    name: "a user's manager has a root of its own",
    async run(guest) {
      await guest.must("loginctl enable-linger user && systemctl start user@$(id -u user).service");
      const run = "XDG_RUNTIME_DIR=/run/user/$(id -u user) systemd-run --user --collect";
      await guest.must(`runuser --user=user -- sh -c '${run} ${FOLDER}/owned'`);
      const owners = await comes("what it runs", async () => {
        const tree = (await ownedTrees(guest)).find(({ path }) => /^\/systemd-user\/owned(?:@\?)?$/.test(path));
        return tree?.launched_by ?? false;
      });
      assert.deepEqual(owners.map(({ user }) => user), ["user"]);
    },
  },
  {
    name: "reload, and a broken one in journal and status",
    async run(guest) {
      const before = await mainPid(guest), status = () => guest.must(`systemctl show --property=StatusText ${SERVICE}`);
      await guest.must(`systemctl reload ${SERVICE}`);
      assert.doesNotMatch(await status(), /failed/);
      await guest.must(`cp ${CONFIGURATION} /root/kept.yml && echo 'roots: 1' > ${CONFIGURATION}`);
      await guest.must(`systemctl reload ${SERVICE}`);
      await comes("the failure in the status", async () => /the last reload failed: \S/.test(await status()));
      await guest.must(`cp /root/kept.yml ${CONFIGURATION} && systemctl reload ${SERVICE}`);
      await comes("the failure gone", async () => !(await status()).includes("failed"));
      const urgent = await guest.must(
        `journalctl --boot --unit=${SERVICE} --priority=err --output=cat _COMM=cnproc-exporter`,
      );
      assert.match(urgent, /^ts=\S+ level=error msg="Cannot reload/);
      assert.equal(urgent.split("\n").length, 1);
      assert.equal(await mainPid(guest), before);
    },
  },
  {
    name: "a process that hangs is restarted",
    async run(guest) {
      const before = await mainPid(guest);
      await guest.must(`kill -STOP ${before}`);
      await comes("another process", async () => !["0", before].includes(await mainPid(guest)));
      await guest.ready();
      const log = await guest.must(`journalctl --boot --unit=${SERVICE} --output=cat`);
      assert.match(log, /Watchdog timeout/);
    },
  },
  {
    name: "upgrade",
    takesLong: true,
    async run(guest) {
      const before = await mainPid(guest);
      await guest.must("dpkg --force-unsafe-io -i /root/cnproc-exporter.deb");
      assert.notEqual(await mainPid(guest), before);
      await guest.ready();
    },
  },
  {
    name: "reboot: early daemons named, and nothing waits",
    takesLong: true,
    async run(guest) {
      await guest.reboot();
      await guest.ready();
      const { trees } = await guest.scrape();
      const early = ["/systemd-journald", "/systemd-networkd", "/cron", "/sshd"];
      assert.deepEqual(early.filter((path) => !trees.has(path)), [], [...trees.keys()].join(" "));
      assert.deepEqual([...trees.keys()].filter((path) => path.startsWith("/unknown")), []);
      await guest.must("systemctl is-system-running --wait || true");
      assert.doesNotMatch(await guest.must("systemd-analyze critical-chain --no-pager"), /cnproc-exporter/);
    },
  },
  {
    name: "purge",
    takesLong: true,
    async run(guest) {
      await guest.must("dpkg --purge cnproc-exporter");
      const left = await guest.run(
        "pgrep cnproc-exporter; ls -d /var/lib/private/cnproc-exporter /etc/cnproc-exporter",
      );
      assert.equal(left.out, "");
      assert.notEqual((await guest.run(`systemctl is-enabled ${SERVICE}`)).code, 0);
    },
  },
];

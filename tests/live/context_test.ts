/** Who launched: two units, two containers, two users, and a user who claims to be a unit, each in groups made for the test. */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import * as records from "../unit/fingerprint/containers/records.ts";
import { Groups, requireVersion2 } from "./control_groups.ts";
import { Exporter, poll, testCaptures } from "./exporter.ts";

const DOCKER = "d0c4e5".repeat(11).slice(0, 64), CRI = "c41dae".repeat(11).slice(0, 64);
const POD = "0b5a3c1e-1111-2222-3333-0123456789ab";

interface Case {
  /** Name of the program. */
  readonly name: string;
  /** The group below the test's own slice. */
  readonly group: string;
  readonly uid: number;
  readonly unit: string | null;
  readonly container: string | null;
  /** What its runtime's files call it: name, image, pod and namespace. */
  readonly called?: readonly (string | undefined)[];
}

const CASES: readonly Case[] = [
  { name: "weblike", group: "cnweb.service", uid: 0, unit: "cnweb.service", container: null },
  { name: "dblike", group: "cndb.service", uid: 54_001, unit: "cndb.service", container: null },
  {
    ...{ name: "dockerlike", group: `docker-${DOCKER}.scope`, uid: 54_002 },
    ...{ unit: `docker-${DOCKER}.scope`, container: DOCKER.slice(0, 12) },
    called: ["shop-redis-1", "redis:7", undefined, undefined],
  },
  {
    ...{ name: "podlike", group: `kubepods-pod${POD.replaceAll("-", "_")}.slice/cri-containerd-${CRI}.scope` },
    ...{ uid: 0, unit: `cri-containerd-${CRI}.scope`, container: CRI.slice(0, 12) },
    called: ["web", "docker.io/library/nginx:1.27", "shop-7d4b", "default"],
  },
  {
    ...{ name: "liarlike", group: `user@54001.service/app.slice/sshd.service`, uid: 54_001 },
    ...{ unit: "user@54001.service/sshd.service", container: null },
  },
  {
    ...{
      name: "claimlike",
      group: `user@54001.service/docker-${DOCKER}.scope`,
      uid: 54_001,
      unit: "user@54001.service",
    },
    container: `user@54001.service/${DOCKER.slice(0, 12)}`,
  },
];

/** What runtimes wrote about the containers, below a folder that stands for the machine's root. */
function plantRecords(root: string): void {
  const put = (path: string, text: string) => {
    Deno.mkdirSync(`${root}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true, mode: 0o711 });
    Deno.writeTextFileSync(`${root}/${path}`, text, { mode: 0o600 });
  };
  put(`var/lib/docker/containers/${DOCKER}/config.v2.json`, records.DOCKER);
  put(`run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${CRI}/config.json`, records.CONTAINERD);
}

Deno.test({
  name: "live: launches have the unit, the container and the user of their process",
  ignore: requireRoot() || requireTool("setpriv", "util-linux") || requireVersion2(),
  async fn() {
    const children: Deno.ChildProcess[] = [];
    await using groups = await Groups.create();
    const root = await Deno.makeTempDir({ dir: "/tmp", prefix: "rootfs-" });
    plantRecords(root);
    await using exporter = await Exporter.start({ flags: [`--path.rootfs=${root}`] });
    const programs = await Deno.makeTempDir({ dir: "/tmp", prefix: "context-" });
    try {
      await Deno.chmod(programs, 0o755);
      await exporter.get("/api/v1/events"); // a recording begins
      for (const { name, group, uid } of CASES) {
        const program = `${programs}/${name}`, processes = await groups.make(`cncontext${Deno.pid}.slice/${group}`);
        await Deno.copyFile("/bin/sleep", program);
        const user = `--reuid=${uid} --regid=${uid} --clear-groups`;
        const script = `echo $$ > ${processes}; exec setpriv ${user} ${program} 60`;
        children.push(new Deno.Command("sh", { args: ["-c", script] }).spawn());
      }
      for (const { name, uid, unit, container, called = [, , , ,] } of CASES) {
        const launch = await poll(`the launch of ${name}`, async () => {
          const { events } = JSON.parse((await exporter.get("/api/v1/events?limit=1000")).text);
          const isIt = ({ type, tree }: Record<string, string>) => type === "launch" && tree!.endsWith(`/${name}`);
          return events.find(isIt);
        });
        assert.deepEqual([launch.uid, launch.unit, launch.container], [uid, unit, container], name);
        const { container_name, image, pod, namespace } = launch;
        assert.deepEqual([container_name, image, pod, namespace], [...called], name);
      }
      const scrape = (await exporter.get("/metrics")).text;
      assert.match(scrape, /^cnproc_unit_launches_total\{unit="cnweb\.service"\} [1-9]/m);
      assert.match(scrape, /^cnproc_unit_launches_total\{unit="docker-\*\.scope"\} [1-9]/m);
      assert.match(scrape, /^cnproc_unit_launches_total\{unit="user@54001\.service"\} [1-9]/m);
      for (const { container } of CASES.filter(({ container }) => container !== null)) {
        assert.match(scrape, new RegExp(`^cnproc_container_launches_total\\{container="${container}"\\} [1-9]`, "m"));
      }
      assert.deepEqual(scrape.match(/^cnproc_container_info\{.*/gm), [
        'cnproc_container_info{container="c41daec41dae",name="web",image="docker.io/library/nginx:1.27",pod="shop-7d4b",namespace="default"} 1',
        'cnproc_container_info{container="d0c4e5d0c4e5",name="shop-redis-1",image="redis:7"} 1',
      ]);
      assert.doesNotMatch(scrape, /unit="sshd\.service"/);
    } finally {
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(children.map(({ status }) => status));
      await Deno.remove(programs, { recursive: true });
      await Deno.remove(root, { recursive: true });
    }
  },
});

const BRIEF = 20, BRIEF_USER = 54_003;

testCaptures(
  "live: a process that has ended before anybody could look has its own user",
  requireRoot() || requireTool("setpriv", "util-linux"),
  async (capture) => {
    await using exporter = await Exporter.start({ capture });
    const programs = await Deno.makeTempDir({ dir: "/tmp", prefix: "context-" }), program = `${programs}/brieflike`;
    try {
      await Deno.chmod(programs, 0o755);
      await Deno.copyFile("/bin/true", program);
      await exporter.get("/api/v1/events"); // a recording begins
      const launcher = `${programs}/changerlike`;
      await Deno.copyFile("/usr/bin/setpriv", launcher);
      const args = [`--reuid=${BRIEF_USER}`, `--regid=${BRIEF_USER}`, "--clear-groups", program];
      for (let i = 0; i < BRIEF; i++) await new Deno.Command(launcher, { args }).output();
      const launches = await poll("its launches", async () => {
        const { events } = JSON.parse((await exporter.get("/api/v1/events?limit=1000")).text);
        const isIt = ({ type, tree }: Record<string, string>) =>
          type === "launch" && /\/(changerlike|brieflike)$/.test(tree!);
        return events.filter(isIt).length === 2 * BRIEF && events.filter(isIt);
      });
      const usersOf = (name: string) =>
        launches.filter(({ tree }: { tree: string }) => tree.endsWith(name)).map(({ uid }: { uid: number }) => uid);
      assert.deepEqual(usersOf("/brieflike"), Array(BRIEF).fill(BRIEF_USER));
      assert.deepEqual(usersOf("/changerlike"), Array(BRIEF).fill(0), "who launched it runs it");
    } finally {
      await Deno.remove(programs, { recursive: true });
    }
  },
);

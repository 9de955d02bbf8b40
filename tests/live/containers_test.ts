/** What containers are called: by what a real Podman wrote below a root of the test's own, and by the first process's root. */

import assert from "node:assert/strict";
import { requireRoot, requireTool } from "../require.ts";
import * as records from "../unit/fingerprint/containers/records.ts";
import { Exporter, FROM_SOURCE, poll } from "./exporter.ts";

const IMAGE = "localhost/cnnames:1";

/** Runs a command that must succeed; what it printed. */
async function output(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}

/** Podman with an image of BusyBox, and its storage below the folder `root`; taken away again with its containers. */
class Podman implements AsyncDisposable {
  readonly #flags: readonly string[];

  private constructor(readonly root: string) {
    this.#flags = [
      `--root=${root}/var/lib/containers/storage`,
      `--runroot=${root}/run/storage`,
      `--tmpdir=${root}/run/libpod`,
      ...["--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=none", "--runtime=runc"],
    ];
  }

  static async create(): Promise<Podman> {
    const podman = new Podman(await Deno.makeTempDir({ dir: "/tmp", prefix: "podman-" }));
    const system = `${podman.root}/system`;
    await Deno.mkdir(`${system}/bin`, { recursive: true });
    await Deno.copyFile("/bin/busybox", `${system}/bin/busybox`);
    await output("tar", "-C", system, "-cf", `${podman.root}/system.tar`, ".");
    try {
      await podman.run("import", `${podman.root}/system.tar`, IMAGE);
      return podman;
    } catch (error) {
      await Deno.remove(podman.root, { recursive: true });
      throw error;
    }
  }

  run(...args: string[]): Promise<string> {
    return output("podman", ...this.#flags, ...args);
  }

  /** Starts a container in which BusyBox sleeps; its id. */
  start(name: string, ...flags: string[]): Promise<string> {
    const limits = ["--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024"]; // such as every machine allows
    const sleep = [IMAGE, "/bin/busybox", "sleep", "600"];
    return this.run("run", "--detach", `--name=${name}`, "--network=none", ...limits, ...flags, ...sleep);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("rm", "--all", "--force", "--time=0");
    // What follows the end of a container is cleaned up by processes of their own, which write there.
    const isOver = async () => (await new Deno.Command("pgrep", { args: ["-f", this.root] }).output()).code === 1;
    await poll("the end of Podman", isOver);
    await Deno.remove(this.root, { recursive: true });
    // Podman leaves the groups behind that were above its containers; those of another Podman's containers can't be removed.
    await new Deno.Command("find", {
      args: ["/sys/fs/cgroup", "-depth", "-type", "d", "-path", "*/libpod_parent*", "-exec", "rmdir", "{}", ";"],
      stderr: "null",
    }).output();
  }
}

Deno.test({
  name: "live: containers of a real Podman have their names and images from the first launch on",
  ignore: requireRoot() || requireTool("podman") || requireTool("runc") || requireTool("busybox", "busybox-static"),
  async fn() {
    await using podman = await Podman.create();
    const before = await podman.start("cnbefore");
    await using exporter = await Exporter.start({ flags: [`--path.rootfs=${podman.root}`] });
    await exporter.get("/api/v1/events"); // a recording begins
    const kept = await podman.start("cnkept"), removed = await podman.start("cnremoved", "--rm");
    for (const [id, name] of [[kept, "cnkept"], [removed, "cnremoved"]] as const) {
      const launch = await poll(`the launch in ${name}`, async () => {
        const { events } = JSON.parse((await exporter.get("/api/v1/events?limit=1000")).text);
        return events.find(({ type, container }: Record<string, string>) =>
          type === "launch" && container === id.slice(0, 12)
        );
      });
      assert.deepEqual([launch.container_name, launch.image], [name, IMAGE]);
    }
    const scrape = (await exporter.get("/metrics")).text;
    for (const [id, name] of [[before, "cnbefore"], [kept, "cnkept"], [removed, "cnremoved"]] as const) {
      const line = `cnproc_container_info{container="${id.slice(0, 12)}",name="${name}",image="${IMAGE}"} 1`;
      assert.ok(scrape.includes(line), line);
    }
  },
});

/**
 * A machine of its own, whose first process this is: Docker's file of a container and a process in its group; then, in mounts that hide
 * that file, the exporter with the capabilities that it keeps. Arguments: the file, a folder, the id, the exporter's command.
 */
const MACHINE = `
record=$1 folder=$2 id=$3; shift 3
mount -t tmpfs -o mode=755 none /var/lib
mkdir -p /var/lib/docker/containers/$id
cp "$record" /var/lib/docker/containers/$id/config.v2.json
mount -t cgroup2 none "$folder"
group="$folder/docker-$id.scope"
mkdir "$group"
sleep 600 &
echo $! > "$group/cgroup.procs"
unshare -m sh -c '
  mount -t tmpfs none /var/lib
  capabilities=-all,+sys_ptrace,+net_admin
  exec setpriv --bounding-set=$capabilities --inh-caps=$capabilities "$@"' sh "$@" explain --output=json $!
kill $!
wait
rmdir "$group"
`;

Deno.test({
  name: "live: with mounts of its own, and two capabilities, it finds the files that the first process has",
  ignore: requireRoot() || requireTool("unshare", "util-linux") || requireTool("setpriv", "util-linux"),
  async fn() {
    const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "machine-" }), record = `${folder}/record`;
    try {
      await Deno.writeTextFile(record, records.DOCKER);
      await Deno.mkdir(`${folder}/groups`);
      const command = [Deno.env.get("CNPROC_EXPORTER") ?? FROM_SOURCE].flat();
      const machine = ["--pid", "--fork", "--mount", "--mount-proc", "sh", "-c", MACHINE, "sh"];
      const text = await output("unshare", ...machine, record, `${folder}/groups`, records.ID, ...command);
      const { container, container_name, image } = JSON.parse(text);
      assert.deepEqual([container, container_name, image], [records.ID.slice(0, 12), "shop-redis-1", "redis:7"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

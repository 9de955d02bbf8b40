import assert from "node:assert/strict";
import { MAX_RECORD_BYTES, RecordFiles } from "../../../../fingerprint/containers/record_files.ts";
import type { Runtime } from "../../../../fingerprint/context/mod.ts";
import { Procfs } from "../../../../fingerprint/proc/procfs.ts";
import { Libc } from "../../../../netlink/mod.ts";
import { openFilesBelow } from "../../open_files.ts";
import { requireRoot } from "../../../require.ts";
import * as records from "./records.ts";

const { ID } = records, SHORT = ID.slice(0, 12);
const libc = new Libc();
void libc.background; // opened by the first test that needs it, it would be that test's leak

/** Looks for a container in a root that a test has made. */
async function inRoot(
  test: (put: (path: string, text: string) => string, read: (runtime: Runtime) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync(), procfs = new Procfs(libc);
  const files = new RecordFiles(libc, procfs, { folder, owners: [Deno.uid()!] });
  const put = (path: string, text: string) => {
    const file = `${folder}${path}`;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    Deno.writeTextFileSync(file, text, { mode: 0o600 });
    return file;
  };
  try {
    await test(put, (runtime) => files.read({ container: SHORT, runtime, id: ID }));
    assert.deepEqual(openFilesBelow(folder), []);
  } finally {
    procfs.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const TASKS = "io.containerd.runtime.v2.task";
const PLACES: readonly [Runtime, path: string, text: string, name: string][] = [
  ["docker", `/var/lib/docker/containers/${ID}/config.v2.json`, records.DOCKER, "shop-redis-1"],
  [
    "docker",
    `/var/snap/docker/common/var-lib-docker/containers/${ID}/config.v2.json`,
    records.DOCKER,
    "shop-redis-1",
  ],
  ["podman", "/var/lib/containers/storage/overlay-containers/containers.json", records.PODMAN, "cnname"],
  ["podman", "/var/lib/containers/storage/vfs-containers/volatile-containers.json", records.PODMAN, "cnname"],
  ["cri-o", `/run/containers/storage/overlay-containers/${ID}/userdata/config.json`, records.CRIO, "web"],
  ["cri-o", `/var/lib/containers/storage/overlay-containers/${ID}/userdata/config.json`, records.CRIO, "web"],
  ["containerd", `/run/containerd/${TASKS}/k8s.io/${ID}/config.json`, records.CONTAINERD, "web"],
  ["containerd", `/run/k3s/containerd/${TASKS}/k8s.io/${ID}/config.json`, records.CONTAINERD, "web"],
  [
    "containerd",
    `/var/snap/microk8s/common/run/containerd/${TASKS}/k8s.io/${ID}/config.json`,
    records.CONTAINERD,
    "web",
  ],
  ["nerdctl", `/run/containerd/${TASKS}/default/${ID}/config.json`, records.NERDCTL, "shop-web-1"],
];

Deno.test("records of each runtime are found where it keeps them, and by one that isn't known everywhere", async () => {
  for (const [runtime, path, text, name] of PLACES) {
    await inRoot(async (put, read) => {
      assert.equal(await read(runtime), undefined, "nothing is there");
      put(path, text);
      for (const by of [runtime, "oci"] as const) {
        assert.equal((await read(by) as { name: string } | undefined)?.name, name, `${by}: ${path}`);
      }
    });
  }
});

Deno.test("containers that are known by name need no file", async () => {
  await inRoot(async (_, read) => {
    for (const runtime of ["lxc", "nspawn"] as const) assert.deepEqual(await read(runtime), { name: ID });
  });
});

Deno.test("what others may write to, pipes, folders, links outside and files that are too large don't count", async () => {
  const path = `/var/lib/docker/containers/${ID}/config.v2.json`;
  const spoil: readonly [string, (file: string) => void][] = [
    ["a file of a group's", (file) => Deno.chmodSync(file, 0o620)],
    ["a folder of everybody's", (file) => Deno.chmodSync(file.replace(`/${ID}/config.v2.json`, ""), 0o777)],
    ["a pipe", (file) => {
      Deno.removeSync(file);
      new Deno.Command("mkfifo", { args: [file] }).outputSync();
    }],
    ["a folder", (file) => {
      Deno.removeSync(file);
      Deno.mkdirSync(file);
    }],
    ["a link to what others may write to", (file) => {
      Deno.renameSync(file, `${file}.other`);
      Deno.chmodSync(`${file}.other`, 0o666);
      Deno.symlinkSync("config.v2.json.other", file);
    }],
    ["a link that leaves the root", (file) => {
      Deno.removeSync(file);
      const outside = Deno.makeTempFileSync();
      Deno.writeTextFileSync(outside, records.DOCKER);
      Deno.symlinkSync(outside, file);
    }],
    ["a loop", (file) => {
      Deno.removeSync(file);
      Deno.symlinkSync("config.v2.json", file);
    }],
    ["too large", (file) => Deno.truncateSync(file, MAX_RECORD_BYTES + 1)],
    ["zeros behind it", (file) => Deno.truncateSync(file, 4096)],
    ["cut", (file) => Deno.truncateSync(file, 100)],
    ["no JSON", (file) => Deno.writeFileSync(file, new Uint8Array([0xff, 0, 0x7b]))],
  ];
  for (const [name, change] of spoil) {
    await inRoot(async (put, read) => {
      const file = put(path, records.DOCKER);
      assert.ok(await read("docker"));
      change(file);
      assert.equal(await read("docker"), undefined, name);
    });
  }
});

Deno.test({
  name: "a user's file doesn't count, nor one in a user's folder",
  ignore: requireRoot(),
  async fn() {
    const path = `/var/lib/docker/containers/${ID}/config.v2.json`;
    for (const above of ["", `/${ID}/config.v2.json`]) {
      await inRoot(async (put, read) => {
        const file = put(path, records.DOCKER);
        Deno.chownSync(above === "" ? file : file.slice(0, -above.length), 54_001, 54_001);
        assert.equal(await read("docker"), undefined);
      });
    }
  },
});

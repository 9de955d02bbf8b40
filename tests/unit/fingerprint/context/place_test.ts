import assert from "node:assert/strict";
import { unifiedPath } from "../../../../fingerprint/context/cgroup_file.ts";
import { placeIn, type ProcessPlace } from "../../../../fingerprint/context/place.ts";
import { unescapeUnit, unitFamily } from "../../../../fingerprint/context/units.ts";

const ID = "4f8a1c0de3b29a7f5566778899aabbccddeeff00112233445566778899aabbcc", SHORT = "4f8a1c0de3b2";
const OTHER = ID.replaceAll("4", "5"), POD = "0b5a3c1e-1111-2222-3333-0123456789ab", POD_ = POD.replaceAll("-", "_");
const USER = "/user.slice/user-1000.slice/user@1000.service";

type Want = Partial<Omit<ProcessPlace, "slice" | "containerId">>;

function check(cases: readonly (readonly [name: string, text: string, want: Want])[]): void {
  const none = { unit: undefined, container: undefined, runtime: undefined, pod: undefined };
  for (const [name, text, want] of cases) {
    const { slice: _, containerId, ...place } = placeIn(text);
    assert.deepEqual(place, { ...none, ...want }, name);
    // A user's word has a unit in front.
    const isTold = want.container !== undefined && !want.container.includes("/");
    assert.equal(containerId, !isTold ? undefined : want.container === SHORT ? ID : want.container, name);
  }
}

Deno.test("units by the groups that systemd makes", () => {
  check([
    ["a service", "0::/system.slice/nginx.service", { unit: "nginx.service" }],
    ["below slices", "0::/system.slice/system-getty.slice/getty@tty1.service", { unit: "getty@tty1.service" }],
    ["a login", "0::/user.slice/user-1000.slice/session-3.scope", { unit: "session-3.scope" }],
    ["a name that would be the kernel's", "0::/system.slice/_cgroup.service", { unit: "cgroup.service" }],
    ["an escaped name", "0::/system.slice/dev-disk-by\\x2duuid-a.swap", { unit: "dev-disk-by\\x2duuid-a.swap" }],
    ["pid 1", "0::/init.scope", { unit: "init.scope" }],
    ["the last of a group", "0::/system.slice/cron.service (deleted)", { unit: "cron.service" }],
    ["seen from a namespace", "0::/../cron.service", { unit: "cron.service" }],
    ["none", "0::/", {}],
    ["no file", "", {}],
    ["nonsense", "x\n0::relative.service\n::", {}],
    ["no unit's name", "0::/system.slice/a b.service", {}],
    ["a name that is too long", `0::/${"a".repeat(250)}.service`, {}],
  ]);
  assert.equal(placeIn("0::/system.slice/system-getty.slice/getty@tty1.service").slice, "system-getty.slice");
});

Deno.test("what a user makes below a group passes for nobody else's", () => {
  check([
    ["a user's own service", `0::${USER}/app.slice/mail.service`, { unit: "user@1000.service/mail.service" }],
    ["that manager", `0::${USER}/init.scope`, { unit: "user@1000.service/init.scope" }],
    ["a system's service by name", `0::${USER}/system.slice/sshd.service`, { unit: "user@1000.service/sshd.service" }],
    ["another manager", `0::${USER}/user@0.service/x.service`, { unit: "user@1000.service/user@0.service" }],
    ["below a service", "0::/system.slice/app.service/nginx.service", { unit: "app.service" }],
    ["a container", `0::${USER}/user.slice/libpod-${ID}.scope/container`, {
      unit: "user@1000.service",
      container: `user@1000.service/${SHORT}`,
      runtime: "podman",
    }],
    ["another's", `0::/system.slice/app.service/docker/${ID}`, {
      unit: "app.service",
      container: `app.service/${SHORT}`,
      runtime: "docker",
    }],
    ["a pod", `0::${USER}/pod${POD}/x`, { unit: "user@1000.service" }],
    ["in a container", `0::/docker/${ID}/docker/${OTHER}`, { container: SHORT, runtime: "docker" }],
    ["a unit in a container", `0::/docker/${ID}/system.slice/a.service`, { container: SHORT, runtime: "docker" }],
  ]);
});

Deno.test("containers and pods by those who name their groups", () => {
  const scope = (unit: string, runtime: ProcessPlace["runtime"]) => ({ unit, container: SHORT, runtime }) as const;
  const burstable = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD_}.slice`;
  check([
    ["Docker", `0::/system.slice/docker-${ID}.scope`, scope(`docker-${ID}.scope`, "docker")],
    ["Docker, cgroupfs", `0::/docker/${ID}`, { container: SHORT, runtime: "docker" }],
    ["Podman", `0::/machine.slice/libpod-${ID}.scope/container`, scope(`libpod-${ID}.scope`, "podman")],
    ["Podman, cgroupfs", `0::/libpod_parent/libpod-${ID}`, { container: SHORT, runtime: "podman" }],
    ["Podman's monitor", `0::/machine.slice/libpod-conmon-${ID}.scope`, { unit: `libpod-conmon-${ID}.scope` }],
    ["CRI-O", `0::${burstable}/crio-${ID}.scope`, { ...scope(`crio-${ID}.scope`, "cri-o"), pod: POD }],
    ["containerd", `0::${burstable}/cri-containerd-${ID}.scope`, {
      ...scope(`cri-containerd-${ID}.scope`, "containerd"),
      pod: POD,
    }],
    ["kind", `0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${POD_}.slice/cri-containerd-${ID}.scope`, {
      ...scope(`cri-containerd-${ID}.scope`, "containerd"),
      pod: POD,
    }],
    ["drivers that differ", `0::/system.slice/containerd.service/kubepods-pod${POD_}.slice:cri-containerd:${ID}`, {
      unit: "containerd.service",
      container: SHORT,
      runtime: "containerd",
    }],
    ["k3s", `0::/kubepods/besteffort/pod${POD}/${ID}`, { container: SHORT, runtime: "oci", pod: POD }],
    ["a static pod", `0::/kubepods/pod${"a1".repeat(16)}/${ID}`, {
      container: SHORT,
      runtime: "oci",
      pod: "a1".repeat(16),
    }],
    ["nerdctl", `0::/system.slice/nerdctl-${ID}.scope`, scope(`nerdctl-${ID}.scope`, "nerdctl")],
    ["Amazon ECS", `0::/ecs/task/${ID}`, { container: SHORT, runtime: "oci" }],
    ["LXC", "0::/lxc.payload.web/system.slice/cron.service", { container: "web", runtime: "lxc" }],
    ["LXC 3", "4:pids:/lxc/web\n1:name=systemd:/lxc/web", { container: "web", runtime: "lxc" }],
    ["LXC's monitor", "0::/lxc.monitor.web", {}],
    ["nspawn", "0::/machine.slice/machine-deb\\x2d1.scope/payload", {
      unit: "machine-deb\\x2d1.scope",
      container: "deb-1",
      runtime: "nspawn",
    }],
    ["nspawn by its template", "0::/machine.slice/systemd-nspawn@deb.service/payload", {
      unit: "systemd-nspawn@deb.service",
      container: "deb",
      runtime: "nspawn",
    }],
    ["a virtual machine", "0::/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", {
      unit: "machine-qemu\\x2d1\\x2dvm.scope",
    }],
    ["an id that is too short", `0::/docker/${ID.slice(1)}`, {}],
  ]);
});

Deno.test("version 1 and both: the hierarchy that has the groups", () => {
  check([
    ["version 1", "12:cpu,cpuacct:/a.service\n1:name=systemd:/system.slice/cron.service\n", { unit: "cron.service" }],
    ["both", "1:name=systemd:/system.slice/cron.service\n0::/\n", { unit: "cron.service" }],
    ["without systemd", `4:memory:/docker/${ID}\n3:pids:/docker/${ID}\n2:cpu:/\n0::/`, {
      container: SHORT,
      runtime: "docker",
    }],
    ["a colon in a name", "0::/system.slice/a:b.service", { unit: "a:b.service" }],
  ]);
});

Deno.test("units that come and go count together, others don't", () => {
  const cases = [
    ["session-12.scope", "session-*.scope"],
    ["session-c2.scope", "session-*.scope"],
    ["run-u12.service", "run-*.service"],
    ["run-r0123456789abcdef.scope", "run-*.scope"],
    ["run-p12-i34.service", "run-*.service"],
    ["sshd@3-10.0.0.1:22-10.0.0.2:999.service", "sshd@*.service"],
    [`docker-${ID}.scope`, "docker-*.scope"],
    ["podman-123.scope", "podman-*.scope"],
    ["getty@tty1.service", "getty@tty1.service"],
    ["user@1000.service", "user@1000.service"],
    ["run-lock.mount", "run-lock.mount"],
    ["nginx.service", "nginx.service"],
  ] as const;
  for (const [unit, family] of cases) assert.equal(unitFamily(unit), family);
  assert.equal(unescapeUnit("a\\x2db\\x5cc"), "a-b\\c");
  assert.equal(unescapeUnit("\\x1b\\x2f\\x0a\\xe9"), "\\x1b\\x2f\\x0a\\xe9");
});

Deno.test("the path in the hierarchy of version 2, where that is the only one and all of it is seen", () => {
  const paths: readonly (readonly [text: string, path: string | undefined])[] = [
    ["0::/system.slice/nginx.service\n", "/system.slice/nginx.service"],
    ["0::/\n", "/"],
    ["0::/..cache/..\u00e4\n", "/..cache/..\u00e4"],
    ["0::/..\n", undefined],
    ["0::/../cron.service\n", undefined],
    ["1:name=systemd:/system.slice/nginx.service\n0::/system.slice/nginx.service\n", undefined],
    ["0::/a\n1:cpu:/\n", undefined],
    ["4:memory:/a\n", undefined],
    ["", undefined],
  ];
  for (const [text, path] of paths) assert.equal(unifiedPath(text), path, JSON.stringify(text));
});

import assert from "node:assert/strict";
import { parseCgroup } from "../../../../fingerprint/proc/cgroup.ts";

const ID = "4f8a1c0de3b29a7f5566778899aabbccddeeff00112233445566778899aabbcc";

Deno.test("the unit and the container of a process, by those who name cgroups", () => {
  const cases: readonly (readonly [string, string, string | undefined, string | undefined])[] = [
    ["a service", "0::/system.slice/nginx.service", "nginx.service", undefined],
    [
      "a service below slices",
      "0::/system.slice/system-getty.slice/getty@tty1.service",
      "getty@tty1.service",
      undefined,
    ],
    ["a login", "0::/user.slice/user-1000.slice/session-3.scope", "session-3.scope", undefined],
    [
      "a service of a user's own manager",
      "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.service",
      "app-x.service",
      undefined,
    ],
    ["that manager", "0::/user.slice/user-1000.slice/user@1000.service/init.scope", "init.scope", undefined],
    ["what a service delegates", "0::/system.slice/docker.service/made.service", "docker.service", undefined],
    ["a name that would be the kernel's", "0::/system.slice/_cgroup.service", "cgroup.service", undefined],
    ["Docker by systemd", `0::/system.slice/docker-${ID}.scope`, `docker-${ID}.scope`, "4f8a1c0de3b2"],
    ["Docker by itself", `0::/docker/${ID}`, undefined, "4f8a1c0de3b2"],
    ["Podman", `0::/machine.slice/libpod-${ID}.scope/container`, `libpod-${ID}.scope`, "4f8a1c0de3b2"],
    ["CRI-O", `0::/kubepods.slice/kubepods-pod1.slice/crio-${ID}.scope`, `crio-${ID}.scope`, "4f8a1c0de3b2"],
    ["containerd", `0::/kubepods.slice/cri-containerd-${ID}.scope`, `cri-containerd-${ID}.scope`, "4f8a1c0de3b2"],
    ["Kubernetes by itself", `0::/kubepods/burstable/pod1/${ID}`, undefined, "4f8a1c0de3b2"],
    ["LXC", "0::/lxc.payload.web/system.slice/cron.service", "cron.service", "web"],
    ["nspawn", "0::/machine.slice/machine-deb.scope/payload", "machine-deb.scope", "deb"],
    ["none", "0::/", undefined, undefined],
    ["version 1", "12:cpu,cpuacct:/a.service\n1:name=systemd:/system.slice/cron.service\n", "cron.service", undefined],
    ["both", "1:name=systemd:/system.slice/cron.service\n0::/\n", "cron.service", undefined],
    ["version 1 without systemd", `4:memory:/docker/${ID}\n3:pids:/docker/${ID}`, undefined, "4f8a1c0de3b2"],
    ["no file", "", undefined, undefined],
    ["nonsense", "x\n0::relative.service\n::", undefined, undefined],
  ];
  for (const [name, text, unit, container] of cases) assert.deepEqual(parseCgroup(text), { unit, container }, name);
});

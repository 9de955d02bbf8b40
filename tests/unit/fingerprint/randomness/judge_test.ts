import assert from "node:assert/strict";
import { judgeElement, judgePath, type Place } from "../../../../fingerprint/randomness/judge.ts";
import { MODEL_BYTES, unpackModel } from "../../../../fingerprint/randomness/codec.ts";
import { packModel } from "../../../../scripts/randomness/pack.ts";
import { MODEL } from "../../../../fingerprint/randomness/model.ts";
import { TABLE_CELLS, TABLE_STARTS } from "../../../../fingerprint/randomness/scan.ts";

/** Name → what it collapses to, anywhere. */
const RANDOM: readonly [name: string, collapsed: string][] = [
  ["ZW50cm9weQo", "*"],
  ["tmp.X3kQ9ZbT1a", "tmp.*"],
  ["prom_cnproc-0883569a23a4bd16", "prom_cnproc-*"],
  ["0883569a23a4bd16", "*"],
  ["47b6d9a9-229c-4dcf-996d-e65cb1049f39", "*"],
  ["{D6335CAD-59C2-4ACE-8842-357143C47A8B}", "{*}"],
  ["makemap.5f454f6a-73f8-4bc8-8a5a-124004e8534c-lib.so", "makemap.*-lib.so"],
  ["13d9bd2e5162bf838b3a5e4141f9d2663a3c314136e34f48ee3d932b14ca7cf7-init", "*-init"],
  ["tmp5vd18xsm", "tmp*"],
  ["tmps_s8brh3.py", "tmp*.py"],
  ["tmpj1_jwmdswheel", "tmp*wheel"],
  [".tmpYNBeAZ", ".tmp*"],
  ["_MEI4tXq1z", "_MEI*"],
  [".mount_balena9ljGjp", ".mount_balena*"],
  [".mount_Cura-50fF0mY", ".mount_Cura-5*"],
  [".org.chromium.Chromium.x7GhK2", ".org.chromium.Chromium.*"],
  ["krb5cc_1000_a8XkQ2", "krb5cc_1000_*"],
  ["d20200714-1641568-9z2q8t", "d*"],
  [
    "systemd-private-883daa003d62a0fc65588cd7b078b862-pxconsq.service-6wblzY",
    "systemd-private-*-pxconsq.service-*",
  ],
  ["npm-3736756-31c44db7", "npm-*"],
  ["_tmp_3842414_67dbc31bdcce5fd41c602345460ed48d", "_tmp_*"],
  ["yarn--1720903117751-0.5222891081464912", "yarn--*-0.*"],
  ["go-build1234985607", "go-build*"],
  ["terraform-provider-zeisstopnm-724969862", "terraform-provider-zeisstopnm-*"],
  ["web-7d9c6b5f4-x2x8z", "web-*"],
  ["vendor.ecad780d65b747abefa5.bundle.js", "vendor.*.bundle.js"],
  ["493eaffd79e1_add_mtu_network_allocations.py", "*_add_mtu_network_allocations.py"],
  ["ZXF1aXZhbGVudC5vcGVyYXRpb24=", "*"],
  ["J+PNvKxWgIkgNSKAuxdc4A==", "*"],
  ["awo2sM8FUYuZ2hPcg70fl", "*"],
  ["aLmfnO3m9l2t.tmp", "*.tmp"],
  ["cargo-script-rSubbf", "cargo-script-*"],
  ["01jb3zq7fmx4v0gk2n9t8dwhre", "*"],
  ["b94594dc_5e3a_43ff_a880_330179bc34b3", "*"],
  ["gradle5141729103856418853bin", "gradle*bin"],
  ["tmpK7qXw2.tmp", "tmp*.tmp"],
  ["kernel-7c1fe-3f9a1c.o", "kernel-7c1fe-*.o"],
  ["x7k2qz9w.default-release", "*.default-release"],
  ["backup-28459140-x7k2q", "backup-*"],
  ["mkinitramfs-MAIN_B3hFEEhjUz", "mkinitramfs-MAIN_*"],
  ["installX9k2Pq", "install*"],
];

const CHOSEN: readonly string[] = [
  "hwclock.sh",
  "dd",
  "dd-outer",
  "python3.13",
  "x86_64-linux-gnu",
  "server.sh",
  "cnproc-exporter",
  "cnproc-exporter-aarch64",
  "pstree",
  "systemd-private",
  "krb5cc_1000",
  "tmpfiles.d",
  "tmp.mount",
  "0.0+git20150803",
  "libnvidia-ml.so.527.12.03",
  "node-v20.11.1-linux-x64",
  "20231215T101530Z",
  "IMG_20231215_101530",
  "2023-12-15_10-15-30",
  "6.1.71-1-lts",
  "emoji_u1f4cb.png",
  "1F4E0.png",
  "libGLX_mesa.so.0.0.0",
  "g++-mipsisa64r6el-linux-gnuabi64",
  "km-0000041d.ini",
  "user1234",
  "0.0~git20151117.0.6a9aea3",
  "1.4-23-g335dbec",
  "2.1.10.1.f1e05b7a",
  "0.0+git200150803",
  "libdapl2-2.1.10.1.f1e05b7a",
  "module@v0.0.0-20170915032832-14c0d48ead0c",
  "com.google.dagger",
  "matplotlib-scalebar",
  "HmacSha1Aes128CksumType.class",
  ".linuxbrew",
  ".virtualenvs",
  ".jupyter",
  ".nvm",
  "KSP_x64.exe",
  "gezondheidsrecht",
  "nieprzystosowany",
  "ospagarritasun",
  "Документы",
  "ダウンロード",
  "Bibliothèque",
  "",
  ".",
  "..",
  "-",
  "*",
];

for (const place of ["temporary", "system", "other"] as const satisfies readonly Place[]) {
  Deno.test(`judgeElement finds machine-made names (${place})`, () => {
    for (const [name, collapsed] of RANDOM) {
      const verdict = judgeElement(name, place);
      assert.deepEqual([name, verdict.random, verdict.collapsed], [name, true, collapsed]);
      assert.equal(verdict.name, name);
      assert.ok(verdict.score > 0.5 && verdict.score <= 1, `${name}: ${verdict.score}`);
    }
  });

  Deno.test(`judgeElement leaves chosen names alone (${place})`, () => {
    for (const name of CHOSEN) {
      const verdict = judgeElement(name, place);
      assert.deepEqual([name, verdict.random, verdict.collapsed], [name, false, name]);
    }
  });
}

Deno.test("judgeElement asks for more in system folders than in temporary ones", () => {
  const names = ["kqzvwt", "x9k2fq", "qzjkvw", "mxqzkf", "wubkaq", "zkqwpf", "v4kx9z", "xoldpru", "hq8z2k", "gaxvyb"];
  const count = (place: Place) => names.filter((name) => judgeElement(name, place).random).length;
  assert.equal(count("temporary"), names.length);
  assert.ok(count("system") < names.length);
  assert.ok(count("system") <= count("other"));
  for (const name of names) assert.equal(judgeElement(name, "system").score, judgeElement(name, "temporary").score);
});

Deno.test("judgeElement names the rule that decided", () => {
  const rules: readonly [name: string, rule: string][] = [
    ["tmp.X3kQ9ZbT1a", "template:mktemp"],
    ["47b6d9a9-229c-4dcf-996d-e65cb1049f39", "uuid"],
    ["prom_cnproc-0883569a23a4bd16", "hash"],
    ["thing-724969862", "number"],
    ["1P313rV21ImVYoIUm2Dxu618rvChduX3", "long"],
    ["ZW50cm9weQo", "model"],
    ["dd", "ordinary"],
  ];
  for (const [name, rule] of rules) assert.equal(judgeElement(name, "other").rule, rule, name);
});

Deno.test("judgePath finds a random element anywhere", () => {
  const cases: readonly [path: string, random: boolean, name: string][] = [
    ["/tmp/ZW50cm9weQo/top.py", true, "top.py"],
    ["/tmp/tmp.X3kQ9ZbT1a/x", true, "x"],
    ["/tmp/target/debug/deps/prom_cnproc-0883569a23a4bd16", true, "prom_cnproc-*"],
    ["/tmp/X3kQ9ZbT1a", true, "*"],
    ["/home/user/.cache/fontconfig/kqzvwt", true, "*"],
    ["/etc/init.d/hwclock.sh", false, "hwclock.sh"],
    ["/usr/bin/dd", false, "dd"],
    ["/usr/lib/x86_64-linux-gnu/libexec/at-spi-bus-launcher", false, "at-spi-bus-launcher"],
    ["/opt/venv/bin/python3.13", false, "python3.13"],
    ["server.sh", false, "server.sh"],
    ["./deps/prom_cnproc-0883569a23a4bd16", true, "prom_cnproc-*"],
    ["", false, ""],
    ["/", false, ""],
  ];
  for (const [path, random, name] of cases) {
    const verdict = judgePath(path);
    assert.deepEqual([path, verdict.random, verdict.name], [path, random, name]);
  }
});

Deno.test("judgePath takes the place from the path", () => {
  const name = "kqzvwt";
  const randomIn = (folder: string) => judgePath(`${folder}/${name}`).elements.at(-1)!.random;
  for (const folder of ["/tmp", "/var/tmp", "/dev/shm", "/run/user/1000", "/home/u/.cache", "/tmp/a/b"]) {
    assert.equal(randomIn(folder), judgeElement(name, "temporary").random, folder);
  }
  for (const folder of ["/usr/bin", "/opt/x", "/etc", "/lib"]) {
    assert.equal(randomIn(folder), judgeElement(name, "system").random, folder);
  }
  for (const folder of ["/home/u", "/srv", "bin"]) {
    assert.equal(randomIn(folder), judgeElement(name, "other").random, folder);
  }
});

Deno.test("judgePath collapses hashes that are there by design without calling them random", () => {
  const hash = "13d9bd2e5162bf838b3a5e4141f9d2663a3c314136e34f48ee3d932b14ca7cf7";
  const cases: readonly [path: string, element: string, rule: string][] = [
    ["/nix/store/s66mzxpvicwk07gjbjfw9izjfa797vsw-hello-2.12.1", "*-hello-2.12.1", "path:nix"],
    ["/gnu/store/s66mzxpvicwk07gjbjfw9izjfa797vsw-hello-2.12.1", "*-hello-2.12.1", "path:nix"],
    ["/snap/core20/1974", "*", "path:snap"],
    ["/snap/mine/x1", "*", "path:snap"],
    [`/ostree/deploy/fedora/deploy/${hash}.0`, "*", "path:ostree"],
    [`/var/lib/flatpak/app/org.gnome.Maps/x86_64/stable/${hash}`, "*", "path:flatpak"],
    [`/var/lib/docker/overlay2/${hash}`, "*", "path:container"],
    [`/var/lib/docker/overlay2/${hash}-init`, "*-init", "path:container"],
    [`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${hash}`, "*", "path:container"],
    ["/usr/lib/debug/.build-id/ab/b98c42a922359fb0db5de1e32fb68c691b5696.debug", "*.debug", "path:build-id"],
    ["/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f", "index.crates.io-*", "path:cargo"],
    ["/proc/self/fd/7", "*", "path:proc"],
    ["/proc/1234", "*", "path:proc"],
    ["/run/user/1000", "*", "path:run-user"],
  ];
  for (const [path, collapsed, rule] of cases) {
    const below = judgePath(`${path}/bin/hello`);
    assert.equal(below.random, false, path);
    assert.equal(below.name, "hello");
    const last = judgePath(path).elements.at(-1)!;
    assert.deepEqual([path, last.random, last.collapsed, last.rule], [path, false, collapsed, rule]);
  }
  assert.equal(judgePath(`/srv/store/${hash}`).random, true);
});

Deno.test("the committed model fits 64 KiB and survives packing", () => {
  const bytes = Uint8Array.from(atob(MODEL), (char) => char.charCodeAt(0));
  assert.equal(bytes.length, MODEL_BYTES);
  assert.ok(bytes.length <= 65_536);
  const { weights, network, thresholds } = unpackModel(bytes);
  assert.ok(thresholds.temporary < thresholds.other && thresholds.other < thresholds.system);
  const steps = TABLE_CELLS.map((cells, table) => {
    const start = TABLE_STARTS[table]!;
    const sizes = [...weights.subarray(start, start + cells)].map(Math.abs).filter((size) => size > 0);
    return sizes.reduce((least, size) => Math.min(least, size), Infinity);
  });
  const cells = new Int8Array(weights.length - 1);
  TABLE_CELLS.forEach((size, table) => {
    const start = TABLE_STARTS[table]!;
    for (let cell = start; cell < start + size; cell++) cells[cell] = Math.round(weights[cell]! / steps[table]!);
  });
  assert.deepEqual(packModel({ cells, steps }, network.parameters, thresholds), bytes);
});

Deno.test("a model of another size is refused", () => {
  assert.throws(() => unpackModel(new Uint8Array(MODEL_BYTES - 1)), RangeError);
});

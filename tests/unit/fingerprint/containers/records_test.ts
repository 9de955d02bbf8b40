import assert from "node:assert/strict";
import {
  bundleRecord,
  type ContainerInfo,
  dockerRecord,
  type RecordReader,
  storageRecord,
} from "../../../../fingerprint/containers/records.ts";
import * as records from "./records.ts";

const POD = { pod: "shop-7d4b", namespace: "default" };

Deno.test("containers by what each runtime writes", () => {
  const digest = "nginx@sha256:90801a9127664f213bd95dd2ca98c0294928d269dbeaa0f776359e3781f78526";
  const cases: readonly [string, RecordReader, string, ContainerInfo | undefined][] = [
    ["Docker", dockerRecord, records.DOCKER, { name: "shop-redis-1", image: "redis:7" }],
    ["cri-dockerd", dockerRecord, records.CRI_DOCKER, { name: "web", image: digest, ...POD }],
    ["containerd", bundleRecord, records.CONTAINERD, { name: "web", image: "docker.io/library/nginx:1.27", ...POD }],
    ["a pod's own", bundleRecord, records.SANDBOX, POD],
    ["CRI-O", bundleRecord, records.CRIO, { name: "web", image: "quay.io/shop/web:2", ...POD }],
    ["nerdctl", bundleRecord, records.NERDCTL, { name: "shop-web-1" }],
    ["ctr", bundleRecord, records.CTR, undefined],
    ["Podman's bundle", bundleRecord, records.PODMAN_BUNDLE, undefined],
    ["Podman", storageRecord, records.PODMAN, { name: "cnname", image: "localhost/cnbox:1" }],
  ];
  for (const [name, read, text, want] of cases) assert.deepEqual(read(text, records.ID), want, name);
  const rootfs = storageRecord(records.PODMAN, "1d8febf1240a25c10ab2be467b8b526e6725908a109941579f56e3bcc5e05faa");
  assert.deepEqual(rootfs, { name: "cnrootfs" }, "one without an image");
  assert.equal(storageRecord(records.PODMAN, "f".repeat(64)), undefined, "another's");
});

Deno.test("records that end anywhere say nothing, or what they do as a whole", () => {
  for (
    const [read, text] of [[dockerRecord, records.DOCKER], [bundleRecord, records.CRIO], [
      storageRecord,
      records.PODMAN,
    ]] as const
  ) {
    const whole = read(text, records.ID);
    let told = 0;
    for (let length = 0; length < text.length; length++) {
      const info = read(text.slice(0, length), records.ID);
      if (info === undefined) continue;
      assert.deepEqual(info, whole, `${length} of ${text}`);
      told++;
    }
    // A list that ends behind the container has told of it.
    assert.equal(told, read === storageRecord ? 1 : 0);
  }
});

Deno.test("a container is found in a list however that is written, and whatever others are called", () => {
  const id = "a".repeat(64), other = "b".repeat(64);
  const names = ['x"}', "\\", '\\\\"', `{"id":"${id}","names":["wrong"]}`, "{[", `"${id}"`];
  const entry = { id, names: ["right"], metadata: JSON.stringify({ name: "right", "image-name": "a/b:1", x: names }) };
  const list = [{ id: other, names, metadata: JSON.stringify({ names }) }, { ...entry, flags: { names } }, {
    id: other,
  }];
  const want = { name: "right", image: "a/b:1" };
  const { id: _, ...rest } = entry, last = { ...rest, id };
  for (const containers of [list, list.toReversed(), [list[0], last, list[2]]]) {
    for (const space of [undefined, 1, "\t"]) {
      assert.deepEqual(storageRecord(JSON.stringify(containers, undefined, space), id), want);
    }
  }
  assert.equal(storageRecord(JSON.stringify([list[0], list[2]]), id), undefined, "another's words");
});

Deno.test("fields of other forms count as none and spoil no other", () => {
  const docker = (value: unknown) => dockerRecord(JSON.stringify(value), records.ID);
  for (
    const name of [
      1,
      null,
      ["a"],
      {},
      "",
      "/",
      "//a",
      "a b",
      "a\nb",
      "\x1b[31mred",
      "a".repeat(254),
      "é",
      "a\u202eb",
      "-rf",
    ]
  ) {
    assert.deepEqual(docker({ Name: name, Config: { Image: "redis" } }), { image: "redis" }, JSON.stringify(name));
  }
  for (const image of [7, "", "a image", "a\u0000", `a${"b".repeat(512)}`, "$(id)", '"><script>']) {
    assert.deepEqual(docker({ Name: "/a", Config: { Image: image } }), { name: "a" }, JSON.stringify(image));
  }
  assert.deepEqual(docker({ Name: "/a", Config: 7 }), { name: "a" });
  assert.deepEqual(docker({ Name: "/a", Config: { Image: "b", Labels: ["x"] } }), { name: "a", image: "b" });
  for (const value of [null, 7, "x", [], {}, { Config: null }, { Name: {} }]) assert.equal(docker(value), undefined);
  const stored = (value: unknown) => storageRecord(JSON.stringify(value), records.ID);
  assert.deepEqual(stored([null, 7, { id: 7 }, { id: records.ID, names: [1, "a b", "ok"], metadata: "{" }]), {
    name: "ok",
  });
  assert.deepEqual(stored([{ id: records.ID, names: 7, metadata: '{"name":"n"}' }]), { name: "n" });
  for (const value of [{}, null, [[]], [{ id: records.ID }]]) assert.equal(stored(value), undefined);
  assert.equal(bundleRecord('{"annotations":{"__proto__":{"nerdctl/name":"x"}}}', records.ID), undefined);
});

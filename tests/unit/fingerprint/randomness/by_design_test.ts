/** Folders that carry hashes by design: each row of the table, and the same names elsewhere. */

import assert from "node:assert/strict";
import { BY_DESIGN } from "../../../../fingerprint/randomness/by_design/mod.ts";
import { judgePath } from "../../../../fingerprint/randomness/mod.ts";

const ALPHABETS: Readonly<Record<string, string>> = {
  hex: "0123456789abcdef",
  base36: "0123456789abcdefghijklmnopqrstuvwxyz",
  BASE36: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  BASE32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  base62: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  base64: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-",
};

/** A text of an alphabet that is as good as random. */
function text(alphabet: string, length: number): string {
  const characters = ALPHABETS[alphabet]!;
  let state = length + 7, made = "";
  while (made.length < length) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    made += characters[Math.floor(state / 2 ** 32 * characters.length)];
  }
  return made;
}

const PART = /\{(?:(hex|base36|BASE36|BASE32|base62|base64)-?(\d+)|(uuid|n))\}/g;

/** What stands for a part in braces: `{hex64}`, `{base36-8}`, `{uuid}`, `{n}`. */
function part(...[, alphabet, length, other]: string[]): string {
  if (other === "n") return "1974";
  return other === "uuid" ? "47b6d9a9-229c-4dcf-996d-e65cb1049f39" : text(alphabet!, Number(length));
}

function drawn(example: string): string {
  return example.replace(/^~/, "/home/u").replace(PART, part);
}

for (const { tool, example } of BY_DESIGN) {
  Deno.test(`${example} is ${tool}'s by design`, () => {
    const path = drawn(example), below = judgePath(`${path}/bin/program`), name = path.split("/").at(-1)!;
    assert.equal(below.random, false, JSON.stringify(below.elements.filter(({ random }) => random)));
    const { collapsed, rule } = judgePath(path).elements.at(-1)!, [before, after, ...more] = collapsed.split("*");
    assert.equal(rule, `path:${tool}`);
    assert.deepEqual(more, [], "one star");
    assert.ok(name.startsWith(before!) && name.endsWith(after!), collapsed);
    for (const match of example.split("/").at(-1)!.matchAll(PART)) {
      assert.ok(!collapsed.includes(part(...match)), `${collapsed} has nothing left of what was drawn`);
    }
  });
}

Deno.test("a form is of one element: nothing deeper is taken into it", () => {
  for (const { example } of BY_DESIGN) {
    const path = drawn(example), name = path.split("/").at(-1)!;
    for (const { collapsed } of judgePath(`${path}/deeper/${name}`).elements) assert.ok(!collapsed.includes("/"), path);
  }
});

Deno.test("the same names where everybody may write are random", () => {
  for (const folder of ["/tmp", "/var/tmp", "/dev/shm", "/tmp/.cache", "/run/lock"]) {
    for (const { example } of BY_DESIGN) {
      if (!/\{(?:hex(?:[1-6]\d|8)|uuid|base(?:36|62|64)-(?:2\d|32))\}/.test(example)) continue; // too short to tell
      if (folder === "/tmp" && example.startsWith("/tmp/")) continue;
      const path = `${folder}${drawn(example)}/program`;
      assert.equal(judgePath(path).random, true, path);
    }
  }
});

Deno.test("folders that only look like a tool's are random", () => {
  const hash = text("hex", 64), commit = text("hex", 40);
  for (
    const path of [
      `/dev/shm/.vscode-server/bin/${commit}/xmrig`,
      `/tmp/overlay2/${hash}/merged/x`,
      `/srv/genomes/work/${text("hex", 30)}/x`,
      `/srv/genomes/a1/${text("hex", 30)}/x`,
      `/srv/genomes/work/a1/${text("hex", 32)}/x`,
      `/home/u/overlay2/${hash}/merged/x`,
      `/srv/nix/store/${text("base36", 32)}-hello/bin/hello`,
      `/opt/.cursor-server/bin/${commit}/node`,
      `/home/u/.cache/uv/archive/${text("base64", 21)}/x`,
      `/home/u/rancher/k3s/data/${hash}/bin/k3s`,
      `/home/u/.mount_Nextcl${text("base62", 6)}/AppRun`,
      `/var/spool/docker/volumes/${hash}/_data/x`,
      `/home/u/data/app/~~${text("base64", 22)}==/x`,
      `/home/u/.npm/npx/${text("hex", 16)}/x`,
      `/var/lib/rancher/k3s/data/${hash}/${hash}/x`,
      `/tmp/home/u/.cursor-server/bin/${commit}/node`,
      `/var/tmp/home/u/.npm/_npx/${text("hex", 16)}/x`,
      `/run/lock/home/u/.npm/_npx/${text("hex", 16)}/x`,
      `/srv/.codeium/bin/${commit}/x`,
      `/home/u/Applications/${text("hex", 32)}/x`,
      `/home/u/builds/${text("base62", 12)}/x`,
      `/home/u/work/_temp/${text("hex", 32)}.sh`,
      `/srv/packages/golang/${hash}/bin/go`,
      `/home/u/.cache/nce2/${hash}/x`,
      `/home/u/.nimble/pkgs/x-1.0-${commit}/x`,
      `/tmp/dask-scratch-space/worker-${text("base36", 8)}/x`,
      `/srv/agent/work/${text("hex", 16)}/x`,
      `/home/u/.cache/dotslash/${text("hex", 38)}/x`,
      `/home/u/steamapps/${"1974".repeat(3)}/x.exe`,
    ]
  ) assert.equal(judgePath(path).random, true, path);
});

Deno.test("home folders lie in many places", () => {
  for (const home of ["/home/u", "/data/home/u", "/export/home/u", "/users/u", "/var/www", "/github/home", "/app"]) {
    for (
      const path of [`${home}/.cursor-server/bin/${text("hex", 40)}/node`, `${home}/.npm/_npx/${text("hex", 16)}/x`]
    ) {
      assert.equal(judgePath(path).random, false, path);
    }
  }
});

Deno.test("what a tool names by words stays what it is", () => {
  for (
    const path of [
      "/home/u/.local/share/virtualenvs/shop-frontend/bin/python",
      "/home/u/.cache/pypoetry/virtualenvs/plain/bin/python",
      "/home/u/.asdf/shims/node",
      "/home/u/.local/share/mise/installs/node/20.11.1/bin/node",
      "/home/u/.gradle/wrapper/dists/gradle-8.5-bin",
      "/home/u/.local/share/hatch/env/virtual/frontend/bin/python",
      "/home/u/.virtualenvs/shop-frontend/bin/python",
      "/home/u/.conan2/p/cmake/bin/cmake",
      "/srv/app/target/release/build/ring/x",
      "/var/lib/rancher/k3s/data/current/bin/k3s",
    ]
  ) {
    const { random, elements } = judgePath(path);
    assert.equal(random, false, path);
    assert.deepEqual(elements.map(({ collapsed }) => collapsed), path.split("/").slice(1));
  }
});

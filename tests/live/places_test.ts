/** A baseline by unit and by image: learned from two units and two containers, then kept to by an exporter. */

import assert from "node:assert/strict";
import { patternOf } from "../../fingerprint/mod.ts";
import { parseBaseline } from "../../metrics/baseline/mod.ts";
import { requireRoot } from "../require.ts";
import * as records from "../unit/fingerprint/containers/records.ts";
import { Groups, requireVersion2 } from "./control_groups.ts";
import { Exporter, FROM_SOURCE, poll } from "./exporter.ts";

const REDIS = "5ed15e".repeat(11).slice(0, 64), NGINX = "47172a".repeat(11).slice(0, 64);
const UNITS = ["cnone.service", "cntwo.service"], CONTAINERS = [REDIS, NGINX].map((id) => `docker-${id}.scope`);

/** Runs a program in a group until the test ends. */
class Programs implements AsyncDisposable {
  readonly #children: Deno.ChildProcess[] = [];

  private constructor(readonly groups: Groups, readonly folder: string) {}

  static async create(groups: Groups): Promise<Programs> {
    return new Programs(groups, await Deno.makeTempDir({ dir: "/tmp", prefix: "places-" }));
  }

  async run(name: string, group: string): Promise<void> {
    const program = `${this.folder}/${name}`;
    await Deno.copyFile("/bin/sleep", program).catch((error) => {
      if (!/busy/i.test(String(error))) throw error; // it runs already
    });
    const processes = await this.groups.make(`cnplaces${Deno.pid}.slice/${group}`);
    const args = ["-c", `echo $$ > ${processes}; exec ${program} 300`];
    this.#children.push(new Deno.Command("sh", { args }).spawn());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    await Promise.all(this.#children.map(({ status }) => status));
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** What Docker wrote about the containers, below a folder that stands for the machine's root. */
async function plantRecords(root: string): Promise<void> {
  for (const [id, image] of [[REDIS, "redis:7"], [NGINX, "nginx:1.27"]]) {
    const folder = `${root}/var/lib/docker/containers/${id}`, record = JSON.parse(records.DOCKER);
    await Deno.mkdir(folder, { recursive: true, mode: 0o711 });
    const text = JSON.stringify({ ...record, Config: { ...record.Config, Image: image } });
    await Deno.writeTextFile(`${folder}/config.v2.json`, text, { mode: 0o600 });
  }
}

interface TreeAnswer {
  readonly path: string;
  readonly launched_in: readonly Readonly<Record<"unit" | "image", string | null>>[];
}

/** Waits until an exporter has seen a program in so many places; its tree. */
async function seenIn(exporter: Exporter, name: string, count: number): Promise<string> {
  const tree = await poll(`${name} in ${count} places`, async () => {
    await exporter.get("/metrics");
    const { trees } = JSON.parse((await exporter.get("/api/v1/trees")).text) as { trees: TreeAnswer[] };
    return trees.find(({ path, launched_in }) => path.endsWith(`/${name}`) && launched_in.length === count);
  });
  return tree.path;
}

Deno.test({
  name: "live: a baseline by unit and image is learned, and launches elsewhere are news",
  ignore: requireRoot() || requireVersion2(),
  async fn() {
    await using groups = await Groups.create();
    await using programs = await Programs.create(groups);
    const root = await Deno.makeTempDir({ dir: "/tmp", prefix: "rootfs-" }), file = `${root}/baseline.yml`;
    await using _ = { [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
    await plantRecords(root);
    await Deno.writeTextFile(file, "trees: [/**]\n");
    await using exporter = await Exporter.start({
      flags: [`--path.rootfs=${root}`, "--baseline.file", file, "--web.enable-lifecycle"],
    });
    const command = async (...args: string[]) => {
      const [program, ...first] = FROM_SOURCE;
      return await new Deno.Command(program!, { args: [...first, "baseline", ...args] }).output();
    };
    const source = `--exporter.url=${exporter.url}`;
    for (const unit of UNITS) await programs.run("unitlike", unit);
    for (const group of CONTAINERS) await programs.run("imagelike", group);
    await programs.run("onelike", UNITS[0]!);
    const unitTree = await seenIn(exporter, "unitlike", 2), imageTree = await seenIn(exporter, "imagelike", 2);
    const oneTree = await seenIn(exporter, "onelike", 1);

    const byUnit = `${root}/unit.yml`, byImage = `${root}/image.yml`;
    for (const [by, path] of [["unit", byUnit], ["image", byImage]] as const) {
      const { success, stderr } = await command("learn", `--by=${by}`, source, path);
      assert.ok(success, new TextDecoder().decode(stderr));
    }
    const sectionsOf = async (path: string, tree: string) =>
      parseBaseline(await Deno.readTextFile(path), path).entries
        .flatMap(({ pattern, section }) => pattern === patternOf(tree) ? [section?.name] : []).sort();
    assert.deepEqual(await sectionsOf(byUnit, unitTree), UNITS);
    assert.deepEqual(await sectionsOf(byUnit, oneTree), [UNITS[0]]);
    assert.deepEqual(await sectionsOf(byUnit, imageTree), ["docker-*.scope"]);
    assert.deepEqual(await sectionsOf(byImage, imageTree), ["nginx:1.27", "redis:7"]);
    assert.deepEqual(await sectionsOf(byImage, oneTree), [undefined], "in no container: expected anywhere");

    // Both kinds in one file, without what stands for the programs that the test itself runs.
    const rules = [
      "trees: [/**/sh, /**/base, /**/deno, /**/unitlike]",
      `units: { ${UNITS[0]}: ['${patternOf(oneTree)}'] }`,
      `images: { 'redis:*': ['${patternOf(imageTree)}'] }`,
    ];
    await Deno.writeTextFile(file, rules.join("\n"));
    const reload = await fetch(`${exporter.url}/-/reload`, { method: "POST" });
    assert.equal(reload.status, 200, await reload.text());
    const unexpected = async (tree: string) => {
      const { text } = await exporter.get("/metrics");
      const line = text.split("\n").find((line) =>
        line.startsWith(`cnproc_tree_unexpected_launches_total{tree="${tree}"}`)
      );
      return Number(line?.split(" ")[1] ?? 0);
    };
    // What was launched elsewhere before is told of, and not counted.
    await poll("the container of another image told of", () =>
      exporter.log.some((line) =>
        line.includes(imageTree) &&
        line.includes("it is expected in containers of redis:*, but not in a container of nginx:1.27")
      ));
    assert.equal(await unexpected(imageTree), 0);
    assert.equal(await unexpected(oneTree), 0);
    await programs.run("onelike", UNITS[0]!);
    for (const unit of UNITS.toReversed()) await programs.run("onelike", unit);
    for (const group of CONTAINERS) await programs.run("imagelike", group);
    await seenIn(exporter, "onelike", 2);
    const launches = async (tree: string) => {
      const { text } = await exporter.get("/metrics");
      const line = text.split("\n").find((line) => line.startsWith(`cnproc_tree_launches_total{tree="${tree}"}`));
      return Number(line?.split(" ")[1]);
    };
    await poll("all launches", async () => await launches(oneTree) === 4 && await launches(imageTree) === 4);
    assert.equal(await unexpected(oneTree), 1);
    assert.equal(await unexpected(imageTree), 1);
    const wanted = `it is expected in ${UNITS[0]}, but not in ${UNITS[1]}`;
    assert.equal(exporter.log.filter((line) => line.includes(oneTree) && line.includes(wanted)).length, 1);

    const check = await command("check", file, source), text = new TextDecoder().decode(check.stdout);
    assert.equal(check.code, 1);
    const lineOf = (tree: string) => text.split("\n").find((line) => line.startsWith(`${tree}  `)) ?? "";
    assert.match(lineOf(oneTree), / {2}1 launch, .*: it is expected in cnone\.service, but not in cntwo\.service$/);
    assert.match(lineOf(imageTree), / {2}2 launches, .*: it is expected in containers of redis:\*, but not in a /);
    assert.equal((await command("check", byUnit, source)).code, 1, "onelike is elsewhere, too");
    assert.ok((await command("learn", "--by=unit", source, byUnit)).success);
    const { stdout } = await command("check", byUnit, source);
    assert.doesNotMatch(new TextDecoder().decode(stdout), /onelike/);
  },
});

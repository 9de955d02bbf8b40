/**
 * What is base follows the package database while the exporter runs, and a container's own inside it. The programs there are
 * short: where names come from /proc, all launches are counted and most have their names.
 */

import assert from "node:assert/strict";
import { findTool, requireRoot, requireTool } from "../require.ts";
import { run } from "./command.ts";
import { Exporter, FROM_SOURCE, NAMED_BY_PROC, poll, testCaptures } from "./exporter.ts";
import type { Scrape } from "./exposition.ts";
import { Forest } from "./forest.ts";

/** A program that does nothing, without libraries, so that it runs in any root. */
const NOTHING = "int main(void) { return 0; }\n";

/** Launches of all trees that end with `name`. */
function launchesOf(scrape: Scrape, name: string): number {
  const trees = [...scrape.trees.values()].filter((tree) => tree.path.endsWith(`/${name}`));
  return trees.reduce((sum, tree) => sum + tree.launches, 0);
}

Deno.test({
  name: "live: a program is base from the installation of its package on, and no more after its removal",
  ignore: requireRoot() || requireTool("dpkg-deb", "dpkg") || requireTool("cc", "gcc"),
}, async () => {
  await using forest = await Forest.build();
  const name = "cnproc-test-harmless", program = `/usr/bin/${name}`;
  const dpkg = (...args: string[]) =>
    poll("dpkg's lock", () => run("dpkg", "--no-triggers", ...args).then(() => true, () => false), 60_000);
  await Deno.writeTextFile(forest.path("nothing.c"), NOTHING);
  await run("cc", "-o", forest.path(name), forest.path("nothing.c"));
  await Deno.mkdir(forest.path("package/DEBIAN"), { recursive: true });
  await Deno.mkdir(forest.path("package/usr/bin"), { recursive: true });
  await Deno.copyFile(forest.path(name), forest.path(`package${program}`));
  const control =
    `Package: ${name}\nVersion: 1\nArchitecture: all\nPriority: important\nMaintainer: nobody <n@example.org>\n` +
    "Description: does nothing\n";
  await Deno.writeTextFile(forest.path("package/DEBIAN/control"), control);
  await run("dpkg-deb", "--build", forest.path("package"), forest.path("package.deb"));
  await using exporter = await Exporter.start({ flags: ["--source=connector", "--trees.max=10000"] });

  /** Starts the program once; whether it was counted under its own name. */
  const isNamed = async (): Promise<boolean> => {
    const before = await exporter.scrape();
    await run(program);
    const after = await exporter.scrapeUntil(
      "the launch",
      (scrape) =>
        scrape.value("cnproc_events_total", { type: "exec" }) > before.value("cnproc_events_total", { type: "exec" }),
    );
    return launchesOf(after, name) > launchesOf(before, name);
  };
  try {
    await Deno.copyFile(forest.path(name), program);
    assert.equal(await isNamed(), true);
    await Deno.remove(program);
    await dpkg("--install", forest.path("package.deb"));
    await poll("the program as base", async () => !await isNamed());
    await dpkg("--purge", name);
    await Deno.copyFile(forest.path(name), program);
    await poll("the program under its name", isNamed);
  } finally {
    await new Deno.Command("dpkg", { args: ["--no-triggers", "--purge", name], stdout: "null", stderr: "null" })
      .output();
    await Deno.remove(program).catch(() => {});
  }
});

const ignore = requireRoot() || requireTool("unshare", "util-linux") || requireTool("cc", "gcc");

testCaptures("live: in another root the database there says what is base", ignore, async (capture, t) => {
  await using forest = await Forest.build();
  const root = forest.path("root");
  await Deno.writeTextFile(forest.path("nothing.c"), NOTHING);
  await run("cc", "-static", "-o", forest.path("nothing"), forest.path("nothing.c"));
  for (const folder of ["usr/bin", "opt", "srv", "old", "var/lib/dpkg/info"]) {
    await Deno.mkdir(`${root}/${folder}`, { recursive: true });
  }
  // On the machine `ls` is base and the others are not; in the root it is the other way round.
  for (const path of ["usr/bin/ls", "opt/inner-tool", "opt/inner-own"]) {
    await Deno.copyFile(forest.path("nothing"), `${root}/${path}`);
  }
  const shell = await Deno.realPath("/bin/sh");
  await Deno.copyFile(shell, `${root}/usr/bin/inner-sh`);
  const { stdout } = await new Deno.Command("ldd", { args: [shell] }).output();
  for (const [library] of new TextDecoder().decode(stdout).matchAll(/\/[^\s)]+/g)) {
    await Deno.mkdir(`${root}${library.slice(0, library.lastIndexOf("/"))}`, { recursive: true });
    await Deno.copyFile(library, root + library);
  }
  await Deno.rename(`${root}/usr/bin/inner-sh`, `${root}/usr/bin/sh`);
  const write = (name: string, text: string) => Deno.writeTextFile(`${root}/${name}`, text, { mode: 0o755 });
  await write("var/lib/dpkg/status", "Package: inner\nStatus: install ok installed\nPriority: required\n\n");
  const base = ["/usr/bin/sh", "/opt/inner-tool", "/usr/bin/inner.sh"];
  await write("var/lib/dpkg/info/inner.list", base.map((path) => `${path}\n`).join(""));
  await write("usr/bin/inner.sh", "#!/usr/bin/sh\n:\n");
  await write(
    "srv/outer.sh",
    "#!/usr/bin/sh\n/usr/bin/ls\n/opt/inner-tool\n/opt/inner-own\n/usr/bin/inner.sh\ncd /usr/bin\nsh ./inner.sh\n",
  );
  // Waits for a line of its input while others are launched on the machine, so that no look at the root is due any more.
  await write("srv/entry.sh", "#!/usr/bin/sh\n/opt/inner-own\nread line\n/srv/outer.sh\n/srv/outer.sh\n");
  const pivot = `mount --bind ${root} ${root} && cd ${root} && ${findTool("pivot_root")} . old && exec /srv/entry.sh`;
  await using exporter = await Exporter.start({ capture, flags: ["--trees.max=10000"] });
  const command: Readonly<Record<string, string[]>> = {
    chroot: ["chroot", root, "/srv/entry.sh"],
    "a mount namespace": ["unshare", "--mount", "--propagation=private", "sh", "-c", pivot],
  };
  for (const [what, [program, ...args]] of Object.entries(command)) {
    await t.step(what, async () => {
      const before = await exporter.scrape();
      const child = new Deno.Command(program!, { args, stdin: "piped" }).spawn();
      const all = (scrape: Scrape) =>
        scrape.treesThrough("entry.sh").reduce((sum, tree) => sum + tree.launches, 0) -
        before.treesThrough("entry.sh").reduce((sum, tree) => sum + tree.launches, 0);
      await exporter.scrapeUntil("the entry and what it ran", (scrape) => all(scrape) === 2);
      for (let i = 0; i < 300; i++) await run("/bin/true");
      await child.stdin.close();
      assert.ok((await child.status).success);
      const expected = {
        "outer.sh/ls": 2,
        "outer.sh/inner-own": 2,
        "outer.sh/base": 6,
        "outer.sh": 2,
        "entry.sh/inner-own": 1,
      };
      const counts = (scrape: Scrape) =>
        Object.fromEntries(
          Object.keys(expected).map((name) => [name, launchesOf(scrape, name) - launchesOf(before, name)]),
        );
      const scrape = await exporter.scrapeUntil("the launches in the root", (scrape) => all(scrape) >= 14);
      assert.equal(all(scrape), 14); // those expected, and the entry itself
      if (capture === "bpf") {
        assert.deepEqual(counts(scrape), expected);
        assert.deepEqual([...scrape.trees.keys()].filter((path) => path.includes("inner-tool")), []);
      } else {
        const named = Object.entries(counts(scrape)).reduce(
          (sum, [name, count]) => sum + Math.min(count, expected[name as keyof typeof expected]),
          0,
        );
        assert.ok(named >= NAMED_BY_PROC * 13, `${named} of 13 under their names`);
      }
    });
  }
  await t.step("explain says the same of a process there", async () => {
    const args = [root, "/usr/bin/sh", "-c", "read line; :"];
    const child = new Deno.Command("chroot", { args, stdin: "piped" }).spawn();
    try {
      await poll("the shell", () => Deno.readLinkSync(`/proc/${child.pid}/exe`).endsWith("/usr/bin/sh"));
      const [program, ...explain] = [...FROM_SOURCE, "explain", "--output=json", String(child.pid)];
      const { stdout } = await new Deno.Command(program!, { args: explain }).output();
      const { base, tree } = JSON.parse(new TextDecoder().decode(stdout));
      assert.equal(base, true, "by the database of the root");
      assert.ok(tree.endsWith("/base"), tree);
    } finally {
      await child.stdin.close();
      await child.status;
    }
  });
});

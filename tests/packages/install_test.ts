/** The .deb on this machine: installed, upgraded with a changed configuration, removed, purged; nothing stays. */

import assert from "node:assert/strict";
import { requireRoot, requireTool, skipUnless } from "../require.ts";
import { FILES, must, requirePackages, run, temporaryFolder, VERSION } from "./artifacts.ts";

const NAME = "cnproc-exporter";
const CONFIGURATION = "/etc/default/cnproc-exporter";
const RULES = "/etc/cnproc-exporter/cnproc-exporter.yml";
const POLICY = "/usr/sbin/policy-rc.d";

async function isInstalled(): Promise<boolean> {
  return (await run(["dpkg-query", "--show", NAME])).code === 0;
}

const ignore = requireRoot() || requirePackages() || requireTool("dpkg") || requireTool("systemd-analyze", "systemd") ||
  requireTool("mandoc") || requireTool("man", "man-db") ||
  skipUnless(!(await isInstalled()), "needs a machine without cnproc-exporter: it would be purged");

/** Keeps maintainer scripts from starting a service. */
async function withoutServices(fn: () => Promise<void>): Promise<void> {
  const own = await Deno.writeTextFile(POLICY, "#!/bin/sh\nexit 101\n", { createNew: true, mode: 0o755 })
    .then(() => true, () => false);
  try {
    await fn();
  } finally {
    if (own) await Deno.remove(POLICY);
  }
}

/** The package again as its successor, with another default configuration. */
async function successor(folder: string): Promise<string> {
  const content = `${folder}/content`, file = `${folder}/successor.deb`;
  await must(["dpkg-deb", "--raw-extract", FILES.deb, content]);
  const control = await Deno.readTextFile(`${content}/DEBIAN/control`);
  await Deno.writeTextFile(`${content}/DEBIAN/control`, control.replace(/^Version: .*$/m, `Version: ${VERSION}-2`));
  await Deno.writeTextFile(`${content}${CONFIGURATION}`, 'ARGS="--log.level=warn"\n');
  await must(["dpkg-deb", "-Zgzip", "-z1", "--build", content, file]);
  return file;
}

/** Paths of the package's own files and folders. */
async function ownPaths(): Promise<string[]> {
  const lines = (await must(["dpkg-deb", "--contents", FILES.deb])).trim().split("\n");
  const paths = lines.map((line) => line.trim().split(/\s+/)[5]!.slice(1));
  return paths.filter((path) => path.includes(NAME));
}

function existing(paths: readonly string[]): string[] {
  return paths.filter((path) => {
    try {
      Deno.lstatSync(path);
      return true;
    } catch {
      return false;
    }
  });
}

Deno.test({ name: "packages: install, upgrade, remove, purge", ignore }, async (t) => {
  await using folder = await temporaryFolder();
  const paths = await ownPaths();
  await withoutServices(async () => {
    try {
      await t.step("install", async () => {
        assert.deepEqual(existing(paths), []);
        await must(["dpkg", "--install", FILES.deb]);
        assert.deepEqual(existing(paths), paths);
        assert.match(await must([`/usr/bin/${NAME}`, "--version"]), new RegExp(`^cnproc-exporter ${VERSION} `));
        assert.equal(await must(["dpkg", "--verify", NAME]), "");
        // What it comes configured with can be used, and changes nothing.
        const explained = await must([`/usr/bin/${NAME}`, "explain", "/bin/true"]);
        assert.equal(await must([`/usr/bin/${NAME}`, "explain", `--config.file=${RULES}`, "/bin/true"]), explained);
        assert.ok((await Deno.readTextFile(CONFIGURATION)).includes(`ARGS="--config.file=${RULES}"`));
      });
      await t.step("the manual page is well formed", async () => {
        const page = "/usr/share/man/man8/cnproc-exporter.8.gz";
        const { out, err } = await run(["mandoc", "-T", "lint", "-W", "warning", page]);
        assert.deepEqual((out + err).split("\n").filter((line) => /WARNING|ERROR|UNSUPP/.test(line)), []);
        const rendered = await run(["man", "--warnings", "--local-file", page], { env: { MANWIDTH: "100" } });
        assert.equal(rendered.err, "");
        assert.match(rendered.out, /--web\.listen-address=ADDRESS/);
      });
      await t.step("the unit is valid, and exposed no more than it says", async () => {
        const unit = "/lib/systemd/system/cnproc-exporter.service";
        const verified = await run(["systemd-analyze", "verify", unit]);
        assert.deepEqual([verified.code, verified.out + verified.err], [0, ""]);
        const report = await must(["systemd-analyze", "security", "--offline=yes", "--no-pager", unit]);
        const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(report)![1]);
        console.log(`systemd-analyze security: ${exposure}`);
        assert.ok(exposure <= 3, report);
      });
      await t.step("an upgrade keeps what was configured", async () => {
        const edited = 'ARGS="--trees.max=5000"\n';
        await Deno.writeTextFile(CONFIGURATION, edited);
        await Deno.writeTextFile(RULES, "roots: [runit]\n");
        await Deno.writeTextFile("/etc/cnproc-exporter/own.yaml", "own: true\n");
        await must(["dpkg", "--force-confdef", "--force-confold", "--install", await successor(folder.path)]);
        assert.match(await must(["dpkg-query", "--show", NAME]), new RegExp(`${VERSION}-2`));
        assert.equal(await Deno.readTextFile(CONFIGURATION), edited);
        assert.equal(await Deno.readTextFile(RULES), "roots: [runit]\n");
        assert.equal(await Deno.readTextFile("/etc/cnproc-exporter/own.yaml"), "own: true\n");
        assert.equal(await Deno.readTextFile(`${CONFIGURATION}.dpkg-dist`), 'ARGS="--log.level=warn"\n');
      });
      await t.step("a removal keeps the configuration and nothing else", async () => {
        await must(["dpkg", "--remove", NAME]);
        assert.deepEqual(existing(paths).sort(), ["/etc/cnproc-exporter/", RULES, CONFIGURATION]);
      });
      await t.step("a purge keeps nothing but what it didn't bring", async () => {
        await must(["dpkg", "--purge", NAME]);
        assert.deepEqual(existing(paths), ["/etc/cnproc-exporter/"]);
        await Deno.remove("/etc/cnproc-exporter", { recursive: true });
        assert.equal((await run(["dpkg-query", "--show", NAME])).code, 1);
        assert.deepEqual(existing([`${CONFIGURATION}.dpkg-dist`, "/var/lib/cnproc-exporter"]), []);
      });
    } finally {
      await run(["dpkg", "--purge", NAME]);
      await Deno.remove("/etc/cnproc-exporter", { recursive: true }).catch(() => {});
    }
  });
});

/** What is in the packages: lint, contents, dependencies, checksums, the bill of materials, the archive's installer. */

import assert from "node:assert/strict";
import { findPython, requirePython, requireRoot, requireTool, skipUnless } from "../require.ts";
import { FILES, must, PACKAGES, requirePackages, ROOT, run, temporaryFolder, VERSION } from "./artifacts.ts";

const ignore = requirePackages();

for (const deb of [FILES.deb, FILES.debArm]) {
  Deno.test({
    name: `packages: lintian has nothing to say about ${deb.split("/").at(-1)}`,
    ignore: ignore || requireTool("lintian"),
  }, async () => {
    const { out, err } = await run([
      "lintian",
      "--allow-root",
      "--tag-display-limit=0",
      "--fail-on=error,warning",
      deb,
    ]);
    assert.equal(out + err, "");
  });
}

Deno.test({ name: "packages: the .rpm holds the same files", ignore: ignore || requireTool("rpm") }, async () => {
  await using folder = await temporaryFolder();
  const query = async (...what: string[]) =>
    (await must(["rpm", "--dbpath", folder.path, "--query", "--package", ...what, FILES.rpm])).trim().split("\n")
      .sort();
  const files = await query("--list");
  for (
    const path of [
      "/etc/default/cnproc-exporter",
      "/usr/bin/cnproc-exporter",
      "/usr/lib/systemd/system/cnproc-exporter.service",
      "/usr/share/man/man8/cnproc-exporter.8.gz",
      "/usr/share/bash-completion/completions/cnproc-exporter",
      "/usr/share/doc/cnproc-exporter/copyright",
    ]
  ) assert.ok(files.includes(path), path);
  assert.deepEqual(await query("--configfiles"), [
    "/etc/cnproc-exporter/cnproc-exporter.yml",
    "/etc/default/cnproc-exporter",
  ]);
  assert.deepEqual(await query("--requires"), ["libc.so.6(GLIBC_2.27)(64bit)", "libgcc_s.so.1()(64bit)"]);
  assert.deepEqual(await query("--queryformat=%{VERSION}-%{RELEASE}.%{ARCH} %{LICENSE}"), [`${VERSION}-1.x86_64 MIT`]);

  const root = `${folder.path}/root`;
  await must(["rpm", "--root", root, "--install", "--nodeps", "--noscripts", "--nosignature", FILES.rpm]);
  assert.match(await must([`${root}/usr/bin/cnproc-exporter`, "--version"]), new RegExp(VERSION));
});

Deno.test({
  name: "packages: the binary asks for no later glibc than the packages say",
  ignore: ignore || requireTool("objdump", "binutils"),
}, async () => {
  await using folder = await temporaryFolder();
  for (const deb of [FILES.deb, FILES.debArm]) {
    await must(["dpkg-deb", "--extract", deb, folder.path]);
    const symbols = await must(["objdump", "--private-headers", `${folder.path}/usr/bin/cnproc-exporter`]);
    const versions = [...symbols.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
    assert.equal(Math.max(...versions), 27, deb);
    assert.match(await must(["dpkg-deb", "--field", deb, "Depends"]), /libc6 \(>= 2\.27\)/);
  }
});

Deno.test({ name: "packages: the checksums are those of the files", ignore }, async () => {
  await must(["sha256sum", "--check", "--strict", FILES.sums], { cwd: PACKAGES });
  const named = (await Deno.readTextFile(FILES.sums)).trim().split("\n").map((line) => line.slice(66)).sort();
  assert.deepEqual(
    named,
    [...Deno.readDirSync(PACKAGES)].map(({ name }) => name).filter((name) => name !== "SHA256SUMS").sort(),
  );
});

Deno.test({
  name: "packages: the bill of materials is valid CycloneDX and lists what is imported",
  ignore: ignore || requirePython("cyclonedx.validation.json", "cyclonedx-python-lib[json-validation]"),
}, async () => {
  const script = `import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(error) if error else 0)`;
  await must([findPython()!, "-c", script, FILES.sbom]);
  const bill = JSON.parse(await Deno.readTextFile(FILES.sbom)) as {
    components: { name: string; version: string; licenses: { license: { id: string } }[] }[];
  };
  const { imports } = JSON.parse(await Deno.readTextFile("import_map.json")) as { imports: Record<string, string> };
  const named = (name: string) => bill.components.find((component) => component.name === name);
  for (const name of ["hono", "@logtape/logtape"]) assert.ok(imports[name]!.endsWith(`@${named(name)!.version}`), name);
  assert.ok(named("deno"));
  assert.equal(named("fast-check"), undefined, "what only tests use isn't in the file");
  const copyright = await Deno.readTextFile(`${ROOT}/deploy/package/copyright`);
  for (const { name, licenses } of bill.components) {
    const { id } = licenses[0]!.license;
    const debianName = id === "MIT" ? "Expat" : id;
    assert.match(copyright, new RegExp(`^License: ${debianName}$`, "m"), `the licence of ${name} has its text`);
  }
});

Deno.test({ name: "packages: the archive installs below a prefix", ignore }, async () => {
  await using folder = await temporaryFolder();
  await must(["tar", "--extract", `--file=${FILES.tar}`, `--directory=${folder.path}`, "--strip-components=1"]);
  assert.match(
    await must([`${folder.path}/install.sh`, `${folder.path}/prefix`]),
    new RegExp(`^installed cnproc-exporter ${VERSION} `),
  );
  await must([`${folder.path}/prefix/bin/cnproc-exporter`, "--version"]);
  assert.ok((await Deno.stat(`${folder.path}/prefix/share/man/man8/cnproc-exporter.8.gz`)).isFile);
});

Deno.test({
  name: "packages: without glibc the installer says so in one line",
  ignore: ignore || requireRoot() ||
    skipUnless(exists("/bin/busybox"), "needs /bin/busybox: install the package busybox-static"),
}, async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/lib`);
  await Deno.mkdir(`${folder.path}/bin`);
  await Deno.writeTextFile(`${folder.path}/lib/ld-musl-x86_64.so.1`, "");
  await Deno.copyFile("/bin/busybox", `${folder.path}/bin/busybox`);
  for (const applet of ["sh", "uname", "dirname"]) await Deno.symlink("busybox", `${folder.path}/bin/${applet}`);
  await must(["tar", "--extract", `--file=${FILES.tar}`, `--directory=${folder.path}`, "--strip-components=1"]);
  const { code, out, err } = await run(["chroot", folder.path, "/bin/sh", "/install.sh"]);
  assert.deepEqual([code, out], [1, ""]);
  assert.equal(
    err,
    "install.sh: cannot install here: cnproc-exporter needs glibc 2.27 or newer (this one has musl); use the container image\n",
  );
});

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

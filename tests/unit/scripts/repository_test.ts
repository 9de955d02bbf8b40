/** What leads people to the project leads to this one; its version, its changelog and the forms of its repository. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { sectionOf } from "../../../scripts/changelog.ts";
import { GO_TOOLS } from "../../../scripts/go_tools.ts";
import { HOMEPAGE, MAINTAINER, REPOSITORY } from "../../../scripts/repository.ts";

const ROOT = `${import.meta.dirname}/../../..`;

/** The files below a folder of the checkout, by their paths there, with their texts. */
function* textsBelow(folder: string): Generator<[path: string, text: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(`${ROOT}/${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* textsBelow(path);
    else if (!/\.(?:png|webp)$/.test(name)) yield [path, Deno.readTextFileSync(`${ROOT}/${path}`)];
  }
}

Deno.test("every address of the owner's on GitHub is this project's", () => {
  const [owner, name] = REPOSITORY.split("/");
  let count = 0;
  for (
    const [path, text] of ["deploy", "docs", ".github", "tests/prometheus"].flatMap((folder) => [...textsBelow(folder)])
  ) {
    for (const [, other] of text.matchAll(new RegExp(`github\\.com/${owner}/([\\w-]+)`, "g"))) {
      assert.equal(other, name, path);
      count++;
    }
  }
  assert.ok(count > 50, `${count}`); // each alert has one
  assert.ok(Deno.readTextFileSync(`${ROOT}/deploy/package/copyright`).includes(`\nSource: ${HOMEPAGE}\n`));
  const recipe = parse(Deno.readTextFileSync(`${ROOT}/deploy/package/nfpm.yaml`));
  assert.deepEqual([recipe.homepage, recipe.maintainer], ["${HOMEPAGE}", "${MAINTAINER}"]);
  assert.match(MAINTAINER, /^cnproc-exporter maintainers <[\w.-]+@[\w.-]+>$/);
});

Deno.test("the changelog's section of a version is the one with a date", () => {
  const text = "# Changelog\n\n## 1.1.0 / 2026-02-03\n\n- a\n- b\n\n## 1.0.0 / unreleased\n\n- c\n";
  assert.equal(sectionOf(text, "1.1.0"), "- a\n- b");
  assert.equal(sectionOf(text, "1.0.0"), undefined);
  assert.equal(sectionOf(text, "1.1"), undefined);
});

Deno.test("the changelog tells of the version that deno.json has", () => {
  const { version } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as { version: string };
  assert.ok(sectionOf(Deno.readTextFileSync(`${ROOT}/CHANGELOG.md`), version) !== undefined);
});

Deno.test("the forms for issues are such as GitHub takes", () => {
  const forms = [...textsBelow(".github/ISSUE_TEMPLATE")].filter(([path]) => !path.endsWith("/config.yml"));
  assert.ok(forms.length >= 3);
  for (const [path, text] of forms) {
    const { name, description, body } = parse(text);
    assert.ok([name, description].every((value) => typeof value === "string" && value !== ""), path);
    const ids = body.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length, path);
    for (const { type, id, attributes } of body) {
      assert.ok(["textarea", "input"].includes(type) && /^[a-z]+$/.test(id) && attributes.label !== "", path);
    }
  }
});

Deno.test("renovate finds each tool of Go, by the path of its module", () => {
  const { customManagers: [manager] } = JSON.parse(Deno.readTextFileSync(`${ROOT}/.github/renovate.json`));
  const source = Deno.readTextFileSync(`${ROOT}/scripts/go_tools.ts`);
  const found = [...source.matchAll(new RegExp(manager.matchStrings[0], "g"))].map(({ groups }) => ({ ...groups }));
  const wanted = Object.values(GO_TOOLS).map((tool) => tool.split("@")).map(([path, version]) => ({
    depName: path!.replace(/\/cmd\/.*/, ""),
    currentValue: version,
  }));
  assert.deepEqual(found, wanted);
});

import assert from "node:assert/strict";
import { checkConfig } from "../../../../metrics/commands/check_config.ts";
import { parseCommandLine, UsageError } from "../../../../metrics/command_line/mod.ts";
import { makeCertificate } from "../../../certificates.ts";

/** Writes the files, checks them by these flags in their folder; the status and what was said of each, without the folder. */
async function check(files: Readonly<Record<string, string>>, flags: readonly string[]) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    return await checkIn(folder, flags);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function checkIn(folder: string, flags: readonly string[]) {
  const line = parseCommandLine(["check-config", ...flags.map((flag) => flag.replace("=", `=${folder}/`))]);
  assert.ok(line.command === "check-config");
  const good: string[] = [], bad: string[] = [], without = (text: string) => text.replaceAll(`${folder}/`, "");
  const status = await checkConfig(
    line.options,
    (text) => good.push(without(text)),
    (text) => bad.push(without(text)),
  );
  return { status, good, bad };
}

const RULES = "rename:\n  - { label: a, as: b }\n", BASELINE = "trees:\n  - /sshd/**\n";

Deno.test("files that can be used", async () => {
  const files = { "a.yml": RULES, "b.yml": BASELINE, "w.yml": "rate_limit: { interval: 1s, burst: 2 }\n", "h.yml": "" };
  const flags = ["--config.file=a.yml", "--baseline.file=b.yml", "--web.config.file=w.yml", "--http.config.file=h.yml"];
  const good = ["a.yml", "b.yml", "w.yml", "h.yml"].map((file) => `${file} can be used`);
  assert.deepEqual(await check(files, flags), { status: 0, good, bad: [] });
});

Deno.test("each fault is a line with its place, and the other files are looked at all the same", async () => {
  const files = {
    "a.yml": "base:\n  add: /bin/x\nignored:\n  - /a\nroots: [1]\n",
    "b.yml": "trees:\n  - sshd\n",
    "w.yml": "basic_auth_users:\n  prometheus: secret\nrate_limit:\n  burst: many\n",
    "h.yml": "a: [\nb: c: d\n",
  };
  const flags = ["--config.file=a.yml", "--baseline.file=b.yml", "--web.config.file=w.yml", "--http.config.file=h.yml"];
  const { status, good, bad } = await check(files, flags);
  assert.deepEqual([status, good], [1, []]);
  assert.deepEqual(bad.map((line) => /^Cannot use (\S+): ./.exec(line)?.[1]), [
    "a.yml:2:8",
    "a.yml:3:1",
    "a.yml:5:9",
    "b.yml:2:5",
    "w.yml:2:15",
    "w.yml:4:10",
    "h.yml:2:1",
    "h.yml:2:4",
  ]);
  assert.doesNotMatch(bad.join("\n"), /secret|many/);
});

Deno.test("what isn't there, can't be read or is something else has the same words for every kind of file", async () => {
  const kinds = ["config", "baseline", "web.config", "http.config"].map((kind) => `--${kind}.file`);
  for (const kind of kinds) {
    const missing = await check({}, [`${kind}=gone.yml`]);
    assert.deepEqual(missing.bad, ["Cannot use gone.yml: it can't be read (there is no such file)"]);
    const folder = await check({}, [`${kind}=.`]);
    assert.deepEqual([folder.status, folder.bad.length], [1, 1]);
    assert.match(folder.bad[0]!, /it can't be read \(it is a folder\)$/);
    const passwd = await check({ passwd: "root:x:0:0:root:/root:/bin/bash\n" }, [`${kind}=passwd`]);
    assert.equal(passwd.status, 1);
    assert.match(passwd.bad[0]!, /^Cannot use passwd:1:1: want a map with \w+/);
  }
});

Deno.test("the certificate of a web configuration, and the files that it names", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await makeCertificate(folder, "a");
    await makeCertificate(folder, "b");
    const web = (cert: string, key: string) => `tls_server_config: { cert_file: ${cert}, key_file: ${key} }\n`;
    await Deno.writeTextFile(`${folder}/good.yml`, web("a.crt", "a.key"));
    await Deno.writeTextFile(`${folder}/mixed.yml`, web("a.crt", "b.key"));
    await Deno.writeTextFile(`${folder}/gone.yml`, web("a.crt", "c.key"));
    assert.equal((await checkIn(folder, ["--web.config.file=good.yml"])).status, 0);
    const mixed = await checkIn(folder, ["--web.config.file=mixed.yml"]);
    assert.match(
      mixed.bad.join("\n"),
      /^Cannot use mixed\.yml: the certificate and the key .*don't belong together[^\n]*$/,
    );
    const gone = await checkIn(folder, ["--web.config.file=gone.yml"]);
    assert.deepEqual(gone.bad, ["Cannot use c.key: it can't be read (there is no such file)"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("without a file there is nothing to check", async () => {
  await assert.rejects(check({}, []), UsageError);
});

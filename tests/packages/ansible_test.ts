/** The Ansible role: ansible-lint has nothing to say, and a machine is what the role says after it, and stays so. */

import assert from "node:assert/strict";
import { requireRoot, requireTool, skipUnless } from "../require.ts";
import { FILES, must, requirePackages, ROOT, run, temporaryFolder, VERSION } from "./artifacts.ts";

/** Where ansible-playbook and ansible-lint are: the folder of `ANSIBLE_BIN`, else `PATH`. */
const BIN = Deno.env.get("ANSIBLE_BIN");
const tool = (name: string) => BIN === undefined ? name : `${BIN}/${name}`;
const installed = await run([tool("ansible-lint"), "--version"]).then(({ code }) => code === 0, () => false);
const ignore = skipUnless(
  installed,
  "needs ansible-lint in PATH or ANSIBLE_BIN: pip install ansible-core ansible-lint",
);
const ANSIBLE = `${ROOT}/deploy/ansible`;
const ENVIRONMENT = { PATH: `${BIN === undefined ? "" : `${BIN}:`}${Deno.env.get("PATH")}` };

Deno.test({ name: "ansible: lint has nothing to say", ignore }, async () => {
  const options = { cwd: ANSIBLE, env: ENVIRONMENT };
  await must([tool("ansible-lint"), "--offline", "--profile=production"], options);
});

/**
 * A root that is this machine's until something is written to it: what is written is gone when `command` ends. Nothing runs
 * as a service in it.
 */
const IN_COPY = `
set -eu
mount -t tmpfs tmpfs "$1" && mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
for folder in /proc /sys /dev /tmp "$repository"; do mkdir -p "$1/root$folder" && mount --rbind "$folder" "$1/root$folder"; done
shift; exec chroot "$root" "$@"`;

Deno.test({
  name: "ansible: the role installs, configures and changes nothing the second time",
  ignore: ignore || requireRoot() || requirePackages() || requireTool("unshare", "util-linux"),
}, async () => {
  await using folder = await temporaryFolder();
  const variables = `${folder.path}/variables.json`, show = `${folder.path}/show.sh`;
  const give = (config: unknown, args: readonly string[]) =>
    Deno.writeTextFile(
      variables,
      JSON.stringify({
        cnproc_exporter_package: FILES.deb,
        cnproc_exporter_args: args,
        cnproc_exporter_config: config,
        ansible_python_interpreter: "/usr/bin/python3",
      }),
    );
  const play = `${
    tool("ansible-playbook")
  } --connection=local --inventory=localhost, --extra-vars=@${variables} site.yml`;
  await Deno.mkdir(`${folder.path}/copy`);
  const inCopy = async (script: string) =>
    await run(
      [
        "unshare",
        "--mount",
        "--propagation=private",
        "sh",
        "-c",
        IN_COPY,
        "sh",
        `${folder.path}/copy`,
        "sh",
        "-c",
        script,
      ],
      {
        env: {
          ...ENVIRONMENT,
          root: `${folder.path}/copy/root`,
          repository: await Deno.realPath(ROOT),
          ANSIBLE_LOCALHOST_WARNING: "false",
          SYSTEMD_OFFLINE: "1",
        },
      },
    );
  await Deno.writeTextFile(
    show,
    `cnproc-exporter --version | cut -d' ' -f1,2; cat /etc/default/cnproc-exporter /etc/cnproc-exporter/cnproc-exporter.yml
systemctl is-enabled cnproc-exporter`,
  );
  await give({ roots: ["runit"] }, ["--config.file=/etc/cnproc-exporter/cnproc-exporter.yml", "--trees.max=5000"]);
  const { code, out, err } = await inCopy(`cd '${ANSIBLE}' && ${play} && ${play} && sh ${show}`);
  assert.equal(code, 0, out + err);
  const [first, second] = out.split(/(?<=^localhost .*)\n/m);
  assert.match(first!, /: ok=\d+ +changed=[1-9]\d* +unreachable=0 +failed=0 /, out);
  assert.match(second!, /: ok=\d+ +changed=0 +unreachable=0 +failed=0 /, out);
  assert.ok(
    out.endsWith(`
cnproc-exporter ${VERSION}
# Flags of the service, see cnproc-exporter(8). Ansible writes this file.
ARGS="--config.file=/etc/cnproc-exporter/cnproc-exporter.yml --trees.max=5000"
# Ansible writes this file.
roots:
- runit
enabled
`),
    out,
  );
  // A flag that systemd would read as two.
  await give({ roots: ["runit"] }, ["--trees.max=5 000"]);
  assert.match((await inCopy(`cd '${ANSIBLE}' && ${play}`)).out, /a flag without spaces/);
  await assert.rejects(Deno.stat("/etc/cnproc-exporter"), Deno.errors.NotFound);
});

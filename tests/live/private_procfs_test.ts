/**
 * A folder mounted over /proc/PID, in the exporter's own mount namespace: what is there is read by nobody.
 *
 * @module
 */
import assert from "node:assert/strict";
import { capabilityNames, Libc, openPrivateProcfs, readCapabilities } from "../../netlink/mod.ts";
import { Procfs } from "../../fingerprint/proc/mod.ts";
import { requireRoot } from "../require.ts";
import { Exporter } from "./exporter.ts";

const libc = new Libc();

Deno.test({
  name: "live: a procfs of one's own doesn't show what is mounted over a process's folder",
  ignore: requireRoot(),
}, async () => {
  if (!capabilityNames(readCapabilities(libc).effective).includes("sys_admin")) return;
  const folder = await Deno.makeTempDir();
  const child = new Deno.Command("/bin/sleep", { args: ["60"] }).spawn();
  const run = async (...args: [string, ...string[]]) => {
    const { success } = await new Deno.Command(args[0], { args: args.slice(1) }).output();
    assert.ok(success, args.join(" "));
  };
  await Deno.symlink("/usr/bin/ls", `${folder}/exe`);
  await run("mount", "--bind", folder, `/proc/${child.pid}`);
  try {
    using own = openPrivateProcfs(libc);
    assert.ok(own !== undefined);
    const text = (procfs: Procfs) => new TextDecoder().decode(procfs.path.subarray(0, procfs.readExe(child.pid)));
    const usual = new Procfs(libc), procfs = new Procfs(libc, own.fd);
    try {
      assert.equal(text(usual), "/usr/bin/ls", "the mount is there");
      assert.match(text(procfs), /sleep|coreutils|busybox/);
      assert.ok(procfs.processIds().includes(child.pid));
      assert.match(procfs.readText(`${child.pid}/comm`) ?? "", /sleep/);
    } finally {
      usual.close();
      procfs.close();
    }
    await using exporter = await Exporter.start({ capture: "proc" });
    const trees = [...(await exporter.scrape()).trees.values()];
    assert.ok(
      !trees.some(({ path, running }) => running > 0 && path.endsWith("/ls")),
      "nor does the start-up scan see it",
    );
  } finally {
    await run("umount", `/proc/${child.pid}`);
    child.kill("SIGKILL");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }
});

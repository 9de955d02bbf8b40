import assert from "node:assert/strict";
import { Claim } from "../../../../fingerprint/labels/claim.ts";
import { Claims } from "../../../../fingerprint/programs/claims.ts";
import { Found } from "../../../../fingerprint/programs/machine_files.ts";
import { HOST, NO_ROOT, USERS_VIEW } from "../../../../fingerprint/programs/roots.ts";
import type { FileIdentity } from "../../../../fingerprint/proc/statx.ts";
import { ExecRecord } from "../../../../netlink/bpf/mod.ts";
import { DELETED, DETACHED } from "../../../../netlink/bpf/record_path.ts";
import { type MadeExec, madeRecord } from "../../netlink/bpf/made_records.ts";
import { FakeFiles, FakeProc, fileAt, OWN_NAMESPACE } from "../fake_proc.ts";

const LS = "/usr/bin/ls", OTHER_NAMESPACE = 7;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Claims over a machine, and what is asked of them. */
function scene() {
  const files = new FakeFiles(), proc = new FakeProc();
  const claims = new Claims(files, proc, {
    userNamespaceOf: (root) => root === 1 ? OTHER_NAMESPACE : 0,
    layerOf: () => undefined,
  });
  const record = new ExecRecord();
  return {
    files,
    proc,
    claims,
    recorded(exec: Partial<MadeExec>, root: number = HOST): Claim {
      const bytes = madeRecord({ pid: 7, path: LS, ...exec }), path = bytesOf(exec.path ?? LS);
      assert.ok(record.read(new DataView(bytes.buffer), 0, bytes.length));
      return claims.ofRecord(record, root, path, path.length);
    },
    /** The claim of process 7, with what is different of its file. */
    seen(exe: string, file: Partial<FileIdentity> & { isFound?: boolean } = {}): [Claim, string] {
      const path = bytesOf(exe);
      const { claim, pathLength } = claims.ofProcess(
        7,
        HOST,
        path,
        path.length,
        { ...fileAt(exe), ...file },
        file.isFound === true,
      );
      return [claim, new TextDecoder().decode(path.subarray(0, pathLength))];
    },
  };
}

Deno.test("a record's path is believed where the machine has the file there, or nothing any more", () => {
  const { files, recorded } = scene();
  assert.equal(recorded({}), Claim.Confirmed);
  files.there.set(LS, undefined); // it was deleted since
  assert.equal(recorded({}), Claim.Confirmed);
  files.there.set(LS, fileAt("/tmp/evil")); // by way of /proc/PID/root, a mount that was taken away
  assert.equal(recorded({}), Claim.Unconfirmed);
  files.changedSeconds = Date.now() / 1000 - 5; // an upgrade
  assert.equal(recorded({}), Claim.Private, "until it is asked again");
  assert.equal(recorded({ pathFlags: DELETED }), Claim.Deleted);
  assert.equal(recorded({ pathFlags: DETACHED }), Claim.Detached);
});

Deno.test("elsewhere the machine has to find the file there", () => {
  const { claims, files, recorded } = scene(), strange = { mountNs: OTHER_NAMESPACE };
  assert.equal(recorded(strange), Claim.Confirmed);
  files.there.set(LS, fileAt("/tmp/evil"));
  for (const userNs of [OWN_NAMESPACE, OTHER_NAMESPACE]) {
    assert.equal(recorded({ ...strange, userNs }), Claim.Unconfirmed, "another file lies there");
  }
  assert.equal(claims.contradicted, 2);
  files.there.set(LS, undefined);
  assert.equal(recorded(strange), Claim.Private, "root's own mounts may have more");
  assert.equal(recorded({ ...strange, userNs: OTHER_NAMESPACE }), Claim.Unconfirmed, "nobody else's");
  assert.equal(recorded(strange, NO_ROOT), Claim.Private);
});

Deno.test("in another root its owner's mounts count, and those of nobody below", () => {
  const { recorded, files } = scene(), strange = { mountNs: OTHER_NAMESPACE };
  files.there.set(LS, fileAt("/tmp/evil"));
  assert.equal(recorded({ ...strange, userNs: OTHER_NAMESPACE }, 1), Claim.Confirmed);
  assert.equal(recorded({ ...strange, userNs: 8 }, 1), Claim.Unconfirmed);
});

Deno.test("in another root the machine's own mounts count, whoever looks at /proc", () => {
  const { claims, proc } = scene(), path = bytesOf(LS);
  const seen = () => claims.ofProcess(7, 1, path, path.length, fileAt(LS), false).claim;
  proc.set(7, { userNs: 8 });
  assert.equal(seen(), Claim.Confirmed);
  proc.set(7, { userNs: 8, mountNs: 8 });
  assert.equal(seen(), Claim.Unconfirmed);
});

Deno.test("the machine's files are seen by a user's mounts where the user namespace may be anybody's", () => {
  const { claims, proc } = scene(), OTHER_USERS = 8;
  const view = (userNs: number, mountNs = OTHER_NAMESPACE, root: number = HOST) =>
    claims.viewOf(root, userNs, mountNs, 7, 6);
  proc.set(7, { userNs: OTHER_NAMESPACE, mountNs: OTHER_NAMESPACE, userNsOwner: 1000 });
  assert.equal(view(OTHER_NAMESPACE), USERS_VIEW);
  assert.equal(view(0, 0), USERS_VIEW, "by a look at /proc");
  assert.equal(view(OTHER_NAMESPACE, OWN_NAMESPACE), HOST, "by the machine's own mounts");
  assert.equal(view(OWN_NAMESPACE), HOST, "root's own mounts");
  assert.equal(view(OTHER_NAMESPACE, OTHER_NAMESPACE, 1), 1, "another root");
  proc.set(7, { userNs: OTHER_USERS, mountNs: OTHER_NAMESPACE, userNsOwner: 0 });
  assert.equal(view(OTHER_USERS), HOST, "a user namespace that the administrator made");
  proc.processes.delete(7);
  assert.equal(view(OTHER_USERS), HOST, "it was asked a moment ago");
  assert.equal(view(9), USERS_VIEW, "nobody is left to be asked");
  proc.set(6, { userNs: 9, userNsOwner: 0 });
  assert.equal(view(9), HOST, "its parent is");
});

Deno.test("the text of a link is held against the file that it leads to", () => {
  const { seen, files, proc } = scene();
  proc.set(7, { mountNs: OTHER_NAMESPACE });
  assert.deepEqual(seen(LS), [Claim.Confirmed, LS]);
  files.there.set(LS, fileAt("/tmp/evil"));
  assert.deepEqual(seen(LS), [Claim.Unconfirmed, LS]);
  files.there.set(LS, undefined);
  assert.deepEqual(seen(LS), [Claim.Private, LS]);
  proc.set(7, { mountNs: OTHER_NAMESPACE, userNs: OTHER_NAMESPACE });
  assert.deepEqual(seen(LS), [Claim.Unconfirmed, LS]);
  proc.set(7, {});
  assert.deepEqual(seen(LS), [Claim.Confirmed, LS], "it was deleted since");
});

Deno.test("a name may end like that of a file that was unlinked", () => {
  const { seen, files, proc } = scene(), name = "/srv/x (deleted)";
  proc.set(7, {});
  assert.deepEqual(seen(name), [Claim.Deleted, "/srv/x"]);
  assert.deepEqual(seen(name, { links: 1 }), [Claim.Confirmed, name]);
  files.there.set(name, undefined);
  assert.deepEqual(seen(name, { links: 1 }), [Claim.Deleted, "/srv/x"], "it has other names");
  assert.deepEqual(seen("/memfd:x (deleted)"), [Claim.Detached, "/memfd:x"]);
});

Deno.test("a program that runs since before an upgrade keeps its path, where the machine's own mounts have another there", () => {
  const { seen, files, proc } = scene(), name = `${LS} (deleted)`;
  files.there.set(LS, fileAt("the new one"));
  proc.set(7, { mountNs: OWN_NAMESPACE });
  assert.deepEqual(seen(name, { isFound: true }), [Claim.Confirmed, LS]);
  assert.deepEqual(seen(name), [Claim.Deleted, LS], "it was launched without a file");
  files.there.set(LS, undefined);
  assert.deepEqual(seen(name, { isFound: true }), [Claim.Deleted, LS], "nothing came in its place");
  files.there.set(LS, fileAt("the new one"));
  proc.set(7, { mountNs: OTHER_NAMESPACE });
  assert.deepEqual(seen(name, { isFound: true }), [Claim.Deleted, LS], "in whose mounts?");
});

Deno.test("a script's path is held against what the process finds there, by a parent where it has gone", () => {
  const { claims, proc, files } = scene(), claimant = { pid: 7, parent: 6, root: HOST, mountNs: 0, userNs: 0 };
  proc.set(7, {});
  files.alike = Found.Other;
  assert.ok(claims.isScript("/usr/bin/ldd", claimant), "its mounts are the machine's");
  proc.set(7, { mountNs: 0, userNs: 0 });
  assert.ok(claims.isScript("/usr/bin/ldd", claimant), "it has gone, and there is no record");
  for (const who of [7, 6]) {
    proc.processes.clear();
    proc.set(who, { mountNs: OTHER_NAMESPACE, userNs: OTHER_NAMESPACE });
    proc.folders.add(who);
    const strange = { ...claimant, mountNs: OTHER_NAMESPACE, userNs: OTHER_NAMESPACE };
    for (const [alike, want] of [[Found.Other, false], [Found.Nothing, false], [Found.Same, true]] as const) {
      files.alike = alike;
      assert.equal(claims.isScript("/usr/bin/ldd", strange), want, String(who));
    }
    proc.processes.clear();
    assert.equal(claims.isScript("/usr/bin/ldd", strange), false, "nobody is left to ask");
    assert.ok(claims.isScript("/usr/bin/ldd", { ...strange, userNs: OWN_NAMESPACE }), "root's own mounts are believed");
  }
});

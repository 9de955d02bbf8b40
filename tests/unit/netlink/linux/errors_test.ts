import assert from "node:assert/strict";
import { errnoName, SourceUnavailableError, SystemCallError } from "../../../../netlink/linux/errors.ts";

Deno.test("error numbers have the kernel's names", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 13, 22, 105, 111, 0, 71].map(errnoName), [
    "EPERM",
    "ENOENT",
    "ESRCH",
    "EINTR",
    "EAGAIN",
    "EACCES",
    "EINVAL",
    "ENOBUFS",
    "ECONNREFUSED",
    "no error",
    "errno 71",
  ]);
});

Deno.test("a failed system call says what, why and what to do", () => {
  const error = new SystemCallError("bind a netlink socket", 1, "run as root");
  assert.equal(error.message, "Cannot bind a netlink socket: EPERM; run as root");
  assert.equal(new SystemCallError("poll", 4).message, "Cannot poll: EINTR");
  assert.deepEqual([error.name, error.op, error.errno, error.remedy], [
    "SystemCallError",
    "bind a netlink socket",
    1,
    "run as root",
  ]);
});

Deno.test("a source that can't be had carries its reason and its cause", () => {
  const cause = new SystemCallError("send", 111);
  const error = new SourceUnavailableError("connector", "namespace", "Cannot use it", { cause });
  assert.deepEqual([error.name, error.source, error.reason, error.cause], [
    "SourceUnavailableError",
    "connector",
    "namespace",
    cause,
  ]);
});

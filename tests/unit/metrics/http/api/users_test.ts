import assert from "node:assert/strict";
import { readUserNames } from "../../../../../metrics/http/api/users.ts";

Deno.test("names of users by number; what isn't a line of the list is left out", async () => {
  const text =
    "root:x:0:0:root:/root:/bin/bash\nalso:x:0:0::/:\n#no\n+@nis::::::\nx:x:-1:1::/:\nann:x:1000:1000:Ann,,,:/home/ann:/bin/zsh\n";
  assert.deepEqual([...await readUserNames(() => Promise.resolve(text))], [[0, "root"], [1000, "ann"]]);
  assert.equal((await readUserNames(() => Promise.reject(new Deno.errors.NotFound()))).size, 0);
});

import assert from "node:assert/strict";
import {
  ContainerLaunches,
  MOST_CLAIMED,
  MOST_CONTAINERS,
  MOST_OF_CLAIMANT,
  OTHER_CONTAINER,
} from "../../../../metrics/registry/container_launches.ts";

const counted = (containers: ContainerLaunches) => Object.fromEntries(containers.entries());
const total = (containers: ContainerLaunches) =>
  [...containers.entries()].reduce((sum, [, launches]) => sum + launches, 0);

Deno.test("launches by container; taken back as well", () => {
  const containers = new ContainerLaunches();
  containers.count("web", 3, 0);
  containers.count("web", -1, 0);
  containers.count("user@1000.service/4f8a1c0de3b2", 1, 0);
  containers.count(OTHER_CONTAINER, 2, 0);
  assert.deepEqual(counted(containers), { web: 2, "user@1000.service/4f8a1c0de3b2": 1, other: 2 });
});

Deno.test("containers that come and go: the bound holds, none is lost, and places become free", () => {
  const containers = new ContainerLaunches(), count = MOST_CONTAINERS + 50;
  for (let i = 0; i < count; i++) containers.count(`c${i}`, 1, i);
  assert.equal(Object.keys(counted(containers)).length, MOST_CONTAINERS + 1);
  assert.equal(counted(containers)[OTHER_CONTAINER], 50);
  assert.equal(total(containers), count);
  containers.count("c0", 1, 3000); // goes on
  containers.sweep(3600 + MOST_CONTAINERS);
  assert.deepEqual(counted(containers), { c0: 2, [OTHER_CONTAINER]: 50 });
  containers.count("later", 1, 4000);
  assert.equal(counted(containers).later, 1);
});

Deno.test("no user takes another's place, and users together don't take the system's", () => {
  const containers = new ContainerLaunches(), users = MOST_CLAIMED / MOST_OF_CLAIMANT;
  const own = (user: number) => Object.keys(counted(containers)).filter((name) => name.startsWith(`user@${user}.`));
  for (let i = 0; i < 1000; i++) containers.count(`user@1.service/${i}`, 1, 0);
  assert.equal(own(1).length, MOST_OF_CLAIMANT);
  for (let user = 2; user <= users + 1; user++) {
    for (let i = 0; i < MOST_OF_CLAIMANT; i++) containers.count(`user@${user}.service/${i}`, 1, 0);
  }
  assert.equal(own(2).length, MOST_OF_CLAIMANT);
  assert.equal(own(users + 1).length, 0, "there are enough of users");
  for (let i = 0; i < MOST_CONTAINERS - MOST_CLAIMED; i++) containers.count(`c${i}`, 1, 0);
  assert.equal(counted(containers)[`c${MOST_CONTAINERS - MOST_CLAIMED - 1}`], 1);
  containers.sweep(3600);
  containers.count("user@1.service/again", 1, 3600);
  assert.equal(own(1).length, 1, "and places become free");
});

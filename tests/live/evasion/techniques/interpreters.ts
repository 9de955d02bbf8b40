/** What interpreters run, whatever their command line says. @module */

import type { Technique } from "../technique.ts";

/** A shell whose program nobody knows: `bash:?`. */
const UNKNOWN = "^\\w+:\\?$";
const PAYLOAD_SH = new RegExp(`^payload\\.sh$|${UNKNOWN}`);

/** Code that came without a file: the label is the interpreter's. */
function inline(id: string, what: string, script: string, more: Partial<Technique> = {}): Technique {
  return { id, what, idea: "T1059", script, honest: /^$/, isInline: true, flags: ["inline"], ...more };
}

export const INTERPRETERS: readonly Technique[] = [
  inline("inline-shell", "code of a shell's -c", "sh -c 'echo $$ >&9; sleep 0.05; :'"),
  inline("inline-source", "a script that -c reads", "sh -c '. $LAB/payload.sh; :'"),
  inline(
    "inline-pipe-arguments",
    "a script through a pipe, with arguments",
    "cat $LAB/payload.sh | sh -s /usr/bin/ldd",
  ),
  inline("inline-device", "a script as /dev/stdin", "bash /dev/stdin <$LAB/payload.sh"),
  inline("inline-descriptor", "a script as /proc/self/fd/6", "bash /proc/self/fd/6 6<$LAB/payload.sh"),
  inline(
    "inline-thread-descriptor",
    "a script as /proc/thread-self/fd/6",
    "bash /proc/thread-self/fd/6 6<$LAB/payload.sh",
  ),
  inline("inline-device-descriptor", "a script as /dev/fd/6", "bash /dev/fd/6 6<$LAB/payload.sh"),
  inline("inline-substitution", "a script by process substitution", "bash -c 'bash <(cat $LAB/payload.sh); :'"),
  inline("inline-python", "code of Python's -c", `/usr/bin/python3 -c "$(cat $LAB/payload.py)"`, {
    needs: ["/usr/bin/python3"],
  }),
  inline("inline-python-input", "a program as Python's input", "/usr/bin/python3 - /usr/bin/pydoc3 <$LAB/payload.py", {
    needs: ["/usr/bin/python3"],
  }),
  inline("inline-perl", "code of Perl's -e", `perl -e "$(cat $LAB/payload.pl)" /usr/bin/shasum`),
  inline("inline-perl-input", "a program as Perl's input", "perl - /usr/bin/shasum <$LAB/payload.pl"),
  inline("inline-node", "code of Node's -e", `node -e "$(cat $LAB/payload.js)"`, { needs: ["node"] }),
  {
    id: "padded-options",
    what: "300 options before the script",
    script: "$LAB/tricks repeat 300 -e /bin/bash $LAB/payload.sh",
    honest: PAYLOAD_SH,
  },
  {
    id: "padded-options-innocent",
    what: "3,000 options before the script, an innocent one behind it",
    script: "$LAB/tricks repeat 3000 -e /bin/bash $LAB/payload.sh /usr/bin/ldd",
    honest: PAYLOAD_SH,
  },
  {
    id: "padded-values",
    what: "300 options with a value",
    script: "$LAB/tricks repeat 300 --norc /bin/bash $LAB/payload.sh",
    honest: PAYLOAD_SH,
  },
  {
    id: "padded-option",
    what: "one option of 40,000 letters",
    script: "bash -$(printf 'e%.0s' $(seq 40000)) $LAB/payload.sh",
    honest: PAYLOAD_SH,
  },
  {
    id: "padded-inline",
    what: "300 options before -c",
    script: "$LAB/tricks repeat 300 -e /bin/bash -c 'echo $$ >&9; sleep 0.05; :'",
    honest: PAYLOAD_SH,
    isInline: true,
  },
  {
    id: "padded-perl",
    what: "300 options of Perl before the script",
    script: "$LAB/tricks repeat 300 -w /usr/bin/perl $LAB/payload.pl",
    honest: new RegExp(`^payload\\.pl$|${UNKNOWN}`),
  },
  {
    id: "padded-rewritten",
    what: "300 options of Perl before the script, which writes over the arguments behind them",
    idea: "T1036.011",
    script:
      "(echo '$0 = qq(perl\\0) . qq(-w\\0) x 300 . qq(/usr/bin/shasum\\0);'; sed s/0.05/0.5/ $LAB/payload.pl) >own-program-of-perl.pl; " +
      "$LAB/tricks repeat 300 -w /usr/bin/perl own-program-of-perl.pl",
    honest: new RegExp(`^own-program|${UNKNOWN}`),
    isQuick: true,
  },
  {
    id: "supervised",
    what: "a service's script in a user's folder of /var/run",
    script: "mkdir -p /var/run/user/$$/service/sshd; cd /var/run/user/$$/service/sshd; cp $LAB/payload.sh run; " +
      "/var/run/user/$$/service/sshd/run; rm -r /var/run/user/$$",
    honest: /^run$/,
  },
  {
    id: "much-behind",
    what: "1.5 MB of arguments behind the script",
    script: "$LAB/tricks much /bin/bash $LAB/payload.sh",
    honest: PAYLOAD_SH,
  },
  {
    id: "link-and-up",
    what: "a path that goes up from a link's end",
    script: "mkdir -p usr/bin a/b; cp $LAB/payload.sh usr/bin/ldd; ln -s $PWD/a/b lnk; bash lnk/../../usr/bin/ldd",
    honest: new RegExp(`^ldd@|${UNKNOWN}`),
  },
  {
    id: "link-and-up-absolute",
    what: "a path that reads as /usr/bin/ldd, and goes up from a link's end",
    script: 'mkdir -p a/b usr/bin; cp $LAB/payload.sh usr/bin/ldd; ln -s $PWD/a/b $LINK; trap "rm $LINK" EXIT; ' +
      "bash $LINK/../../usr/bin/ldd",
    honest: new RegExp(`^ldd@|${UNKNOWN}`),
  },
  {
    id: "relative-script",
    what: "a script called ldd, from its own folder",
    script: "cp $LAB/payload.sh ldd; bash ldd",
    honest: /^ldd@/,
    flags: ["namesake"],
  },
  {
    id: "relative-script-slash",
    what: "a relative script below the own folder, usr/bin/ldd",
    script: "mkdir -p usr/bin; cp $LAB/payload.sh usr/bin/ldd; bash usr/bin/ldd",
    honest: /^ldd@/,
    flags: ["namesake"],
  },
  {
    id: "script-namesake",
    what: "a script called ls with a first line",
    script: "cp $LAB/payload.sh ls; ./ls",
    honest: /^ls@/,
    flags: ["namesake"],
  },
  {
    id: "script-own-folder",
    what: "a script called ldd by /proc/self/cwd",
    script: "cp $LAB/payload.sh ldd; bash /proc/self/cwd/ldd",
    honest: new RegExp(`^ldd@|${UNKNOWN}`),
  },
  {
    id: "script-own-root",
    what: "a script called ldd by /proc/self/root",
    script: "cp $LAB/payload.sh ldd; bash /proc/self/root/$PWD/ldd",
    honest: new RegExp(`^ldd@|${UNKNOWN}`),
  },
  {
    id: "script-other-descriptor",
    what: "a script as another process's descriptor",
    script: "exec 6<$LAB/payload.sh; bash /proc/$$/fd/6",
    honest: /^$/,
    flags: ["inline"],
    isInline: true,
  },
  {
    id: "busybox-script",
    what: "a script by busybox sh",
    script: "busybox sh $LAB/payload.sh",
    honest: /^payload\.sh$/,
    needs: ["busybox"],
  },
  inline("busybox-inline", "code of busybox sh -c", "busybox sh -c 'echo $$ >&9; sleep 0.05; :'", {
    needs: ["busybox"],
  }),
  {
    id: "found-by-path",
    what: "a script called ldd that bash finds in PATH",
    script: "mkdir bin; cp $LAB/payload.sh bin/ldd; PATH=$PWD/bin:$PATH bash ldd",
    honest: new RegExp(`^ldd@|${UNKNOWN}`),
  },
  {
    id: "bash-function",
    what: "a function from the environment instead of a command of a base script",
    script: "env 'BASH_FUNC_echo%%=() { builtin echo $$ >&9; unset -f echo; }' bash /usr/bin/ldd --version >/dev/null",
    honest: /^$/,
    isInvisible: true,
  },
  {
    id: "perl-module",
    what: "a module loaded before a script of the system",
    idea: "T1574",
    script: "cp $LAB/payload.pl Evil.pm; echo 1 >>Evil.pm; perl -I. -MEvil /usr/bin/shasum </dev/null >/dev/null",
    honest: new RegExp(UNKNOWN),
    flags: ["preload"],
  },
  {
    id: "perl-library",
    what: "PERL5LIB with an own strict.pm before a script of the system",
    idea: "T1574.006",
    script:
      "cp $LAB/payload.pl strict.pm; echo 1 >>strict.pm; PERL5LIB=. perl /usr/bin/shasum </dev/null >/dev/null 2>&1; :",
    honest: /^$/,
    isInvisible: true,
  },
  {
    id: "python-path",
    what: "PYTHONPATH with an own sitecustomize",
    idea: "T1574.006",
    script: "cp $LAB/payload.py sitecustomize.py; PYTHONPATH=. /usr/bin/python3 /usr/bin/pydoc3 -h >/dev/null",
    honest: /^$/,
    needs: ["/usr/bin/python3", "/usr/bin/pydoc3"],
    isInvisible: true,
  },
  {
    id: "python-module-beside",
    what: "a module of the own folder instead of Python's own",
    script: "cp $LAB/payload.py timeit.py; /usr/bin/python3 -m timeit",
    honest: new RegExp(`@|${UNKNOWN}`),
    needs: ["/usr/bin/python3"],
    isInvisible: true,
  },
  {
    id: "python-folder",
    what: "a folder with a program in it",
    script: "mkdir own; cp $LAB/payload.py own/__main__.py; /usr/bin/python3 own",
    honest: /^own$/,
    needs: ["/usr/bin/python3"],
  },
  {
    id: "python-padded",
    what: "300 options of Python before the script",
    script: "$LAB/tricks repeat 300 -B /usr/bin/python3 $LAB/payload.py",
    honest: new RegExp(`^payload\\.py$|^python[\\d.]*:\\?$`),
    needs: ["/usr/bin/python3"],
  },
  {
    id: "node-require",
    what: "a file loaded before a script",
    idea: "T1574",
    script: "echo 0 >innocent.js; node --require $LAB/payload.js innocent.js",
    honest: new RegExp(UNKNOWN),
    flags: ["preload"],
    needs: ["node"],
  },
  {
    id: "java-arguments-file",
    what: "a program from Java's file of arguments",
    script: "cp $LAB/Payload.java .; echo Payload.java >args; java @args",
    honest: new RegExp(`^Payload(?:\\.java)?$|${UNKNOWN}`),
    needs: ["java", "javac"],
  },
  {
    id: "own-python",
    what: "an own program called python3, with an innocent script",
    idea: "T1036.005",
    script: "cp $PAYLOAD python3; ./python3 /usr/bin/pydoc3",
    honest: /^python3@/,
    flags: ["namesake"],
  },
  {
    id: "own-bash",
    what: "an own program called bash, with a base script",
    idea: "T1036.005",
    script: "cp $PAYLOAD bash; ./bash /usr/bin/ldd",
    honest: /^bash@/,
    flags: ["namesake"],
  },
  {
    id: "own-bash-numbered",
    what: "an own program called bash5, with a base script",
    script: "cp $PAYLOAD bash5; ./bash5 /usr/bin/ldd",
    honest: /^bash5/,
  },
  {
    id: "own-python-version-manager",
    what: "an own python3 in a folder like pyenv's, with an innocent script",
    script: "mkdir -p .pyenv/versions/3.12.1/bin; cp $PAYLOAD .pyenv/versions/3.12.1/bin/python3; " +
      ".pyenv/versions/3.12.1/bin/python3 /usr/bin/pydoc3",
    honest: /^python/,
  },
  {
    id: "own-python-environment",
    what: "an own python3 in a folder like a virtual environment, with an innocent script",
    script:
      "mkdir -p venv/bin; echo home = /usr/bin >venv/pyvenv.cfg; cp $PAYLOAD venv/bin/python3; venv/bin/python3 /usr/bin/pydoc3",
    honest: /^python/,
  },
  {
    id: "own-java",
    what: "an own program called java, with an innocent class",
    script: "cp $PAYLOAD java; ./java -jar /usr/share/java/innocent.jar",
    honest: /^java@/,
    flags: ["namesake"],
  },
  {
    id: "own-busybox",
    what: "an own busybox as ls",
    script: "cp $PAYLOAD busybox; $LAB/tricks argv0 ls ./busybox",
    honest: /^busybox@/,
    flags: ["namesake"],
  },
  {
    id: "own-busybox-applet",
    what: "an own busybox with an applet's name as its argument",
    script: "cp $PAYLOAD busybox; ./busybox ls",
    honest: /^busybox@/,
    flags: ["namesake"],
  },
  {
    id: "own-first-line",
    what: "a script whose first line names an own interpreter",
    script: 'cp $PAYLOAD own; printf "#!$PWD/own\\n" >ls; chmod +x ls; ./ls',
    honest: /^own$|^ls@/,
  },
  {
    id: "own-first-line-python",
    what: "a script whose first line names an own python3",
    script: 'cp $PAYLOAD python3; printf "#!$PWD/python3\\n" >innocent.py; chmod +x innocent.py; ./innocent.py',
    honest: /^python3@/,
  },
  {
    id: "env-options",
    what: "through a first line of env -S",
    script: 'printf "#!/usr/bin/env -S bash -e $LAB/payload.sh\\n" >own; chmod +x own; ./own',
    honest: /^payload\.sh$|^own$/,
  },
  {
    id: "awk-file",
    what: "a program of awk called ls",
    script: `printf 'BEGIN { system("echo $PPID >&9; sleep 0.05") }' >ls; awk -f ls`,
    honest: /^ls@|^ls$/,
  },
  {
    id: "replaced-script",
    what: "a script replaced by an innocent one right after its start",
    script: "cp $LAB/payload.sh own; bash own & sleep 0.02; cp /usr/bin/ldd other; mv other own; wait",
    honest: /^own$/,
  },
  {
    id: "linked-script",
    what: "a script by a symbolic link called as a base script",
    script: "mkdir usr; ln -s $LAB/payload.sh usr/ldd; bash usr/ldd",
    honest: /^ldd@|^payload\.sh$/,
  },
  {
    id: "nested-first-lines",
    what: "a script called ls whose first line names another script",
    script: 'cp $LAB/payload.sh own; printf "#!$PWD/own\\n" >ls; chmod +x ls; ./ls',
    honest: /^own$|^ls@/,
  },
];

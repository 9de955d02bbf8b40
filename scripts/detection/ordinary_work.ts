/**
 * What is done on the Debian of ./machine.ts: packages, files, jobs of cron, commands of people who log in, pages.
 *
 * @module
 */

export const PACKAGES: readonly string[] = [
  [
    "cron",
    "logrotate",
    "sudo",
    "openssh-server",
    "openssh-client",
    "apache2",
    "man-db",
    "rsyslog",
    "unattended-upgrades",
  ],
  [
    "python3",
    "python3-pip",
    "python3-venv",
    "perl",
    "git",
    "make",
    "gcc",
    "libc6-dev",
    "procps",
    "less",
    "curl",
    "busybox",
  ],
  ["adduser", "passwd", "util-linux", "iproute2"],
].flat();

const BUILD = `#!/bin/sh
set -e
cd /home/alice/project
make -s clean all check
`;

export const FILES: Readonly<Record<string, string>> = {
  "/etc/sudoers.d/alice": "alice ALL=(ALL) NOPASSWD: ALL\n",
  "/usr/lib/cgi-bin/status": "#!/bin/sh\necho 'Content-Type: text/plain'\necho\nuptime\ndf -h / | tail -n 1\n",
  "/usr/lib/cgi-bin/report.py":
    "#!/usr/bin/python3\nimport subprocess\nprint('Content-Type: text/plain\\n')\nprint(subprocess.check_output(['date']).decode())\n",
  "/usr/lib/cgi-bin/search.pl": "#!/usr/bin/perl\nprint qq(Content-Type: text/plain\\n\\n);\nprint `ls /usr/share`;\n",
  "/usr/local/bin/check_disk.sh": "#!/bin/sh\ndf -P / | awk 'END { exit $5 + 0 > 95 }'\n",
  "/usr/local/bin/backup.sh":
    '#!/bin/sh\nset -e\nd=$(mktemp -d)\ntar -czf "$d/etc.tar.gz" /etc/apache2\nsha256sum "$d/etc.tar.gz" >/dev/null\nrm -r "$d"\n',
  "/opt/report/report.py":
    "import subprocess, tempfile\nwith tempfile.TemporaryDirectory() as d:\n    subprocess.run(['git', 'init', '-q', d])\n    subprocess.run(['du', '-s', d], stdout=subprocess.DEVNULL)\n",
  "/home/alice/project/build.sh": BUILD,
  "/home/alice/project/app.c": "int main(void) { return 0; }\n",
  "/home/alice/project/Makefile":
    "all: app\napp: app.o\n\t$(CC) -o $@ $^\ncheck: app\n\t./app\n\t./check.sh\nclean:\n\trm -f app app.o\n",
  "/home/alice/project/check.sh":
    '#!/bin/sh\nset -e\nd=$(mktemp -d)\ncp app "$d/app-test"\n"$d/app-test"\nrm -r "$d"\n',
  "/home/alice/deploy.sh":
    "#!/bin/bash\nset -e\ncd /home/alice/project\n./build.sh\nsudo install -m 755 app /usr/local/bin/app\nsudo apache2ctl -t 2>/dev/null\n",
};

/** Lines of cron behind their times. */
export const CRON_JOBS: readonly string[] = [
  "root cd / && run-parts --report /etc/cron.hourly",
  "root cd / && run-parts --report /etc/cron.daily",
  "root [ -x /usr/lib/php/sessionclean ] && /usr/lib/php/sessionclean",
  "root /usr/local/bin/check_disk.sh",
  "root /usr/local/bin/backup.sh",
  "alice cd && python3 /opt/report/report.py",
  "root command -v debian-sa1 > /dev/null && debian-sa1 1 1",
  "root /usr/sbin/logrotate --force --state /tmp/logrotate.state /etc/logrotate.conf",
  "root /usr/bin/unattended-upgrade --dry-run",
];

/** What people do who log in; `-t ` stands before what is done in a login shell on a terminal. */
export const LOGINS: readonly string[] = [
  "-t ls -la; id; uptime",
  "-t w; df -h; free -m; ps aux | head",
  "-t man ls | cat",
  "-t cd project && git init -q . 2>/dev/null; git status >/dev/null; git log 2>/dev/null | head; true",
  "-t cd project && make -s clean all check",
  "-t sudo tail /var/log/apache2/access.log",
  "-t sudo -i id",
  "-t sudo apt-get update",
  "-t sudo apt-get install -y --no-install-recommends hello && hello && sudo apt-get purge -y hello",
  "-t sudo apt-get install -y --reinstall --no-install-recommends less",
  "-t sudo apache2ctl graceful",
  "-t sudo su - alice -c id",
  "-t sudo journalctl -n 5; dmesg | tail; true",
  "-t sudo crontab -l; crontab -l; true",
  "-t sudo adduser --disabled-password --gecos x bob && sudo deluser --remove-home bob",
  "-t python3 -m venv venv && venv/bin/pip install -q six && venv/bin/python -c 1",
  "-t ./deploy.sh",
  "-t less /etc/services | head; vi --version; true",
  "-t find . -name *.c | xargs grep -l main; sort project/app.c | uniq | wc",
  "-t curl -sI http://127.0.0.1:20080/ | head -n 1",
  "-t ip addr; ss -tln; true",
  "-t sudo systemctl status apache2; true",
  "-t tar -czf project.tgz project && rm project.tgz",
  "-t perl -MFile::Spec -e 1; openssl version",
  "-t sudo cat /etc/shadow | wc -l; passwd -S; true",
  "uptime",
  "./project/build.sh",
  "cat > upload.txt < /dev/null; rm upload.txt",
  "/usr/lib/openssh/sftp-server < /dev/null; true",
  "git init -q --bare shop.git; git-upload-pack shop.git < /dev/null > /dev/null; true",
  "tar -cf - project | gzip | wc -c",
  "python3 -c 1",
  "bash -s < /dev/null",
];

export const PAGES: readonly string[] = [
  "/",
  "/cgi-bin/status",
  "/cgi-bin/report.py",
  "/cgi-bin/search.pl",
  "/missing",
];

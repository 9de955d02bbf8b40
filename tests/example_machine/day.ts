/**
 * What happens on the example machine in a day: people log in and work, timers and cron do theirs, packages are upgraded, the web
 * site is read.
 *
 * What a timer does each day is started by hand, so that a day takes a minute or two; cron's jobs of the hour and the day are each
 * minute's. The second day is a usual one after the first: people do the same things in another order and some others, and other
 * packages have new versions.
 *
 * @module
 */

import { poll } from "../live/exporter.ts";
import type { Machine } from "./machine.ts";

/** How long a day's piece of work may take, on a busy machine. */
const WAIT_MS = 600_000;

/** Units that timers of Debian start each day. */
const DAILY = [
  "systemd-tmpfiles-clean.service",
  "apt-daily.service",
  "apt-daily-upgrade.service",
  "dpkg-db-backup.service",
  "logrotate.service",
  "man-db.service",
];

/** What somebody types, and how they came in: into a shell at a terminal, as a command of ssh, or as a file by scp. */
type Login =
  | { readonly user: string; readonly typed: readonly string[] }
  | { readonly user: string; readonly command: string }
  | { readonly user: string; readonly copied: string };

const DAYS: readonly (readonly Login[])[] = [
  [
    {
      user: "anna",
      typed: [
        ...["uptime", "df -h", "free -m", "systemctl --no-pager status nginx | head -n 5", "w"],
        ...["sudo apt-get -q update", "sudo apt-get -q -y upgrade", "sudo systemctl restart nginx"],
        ...["sudo journalctl --no-pager -u shop | tail", "curl -s http://localhost/shop/", "dpkg -l nginx | tail -n 1"],
      ],
    },
    {
      user: "ben",
      typed: [
        ...["git clone -q project.git work", "cd work", "make", "make check", "ls -l", "grep -n main *.c"],
        ...["sed -i s/Hello/Welcome/ greet.c check.sh", "git diff | cat", "make check", "git commit -q -a -m Welcome"],
        ...["git push -q", "make clean", "cd", "crontab -l", "man ls | head -n 3"],
      ],
    },
    { user: "ben", copied: "notes.txt" },
    { user: "ben", command: "tar -cz work | wc -c" },
    { user: "anna", typed: ["sudo -i", "nginx -t", "systemctl reload nginx", "tail -n 3 /var/log/syslog", "exit"] },
    { user: "nobody", command: "true" }, // is refused
  ],
  [
    { user: "ben", command: "cat notes.txt" },
    {
      user: "anna",
      typed: [
        ...["uptime", "ps aux | sort -k 3 | tail -n 3", "sudo ls /root", "ss -tln", "last | head -n 3"],
        ...["sudo systemctl restart shop", "systemctl --no-pager --failed", "find /etc -name '*.conf' | wc -l"],
        ...["sudo apt-get -q update", "sudo apt-get -q -y upgrade", "curl -s http://localhost/shop/"],
      ],
    },
    {
      user: "ben",
      typed: [
        ...["cd work", "git pull -q", "make -j 2 check", "git log --oneline | cat", "gzip -k main.c"],
        ...["rm main.c.gz", "git status", "cd", "du -sh .", "awk 'END { print NR }' report.txt"],
      ],
    },
    { user: "ben", copied: "notes.txt" },
    { user: "anna", typed: ["sudo -i", "nginx -t", "systemctl reload nginx", "journalctl --no-pager -n 5", "exit"] },
    { user: "nobody", command: "true" },
  ],
];

export const DAY_COUNT = DAYS.length;

/** Logs somebody in, and waits until they have left. */
async function logIn(machine: Machine, key: string, login: Login): Promise<void> {
  const options = [
    ...["-F", "none", "-i", key, "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"],
    ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
  ];
  const host = `${login.user}@127.0.0.1`;
  if ("copied" in login) await machine.client(["scp", ...options, `${key}.pub`, `${host}:${login.copied}`]);
  else if ("command" in login) await machine.client(["ssh", ...options, host, login.command]);
  else await machine.client(["ssh", "-tt", ...options, host], [...login.typed, "exit"]);
}

/** Waits until cron has run everything once more. */
async function waitForCron(machine: Machine): Promise<void> {
  const since = await machine.run("date '+%F %T'");
  for (const job of ["cron.hourly", "cron.daily", "backup.sh", "report.py"]) {
    const query = `journalctl --quiet --unit=cron --since='${since}' --grep='CMD.*${job}' || true`;
    await poll(`${job} run by cron`, async () => await machine.run(query) !== "", WAIT_MS);
  }
  const children = "pgrep --parent $(cat /run/crond.pid) || true";
  await poll("the end of cron's jobs", async () => await machine.run(children) === "", WAIT_MS);
}

/** What timers do at night and people by day. */
async function work(machine: Machine, day: number, key: string): Promise<void> {
  for (const unit of DAILY) await machine.run(`systemctl start ${unit}`);
  for (const login of DAYS[day]!) await logIn(machine, key, login);
}

/** How many packages have got that day's version; all that its repositories have, or it wasn't the day that it is meant to be. */
async function upgradesOf(machine: Machine, day: number): Promise<number> {
  const count = async (command: string) => Number(await machine.run(`${command} | wc -l`));
  const upgraded = await count(`dpkg-query --show --showformat='\${Version}\\n' | grep '+day${day + 1}$'`);
  const available = await count(`find /srv/debian/${day + 1} -name '*.deb'`);
  if (upgraded !== available) throw new Error(`Cannot go on: ${upgraded} packages of ${available} were upgraded`);
  return upgraded;
}

/** Lets a day pass, the first one being 0; gives how many packages were upgraded. */
export async function live(machine: Machine, day: number, key: string): Promise<number> {
  await machine.run(`ln -sfn ${day + 1} /srv/debian/today && rm -f /var/lib/apt/periodic/*`);
  // What was rotated yesterday is due again.
  await machine.run("sed -i -E 's/ 20[0-9]{2}-/ 2020-/' /var/lib/logrotate/status");
  await Promise.all([waitForCron(machine), work(machine, day, key)]);
  return await upgradesOf(machine, day);
}

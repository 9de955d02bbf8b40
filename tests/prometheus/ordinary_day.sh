#!/bin/sh
# What an ordinary machine does in a minute: ordinary_day.sh MINUTE, in a folder of its own that stays from one to the next.
# Programs that answer a question with 1, that a closed pipe or a time limit ends, that fail now and then: all of it is usual.
set -eu
minute=$1
every() { [ $((minute % $1)) -eq 0 ]; }

# Each minute: cron asks whether there is anything to do, a check of a monitoring system, a log that somebody looks through.
/bin/sh -c 'test -x /usr/sbin/no-such-job || true'
if grep -q "^error" log 2>/dev/null; then exit 1; fi
date >>log
cat log log log | sort | uniq -c | tail -n 1 >/dev/null
[ "$(df -P / | awk 'END { print NF }')" -ge 6 ]

if every 2; then # A time limit, and a reader that has seen enough.
  timeout 0.01 sleep 60 || true
  (yes || true) | head -n 1 >/dev/null
fi
if every 5; then # run-parts, as cron does it; a script in Python.
  mkdir -p daily && printf '#!/bin/sh\ntest -x /usr/bin/apt || exit 0\nfind . -name log\n' >daily/tidy && chmod +x daily/tidy
  run-parts daily >/dev/null
  printf 'import json, sys\nprint(json.dumps(sys.argv))\n' >report.py && python3 report.py >/dev/null
fi
if every 10; then # Somebody builds a program, runs its tests, and has a typing error in between.
  printf 'int main(void) { return 0; }\n' >program.c && cc -o program program.c && ./program
  cp /bin/true program-test && ./program-test
  ls no-such-file 2>/dev/null || true
  sh -c 'no-such-command' 2>/dev/null || true
fi
if every 15; then # Somebody logs in and looks around; logs are packed.
  su -l -c 'id; uname -a; ls /; :' >/dev/null
  cp log log.1 && gzip -f log.1
fi
if every 20; then # What is installed.
  dpkg-query --show coreutils >/dev/null
  perl -e 'exit 0'
fi

#!/bin/sh
# Ten endings of each kind: success, error, signal, core.
ulimit -c unlimited
for _ in 1 2 3 4 5 6 7 8 9 10; do
  /usr/bin/true
  /usr/bin/false
  sh -c 'kill -KILL $$'
  sh -c 'kill -ABRT $$'
done
exit 0

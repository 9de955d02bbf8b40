#!/bin/sh
# Launches a program so many times, as fast as it goes: launch.sh TIMES PROGRAM…
times=$1
shift
while [ "$times" -gt 0 ]; do
  "$@"
  times=$((times - 1))
done

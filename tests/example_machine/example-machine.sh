#!/bin/sh
# The init of the example machine, before it boots: it waits until somebody watches. Trees below its name are the machine's.
read -r _ </run/boot
exec /lib/systemd/systemd

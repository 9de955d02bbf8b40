#!/bin/sh
set -e
./greet Ben | grep -q '^Hello, Ben$'
./greet | wc -l | grep -q '^ *1$'
echo ok

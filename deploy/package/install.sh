#!/bin/sh
# Installs cnproc-exporter from this folder, below PREFIX (/usr/local by default): ./install.sh [PREFIX]
set -eu
cd "$(dirname "$0")"
prefix=${1:-/usr/local}

case $(uname -m) in
  x86_64) loader=/lib64/ld-linux-x86-64.so.2 ;;
  aarch64) loader=/lib/ld-linux-aarch64.so.1 ;;
  *) echo "install.sh: cannot install on $(uname -m): want x86_64 or aarch64" >&2; exit 1 ;;
esac
# A program for another C library can't even say so: the shell would call it "not found".
if [ ! -e "$loader" ]; then
  musl=
  for file in /lib/ld-musl-*; do if [ -e "$file" ]; then musl=' (this one has musl)'; fi; done
  echo "install.sh: cannot install here: cnproc-exporter needs glibc 2.27 or newer$musl; use the container image" >&2
  exit 1
fi
if ! version=$(./cnproc-exporter --version); then
  echo "install.sh: cannot install here: cnproc-exporter does not run; it needs glibc 2.27 or newer and is for one kind of processor" >&2
  exit 1
fi

install -D -m 755 cnproc-exporter "$prefix/bin/cnproc-exporter"
install -D -m 644 cnproc-exporter.8.gz "$prefix/share/man/man8/cnproc-exporter.8.gz"
install -D -m 644 completions/bash "$prefix/share/bash-completion/completions/cnproc-exporter"
install -D -m 644 completions/zsh "$prefix/share/zsh/site-functions/_cnproc-exporter"
install -D -m 644 completions/fish "$prefix/share/fish/vendor_completions.d/cnproc-exporter.fish"
echo "installed $version in $prefix/bin"
if [ -d /run/systemd/system ]; then
  echo "as a service: sed 's|/usr/bin/|$prefix/bin/|' cnproc-exporter.service > /etc/systemd/system/cnproc-exporter.service &&" \
    "systemctl enable --now cnproc-exporter"
fi

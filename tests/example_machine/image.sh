#!/bin/sh
# What makes a small server of a fresh Debian, as its administrator would set it up once: image.sh ROOT, a hook of mmdebstrap.
# Beside that the packages of two days' upgrades, since the machine has no network: Debian's own, rebuilt with a higher version.
set -eu
root=$1
inside() { chroot "$root" "$@"; }

# What each day's upgrades bring: those that the administrator installs, those of unattended-upgrades. None comes on both days.
by_hand_1="openssh-client openssh-server openssh-sftp-server cron rsyslog"
unattended_1="sudo tzdata"
by_hand_2="less nginx nginx-common"
unattended_2="curl git git-man libcurl4 libssl3 openssl"

# Rebuilds packages into a repository: repository FOLDER SUITE DAY PACKAGE…
repository() {
  folder=srv/debian/$1 suite=$2 day=$3
  shift 3
  mkdir -p "$root/$folder/pool" "$root/$folder/dists/$suite/main/binary-amd64"
  inside apt-get -qq update
  for package in "$@"; do
    work=$(inside mktemp -d)
    inside sh -c "cd $work && apt-get -qq -o APT::Sandbox::User=root download $package && dpkg-deb -R ./*.deb new"
    old=$(sed -n 's/^Version: //p' "$root/$work/new/DEBIAN/control")
    sed -i "s/^Version: .*/&+day$day/; s/(= $(printf %s "$old" | sed 's/[.]/\\&/g'))/(= $old+day$day)/g" \
      "$root/$work/new/DEBIAN/control"
    inside dpkg-deb -Znone --root-owner-group -b "$work/new" "/$folder/pool/${package}_amd64.deb" >/dev/null
    rm -rf "${root:?}/$work"
  done
  for package in "$@"; do
    file=pool/${package}_amd64.deb
    inside dpkg-deb -f "/$folder/$file"
    echo "Filename: $file"
    echo "Size: $(stat -c %s "$root/$folder/$file")"
    echo "SHA256: $(sha256sum <"$root/$folder/$file" | cut -d ' ' -f 1)"
    echo
  done >"$root/$folder/dists/$suite/main/binary-amd64/Packages"
  {
    printf 'Origin: Debian\nLabel: %s\nSuite: %s\nCodename: %s\n' "$label" "$suite" "$suite"
    printf 'Architectures: amd64\nComponents: main\nDate: %s\nSHA256:\n' "$(LC_ALL=C date -Ru)"
    cd "$root/$folder/dists/$suite"
    file=main/binary-amd64/Packages
    echo " $(sha256sum <"$file" | cut -d ' ' -f 1) $(stat -c %s "$file") $file"
  } >"$root/release" && mv "$root/release" "$root/$folder/dists/$suite/Release"
  # mmdebstrap gives all that is newer than its start one time, and apt asks for what has another time than it knows.
  touch -d "2024-01-0$day" "$root/$folder/dists/$suite/Release" "$root/$folder/dists/$suite/main/binary-amd64/Packages"
}
for day in 1 2; do
  eval "by_hand=\$by_hand_$day unattended=\$unattended_$day"
  # unattended-upgrades takes Debian's own and its security updates, and leaves bookworm-updates to the administrator.
  (label=Debian; repository "$day/updates" bookworm-updates "$day" $by_hand)
  (label=Debian-Security; repository "$day/security" bookworm-security "$day" $unattended)
done
cat >"$root/etc/apt/sources.list" <<'END'
deb [trusted=yes] http://localhost/debian/updates bookworm-updates main
deb [trusted=yes] http://localhost/debian/security bookworm-security main
END
rm -f "$root"/etc/apt/sources.list.d/*
cat >"$root/etc/apt/apt.conf.d/20auto-upgrades" <<'END'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";
END

echo example >"$root/etc/hostname"
inside systemctl mask console-getty.service # there is no console

# A web site, and an application behind it.
mkdir -p "$root/srv/shop"
cp "${0%/*}/files/shop.py" "$root/srv/shop/shop.py"
cp "${0%/*}/files/shop.service" "$root/etc/systemd/system/shop.service"
cp "${0%/*}/files/site" "$root/etc/nginx/sites-available/default"
inside systemctl enable shop.service

# A log that was begun before, and when logs were rotated last, so that each night has some to rotate.
echo 'an earlier line' >"$root/var/log/nginx/access.log"
{
  echo 'logrotate state -- version 2'
  for log in nginx/access.log nginx/error.log syslog auth.log cron.log user.log; do
    echo "\"/var/log/$log\" 2020-1-1-0:0:0"
  done
} >"$root/var/lib/logrotate/status"

# An administrator and a developer, who log in by key.
for user in anna ben; do
  inside useradd --create-home --shell /bin/bash "$user"
done
inside adduser --quiet anna sudo
echo 'anna ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/anna"
chmod 440 "$root/etc/sudoers.d/anna"

# A program in a repository of the developer's.
cp -r "${0%/*}/files/project" "$root/home/ben/seed"
inside chown -R ben: /home/ben/seed
inside su ben -c 'cd && git init -q --bare project.git && cd seed && git init -q -b main && git config --global user.name Ben &&
  git config --global user.email ben@localhost && git add . && git commit -q -m "First version" && git push -q ../project.git main &&
  cd && git -C project.git symbolic-ref HEAD refs/heads/main && rm -rf seed'

# Jobs of cron: a backup of root's and a report of the developer's.
mkdir -p "$root/var/backups/site"
install -m 755 "${0%/*}/files/backup.sh" "$root/usr/local/sbin/backup.sh"
echo '30 3 * * * root /usr/local/sbin/backup.sh' >"$root/etc/cron.d/backup"
install -m 755 "${0%/*}/files/report.py" "$root/home/ben/report.py"
echo '0 * * * * $HOME/report.py' | inside crontab -u ben -
# A day is a minute: what runs each hour or each day runs each minute; the weekly and monthly jobs are another day's.
sed -i -E 's/^(17 \*|25 6|30 3|0 \*)(\s+\*)+/* * * * */' "$root/etc/crontab" "$root/etc/cron.d/backup" \
  "$root/var/spool/cron/crontabs/ben"

/**
 * The programs of the base system of Debian 12.15: 100 packages of priority required, important or standard.
 * Written by scripts/generate_base_list.ts.
 *
 * @module
 */

/** Programs in /usr/bin, separated by blanks. */
export const COMMANDS =
  "[ addpart apropos apt apt-cache apt-cdrom apt-config apt-extracttemplates apt-ftparchive apt-get apt-key " +
  "apt-listchanges apt-mark apt-sortpkgs arch awk b2sum base32 base64 basename basenc bash bashbug bunzip2 busctl " +
  "bzcat bzcmp bzdiff bzegrep bzexe bzfgrep bzgrep bzip2 bzip2recover bzless bzmore captoinfo cat catman chage " +
  "chattr chcon chfn chgrp chmod choom chown chrt chsh cksum clear clear_console cmp comm corelist cp cpan cpio " +
  "crontab csplit ctstat cut dash date dd deb-systemd-helper deb-systemd-invoke debconf debconf-apt-progress " +
  "debconf-communicate debconf-copydb debconf-escape debconf-set-selections debconf-show delpart delv df " +
  "dh_bash-completion diff diff3 dig dir dircolors dirname dmesg dnsdomainname dnstap-read domainname dotlockfile " +
  "dpkg dpkg-deb dpkg-divert dpkg-maintscript-helper dpkg-query dpkg-realpath dpkg-split dpkg-statoverride " +
  "dpkg-trigger du echo editor egrep enc2xs encguess env envsubst eqn ex expand expiry expr factor faillog " +
  "fallocate false fgrep file fincore find findmnt flock fmt fold free geqn getconf getent getopt gettext " +
  "gettext.sh gpasswd gpgv gpic grep groff grog grops grotty groups gtbl gunzip gzexe gzip h2ph h2xs hardlink " +
  "head helpztags host hostid hostname hostnamectl i386 iconv id inetutils-telnet infocmp infotocap install " +
  "instmodsh ionice ip ipcmk ipcrm ipcs ischroot join journalctl json_pp kernel-install kill kmod last lastb " +
  "lastlog lcf ld.so ldd less lessecho lessfile lesskey lesspipe lexgrog lft lft.db libnetcfg link linux32 " +
  "linux64 ln lnstat locale localectl localedef logger login loginctl logname ls lsattr lsblk lscpu lsfd lsipc " +
  "lsirq lslocks lslogins lsmem lsmod lsns lsof lspci lzma lzmainfo man man-recode mandb manpath mawk mcookie " +
  "md5sum md5sum.textutils mdig mesg mkdir mkfifo mknod mktemp more mount mountpoint mt mt-gnu mv namei nano neqn " +
  "networkctl newgrp ngettext nice nisdomainname nl nohup nproc nroff nsenter nslookup nstat nsupdate numfmt od " +
  "pager partx passwd paste pathchk perl perl5.36.0 perlbug perldoc perlivp perlthanks pgrep pic pico piconv " +
  "pidof pidwait ping ping4 ping6 pinky pkill pl2pm pldd pmap pod2html pod2man pod2text pod2usage podchecker pr " +
  "preconv printenv printf prlimit prove ps ptar ptardiff ptargrep ptx pwd pwdx querybts rbash rdma readlink " +
  "realpath rename.ul renice reportbug reset resizepart rev rgrep rm rmdir rnano routel rtstat run-parts runcon " +
  "rview savelog scp script scriptlive scriptreplay sdiff sed select-editor sensible-browser sensible-editor " +
  "sensible-pager seq setarch setpci setpriv setsid setterm sftp sg sh sha1sum sha224sum sha256sum sha384sum " +
  "sha512sum shasum shred shuf skill slabtop sleep slogin snice soelim sort splain split ss ssh ssh-add ssh-agent " +
  "ssh-argv0 ssh-copy-id ssh-keygen ssh-keyscan stat stdbuf streamzip stty su sum sync systemctl systemd " +
  "systemd-analyze systemd-ask-password systemd-cat systemd-cgls systemd-cgtop systemd-creds systemd-cryptenroll " +
  "systemd-delta systemd-detect-virt systemd-escape systemd-firstboot systemd-hwdb systemd-id128 systemd-inhibit " +
  "systemd-machine-id-setup systemd-mount systemd-notify systemd-path systemd-repart systemd-run " +
  "systemd-socket-activate systemd-stdio-bridge systemd-sysext systemd-sysusers systemd-tmpfiles systemd-umount " +
  "tabs tac tail tar taskset tbl tee telnet tempfile test tic timedatectl timeout tload toe top touch tput tr " +
  "traceproto traceproto.db traceroute traceroute-nanog traceroute.db traceroute6 traceroute6.db troff true " +
  "truncate tset tsort tty tzselect ucf ucfq ucfr uclampset udevadm umount uname uncompress unexpand uniq unlink " +
  "unshare unxz update-alternatives uptime users utmpdump vdir vi view vim.tiny vmstat w wall watch wc wdctl wget " +
  "whatis whereis which which.debianutils who whoami x86_64 xargs xsubpp xz xzcat xzcmp xzdiff xzegrep xzfgrep " +
  "xzgrep xzless xzmore yes ypdomainname zcat zcmp zdiff zdump zegrep zfgrep zforce zgrep zipdetails zless zmore " +
  "znew";

/** Programs in /usr/sbin, separated by blanks. */
export const ADMINISTRATOR_COMMANDS =
  "accessdb add-shell addgroup adduser agetty arpd badblocks biosdecode blkdiscard blkid blkzone blockdev bridge " +
  "capsh cfdisk chcpu chgpasswd chmem chpasswd chroot cpgr cppw cron ctrlaltdel dcb debugfs delgroup deluser " +
  "depmod devlink dhclient dhclient-script dmidecode dpkg-fsys-usrunmess dpkg-preconfigure dpkg-reconfigure " +
  "dumpe2fs e2freefrag e2fsck e2image e2label e2mmpstatus e2scrub e2scrub_all e2undo e4crypt e4defrag faillock " +
  "fdisk filefrag findfs fsck fsck.cramfs fsck.ext2 fsck.ext3 fsck.ext4 fsck.minix fsfreeze fstab-decode fstrim " +
  "genl getcap getpcaps getty groupadd groupdel groupmems groupmod grpck grpconv grpunconv halt hwclock " +
  "iconvconfig ifdown ifquery ifup init insmod installkernel invoke-rc.d ip isosize killall5 ldattach ldconfig " +
  "locale-gen logrotate losetup lsmod mke2fs mkfs mkfs.bfs mkfs.cramfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.minix " +
  "mkhomedir_helper mklost+found mkswap modinfo modprobe newusers nft nologin ownership pam-auth-update " +
  "pam_getenv pam_namespace_helper pam_timestamp_check pivot_root poweroff pwck pwconv pwhistory_helper pwunconv " +
  "readprofile reboot remove-shell resize2fs rmmod rmt rmt-tar rtacct rtcwake rtmon runlevel runuser service " +
  "setcap sfdisk shadowconfig shutdown start-stop-daemon sulogin swaplabel swapoff swapon switch_root sysctl " +
  "tarcat tc tcptraceroute tcptraceroute.db telinit tipc tune2fs unix_chkpwd unix_update update-ca-certificates " +
  "update-locale update-passwd update-pciids update-rc.d update-shells useradd userdel usermod validlocale vdpa " +
  "vigr vipw vpddecode wipefs zic zramctl";

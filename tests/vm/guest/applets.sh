#!/bin/sh
# Applets of BusyBox: by the shell, which has them itself, by their links, and by its own name; two that serve keep their names.
ls / > /dev/null
cat /dev/null
/bin/ls / > /dev/null
/bin/date > /dev/null
/usr/bin/id > /dev/null
/bin/busybox uname > /dev/null
/usr/sbin/crond --help > /dev/null 2>&1
/usr/sbin/httpd --help > /dev/null 2>&1
exit 0

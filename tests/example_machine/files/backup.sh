#!/bin/sh
# A backup of the site each night, seven of them kept.
set -eu
cd /var/backups/site
tar -czf "site-$(date +%u).tar.gz" -C /var/www html
sha256sum site-*.tar.gz >SHA256SUMS
find . -name 'site-*' -mtime +7 -delete

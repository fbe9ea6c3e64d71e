#!/usr/bin/env bash
# Installs what is missing from Debian's packages. Never makes or touches a system cluster.
set -eu
wanted="gcc make libc6-dev postgresql-15 postgresql-server-dev-15 postgresql-15-postgis-3 libmicrohttpd-dev libpq-dev
        libjansson-dev libxml2-dev libcurl4-openssl-dev libssl-dev libgnutls28-dev libgeos-dev libproj-dev zlib1g-dev
        openssl curl python3 util-linux"
wanted="$wanted $*"
missing=
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then root=; else root=sudo; fi
printf 'installing Debian packages:%s\n' "$missing" >&2
# Installing postgresql would make a cluster 15/main; where nothing of PostgreSQL was there before, say no.
if ! dpkg-query -W -f='${Status}' postgresql-common 2>/dev/null | grep -q 'ok installed'; then
    $root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | $root tee /etc/postgresql-common/createcluster.d/citybigdata.conf >/dev/null
fi
$root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
# shellcheck disable=SC2086
$root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null

#!/usr/bin/env bash
# packages.sh [PACKAGE...]: installs what is missing of Debian's packages that build and run need, and of those named.
# Never makes or touches a system cluster.
set -eu
wanted="gcc make libc6-dev postgresql-15 postgresql-server-dev-15 postgresql-15-postgis-3 libmicrohttpd-dev libpq-dev
        libjansson-dev libxml2-dev libcurl4-openssl-dev libssl-dev libgd-dev libturbojpeg0-dev libexif-dev libseccomp-dev libgnutls28-dev libgeos-dev libproj-dev zlib1g-dev libicu-dev
        openssl curl ca-certificates python3 util-linux $*"
# Sets missing to those that are not installed.
find_missing() {
    local package present
    # shellcheck disable=SC2086
    present=$(dpkg-query -W -f='${Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^install ok installed //p' || true)
    missing=
    for package in $wanted; do
        grep -qx "$package" <<<"$present" || missing="$missing $package"
    done
}

find_missing
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || { printf 'error: these packages of Debian 12 are needed:%s\n' "$missing" >&2; exit 1; }
if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null; then
    root=sudo
else
    printf 'error: packages are missing and there is no sudo; run as root:\n  apt-get install --no-install-recommends%s\n' "$missing" >&2
    exit 1
fi
printf 'installing Debian packages:%s\n' "$missing" >&2
# Installing postgresql would make a cluster 15/main; where nothing of PostgreSQL was there before, say no.
if ! dpkg-query -W -f='${Status}' postgresql-common 2>/dev/null | grep -q 'ok installed'; then
    $root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' | $root tee /etc/postgresql-common/createcluster.d/citybigdata.conf >/dev/null
fi
# Kannel's package would start a gateway of its own; where there was none before, say no: make up runs one as an ordinary user.
if [[ " $missing " == *" kannel "* ]] && [ ! -e /etc/systemd/system/kannel.service ]; then
    $root mkdir -p /etc/systemd/system
    $root ln -s /dev/null /etc/systemd/system/kannel.service
fi
# an earlier run that was killed may have left packages unpacked but not configured
$root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >&2
# RUNLEVEL: a service that comes with a package (nginx) is not started
apt() { $root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=300 "$@"; }
apt -qq update
# a line for each package, so that one sees it move
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing | sed -un 's/^\(Unpacking\|Setting up\) \([^ ]*\).*/  \1 \2/p' >&2
# the pipe hides apt's exit code
find_missing
[ -z "$missing" ] || { printf 'error: not installed:%s\n' "$missing" >&2; exit 1; }

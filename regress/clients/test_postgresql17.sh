#!/usr/bin/env bash
# The extension on PostgreSQL 17 with PostGIS 3.5, as Debian 13 has them, in a folder of its own (debootstrap; half an hour and 3 GB, as root):
# it builds there, the SQL tests run there, and pg_upgrade takes a used database from 15 to 17, whose rows are compared.
#   test_postgresql17.sh FOLDER        prints `ok NAME` or `not ok NAME`
# CBD_DEBIAN: address of the package archive, when it is another than that of this machine's apt.
set -u
folder=$1 root=$1/debian13
top=$(cd "$(dirname "$0")/../.." && pwd)
archive=${CBD_DEBIAN:-$(grep -rhoE 'https?://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -1)}
# the words of PostgreSQL and the widths of psql's tables, which other versions have in another way
OTHER_WORDS=' interval role token data_types ingest media audit_seal '
# the parts of the schedule that fill the database to be taken over
USED='setup coord division account access event_report publish ingest steps process deadline media audit_seal rule callback duplicate'

told() { local name=$1; shift; if "$@" > "$folder/out" 2>&1; then echo "ok $name"; else echo "not ok $name"; tail -40 "$folder/out" >&2; fi; }
inside() { chroot "$root" "$@"; }
postgres() { inside runuser -u postgres -- "$@"; }
server() { postgres "/usr/lib/postgresql/$1/bin/pg_ctl" -w -D "/pg$1/data" -l "/pg$1/log" "$2" > /dev/null; }
clean() { local v; for v in 15 17; do [ ! -f "$root/pg$v/data/postmaster.pid" ] || server "$v" stop; done; umount "$root/proc" 2>/dev/null; rm -rf "$root"; }

make_root() {
    "$top/regress/cluster/packages.sh" debootstrap && debootstrap --variant=minbase trixie "$root" "$archive" || return 1
    mkdir -p "$root/etc/postgresql-common/createcluster.d"
    echo 'create_main_cluster = false' > "$root/etc/postgresql-common/createcluster.d/none.conf"
    printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"; chmod +x "$root/usr/sbin/policy-rc.d"
    printf 'deb %s %s main\n' "$archive" trixie "$archive" bookworm > "$root/etc/apt/sources.list"
    printf 'Package: *\nPin: release n=bookworm\nPin-Priority: 100\n' > "$root/etc/apt/preferences.d/older"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mount --bind /proc "$root/proc"
    inside apt-get -qq update && inside env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends gcc make python3 openssl \
        $(sed -n '/^wanted=/,/\$\*"/p' "$top/regress/cluster/packages.sh" | grep -oE 'lib[a-z0-9-]+-dev|zlib1g-dev' | sort -u) \
        postgresql-17 postgresql-17-postgis-3 postgresql-server-dev-17 postgresql-15 postgresql-15-postgis-3 postgresql-server-dev-15
}

# build VERSION: from what git has of this tree, and installs it
build() {
    mkdir "$root/src$1" && git -C "$top" ls-files -z | tar -C "$top" --null -T - -c | tar -C "$root/src$1" -x || return 1
    inside sh -c "cd /src$1 && make -s -j2 PG_CONFIG=/usr/lib/postgresql/$1/bin/pg_config && make -s install PG_CONFIG=/usr/lib/postgresql/$1/bin/pg_config && chmod -R a+rX /src$1"
}

# cluster VERSION: a new one, stopped
cluster() {
    inside install -d -o postgres "/pg$1" "/out$1"
    postgres "/usr/lib/postgresql/$1/bin/initdb" -D "/pg$1/data" -E UTF8 --locale=C.UTF-8 -A trust > /dev/null
    [ -f "$root/key" ] || { (umask 077; openssl rand -hex 32 > "$root/key"); inside chown postgres /key; }
    cat >> "$root/pg$1/data/postgresql.conf" <<CONF
listen_addresses = ''
port = 57$1
unix_socket_directories = '/pg$1'
fsync = off
max_connections = 200
timezone = 'Asia/Shanghai'
session_preload_libraries = 'citybigdata'
citybigdata.key_file = '/key'
CONF
}

# tests VERSION TEST...: pg_regress; a failure is one that is not of other words
tests() {
    local v=$1 name; shift
    inside sh -c "cd /out$v && runuser -u postgres -- env LC_ALL=C /usr/lib/postgresql/$v/lib/pgxs/src/test/regress/pg_regress --bindir=/usr/lib/postgresql/$v/bin \
        --inputdir=/src$v/regress --outputdir=/out$v --host=/pg$v --port=57$v --user=postgres --dbname=regression_citybigdata $* > /out$v/all.log 2>&1"
    for name in $(sed -n 's/^not ok [0-9]* *[-+] *\([a-z_0-9]*\).*/\1/p; s/^test \([a-z_0-9]*\) .*FAILED.*/\1/p' "$root/out$v/all.log"); do
        case $OTHER_WORDS in *" $name "*) ;; *) echo "$name fails"; cat "$root/out$v/regression.diffs"; return 1 ;; esac
    done
    grep -qE '^ok |\.\.\. ok' "$root/out$v/all.log"
}

sql() { local v=$1; shift; postgres "/usr/lib/postgresql/$v/bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "/pg$v" -p "57$v" -U postgres -d regression_citybigdata "$@"; }
# Every table but the audit log, which each look at it makes longer: name, rows, digest.
content() {
    local name
    sql "$1" -c "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'citybigdata'::regnamespace AND c.relname NOT LIKE 'audit_log%' ORDER BY c.oid::regclass::text" \
        | while read -r name; do sql "$1" -c "SELECT '$name', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM $name t"; done
}

upgrade() {
    server 15 start && tests 15 "$USED" || return 1
    sql 15 -c 'DROP TABLE IF EXISTS public.rights_before' # of a test: its aclitem has another form from 16 on
    content 15 > "$folder/before"
    sql 15 -c "SELECT * FROM citybigdata.restore_problems()" > "$folder/problems"
    server 15 stop && rm -rf "$root/pg17/data" && cluster 17 || return 1
    inside sh -c "cd /pg17 && runuser -u postgres -- /usr/lib/postgresql/17/bin/pg_upgrade -b /usr/lib/postgresql/15/bin -B /usr/lib/postgresql/17/bin -d /pg15/data -D /pg17/data -U postgres -s /pg17" || return 1
    server 17 start && content 17 | diff "$folder/before" - || return 1
    sql 17 -c 'ALTER EXTENSION postgis UPDATE' -c "SELECT citybigdata.setup(platform_code, platform_name, platform_code) FROM citybigdata.platform" || return 1
    sql 17 -c "SELECT * FROM citybigdata.restore_problems()" | diff "$folder/problems" - || return 1
    [ "$(sql 17 -c "SELECT count(*) FROM citybigdata.audit_verify() WHERE block_no IS NOT NULL")" = 0 ] && [ "$(sql 17 -c "SELECT citybigdata.master_key_state()")" = ok ]
}

[ "$(id -u)" = 0 ] || { echo "not ok a folder with Debian 13 can be made (root only)"; exit 1; }
trap clean EXIT
make_root > "$folder/out" 2>&1 || { echo "not ok a folder with Debian 13 can be made"; tail -20 "$folder/out" >&2; exit 1; }
told "it builds for PostgreSQL 17" build 17
told "it builds for PostgreSQL 15 there" build 15
cluster 17 && server 17 start
told "the SQL tests pass on 17, but for PostgreSQL's own words" tests 17 "$(grep -v '^#' "$top/regress/schedule" | tr '\n' ' ')"
server 17 stop
cluster 15
told "pg_upgrade from 15 to 17 loses nothing" upgrade

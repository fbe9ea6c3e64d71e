# Shell functions for private PostgreSQL clusters; sourced by the scripts beside it.
# A cluster lives in one folder: pg/ (a copy of the server's program and share folders, so that our extension
# is installed without touching the system's), data/, log. Nothing of the system's clusters is read or changed.

set -eu
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for name in $(compgen -e | grep -E '^PG' || true); do unset "$name"; done

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# The unprivileged user that PostgreSQL and the bridge run as: postgres when we are root, else ourselves.
if [ "$(id -u)" = 0 ]; then DB_USER=postgres; else DB_USER=$(id -un); fi
as_db() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid="$DB_USER" --regid="$DB_USER" --init-groups -- "$@"; else "$@"; fi
}

find_postgres() {
    PG_CONFIG=${PG_CONFIG:-pg_config}
    command -v "$PG_CONFIG" >/dev/null || die "pg_config not found; run: make packages"
    PG_BIN=$("$PG_CONFIG" --bindir); PG_SHARE=$("$PG_CONFIG" --sharedir)
    PG_REGRESS=$(dirname "$("$PG_CONFIG" --pgxs)")/../../src/test/regress/pg_regress
    PG_ISOLATION=$(dirname "$("$PG_CONFIG" --pgxs)")/../../src/test/isolation/pg_isolation_regress
}

# A TCP port that nothing listens on.
free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# prefix_make DIR: a copy of the server under DIR/pg.
prefix_make() {
    local dir=$1
    mkdir -p "$dir/pg$PG_BIN" "$dir/pg$PG_SHARE"
    cp -a "$(dirname "$PG_BIN")/." "$dir/pg$(dirname "$PG_BIN")/"
    cp -a "$PG_SHARE/." "$dir/pg$PG_SHARE/"
}

# cluster_init DIR: initdb in DIR/data, settings for a private cluster.
cluster_init() {
    local dir=$1
    install -d -m 0700 ${2:+-o "$DB_USER"} "$dir/data"
    [ "$(id -u)" = 0 ] && chown "$DB_USER" "$dir" "$dir/data"
    (cd / && as_db "$dir/pg$PG_BIN/initdb" -D "$dir/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust >"$dir/initdb.log" 2>&1) \
        || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
    head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' | as_db sh -c "umask 077; cat > '$dir/data/citybigdata.key'"
    # Only the owner of the socket folder (mode 0700) and root reach the socket; over TCP a password is needed.
    as_db sh -c "cat > '$dir/data/pg_hba.conf'" <<HBA
local all all trust
host  all all 127.0.0.1/32 scram-sha-256
HBA
    as_db sh -c "cat >> '$dir/data/postgresql.conf'" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_permissions = 0700
session_preload_libraries = 'citybigdata'
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
max_connections = 200
max_wal_size = '4GB'
logging_collector = off
CONF
}

# cluster_start DIR PORT: starts it; the socket is in DIR/socket -> a short folder (a socket's path has at most 107 bytes).
cluster_start() {
    local dir=$1 port=$2 socket
    socket=$(cat "$dir/socket" 2>/dev/null || true)
    if [ -z "$socket" ] || [ ! -d "$socket" ]; then
        socket=$(mktemp -d /tmp/cbd.XXXXXX)
        [ "$(id -u)" = 0 ] && chown "$DB_USER" "$socket"
        echo "$socket" > "$dir/socket"
    fi
    (cd / && as_db "$dir/pg$PG_BIN/pg_ctl" start -w -t 60 -D "$dir/data" -l "$dir/data/server.log" \
        -o "-p $port -k $socket" >/dev/null 2>&1) || { tail -20 "$dir/data/server.log" >&2; die "PostgreSQL does not start"; }
}

cluster_stop() {
    local dir=$1
    [ -f "$dir/data/postmaster.pid" ] || return 0
    (cd / && as_db "$dir/pg$PG_BIN/pg_ctl" stop -w -m fast -D "$dir/data" >/dev/null 2>&1) || true
}

# cluster_remove DIR: stops it and deletes everything.
cluster_remove() {
    local dir=$1
    cluster_stop "$dir"
    [ -f "$dir/socket" ] && rm -rf "$(cat "$dir/socket")"
    rm -rf "$dir"
}

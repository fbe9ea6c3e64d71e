# Shell functions for private PostgreSQL clusters; sourced by the scripts beside it.
# A cluster lives in one folder DIR:
#   pg/      a copy of the server's program and share folders, so that our extension is installed without touching the system's
#   data/    the cluster; server.log is in it
#   master.key   the platform's master key (0600, the database's user): beside the cluster, so that no base backup has it
#   socket   a file that names the folder of the server's socket
# Nothing of the system's clusters is read or changed. Every step may be killed and repeated: what takes
# long is made under another name and moved into place.

set -eu
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

# Of the environment only the two ports count, the developer's scratch folder, and how much to test and measure: a shell that sourced an
# env file of this or another platform must not lead anything astray.
WANTED_PORT=${CBD_PORT:-}
WANTED_PGPORT=${CBD_PGPORT:-}
for name in $(compgen -e | grep -E '^(PG|CBD_)' | grep -vE '^CBD_(DEV_DIR|TEST_ALL|BENCH_CASES|BENCH_SNAPSHOT)$' || true); do unset "$name"; done
unset name MAKEFLAGS MFLAGS MAKELEVEL

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# step TEXT COMMAND...: runs COMMAND with its output in a log; says what goes on, a dot every two seconds, the log when it fails.
step() {
    local text=$1 log pid started=$SECONDS ticks=0 code=0
    shift
    log=$(mktemp)
    printf '%s ' "$text" >&2
    ("$@") >"$log" 2>&1 </dev/null &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        ticks=$((ticks + 1))
        [ $((ticks % 20)) != 0 ] || printf '.' >&2
    done
    wait "$pid" || code=$?
    if [ "$code" = 0 ]; then
        printf ' %d s\n' $((SECONDS - started)) >&2
        grep -n 'warning:' "$log" >&2 || true
    else
        printf ' failed\n' >&2
        tail -40 "$log" >&2
    fi
    rm -f "$log"
    return "$code"
}

# The unprivileged user that PostgreSQL and the bridge run as: postgres when we are root, else ourselves.
if [ "$(id -u)" = 0 ]; then DB_USER=postgres; else DB_USER=$(id -un); fi
# as_db COMMAND...: as that user, from /, without file descriptor 9 (the lock of up.sh must not outlive it in a server).
as_db() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec setpriv --reuid="$DB_USER" --regid="$(id -g "$DB_USER")" --init-groups --inh-caps=-all -- \
            env HOME=/ USER="$DB_USER" LOGNAME="$DB_USER" "$@") 9>&-
    else
        (cd / && exec "$@") 9>&-
    fi
}

# own_dir DIR: makes a folder that we own, that the database's user may pass through and nobody else may.
own_dir() {
    if [ "$(id -u)" = 0 ]; then
        install -d -m 0710 -o root -g "$(id -g "$DB_USER")" "$1"
    else
        install -d -m 0700 "$1"
    fi
}

# db_dir DIR: makes a folder of the database's user, mode 0700.
db_dir() {
    if [ "$(id -u)" = 0 ]; then
        install -d -m 0700 -o "$DB_USER" -g "$(id -g "$DB_USER")" "$1"
    else
        install -d -m 0700 "$1"
    fi
}

# Sets PG_CONFIG, PG_BIN, PG_SHARE, PG_REGRESS, PG_ISOLATION. packages.sh installs PostgreSQL 15; another version is taken
# only where that one is missing.
find_postgres() {
    PG_CONFIG=/usr/lib/postgresql/15/bin/pg_config
    [ -x "$PG_CONFIG" ] || PG_CONFIG=pg_config
    command -v "$PG_CONFIG" >/dev/null || die "pg_config not found; run: make packages"
    PG_BIN=$("$PG_CONFIG" --bindir); PG_SHARE=$("$PG_CONFIG" --sharedir)
    local pgxs
    pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")
    PG_REGRESS=$pgxs/../../src/test/regress/pg_regress
    PG_ISOLATION=$pgxs/../../src/test/isolation/pg_isolation_regress
}

# A TCP port of 127.0.0.1 that nothing listens on.
free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# port_taken PORT: does something listen there?
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# What the system's server consists of: changes when a package is upgraded.
server_stamp() {
    find "$(dirname "$PG_BIN")" "$PG_SHARE" -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -d' ' -f1
}

# prefix_make DIR: a copy of the server under DIR/pg, made anew when the system's server is another one now.
prefix_make() {
    local dir=$1 stamp
    stamp=$(server_stamp)
    [ "$(cat "$dir/pg/.server" 2>/dev/null || true)" != "$stamp" ] || return 0
    cluster_stop "$dir"
    rm -rf "$dir/pg.new"
    mkdir -p "$dir/pg.new$PG_BIN" "$dir/pg.new$PG_SHARE"
    cp -a "$(dirname "$PG_BIN")/." "$dir/pg.new$(dirname "$PG_BIN")/"
    cp -a "$PG_SHARE/." "$dir/pg.new$PG_SHARE/"
    # an extension of ours that the system has must not shine through
    rm -rf "$dir/pg.new$PG_SHARE/extension"/citybigdata* "$dir/pg.new$("$PG_CONFIG" --pkglibdir)/citybigdata.so"
    echo "$stamp" > "$dir/pg.new/.server"
    rm -rf "$dir/pg"
    mv "$dir/pg.new" "$dir/pg"
}

# key_file FILE: a new master key, readable by the database's user alone.
key_file() {
    (umask 077; head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$1.new")
    if [ "$(id -u)" = 0 ]; then chown "$DB_USER" "$1.new"; fi
    mv "$1.new" "$1"
}

# cluster_key DIR: moves the key of a cluster that was made with it in the data directory beside the cluster.
cluster_key() {
    local dir=$1
    [ -f "$dir/data/citybigdata.key" ] && [ ! -f "$dir/master.key" ] || return 0
    say "moving the master key out of the data directory, to $dir/master.key"
    cp -p "$dir/data/citybigdata.key" "$dir/master.key"
    as_db sh -c 'cat >> "$1"' sh "$dir/data/postgresql.conf" <<CONF
citybigdata.key_file = '${dir//\'/\'\'}/master.key'
CONF
    if cluster_running "$dir"; then as_db "$dir/pg$PG_BIN/pg_ctl" reload -D "$dir/data" >/dev/null; fi
    rm "$dir/data/citybigdata.key"
}

# cluster_init DIR: initdb in DIR/data with the settings of a private cluster, and those in CLUSTER_CONF. Does nothing when it is there.
cluster_init() {
    local dir=$1 new=$1/data.new
    [ ! -d "$dir/data" ] || return 0
    rm -rf "$new"
    # the database's user must reach its data: through every folder above it
    db_dir "$new"
    as_db test -x "$new" || die "user $DB_USER cannot reach $dir"
    as_db "$dir/pg$PG_BIN/initdb" -D "$new" -U postgres -E UTF8 --locale=C.UTF-8 -A trust >"$dir/initdb.log" 2>&1 \
        || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
    [ -f "$dir/master.key" ] || key_file "$dir/master.key"
    # Only the owner of the socket folder (mode 0700) and root reach the socket; over TCP a password is needed.
    as_db sh -c 'cat > "$1"' sh "$new/pg_hba.conf" <<HBA
local all all trust
host  all all 127.0.0.1/32 scram-sha-256
HBA
    as_db sh -c 'cat >> "$1"' sh "$new/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_permissions = 0700
session_preload_libraries = 'citybigdata'
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
citybigdata.key_file = '${dir//\'/\'\'}/master.key'
max_connections = 200
max_wal_size = '4GB'
logging_collector = off
${CLUSTER_CONF:-}
CONF
    mv "$new" "$dir/data"
}

# socket_dir DIR: prints the folder of the socket, mode 0700: DIR/run, or one in /tmp where that is too long
# (a socket's path has at most 107 bytes, ours ends in /.s.PGSQL.NNNNN.lock).
socket_dir() {
    local dir=$1 socket
    socket=$(cat "$dir/socket" 2>/dev/null || true)
    if [ -z "$socket" ] || [ "$(stat -c %U "$socket" 2>/dev/null)" != "$DB_USER" ]; then
        socket=$dir/run
        if [ ${#socket} -gt 85 ]; then socket=$(mktemp -d /tmp/cbd.XXXXXX); fi
        db_dir "$socket"
        echo "$socket" > "$dir/socket"
    fi
    echo "$socket"
}

# cluster_processes DIR: the numbers of the processes that run DIR's server.
cluster_processes() {
    find /proc -maxdepth 2 -name exe -lname "$1/pg$PG_BIN/postgres*" 2>/dev/null | cut -d/ -f3
}

# Does DIR's postmaster run? pg_ctl status would take any process with the number in postmaster.pid for it, also a dead one
# that nobody reaps (a container without an init).
cluster_running() {
    local pid
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) || return 1
    [ -n "$pid" ] && cluster_processes "$1" | grep -qx "$pid"
}

# cluster_start DIR PORT: starts it where it does not run.
cluster_start() {
    local dir=$1 port=$2 socket
    if cluster_running "$dir"; then
        # it may still be starting, begun by a run that was killed
        local tries=0
        until as_db "$dir/pg$PG_BIN/pg_isready" -q -h "$(cat "$dir/socket")" -p "$port"; do
            tries=$((tries + 1)); [ "$tries" -lt 300 ] || die "PostgreSQL does not accept connections; see $dir/data/server.log"
            sleep 0.2
        done
        return 0
    fi
    socket=$(socket_dir "$dir")
    # backends of a killed postmaster end by themselves; once nothing of it lives, its files would only mislead
    local waited=0
    while [ -n "$(cluster_processes "$dir")" ] && [ "$waited" -lt 50 ]; do waited=$((waited + 1)); sleep 0.2; done
    if [ -z "$(cluster_processes "$dir")" ]; then rm -f "$dir/data/postmaster.pid" "$socket/.s.PGSQL.$port.lock"; fi
    as_db "$dir/pg$PG_BIN/pg_ctl" start -w -t 120 -D "$dir/data" -l "$dir/data/server.log" \
        -o "-p $port -k '$socket'" >/dev/null 2>&1 || { tail -20 "$dir/data/server.log" >&2; die "PostgreSQL does not start"; }
}

cluster_stop() {
    local dir=$1
    cluster_running "$dir" || return 0
    as_db "$dir/pg$PG_BIN/pg_ctl" stop -w -m fast -D "$dir/data" >/dev/null 2>&1 || true
}

# cluster_orphans_stop DIR: ends servers of DIR whose data folder was deleted or whose postmaster was killed.
cluster_orphans_stop() {
    local pid
    for pid in $(cluster_processes "$1"); do
        kill -QUIT "$pid" 2>/dev/null || true
    done
}

# cluster_remove DIR: stops it, with its bridge where it has one, and deletes everything.
cluster_remove() {
    local dir=$1 socket
    bridge_stop "$dir"
    cluster_stop "$dir"
    socket=$(cat "$dir/socket" 2>/dev/null || true)
    case $socket in /tmp/cbd.*) rm -rf "$socket" ;; esac
    rm -rf "$dir"
}

. "$TOP/regress/cluster/platform.sh"

# Shell functions for a complete platform in one folder DIR, sourced by lib.sh: the demo database, certificates,
# the bridge and the env file. make up and make test use the same ones.
#   platform_up DIR PORT PGPORT     everything that is missing, nothing that is there
#   platform_down DIR               stops the bridge, then the cluster; the data stays
# DIR holds, beside the cluster of lib.sh:
#   env          what scripts source (0600)
#   demo.env     the demo application's credentials, kept since the database shows them once (0600)
#   tls/         the development CA and the server's certificate
#   bridge.conf, bridge.log
# Where a caller tests a function's result, bash ignores `set -e` in it: steps that depend on each other are joined by && or `|| return`.
# Variables that a caller may set: MAKE_ARGS (array, for the build), BRIDGE_ENV (array of NAME=value for the bridge),
# BRIDGE_CONF (further lines of its configuration).

MAKE_ARGS=()
BRIDGE_ENV=()
BRIDGE_CONF=
DATABASE=citybigdata
PLATFORM_CODE=110000
PLATFORM_NAME=北京市城市管理大数据平台

# db_psql DIR ARGUMENT...: psql as the cluster's superuser.
db_psql() {
    local dir=$1
    shift
    as_db "$dir/pg$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$(cat "$dir/socket")" \
        -p "$(sed -n 4p "$dir/data/postmaster.pid")" -U postgres "$@"
}

platform_build() {
    step "building the extension and the bridge" make -s -C "$TOP" all PG_CONFIG="$PG_CONFIG" "${MAKE_ARGS[@]}"
}

# digest FILE...: of their names and contents.
digest() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }

# Digests of what was built: the extension's files and the bridge. A line each.
built_extension() {
    (cd "$TOP" && find citybigdata.so citybigdata.control sql/citybigdata--*.sql sql/release sql/data video -type f 2>/dev/null \
        | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
}
built_bridge() { [ ! -f "$TOP/bridge/citybigdata-bridge" ] || digest "$TOP/bridge/citybigdata-bridge"; }

# platform_install DIR: installs what was built into DIR's copy of the server, where it differs.
# What still runs with other files is stopped.
platform_install() {
    local dir=$1 extension bridge
    extension=$(built_extension); bridge=$(built_bridge)
    if [ "$(cat "$dir/pg/.extension" 2>/dev/null || true)" != "$extension" ]; then
        bridge_stop "$dir"
        cluster_stop "$dir"
    elif [ "$(cat "$dir/pg/.bridge" 2>/dev/null || true)" != "$bridge" ]; then
        bridge_stop "$dir"
    else
        return 0
    fi
    step "installing into the private server" make -s -C "$TOP" install DESTDIR="$dir/pg" PG_CONFIG="$PG_CONFIG" "${MAKE_ARGS[@]}" \
        || return 1
    echo "$bridge" > "$dir/pg/.bridge"
    echo "$extension" > "$dir/pg/.extension"
}

# The digest of the extension's install script: a database made from another one is moved to the new one.
script_digest() {
    digest "$1/pg$PG_SHARE"/extension/citybigdata.control "$1/pg$PG_SHARE"/extension/citybigdata--*.sql
}

# database_new DIR NAME: an empty database with the demo's settings.
database_new() {
    local dir=$1 name=$2
    db_psql "$dir" -d postgres -v name="$name" <<'SQL'
SET client_min_messages = warning;
DROP DATABASE IF EXISTS :"name";
CREATE DATABASE :"name" TEMPLATE template0 ENCODING 'UTF8';
ALTER DATABASE :"name" SET citybigdata.time_zone = 'Asia/Shanghai';
ALTER DATABASE :"name" SET citybigdata.business_srid = 4548;
ALTER DATABASE :"name" SET citybigdata.map_crs = 'GCJ02';
ALTER DATABASE :"name" SET citybigdata.coordinate_tolerance = 50;
ALTER DATABASE :"name" SET citybigdata.boundary_tolerance = 150;
-- the demo has one security administrator: nobody could confirm
ALTER DATABASE :"name" SET citybigdata.second_person_level = 5;
SQL
}

# database_finish DIR NEW OLD STAMP: puts NEW in the place of the demo database, which becomes OLD when it exists.
database_finish() {
    local dir=$1 new=$2 old=$3 stamp=$4
    db_psql "$dir" -d postgres -v new="$new" -v old="$old" -v name="$DATABASE" -v stamp="$stamp" <<'SQL'
COMMENT ON DATABASE :"new" IS :'stamp';
-- settings that a developer gave the old one stay
SELECT pg_catalog.format('ALTER DATABASE %I SET %s TO %L', :'new', split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))
FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
WHERE d.datname = :'name' AND s.setrole = 0 \gexec
SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname IN (:'name', :'new') \g /dev/null
BEGIN;
SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'name') AS there \gset
\if :there
ALTER DATABASE :"name" RENAME TO :"old";
\endif
ALTER DATABASE :"new" RENAME TO :"name";
COMMIT;
SQL
}

# database_fill DIR: a fresh demo database. It is filled under another name and renamed last, so that a killed run leaves
# no half of it. The credentials, which the database shows once, are on disk before that.
database_fill() {
    local dir=$1 new=${DATABASE}_new
    database_new "$dir" "$new" \
        && (umask 077; db_psql "$dir" -d "$new" -v platform_code="$PLATFORM_CODE" -v platform_name="$PLATFORM_NAME" \
            < "$TOP/regress/cluster/demo.sql" > "$dir/demo.env.new") \
        && sync "$dir/demo.env.new" \
        && mv "$dir/demo.env.new" "$dir/demo.env" \
        && database_finish "$dir" "$new" "${DATABASE}_old" "$(script_digest "$dir")"
}

# Is the database's version of the extension another one than the library's?
version_differs() {
    [ "$(db_psql "$1" -d "$DATABASE" -c "SELECT extversion <> citybigdata.library_version() FROM pg_extension WHERE extname = 'citybigdata'")" = t ]
}

# database_update DIR: by the upgrade scripts.
database_update() {
    db_psql "$1" -d "$DATABASE" -v name="$DATABASE" -v stamp="$(script_digest "$1")" <<'SQL'
ALTER EXTENSION citybigdata UPDATE;
COMMENT ON DATABASE :"name" IS :'stamp';
SQL
}

# database_try DIR: can the installed extension be created at all?
database_try() {
    local dir=$1 new=${DATABASE}_new
    database_new "$dir" "$new" \
        && db_psql "$dir" -d "$new" -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION citybigdata CASCADE'
}

# database_move DIR OLD: the install script has changed: dump, restore under the new one, keep the old database as OLD.
database_move() {
    local dir=$1 old=$2 new=${DATABASE}_new socket port
    socket=$(cat "$dir/socket"); port=$(sed -n 4p "$dir/data/postmaster.pid")
    database_new "$dir" "$new" \
        && as_db "$dir/pg$PG_BIN/pg_dump" -h "$socket" -p "$port" -U postgres -Fc -f "$dir/data/$DATABASE.dump" "$DATABASE" \
        && as_db "$dir/pg$PG_BIN/pg_restore" -h "$socket" -p "$port" -U postgres -1 --exit-on-error -d "$new" "$dir/data/$DATABASE.dump" \
        && db_psql "$dir" -d "$new" -v platform_code="$PLATFORM_CODE" -v platform_name="$PLATFORM_NAME" <<'SQL' \
        && database_finish "$dir" "$new" "$old" "$(script_digest "$dir")" \
        && rm -f "$dir/data/$DATABASE.dump"
SELECT citybigdata.setup(:'platform_code', :'platform_name', :'platform_code') \g /dev/null
ANALYZE;
SQL
}

# platform_database DIR: the demo database as the installed extension makes it.
platform_database() {
    local dir=$1 stamp old
    stamp=$(db_psql "$dir" -d postgres -c "SELECT coalesce(shobj_description(oid, 'pg_database'), '-') FROM pg_database WHERE datname = '$DATABASE'")
    if [ -z "$stamp" ] || [ ! -s "$dir/demo.env" ]; then
        [ -z "$stamp" ] || die "$dir/demo.env is missing, and with it the demo credentials; make down, delete .run and begin anew"
        step "making the database and its demo data" database_fill "$dir"
    elif [ "$stamp" != "$(script_digest "$dir")" ]; then
        step "trying the changed extension" database_try "$dir" || die "the extension cannot be created; the demo database stays as it is"
        bridge_stop "$dir"
        if version_differs "$dir" && step "updating the extension" database_update "$dir"; then return 0; fi
        old=${DATABASE}_$(date +%Y%m%d%H%M%S)
        if step "moving the database to the changed extension" database_move "$dir" "$old"; then
            db_psql "$dir" -d postgres -c "DROP DATABASE $old"
        else
            say "the data does not fit the changed extension: beginning with a fresh database, the old one stays as $old"
            db_psql "$dir" -d postgres -c "ALTER DATABASE $DATABASE RENAME TO $old"
            step "making the database and its demo data" database_fill "$dir"
        fi
    fi
}

# platform_url DIR URL: the address that the extension hands out. Sessions of the bridge would keep the old one.
platform_url() {
    [ "$(db_psql "$1" -d "$DATABASE" -c 'SHOW citybigdata.public_url')" != "$2" ] || return 0
    bridge_stop "$1"
    db_psql "$1" -d postgres -v url="$2" -v name="$DATABASE" <<'SQL'
ALTER DATABASE :"name" SET citybigdata.public_url = :'url';
SQL
}

# platform_second_factor DIR: the demo administrator's, where the database has none: it was made before administrators needed one.
# The secret is on disk first: a killed run goes on with it.
platform_second_factor() {
    local dir=$1 admin secret
    admin=$(sed -n 's/^CBD_ADMIN_USER=//p' "$dir/demo.env")
    [ "$(db_psql "$dir" -d "$DATABASE" -v admin="$admin" <<'SQL'
SELECT count(*) FROM citybigdata.account a WHERE a.user_name = :'admin' AND a.admin_role IS NOT NULL
AND NOT EXISTS (SELECT FROM citybigdata.account_totp t WHERE t.account_id = a.account_id);
SQL
    )" = 1 ] || return 0
    say "the administrator $admin had no second factor: it gets one, CBD_ADMIN_TOTP_SECRET in the env file"
    secret=$(sed -n 's/^CBD_ADMIN_TOTP_SECRET=//p' "$dir/demo.env")
    if [ -z "$secret" ]; then
        secret=$(head -c 20 /dev/urandom | base32)
        (umask 077; cp "$dir/demo.env" "$dir/demo.env.new"; echo "CBD_ADMIN_TOTP_SECRET=$secret" >> "$dir/demo.env.new")
        sync "$dir/demo.env.new"
        mv "$dir/demo.env.new" "$dir/demo.env"
    fi
    db_psql "$dir" -d "$DATABASE" -v admin="$admin" >/dev/null <<SQL
\\set secret $secret
SELECT citybigdata.enrol_totp(:'admin', :'secret');
SQL
}

# platform_tls DIR: a development CA (once) and an ECDSA certificate for localhost and 127.0.0.1, renewed a week before its end.
platform_tls() {
    local dir=$1 tls=$1/tls new=$1/tls.new
    if [ ! -d "$tls" ]; then
        rm -rf "$new"
        own_dir "$new"
        (umask 077
         openssl ecparam -name prime256v1 -genkey -noout -out "$new/ca.key"
         openssl req -x509 -new -key "$new/ca.key" -sha256 -days 3650 -subj '/CN=citybigdata development CA' \
            -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' -out "$new/ca.pem")
        chmod 0644 "$new/ca.pem"
        tls_server_certificate "$new"
        mv "$new" "$tls"
    elif ! openssl x509 -in "$tls/server.pem" -noout -checkend 604800 >/dev/null \
        || [ "$(openssl x509 -in "$tls/server.pem" -noout -pubkey)" != "$(openssl pkey -in "$tls/server.key" -pubout)" ]; then
        bridge_stop "$dir"
        tls_server_certificate "$tls"
    fi
}

# tls_server_certificate TLS: server.key (0600, the database's user) and server.pem (with the CA's certificate behind it).
tls_server_certificate() {
    local tls=$1
    (umask 077
     openssl ecparam -name prime256v1 -genkey -noout -out "$tls/server.key.new"
     openssl req -new -key "$tls/server.key.new" -subj '/CN=localhost' -out "$tls/server.csr"
     printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' 'extendedKeyUsage=serverAuth' \
        'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1' 'authorityKeyIdentifier=keyid' > "$tls/server.ext"
     openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
        -sha256 -days 397 -extfile "$tls/server.ext" -out "$tls/server.pem.new" 2>/dev/null
     cat "$tls/ca.pem" >> "$tls/server.pem.new")
    if [ "$(id -u)" = 0 ]; then chown "$DB_USER" "$tls/server.key.new"; fi
    chmod 0644 "$tls/server.pem.new"
    rm -f "$tls/server.csr" "$tls/server.ext"
    mv "$tls/server.key.new" "$tls/server.key"
    mv "$tls/server.pem.new" "$tls/server.pem"
}

# bridge_pids DIR: the processes that run DIR's bridge, found by their command, so that no pid file can lie. (The bridge
# keeps its memory private, and with that /proc/PID/exe from all but root.)
bridge_pids() {
    local file command
    for file in /proc/[0-9]*/cmdline; do
        { IFS= read -r -d '' command < "$file"; } 2>/dev/null || continue
        [ "$command" != "$1/pg$PG_BIN/citybigdata-bridge" ] || basename "${file%/cmdline}"
    done
}

bridge_ready() {
    curl -s -o /dev/null -f --noproxy '*' --max-time 5 --cacert "$1/tls/ca.pem" "https://localhost:$2/readyz"
}

# bridge_start DIR PORT: starts it where it does not run, and waits until it is ready.
bridge_start() {
    local dir=$1 port=$2 conf pid tries=0
    conf=$(bridge_conf "$dir" "$port")
    if [ "$(cat "$dir/bridge.conf" 2>/dev/null || true)" != "$conf" ]; then
        bridge_stop "$dir"
        printf '%s\n' "$conf" > "$dir/bridge.conf.new"
        chmod 0644 "$dir/bridge.conf.new"
        mv "$dir/bridge.conf.new" "$dir/bridge.conf"
    fi
    if [ -z "$(bridge_pids "$dir")" ]; then
        ! port_taken "$port" || die "port $port is taken by another program; choose another one: CBD_PORT=9443 make up"
        : >> "$dir/bridge.log"
        chmod 0600 "$dir/bridge.log"
        as_db env "${BRIDGE_ENV[@]}" setsid --fork "$dir/pg$PG_BIN/citybigdata-bridge" --config "$dir/bridge.conf" \
            </dev/null >>"$dir/bridge.log" 2>&1
    fi
    until bridge_ready "$dir" "$port"; do
        tries=$((tries + 1))
        pid=$(bridge_pids "$dir")
        if [ "$tries" -gt 150 ] || { [ -z "$pid" ] && [ "$tries" -gt 15 ]; }; then
            tail -20 "$dir/bridge.log" >&2
            die "the bridge is not ready; its log: $dir/bridge.log"
        fi
        sleep 0.2
    done
    bridge_pids "$dir" > "$dir/bridge.pid"
}

# bridge_stop DIR: SIGTERM (it drains), SIGKILL after 20 s.
bridge_stop() {
    local pid tries
    for pid in $(bridge_pids "$1"); do
        kill -TERM "$pid" 2>/dev/null || continue
        tries=0
        while kill -0 "$pid" 2>/dev/null; do
            tries=$((tries + 1))
            if [ "$tries" = 200 ]; then kill -KILL "$pid" 2>/dev/null || true; fi
            [ "$tries" -lt 220 ] || break
            sleep 0.1
        done
    done
}

# The bridge's configuration.
bridge_conf() {
    local dir=$1 port=$2
    cat <<CONF
# written by make up; changes are lost
listen = 127.0.0.1:$port
public_url = https://localhost:$port
tls_cert = $dir/tls/server.pem
tls_key = $dir/tls/server.key
database = host='$(cat "$dir/socket")' port=$(sed -n 4p "$dir/data/postmaster.pid") dbname=$DATABASE user=citybigdata_bridge
$BRIDGE_CONF
CONF
}

# platform_env DIR PORT PGPORT: the env file, mode 0600.
platform_env() {
    local dir=$1 port=$2 pgport=$3 name value
    (umask 077
     {
        printf 'export CBD_URL=https://localhost:%s\n' "$port"
        printf 'export CBD_CA=%q\n' "$dir/tls/ca.pem"
        printf 'export PGHOST=%q\nexport PGPORT=%s\nexport PGDATABASE=%s\nexport PGUSER=postgres\n' "$(cat "$dir/socket")" "$pgport" "$DATABASE"
        printf 'export CBD_OPERATOR_CLIENT=%q\n' "$(db_psql "$dir" -d "$DATABASE" -c 'SELECT citybigdata.operators_client()')"
        # of the demo datasets, for the sample programs of the manual
        printf 'export CBD_RESOURCE=street-lights\nexport CBD_TIME_RANGE=%q\n' '[20120101000000,20300101000000)'
        while IFS='=' read -r name value; do printf 'export %s=%q\n' "$name" "$value"; done < "$dir/demo.env"
     } > "$dir/env.new")
    if cmp -s "$dir/env.new" "$dir/env"; then rm "$dir/env.new"; else mv "$dir/env.new" "$dir/env"; fi
}

# platform_up DIR PORT PGPORT: a running platform in DIR, made of what was built in TOP.
platform_up() {
    local dir=$1 port=$2 pgport=$3
    [ -d "$dir" ] || own_dir "$dir"
    step_if "$dir/pg/.server" "$(server_stamp)" "copying the server's programs" prefix_make "$dir"
    platform_install "$dir"
    [ -d "$dir/data" ] || step "making the cluster" cluster_init "$dir"
    cluster_key "$dir"
    if cluster_running "$dir" && [ "$(sed -n 4p "$dir/data/postmaster.pid")" != "$pgport" ]; then
        bridge_stop "$dir"
        cluster_stop "$dir"
    fi
    if ! cluster_running "$dir"; then
        cluster_orphans_stop "$dir"
        ! port_taken "$pgport" || die "port $pgport is taken by another program; choose another one: CBD_PGPORT=15433 make up"
    fi
    cluster_start "$dir" "$pgport"
    platform_database "$dir"
    platform_second_factor "$dir"
    platform_url "$dir" "https://localhost:$port"
    platform_tls "$dir"
    [ ! -f "$dir/pg$PG_BIN/citybigdata-bridge" ] || bridge_start "$dir" "$port"
    platform_env "$dir" "$port" "$pgport"
}

# step_if FILE CONTENT TEXT COMMAND...: a step, unless FILE holds CONTENT already.
step_if() {
    local file=$1 content=$2
    shift 2
    [ "$(cat "$file" 2>/dev/null || true)" = "$content" ] || step "$@"
}

platform_down() {
    bridge_stop "$1"
    cluster_stop "$1"
}

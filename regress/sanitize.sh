#!/usr/bin/env bash
# make sanitize: the tests of make test with extension and bridge built for AddressSanitizer and UBSan.
#
# Preloading libasan into a PostgreSQL program on Debian 12 dead-locks at its start: a constructor of libgpg-error takes
# gettext's lock while ASan's own look-up of `swift_demangle` waits for it. A library that defines that symbol, preloaded
# too, ends the look-up at once. Sourced by test.sh with --prepare WORK, it builds that library and defines
# sanitize_prefix DIR, which puts a script in the place of DIR's postgres that preloads both.
if [ "${1:-}" != --prepare ]; then exec "$(dirname "$0")/test.sh" --sanitize "$@"; fi

sanitize_work=$2
echo 'char *swift_demangle(const char *name) { (void) name; return 0; }' > "$sanitize_work/swift_demangle.c"
gcc -shared -fPIC -o "$sanitize_work/swift_demangle.so" "$sanitize_work/swift_demangle.c" || die "no compiler"
sanitize_preload="$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so):$sanitize_work/swift_demangle.so"
# PostgreSQL never frees what lives as long as a backend: leaks are looked for in the bridge only.
mkdir -p "$sanitize_work/reports"
chmod 0777 "$sanitize_work/reports"
sanitize_server="detect_leaks=0:abort_on_error=0:exitcode=99:log_path=$sanitize_work/reports/postgres"
# the bridge is linked with libasan itself and inherits these
export ASAN_OPTIONS="detect_leaks=1:exitcode=99:log_path=$sanitize_work/reports/bridge"
export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:exitcode=99:log_path=$sanitize_work/reports/ubsan"

sanitize_prefix() {
    local bin=$1/pg$PG_BIN
    [ -e "$bin/postgres.plain" ] || mv "$bin/postgres" "$bin/postgres.plain"
    cat > "$bin/postgres" <<SCRIPT
#!/bin/bash
export LD_PRELOAD='$sanitize_preload' ASAN_OPTIONS='$sanitize_server'
exec -a "\$0" '$bin/postgres.plain' "\$@"
SCRIPT
    chmod 0755 "$bin/postgres"
}

# sanitize_reports: what the sanitizers found.
sanitize_reports() { find "$sanitize_work/reports" -type f -size +0; }

# Shell functions for what is run in a copy of the working tree and leaves nothing behind; sourced by test.sh, bench.sh and clients/run.sh
# after cluster/lib.sh. They set work (the folder, reachable by the database's user) and TOP (the copy in it).

work=

# The work folder must be reachable by the database's user: a private TMPDIR is not.
make_work() {
    local base
    for base in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
        [ -d "$base" ] && [ -w "$base" ] || continue
        work=$(mktemp -d "$base/cbd-test.XXXXXX") || continue
        chmod 0755 "$work"
        if as_db test -x "$work"; then return; fi
        rm -rf "$work"
    done
    die "no temporary folder that user $DB_USER can reach"
}

# Processes whose program lies in the work folder, and Kannel's whose configuration does: all of them are ours, whatever became of their pid files.
our_processes() {
    find /proc -maxdepth 2 -name exe -lname "$work/*" 2>/dev/null | cut -d/ -f3
    grep -lszE "^$work/.*/kannel\.conf\$" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3 || true
}

# Ends what still runs, by process id, and deletes everything.
clean_up() {
    local code=$? dir pid file tries=0
    trap - EXIT
    trap '' INT TERM HUP
    for dir in "$work"/*/; do
        [ -d "$dir/data" ] || continue
        platform_down "${dir%/}" >/dev/null 2>&1 || true
    done
    while [ -n "$(our_processes)" ] && [ "$tries" -lt 50 ]; do
        for pid in $(our_processes); do kill "$([ "$tries" -lt 20 ] && echo -TERM || echo -KILL)" "$pid" 2>/dev/null || true; done
        tries=$((tries + 1))
        sleep 0.1
    done
    for file in "$work"/*/socket; do
        [ -f "$file" ] || continue
        case $(cat "$file") in /tmp/cbd.*) rm -rf "$(cat "$file")" ;; esac
    done
    rm -rf "$work"
    if declare -F at_end >/dev/null; then at_end; fi
    exit "$code"
}

# begin PACKAGE...: packages, folder, clean-up at whatever end, copy of the tree.
begin() {
    "$TOP/regress/cluster/packages.sh" "$@"
    find_postgres
    make_work
    trap clean_up EXIT
    trap 'exit 130' INT TERM HUP
    export TMPDIR=$work/tmp
    mkdir "$TMPDIR"
    chmod 1777 "$TMPDIR"
    copy_tree
}

# Copies what git would commit (and what is new and not ignored), so that the checkout gets no build products.
copy_tree() {
    local checkout=$TOP file
    mkdir -p "$work/src"
    if git -c safe.directory='*' -C "$checkout" rev-parse --git-dir >/dev/null 2>&1; then
        git -c safe.directory='*' -C "$checkout" ls-files -z -co --exclude-standard \
            | (cd "$checkout" && while IFS= read -r -d '' file; do
                   if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
               done) > "$work/files"
        tar -C "$checkout" --null -T "$work/files" -cf - | tar -C "$work/src" --no-same-owner -xf -
    else
        # an archive of a release, without git
        tar -C "$checkout" --exclude=./.run --exclude='*.o' --exclude='*.so' -cf - . | tar -C "$work/src" --no-same-owner -xf -
    fi
    chmod -R u+rwX,a+rX "$work/src"
    TOP=$work/src
}

# A copy of the server in DIR/pg with the extension installed.
prefix() {
    own_dir "$1"
    prefix_make "$1"
    if [ -n "${SANITIZE:-}" ]; then sanitize_prefix "$1"; fi
    platform_install "$1" 2>"$work/install.log" || { cat "$work/install.log" >&2; die "install failed"; }
}

# platform_new DIR: a running platform of the demo in DIR.
platform_new() {
    prefix "$1"
    platform_up "$1" "$(free_port)" "$(free_port)"
}

# junit_counts FILE: `PASSED FAILED` of what pytest wrote; skipped ones have failed, and so has a run that wrote nothing.
junit_counts() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import sys
import xml.etree.ElementTree as ET
try:
    suites = list(ET.parse(sys.argv[1]).getroot().iter('testsuite'))
except (OSError, ET.ParseError):
    print(0, 1)
else:
    tests, bad = (sum(int(s.get(n, 0)) for s in suites for n in names) for names in (('tests',), ('failures', 'errors', 'skipped')))
    print(tests - bad, bad)
PYTHON
}

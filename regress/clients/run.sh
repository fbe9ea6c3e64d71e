#!/usr/bin/env bash
# make test-clients: programs that others wrote, as their registries have them, against a running platform. Needs PyPI, and npm for some.
#   run.sh [--platform DIR] [TOOL...]   all tools when none is named
#   --platform DIR   a platform that runs already, for example that of make up: --platform .run/platform. It is written to. Without it,
#                    one of its own is built, started and deleted, as in make test
# A tool is one file here, test_TOOL.py or test_TOOL.sh; a new one needs nothing else:
#   .py   a pytest module with the fixtures of regress/bridge/platform_rig.py. The packages that it wants are in its PEP 723 block
#         (`# /// script`, `# dependencies = ["authlib~=1.6"]`, `# ///`); each module has a virtual environment of its own in the
#         temporary folder, with these, pytest and psycopg2-binary
#   .sh   a script that prints `ok NAME` or `not ok NAME`; $1 is a folder for its files
# Both have the variables of the platform's env file (CBD_URL, CBD_CA, …), and the folder of the platform as CITYBIGDATA_TEST_DIR.
# The last line is `N passed, N failed`; the exit code is 0 only when all passed and every tool ran something.
. "$(dirname "$0")/../cluster/lib.sh"
. "$TOP/regress/work.sh"
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
CLIENTS=$TOP/regress/clients
TOOL_SECONDS=3600 # of one tool; what takes longer hangs

passed=0
failed=0
told=

at_end() { [ -n "$told" ] || printf '%d passed, %d failed\n' "$passed" "$((failed + 1))"; }

# tally TOOL PASSED FAILED
tally() {
    local bad=$3
    if [ "$(($2 + bad))" = 0 ]; then say "$1: nothing ran"; bad=1; fi
    passed=$((passed + $2)); failed=$((failed + bad))
    say "== $1: $2 passed, $bad failed"
}

# The packages of a module's PEP 723 block, one a line.
packages_of() {
    /usr/bin/python3 - "$1" <<'PYTHON'
import re
import sys
import tomllib
with open(sys.argv[1], encoding="utf-8") as file:
    block = re.search(r"^# /// script\n((?:#(?: .*)?\n)+?)# ///$", file.read(), re.M)
if block:
    print(*tomllib.loads(re.sub(r"^# ?", "", block[1], flags=re.M))["dependencies"], sep="\n")
PYTHON
}

# python_tool NAME: its own virtual environment, then pytest of its module.
python_tool() {
    local name=$1 file=$CLIENTS/test_$1.py venv=$work/venv-$1 packages
    packages=$(packages_of "$file")
    # shellcheck disable=SC2086
    if ! { /usr/bin/python3 -m venv "$venv" && "$venv/bin/pip" install -q pytest psycopg2-binary $packages; } > "$work/$name.pip" 2>&1; then
        tail -20 "$work/$name.pip" >&2
        tally "$name" 0 1
        return
    fi
    # shellcheck disable=SC2086
    say "   $("$venv/bin/pip" list --format=freeze 2>/dev/null | grep -iE "^($(printf '%s\n' $packages | sed 's/[^A-Za-z0-9_.-].*//; s/[-_.]/[-_.]/g' | paste -sd'|'))==" | paste -sd' ')"
    (cd "$CLIENTS" && timeout "$TOOL_SECONDS" "$venv/bin/python" -m pytest -p no:cacheprovider -q --tb=short --show-capture=no \
        --junitxml="$work/$name.xml" "test_$name.py") > "$work/$name.out" 2>&1 || tail -c 20000 "$work/$name.out" >&2
    # shellcheck disable=SC2046
    tally "$name" $(junit_counts "$work/$name.xml")
}

shell_tool() {
    local name=$1 code=0
    mkdir -p "$work/$name"
    timeout "$TOOL_SECONDS" bash "$CLIENTS/test_$name.sh" "$work/$name" > "$work/$name.out" 2> "$work/$name.err" || code=$?
    if [ "$code" != 0 ] && ! grep -q '^not ok ' "$work/$name.out"; then echo "not ok test_$name.sh itself" >> "$work/$name.out"; fi
    grep -q '^not ok ' "$work/$name.out" && { grep '^not ok ' "$work/$name.out"; tail -40 "$work/$name.err"; } >&2
    tally "$name" "$(grep -c '^ok ' "$work/$name.out" || true)" "$(grep -c '^not ok ' "$work/$name.out" || true)"
}

# Sets DIR: the platform named, or one of its own.
find_platform() {
    if [ -n "$DIR" ]; then
        [ -f "$DIR/env" ] || die "no platform in $DIR; run: make up"
        DIR=$(cd "$DIR" && pwd -P)
        "$TOP/regress/cluster/packages.sh" python3-venv
        find_postgres
        make_work
        trap clean_up EXIT
        trap 'exit 130' INT TERM HUP
    else
        begin python3-venv
        MAKE_ARGS=(-j2)
        platform_build || exit 1
        DIR=$work/platform
        platform_new "$DIR"
    fi
}

main() {
    local name names=
    DIR=
    while [ $# -gt 0 ]; do
        case $1 in
            --platform) shift; DIR=${1:?} ;;
            *) [ -f "$CLIENTS/test_$1.py" ] || [ -f "$CLIENTS/test_$1.sh" ] || die "there is no regress/clients/test_$1.py or .sh"; names="$names $1" ;;
        esac
        shift
    done
    [ -n "$names" ] || names=$(cd "$CLIENTS" && find . -name 'test_*.py' -o -name 'test_*.sh' | sed 's,^\./test_,,; s,\.[a-z]*$,,' | sort)
    find_platform
    CLIENTS=$TOP/regress/clients
    . "$DIR/env"
    export ${!CBD_*} CITYBIGDATA_TEST_DIR="$DIR"
    for name in $names; do
        say "-- $name"
        if [ -f "$CLIENTS/test_$name.py" ]; then python_tool "$name"; else shell_tool "$name"; fi
    done
    told=yes
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
main "$@"

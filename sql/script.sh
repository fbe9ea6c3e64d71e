#!/bin/sh
# Writes the SQL scripts of the extension from the files of this folder; README.md has the rules. Run by the Makefile, in sql/.
#   script.sh install NEW        citybigdata--NEW.sql: tables/, code/, grants/
#   script.sh upgrade OLD NEW    citybigdata--OLD--NEW.sql: new files of tables/ and upgrade/OLD--NEW/, then code/, grants/
#   script.sh freeze NEW [OLD]   keeps the made scripts of NEW and the list of its tables/ in release/
# A fault is told on standard error, with exit code 1.
set -eu
export LC_ALL=C

fault() { echo "sql/$*" >&2; exit 1; }

guard() { printf '\\echo Use "%s" to load this file. \\quit\n' "$1"; }

# Each file after a line that names it, so that an error's line number can be followed.
parts() {
    for file in "$@"; do
        printf '\n-- %s\n' "$file"
        cat "$file"
    done
}

install() {
    guard 'CREATE EXTENSION citybigdata CASCADE'
    parts tables/*.sql code/*.sql grants/*.sql
}

# Work on the next version begins with its number: what a released script says must not change.
unchanged() {
    [ ! -f "release/citybigdata--$1.sql" ] || install | cmp -s - "release/citybigdata--$1.sql" \
        || fault "release/citybigdata--$1.sql: $1 is released and the files differ from it; raise default_version in citybigdata.control and META.json"
}

# released OLD FILE: the checksum that FILE of tables/ had in that release; empty when it was not there.
released() { sed -n "s,^\([0-9a-f]*\)  $2\$,\1,p" "release/citybigdata--$1.tables"; }

# What the upgrade runs once, in the order of the file names: a file of tables/ that is new, or the delta of one that is not.
steps() {
    old=$1 deltas=upgrade/$1--$2
    { (cd tables && ls); (cd "$deltas" 2>/dev/null && ls); } | sort -u | while read -r name; do
        known=$(released "$old" "$name")
        if [ -f "tables/$name" ] && [ -z "$known" ]; then
            [ ! -f "$deltas/$name" ] || fault "$deltas/$name: tables/$name is new since $old and needs no delta"
            echo "tables/$name"
        elif [ -f "$deltas/$name" ]; then
            echo "$deltas/$name"
        elif [ "$(sha256sum < "tables/$name" | cut -d' ' -f1)" != "$known" ]; then
            fault "tables/$name was changed since $old was released: write what changes in an existing database to sql/$deltas/$name"
        fi
    done
}

# A released file of tables/ that is gone needs a delta of its name, which drops what it made.
gone() {
    cut -d' ' -f3 "release/citybigdata--$1.tables" | while read -r name; do
        [ -f "tables/$name" ] || [ -f "upgrade/$1--$2/$name" ] \
            || fault "tables/$name was there when $1 was released: write what drops it to sql/upgrade/$1--$2/$name"
    done
}

upgrade() {
    once=$(steps "$1" "$2")
    gone "$1" "$2"
    guard "ALTER EXTENSION citybigdata UPDATE TO '$2'"
    # shellcheck disable=SC2086
    parts $once code/*.sql grants/*.sql
}

freeze() {
    [ ! -f "release/citybigdata--$1.sql" ] || fault "release/citybigdata--$1.sql: $1 is released; what is frozen does not change"
    mkdir -p release
    (cd tables && sha256sum -- *.sql) > "release/citybigdata--$1.tables"
    cp "citybigdata--$1.sql" release/
    [ -z "$2" ] || cp "citybigdata--$2--$1.sql" release/
    echo "sql/release: $1 is frozen; commit it, then raise default_version in citybigdata.control and META.json"
}

cd "$(dirname "$0")"
case ${1:-} in
    install) unchanged "$2"; install ;;
    upgrade) upgrade "$2" "$3" ;;
    freeze) freeze "$2" "${3:-}" ;;
    *) echo "usage: script.sh install NEW | upgrade OLD NEW | freeze NEW [OLD]" >&2; exit 2 ;;
esac

#!/usr/bin/env bash
# next.sh VERSION: makes the tree in the current folder, a copy, the source of a made-up version after its own: what next/ holds, and
# the edits below. With `deltas` as argument instead: adds the deltas, without which its upgrade script cannot be made.
set -eu
NEXT=$(dirname "$(realpath "$0")")/next

# edit FILE EXPRESSION: as sed -E; an expression that changes nothing is a fault of this script.
edit() {
    cp "$1" "$1.before"
    sed -i -E "$2" "$1"
    if cmp -s "$1" "$1.before"; then echo "next.sh: nothing in $1 for: $2" >&2; exit 1; fi
    rm "$1.before"
}

old=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" citybigdata.control)
if [ "$1" = deltas ]; then
    from=$(cd sql/release && ls ./*.tables | sed 's/.*--//; s/\.tables$//' | sort -V | tail -1)
    mkdir -p "sql/upgrade/$from--$old"
    cp "$NEXT"/upgrade/*.sql "sql/upgrade/$from--$old/"
    exit
fi
edit citybigdata.control "s/^default_version.*/default_version = '$1'/"
for folder in tables code grants; do cp "$NEXT/$folder"/*.sql "sql/$folder/"; done
# a changed table, last column first in the list of what follows it
edit sql/tables/04-core-platform.sql "s/^( *set_up_at .*)$/\1,\n    contact text NOT NULL DEFAULT '' CONSTRAINT platform_contact_check CHECK (pg_catalog.length(contact) OPERATOR(pg_catalog.<=) 64)/"
echo 'CREATE INDEX platform_contact_idx ON citybigdata.platform (contact);' >> sql/tables/04-core-platform.sql
# a function with another body, two with another owner (one of them an endpoint, which the bridge then may not call), one that is gone, another comment, another condition, rights taken back
edit sql/code/40-audit.sql 's/the audit log is append-only/the audit log only grows/'
edit sql/code/40-audit.sql '/^CREATE OR REPLACE FUNCTION citybigdata\.(setup_audit|rest_audit_append)/,/AS \$\$/s/ SECURITY DEFINER//'
edit sql/code/35-admin-list.sql '/^(CREATE OR REPLACE|COMMENT ON) FUNCTION citybigdata\.rest_lockout_unlock\(/,/;$/d'
edit sql/code/00-core-schema.sql "s/^(COMMENT ON SCHEMA citybigdata IS) .*/\1 'Rehearsal';/"
edit sql/code/02-core-status.sql "s/IS 'English message'/IS 'The English message'/"
edit sql/code/28-access-signature.sql "s/'WHERE false'/'WHERE nonce IS NULL'/"
edit sql/grants/20-access.sql '/app_code_parts\(text\)/{n;s/citybigdata_auditor, //}'
edit sql/grants/60-data.sql 's/(CREATE POLICY fusion_member_own ON citybigdata.fusion_member)/\1 TO citybigdata_analyst, citybigdata_sysadmin/'
# shipped rows: changed, gone, new
edit sql/data/divisions.tsv 's/^(110101\t)[^\t]*/\1东城/; /^110102\t/d; $s/$/\n999999\t新区\t\t3\tofficial\t\t\t\t\t/'
edit sql/code/15-reference-rows.sql "s/\('industry', 'gas', '燃气', 2, true\), //; s/\('industry', 'waste', '环境卫生'/('industry', 'waste', '环卫'/"
edit sql/code/52-event-level.sql "s/\('medias.mediaName', 3/('medias.mediaName', 2/"

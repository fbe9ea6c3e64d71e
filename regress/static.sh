#!/usr/bin/env bash
# Checks of the tree that need no database, from the top of a built copy: one line `ok NAME` or `FAILED NAME` each.
set -u
cd "$(dirname "$0")/.." || exit 1

# check NAME COMMAND...: what the command prints is the fault; nothing printed and exit code 0 = ok.
check() {
    local name=$1 output code; shift
    output=$("$@" 2>&1); code=$?
    if [ -z "$output" ] && [ "$code" = 0 ]; then echo "ok $name"; else echo "FAILED $name"; echo "$output"; fi
}

sources() { find . -path ./.run -prune -o -type f \( -name '*.c' -o -name '*.h' -o -name '*.sql' -o -name '*.py' -o -name '*.sh' \) \
    -not -path './sql/citybigdata--*' -not -path './sql/data/*' -not -path './sql/code/03-core-status-rows.sql' -not -path './sql/code/11-place-division-rows.sql' -not -path './sql/code/46-calendar-rows.sql' -not -path './sql/code/81-process-rows.sql' -not -path './sql/release/*' \
    -not -path '*/expected/*' -not -path '*/node_modules/*' -not -name status_codes.h -not -name messages.h -print | sort; }

long_files() { sources | while read -r file; do lines=$(wc -l < "$file"); [ "$lines" -le 600 ] || echo "$file: $lines lines"; done; }
# The body of a function, between the braces at the begin of a line.
long_functions() {
    awk 'FNR == 1 { begin = 0 } /^{$/ { begin = FNR } /^}$/ && begin { if (FNR - begin - 1 > 66) print FILENAME ":" begin ": " FNR - begin - 1 " lines"; begin = 0 }' \
        extension/*.c extension/*/*.c bridge/*/*.c picture/*.c
}

marks() { sources | grep -v 'regress/static.sh' | xargs grep -nE '\b(TO''DO|FIX''ME|XX''X|HA''CK)\b'; true; }

# docs/status-codes.md is made from extension/wire/status_codes.txt (make docs).
status_manual() { sh extension/wire/make_status.sh manual < extension/wire/status_codes.txt | diff - docs/status-codes.md; }

# docs/settings.md is made from the C sources and docs/settings.zh.tsv, which has every setting (make docs).
settings_manual() { python3 docs/make_settings.py . | diff - docs/settings.md; }

# docs/functions.md is made from the comments and grants of the SQL, docs/zh/functions.md from docs/functions.zh.tsv too (make docs).
functions_page() { python3 docs/make_functions.py . | diff - docs/functions.md; python3 docs/make_functions.py --zh . | diff - docs/zh/functions.md; }

# What make install and make install-service put anywhere make uninstall takes away.
uninstalls() {
    local root; root=$(mktemp -d)
    make -s install install-service DESTDIR="$root" >/dev/null || echo 'make install fails'
    [ -n "$(find "$root" -name citybigdata-bridge -type f)" ] && [ -n "$(find "$root" -name citybigdata-bridge.service)" ] || echo 'nothing was installed'
    ! grep -r '@[A-Z]*@' "$root/etc" || echo 'a name was not filled in'
    make -s uninstall DESTDIR="$root" >/dev/null || echo 'make uninstall fails'
    find "$root" ! -type d | sed "s,^$root,left behind: ,"
    rm -rf "$root"
}

# Every page in Chinese has the sections of the English one, of the same levels and in the same number.
translated() {
    local zh en
    for zh in docs/zh/*.md README.zh-CN.md; do
        case $zh in */README.md|*/glossary.md) continue ;; README*) en=README.md ;; *) en=docs/${zh##*/} ;; esac
        [ "$(grep -o '^##* ' "$en" | tr '\n' ,)" = "$(grep -o '^##* ' "$zh" | tr '\n' ,)" ] || echo "$zh has other sections than $en"
    done
}

# docs/zh/glossary.md: the bridge is 接口服务, not the device of a network.
glossary() { grep -rn '网桥' README*.md docs bridge/*/*.[ch] bridge/web extension/*/*.[ch] extension/text/messages.txt extension/wire/status_codes.txt sql/code sql/data | grep -v '^docs/zh/glossary.md:'; true; }

# Chinese readers are led to the Chinese page where there is one.
chinese_links() {
    local page target
    for page in docs/zh/*.md README.zh-CN.md; do
        # the list of pages names both
        [ "$page" != docs/zh/README.md ] || continue
        grep -oE '\]\((\.\./|docs/)[a-z-]+\.md' "$page" | sed 's,.*/,,' | sort -u | while read -r target; do
            [ ! -e "docs/zh/$target" ] || echo "$page links to docs/$target, which is there in Chinese"
        done
    done
}

# Links of the pages to files of the tree.
links() {
    local page target
    for page in README*.md CHANGELOG.md docs/*.md docs/zh/*.md; do
        grep -oE '\]\([^)# ]+' "$page" | cut -c3- | grep -v '^[a-z]*:' | sort -u | while read -r target; do
            [ -e "$(dirname "$page")/$target" ] || echo "$page links to $target, which is not there"
        done
    done
}

# docs/conformance.md cites tests that exist: `sql/x`, `dump.sh`, `bridge/test_x.py` with `::test_y` (a bare `::test_y` is of the file before it).
citations() {
    local cited file=
    grep -oE '`(sql|bridge|fault)/[a-z_.*]+(::[a-z_0-9]+)?`|`::[a-z_0-9]+`' docs/conformance.md | tr -d '\`' | while read -r cited; do
        case $cited in
            sql/*) compgen -G "regress/$cited.sql" >/dev/null || echo "no regress/$cited.sql" ;;
            bridge/|bridge/*.c) ;;
            *) [ -z "${cited%%::*}" ] || file=regress/${cited%%::*}
               [ -f "$file" ] || echo "no $file"
               case $cited in *::*) grep -qs "^def ${cited##*::}(" "$file" || echo "no ${cited##*::} in $file" ;; esac ;;
        esac
    done
}

shell_syntax() { sources | grep '\.sh$' | while read -r file; do bash -n "$file"; done; }
python_syntax() { sources | grep '\.py$' | xargs -r python3 -c 'import ast, sys
for name in sys.argv[1:]: ast.parse(open(name, encoding="utf-8").read(), name)'; }

# psql -f of the install and upgrade scripts says what to do instead.
guarded() {
    local file
    for file in sql/citybigdata--*.sql; do
        head -1 "$file" | grep -q '^\\echo .* \\quit$' || echo "$file: no \\echo … \\quit guard"
    done
}

# sql/README.md: NN-chapter[-more].sql; a number stands for one file of a folder, but for 99, and for one chapter in all of them.
sql_names() {
    (cd sql && find tables code grants -type f | grep -vE '^[a-z]+/[0-9]{2}-[a-z][a-z0-9]*(-[a-z]+)*\.sql$' | sed 's/$/: not NN-chapter.sql/'
     find tables code grants -type f | sed -E 's,^([a-z]+)/([0-9]+).*,\1 \2,' | grep -v ' 99$' | sort | uniq -d | sed 's/$/: two files of that number/'
     find tables code grants -type f | sed -E 's,^[a-z]+/([0-9]+)-([a-z]+).*,\1 \2,' | sort -u | cut -d' ' -f1 | uniq -d | sed 's/$/: the number of two chapters/')
}

# What is run once is no code, what is replayed can be, and rights are in one place.
sql_folders() {
    grep -nE '^(CREATE (OR REPLACE )?(FUNCTION|TRIGGER|VIEW|POLICY)|COMMENT|GRANT|REVOKE)\b' sql/tables/*.sql
    grep -nE '^CREATE ' sql/code/*.sql | grep -vE ':CREATE OR REPLACE (FUNCTION|PROCEDURE|AGGREGATE|TRIGGER|VIEW) '
    grep -nE '^(GRANT|REVOKE)\b' sql/code/*.sql
    grep -nE '^(CREATE|COMMENT)\b' sql/grants/*.sql | grep -v ':CREATE POLICY '
    true
}

# No status code may be used in SQL or Python tests that is not in the table: the C sources cannot (they would not compile).
sql_codes() {
    find sql/code -name '*.sql' -not -name '*-rows.sql' -exec grep -ohE '\b(4[0-9]{2}|50[0-9])[0-9]{2}\b' {} + | sort -u \
        | while read -r number; do grep -qE "^$number +\|" extension/wire/status_codes.txt || echo "unknown status code in sql/code: $number"; done
}

# Code of types runs as the publisher or not at all: as_publisher.c alone calls it, and no regular expression judges a type by its name.
published_code() {
    grep -nE '\b(Oid)?(Input|Output|Receive|Send)FunctionCall|\bOidFunctionCall|\bgetTypeInputInfo|\bFunctionCall[0-9]' extension/data/*.c | grep -v '^extension/data/as_publisher.c:'
    grep -nE '(type_name|format_type\([^)]*\)) *!?~' sql/code/6*.sql
    true
}

# status_codes.txt is ordered and its SQLSTATEs are distinct by construction.
ordered() { grep -v '^#' extension/wire/status_codes.txt | cut -d'|' -f1 | tr -d ' ' | sort -n -c; }

# Tests and their expected outputs belong together, and all are run.
expected_outputs() {
    local file name
    for file in regress/expected/*.out; do name=$(basename "$file" .out); [ -f "regress/sql/$name.sql" ] || echo "$file is of no test"; done
    for file in regress/sql/*.sql; do grep -qx "$(basename "$file" .sql)" regress/schedule || echo "$file is not in regress/schedule"; done
    for file in regress/isolation/expected/*.out; do name=$(basename "$file" .out); [ -f "regress/isolation/specs/${name%_1}.spec" ] || echo "$file is of no test"; done
    for file in regress/isolation/specs/*.spec; do grep -qE "(^|[ :])$(basename "$file" .spec)( |$)" regress/isolation/schedule || echo "$file is not in regress/isolation/schedule"; done
}

# What a recipe of the Makefile starts by its path must be executable.
recipes_run() { sed -n 's/^\t\(regress[a-z_/]*\.sh\).*/\1/p; s/^\t.* \(regress[a-z_/]*\.sh\).*/\1/p' Makefile | sort -u | while read -r file; do [ -x "$file" ] || echo "$file is not executable"; done; }

# run_c SOURCES...: compiles a program with sanitizers and runs it.
run_c() {
    local program; program=$(mktemp)
    gcc -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers \
        -Ibridge -Iextension -I"$(pg_config --includedir)" "$@" -licuuc -lz -ljansson -lpthread -o "$program" && "$program" regress/charset
    local code=$?
    rm -f "$program"
    return $code
}

# clang-format 14 leaves every C file as it is; what it cannot break are strings, and tables between clang-format off and on.
formatted() {
    local tool; tool=$(command -v clang-format-14 || command -v clang-format) || { echo "clang-format 14 is not installed"; return; }
    sources | grep '\.[ch]$' | xargs "$tool" --dry-run 2>&1 | grep -F 'clang-formatted' | cut -d: -f1 | sort -u | sed 's/$/ is not as clang-format leaves it/'
}
long_lines() { sources | grep '\.[ch]$' | xargs python3 -c '
import re, sys
for name in sys.argv[1:]:
    free = False
    for number, line in enumerate(open(name, encoding="utf-8"), 1):
        free = "clang-format off" in line or free and "clang-format on" not in line
        width = len(line.rstrip("\n").expandtabs(4))
        if width > 110 and not free and not re.search(r"\"[^\"]{40,}\"", line):
            print(f"{name}:{number}: {width} characters")
'; }

# Every character of GB 18030 and every vector; replies and streams in every charset and coding.
charset_holds() { run_c regress/charset/check_charset.c bridge/base/charset.c extension/text/utf8.c; }
encoding_holds() { run_c regress/charset/check_encode.c bridge/reply/encode.c bridge/base/{charset,text,arena,log}.c extension/text/{array_literal,percent,utf8}.c; }

# What templates show, and which mistakes in them are found.
templates_hold() { run_c regress/template/check_template.c bridge/base/{template,template_parse,html_place,text,arena,log}.c extension/text/{array_literal,percent,utf8}.c; }

# Working time: 100,000 random pairs, or ten million, against a model that goes through every minute, in zones whose clocks change too.
calendar_holds() {
    local program code pairs=100000; program=$(mktemp)
    [ -z "${CBD_TEST_ALL:-}" ] || pairs=10000000
    gcc -std=gnu11 -D_GNU_SOURCE -O1 -g -fsanitize=address,undefined -Wall -Wextra -Iextension regress/calendar/check_calendar.c \
        extension/calendar/calendar_math.c -o "$program" && "$program" sql/data/cn_holidays.tsv "$pairs"
    code=$?
    rm -f "$program"
    return $code
}

# Every route, parameter and word of the manual: bridge/web/manual/*.json against bridge/server/route_table.c.
manual_complete() { bridge/citybigdata-bridge --print-openapi > /dev/null; }

check 'the manual documents every route and parameter' manual_complete
check 'no source file above 600 lines' long_files
check 'no C function above 66 lines' long_functions
check 'what the Makefile starts is executable' recipes_run
check 'folders are layers, no circles' python3 regress/check_layers.py
check 'C is formatted by clang-format 14' formatted
check 'no C line is longer than 110' long_lines
check 'no unfinished marks' marks
check 'code of published types runs as the publisher' published_code
check 'META.json is valid for PGXN and agrees with the control file' python3 regress/check_meta.py
check 'docs/settings.md is current' settings_manual
check 'docs/functions.md and docs/zh/functions.md are current' functions_page
check 'make uninstall removes what make install and make install-service installed' uninstalls
check 'pages in Chinese have the sections of the English ones' translated
check 'links of the pages' links
check 'Chinese texts keep to the glossary' glossary
check 'Chinese pages link to Chinese pages' chinese_links
check 'docs/conformance.md cites tests that exist' citations
check 'tests and expected outputs belong together' expected_outputs
check 'shell scripts parse' shell_syntax
check 'python files parse' python_syntax
check 'install and upgrade scripts are guarded' guarded
check 'SQL files are named by number and chapter' sql_names
check 'tables, code and grants are apart, code can be replayed' sql_folders
check 'status codes in SQL are in the table' sql_codes
check 'status code table is ordered' ordered
check 'every message is in English and Chinese' python3 regress/check_messages.py
check 'docs/status-codes.md is current' status_manual
check 'GB 18030: every character, sequence and vector' charset_holds
check 'working time agrees with a model of minutes' calendar_holds
check 'templates: what they show and what they refuse' templates_hold
check 'replies and streams in every charset and coding' encoding_holds
exit 0

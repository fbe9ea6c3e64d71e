#!/bin/sh
# data_parameters.sh < sql/code/65-data-resources.sql: the rows of standard_parameters() as JSON, for the manual that needs no database.
echo '{'
sed -n "s/^    ([0-9]*, '\([^']*\)', '\([^']*\)', '\([^']*\)', '\([^']*\)', '\([^']*\)', '\([^']*\)', \(NULL\|'[^']*'\)).*/\"\1\": {\"kind\": \"\2\", \"title\": [\"\3\", \"\4\"], \"text\": [\"\5\", \"\6\"], \"example\": \7},/p" \
    | sed "s/\"example\": NULL}/\"example\": null}/; s/\"example\": '\(.*\)'}/\"example\": \"\1\"}/; \$s/},\$/}/"
echo '}'

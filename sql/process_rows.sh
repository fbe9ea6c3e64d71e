#!/bin/sh
# Writes the SQL that installs the shipped processes: process-NAME.json is version 1, process-NAME.2.json version 2.
# usage: process_rows.sh sql/data/process-*.json
set -eu
echo "-- Made from sql/data/process-*.json; do not edit."
for file in "$@"; do
  name=$(basename "$file" .json)
  version=${name##*.}
  [ "$version" != "$name" ] || version=1
  if grep -qF '$process$' "$file"; then echo "$file: has \$process\$ in it" >&2; exit 1; fi
  printf 'SELECT citybigdata.install_process($process$\n'
  cat "$file"
  printf '$process$, %s);\n' "$version"
done

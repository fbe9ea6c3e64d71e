#!/bin/sh
# Writes the SQL that replaces the shipped six-digit codes; a row of the site stays. usage: division_rows.sh < sql/data/divisions.tsv
set -eu
awk -F'\t' '
function quoted(s) { if (s == "") return "NULL"; gsub(/\047/, "\047\047", s); return "\047" s "\047" }
NR == 1 {
  if ($0 != "code\tname\tparent\tlevel\tkind\trevision\tvalid_from\tvalid_to\tsuccessor\tformer_name") {
    print "unexpected columns: " $0 > "/dev/stderr"; exit 1
  }
  print "-- Made from sql/data/divisions.tsv; do not edit."
  print "DELETE FROM citybigdata.division WHERE shipped;"
  print "INSERT INTO citybigdata.division (code, name, parent_code, level, kind, revision, valid_from, valid_to, successor_code, former_name, shipped) VALUES"
  next
}
{
  printf "%s(%s, %s, %s, %d, %s, %s, %s, %s, %s, %s, true)", NR == 2 ? "" : ",\n", quoted($1), quoted($2), quoted($3), $4, quoted($5),
         quoted($6), quoted($7), quoted($8), quoted($9), quoted($10)
}
END { print "\nON CONFLICT ON CONSTRAINT division_pkey DO NOTHING;" }'

#!/bin/sh
# Writes the SQL that replaces the shipped holidays; a year of the site stays. usage: calendar_rows.sh < sql/data/cn_holidays.tsv
set -eu
awk -F'\t' '
function quoted(s) { if (s == "") return "NULL"; gsub(/\047/, "\047\047", s); return "\047" s "\047" }
/^#/ { next }
!headed {
  if ($0 != "date\tkind\tname\tname_en") { print "unexpected columns: " $0 > "/dev/stderr"; bad = 1; exit 1 }
  headed = 1
  next
}
{
  year = substr($1, 1, 4)
  if (!(year in seen)) { seen[year] = 1; years = years (years == "" ? "" : ", ") "(" year ")" }
  days = days (days == "" ? "" : ",\n") sprintf("(date \047%s\047, %s, %s, %s)", $1, quoted($2), quoted($3), quoted($4))
}
END {
  if (bad) exit 1
  print "-- Made from sql/data/cn_holidays.tsv; do not edit."
  print "DELETE FROM citybigdata.calendar_day WHERE shipped;"
  print "DELETE FROM citybigdata.calendar_year WHERE shipped;"
  print "INSERT INTO citybigdata.calendar_year (calendar, year, source, shipped)"
  print "SELECT \047default\047, v.year, \047npm chinese-days 1.5.7\047, true FROM (VALUES " years ") v(year)"
  print "ON CONFLICT ON CONSTRAINT calendar_year_pkey DO NOTHING;"
  print "INSERT INTO citybigdata.calendar_day (calendar, day, kind, name, name_en, shipped)"
  print "SELECT y.calendar, v.day, v.kind, v.name, v.name_en, true FROM (VALUES\n" days ") v(day, kind, name, name_en)"
  print "JOIN citybigdata.calendar_year y ON y.shipped AND y.calendar OPERATOR(pg_catalog.=) \047default\047"
  print "    AND y.year OPERATOR(pg_catalog.=) pg_catalog.date_part(\047year\047, v.day)::integer"
  print "ON CONFLICT ON CONSTRAINT calendar_day_pkey DO NOTHING;"
}'

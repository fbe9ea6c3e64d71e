#!/bin/sh
# Writes the table of messages.txt as a C header, in the order of strcmp().
# usage: make_messages.sh < messages.txt
set -eu
LC_ALL=C awk '
/^#/ || /^$/ { next }
{
  at = index($0, " | ")
  if (at == 0) { print "messages.txt line " NR ": no \" | \"" > "/dev/stderr"; bad = 1; next }
  print substr($0, 1, at - 1) "\001" substr($0, at + 3)
}
END { exit bad }' | LC_ALL=C sort | LC_ALL=C awk -F '\001' '
function literal(text) { gsub(/\\/, "&&", text); gsub(/"/, "\\\\&", text); return "\"" text "\"" }
BEGIN {
  print "/* Made from messages.txt by make_messages.sh; do not edit. */"
  print "#ifndef CBD_MESSAGES_H\n#define CBD_MESSAGES_H\n"
  print "/* English, Chinese: one call of X per row */"
  print "#define CBD_MESSAGE_TABLE(X) \\"
}
{ printf "\tX(%s, %s) \\\n", literal($1), literal($2) }
END { print "\n#endif" }'

#!/bin/sh
# Writes what is made from status_codes.txt: C header, SQL rows or manual page.
# usage: make_status.sh header|sql|manual < status_codes.txt
set -eu
awk -F' *[|] *' -v kind="$1" '
function state(n,   digits) {   # number - 40000 in base 36: the last three characters of the SQLSTATE
  if (n == 0) return "00000"
  n -= 40000
  digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
  return "UD" substr(digits, int(n / 1296) % 36 + 1, 1) substr(digits, int(n / 36) % 36 + 1, 1) substr(digits, n % 36 + 1, 1)
}
/^#/ || NF < 4 { next }
{
  number[rows] = $1; name[rows] = $2; english[rows] = $3; sub(/ +$/, "", $4); chinese[rows] = $4
  http[rows] = $1 == 0 ? 200 : int($1 / 100)
  if (seen[$1]++) { print "status code " $1 " occurs twice" > "/dev/stderr"; bad = 1 }
  rows++
}
END {
  if (bad) exit 1
  if (kind == "header") {
    print "/* Made from status_codes.txt by make_status.sh; do not edit. */"
    print "#ifndef CBD_STATUS_CODES_H\n#define CBD_STATUS_CODES_H\n"
    print "typedef enum CbdStatus\n{"
    for (i = 0; i < rows; i++) printf "\tCBD_%s = %d,\n", name[i], number[i]
    print "} CbdStatus;\n"
    print "/* number, HTTP status, name, SQLSTATE, English, Chinese: one call of X per row */"
    print "#define CBD_STATUS_TABLE(X) \\"
    for (i = 0; i < rows; i++)
      printf "\tX(%d, %d, \"%s\", \"%s\", \"%s\", \"%s\")%s\n", number[i], http[i], name[i], state(number[i]), english[i], chinese[i], i < rows - 1 ? " \\" : ""
    print "\n#endif"
  } else if (kind == "sql") {
    print "-- Made from extension/wire/status_codes.txt; do not edit."
    print "DELETE FROM citybigdata.status_code;"
    print "INSERT INTO citybigdata.status_code (status_code, name, http_status, sqlstate, message, message_zh) VALUES"
    for (i = 0; i < rows; i++)
      printf "(%d, %s%s%s, %d, %s%s%s, %s%s%s, %s%s%s)%s\n", number[i], q, name[i], q, http[i], q, state(number[i]), q, q, esc(english[i]), q, q, chinese[i], q, i < rows - 1 ? "," : ";"
  } else {
    print "# Status codes 状态信息编码表\n"
    print "Made from `extension/wire/status_codes.txt`. The number is the HTTP status × 100 + nn; 0 is success.\n"
    print "| statusCode | HTTP | SQLSTATE | name | message | 说明 |\n|---|---|---|---|---|---|"
    for (i = 0; i < rows; i++) printf "| %d | %d | %s | %s | %s | %s |\n", number[i], http[i], state(number[i]), name[i], english[i], chinese[i]
  }
}
function esc(s) { gsub(/\047/, "\047\047", s); return s }
BEGIN { q = "\047"; rows = 0 }
'

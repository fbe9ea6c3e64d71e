#!/usr/bin/env bash
# Prints the headers that sign a request: sign.sh METHOD TARGET [BODY-FILE]
#   curl --cacert "$CBD_CA" -H @<(sign.sh POST /api/v1/events event.json) -H 'Content-Type: application/json' \
#        --data-binary @event.json "$CBD_URL/api/v1/events"
# CBD_APP_CODE and CBD_SIGNING_SECRET are the application's; CBD_SIGNATURE_METHOD is HMAC-SHA256 (default) or HMAC-SM3.
# Needs bash and openssl. The secret is never an argument of a program: the list of processes shows those.
set -eu
export LC_ALL=C
method=$1 target=$2 body=${3:-/dev/null}
algorithm=${CBD_SIGNATURE_METHOD:-HMAC-SHA256}
timestamp=${CBD_TIMESTAMP:-$(date +%s)}
nonce=${CBD_NONCE:-$(openssl rand -hex 16)}
case $algorithm in
    HMAC-SHA256) digest=sha256 ;;
    HMAC-SM3) digest=sm3 ;;
    *) echo "CBD_SIGNATURE_METHOD is HMAC-SHA256 or HMAC-SM3" >&2; exit 2 ;;
esac

# A name or value decoded and encoded again, byte by byte.
encode() {
    local text=$1 out= c code
    while [ -n "$text" ]; do
        c=${text:0:1}
        case $text in
            %[0-9A-Fa-f][0-9A-Fa-f]*) code=$((16#${text:1:2})); text=${text:3} ;;
            +*) code=32; text=${text:1} ;;
            %*) echo "a % needs two hexadecimal digits" >&2; exit 2 ;;
            *) printf -v code '%d' "'$c"; code=$((code & 255)); text=${text:1} ;;
        esac
        printf -v c '%b' "\\x$(printf '%02x' "$code")"
        case $c in
            [A-Za-z0-9._~-]) out=$out$c ;;
            *) printf -v c '%%%02X' "$code"; out=$out$c ;;
        esac
    done
    printf '%s' "$out"
}

canonical_query() {
    local pair pairs=()
    IFS='&' read -r -a pairs <<< "$1"
    for pair in "${pairs[@]}"; do
        [ -n "$pair" ] || continue
        case $pair in
            *=*) printf '%s %s\n' "$(encode "${pair%%=*}")" "$(encode "${pair#*=}")" ;;
            *) printf '%s \n' "$(encode "$pair")" ;;
        esac
    done | sort -t ' ' -k1,1 -k2,2 | tr ' ' '=' | paste -s -d '&'
}

# The key, filled with zero bytes to the 64 bytes of a block, each byte xor $1 (RFC 2104).
padded_key() {
    local i code
    for ((i = 0; i < 64; i++)); do
        code=0
        [ "$i" -ge "${#CBD_SIGNING_SECRET}" ] || printf -v code '%d' "'${CBD_SIGNING_SECRET:i:1}"
        printf '%b' "\\x$(printf '%02x' $((code ^ $1)))"
    done
}

[ "${#CBD_SIGNING_SECRET}" -le 64 ] || { echo "a secret of more than 64 bytes" >&2; exit 2; }
query=
case $target in *\?*) query=${target#*\?} ;; esac
body_digest=$(openssl dgst "-$digest" -r < "$body" | cut -d ' ' -f 1)
canonical=$(printf '%s\n%s\n%s\n%s\n%s\n%s' "$method" "${target%%\?*}" "$(canonical_query "$query")" "$body_digest" "$timestamp" "$nonce")
signature=$({ padded_key 0x5c; { padded_key 0x36; printf '%s' "$canonical"; } | openssl dgst "-$digest" -binary; } \
    | openssl dgst "-$digest" -binary | openssl base64 -A)
printf 'X-App-Code: %s\nX-Timestamp: %s\nX-Nonce: %s\nX-Signature-Method: %s\nX-Signature: %s\n' \
    "$CBD_APP_CODE" "$timestamp" "$nonce" "$algorithm" "$signature"

#!/usr/bin/env bash
# The published signature vectors and sample signers: one line `ok NAME` or `not ok NAME` each; needs openssl, python3, cc.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
bad=0

# verdict NAME EXPECTED SEEN
verdict() {
    if [ "$2" = "$3" ]; then echo "ok $1"; else echo "not ok $1"; echo "# expected: $2"; echo "# seen: $3"; bad=1; fi
}

verdict 'vectors are as made by regress/vectors.py' "$(cksum < docs/signature-vectors.json)" "$(python3 regress/vectors.py | cksum)"

# One folder a vector, one file a field, so that shell and programs see the exact bytes.
python3 - docs/signature-vectors.json "$work" <<'PYTHON' || exit 1
import json, os, sys
for kind, vectors in json.load(open(sys.argv[1], encoding='utf-8')).items():
    for number, vector in enumerate(vectors):
        folder = os.path.join(sys.argv[2], kind, f'{number:02}')
        os.makedirs(folder)
        for key, value in vector.items():
            with open(os.path.join(folder, key), 'w', encoding='utf-8', newline='') as out:
                out.write(str(value))
PYTHON

# openssl_mac DIGEST VECTOR-FOLDER TEXT-FILE: base64 of the HMAC
openssl_mac() { openssl dgst "-$1" -mac HMAC -macopt "key:$(cat "$2/secret")" -binary "$3" | openssl base64 -A; }

for vector in "$work"/signature/*; do
    name=$(cat "$vector/name")
    case $(cat "$vector/algorithm") in HMAC-SM3) digest=sm3 ;; *) digest=sha256 ;; esac
    verdict "openssl: body digest: $name" "$(cat "$vector/bodyDigest")" "$(openssl dgst "-$digest" -r "$vector/body" | cut -d ' ' -f 1)"
    verdict "openssl: $name" "$(cat "$vector/signature")" "$(openssl_mac "$digest" "$vector" "$vector/canonicalRequest")"
done
for vector in "$work"/artemis/*; do
    verdict "openssl: artemis: $(cat "$vector/name")" "$(cat "$vector/signature")" "$(openssl_mac sha256 "$vector" "$vector/stringToSign")"
done

signers=("bash docs/samples/sign.sh" "python3 docs/samples/sign.py")
if cc -Wall -Wextra -o "$work/sign" docs/samples/sign.c -lcrypto; then signers+=("$work/sign"); else verdict 'sign.c compiles' yes no; fi
if command -v javac >/dev/null; then
    if javac -Xlint:all -d "$work/classes" docs/samples/sign.java; then signers+=("java -cp $work/classes Sign"); else verdict 'sign.java compiles' yes no; fi
fi
for signer in "${signers[@]}"; do
    for vector in "$work"/signature/*; do
        # the JDK has no SM3
        case $signer:$(cat "$vector/algorithm") in java*:HMAC-SM3) continue ;; esac
        target=$(cat "$vector/path"); query=$(cat "$vector/query")
        [ -z "$query" ] || target=$target?$query
        # shellcheck disable=SC2086
        seen=$(CBD_APP_CODE=110000000000010 CBD_SIGNING_SECRET=$(cat "$vector/secret") CBD_SIGNATURE_METHOD=$(cat "$vector/algorithm") \
            CBD_TIMESTAMP=$(cat "$vector/timestamp") CBD_NONCE=$(cat "$vector/nonce") \
            $signer "$(cat "$vector/method")" "$target" "$vector/body" 2>&1)
        verdict "$(basename "${signer##* }"): $(cat "$vector/name")" "$(printf 'X-App-Code: 110000000000010\nX-Timestamp: %s\nX-Nonce: %s\nX-Signature-Method: %s\nX-Signature: %s' \
            "$(cat "$vector/timestamp")" "$(cat "$vector/nonce")" "$(cat "$vector/algorithm")" "$(cat "$vector/signature")")" "$seen"
    done
done
exit "$bad"

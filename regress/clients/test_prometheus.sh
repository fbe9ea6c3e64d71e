#!/usr/bin/env bash
# promtool (Debian package prometheus) on what is shipped for Prometheus: the alert rules, by themselves and against series of platforms
# that are well and that are not (prometheus_alerts.yml), and the text of /metrics of the platform that runs.
#   test_prometheus.sh FOLDER        prints `ok NAME` or `not ok NAME`
# The package is unpacked into FOLDER, not installed: to install it starts a Prometheus on port 9090. So it is no part of `make test`.
set -u
folder=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
rules=$top/packaging/prometheus/citybigdata.rules.yml

# told NAME COMMAND...: ok when the command ends with 0; what it prints is shown when it does not.
told() {
    local name=$1; shift
    if "$@" > "$folder/out" 2>&1; then echo "ok $name"; else echo "not ok $name"; cat "$folder/out" >&2; fi
}

find_promtool() {
    promtool=$(command -v promtool) && return
    # _apt, as which apt downloads, cannot write everywhere: apt warns and goes on
    (cd "$folder" && apt-get -qq download prometheus && dpkg-deb -x prometheus_*.deb unpacked) > "$folder/out" 2>&1 || { cat "$folder/out" >&2; return 1; }
    promtool=$folder/unpacked/usr/bin/promtool
}

metrics() { curl -sS --fail --cacert "$CBD_CA" "$CBD_URL/metrics" | "$promtool" check metrics; }

# A rule whose threshold is another one must fail: the series are near to what they are about.
has_teeth() {
    mkdir -p "$folder/regress/clients" "$folder/packaging/prometheus"
    cp "$top/regress/clients/prometheus_alerts.yml" "$folder/regress/clients/"
    sed "$1" "$rules" > "$folder/packaging/prometheus/citybigdata.rules.yml"
    ! cmp -s "$rules" "$folder/packaging/prometheus/citybigdata.rules.yml" && ! "$promtool" test rules "$folder/regress/clients/prometheus_alerts.yml"
}

find_promtool || { echo "not ok promtool can be had"; exit 1; }
told "the alert rules are valid" "$promtool" check rules "$rules"
told "each alert is raised when it should be, and not when it should not" "$promtool" test rules "$top/regress/clients/prometheus_alerts.yml"
told "the text of /metrics is as Prometheus wants it" metrics
for change in 's/> 10800/> 20000/' 's/> 900 and/> 90000 and/' 's/== 0$/== 9/' 's/> 0.01 \*/> 0.5 */' 's/> 0.1 \*/> 0.9 */' 's/\[5m\]) > 100/[5m]) > 1000/'; do
    told "a rule with another threshold is found: $change" has_teeth "$change"
done

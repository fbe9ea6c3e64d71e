# Shell functions for the demo's SMS gateway, sourced by up.sh and down.sh: Kannel with the message centre of the tests behind it, in
# DIR/sms, all on 127.0.0.1 as the database's user.
#   sms_choice DIR     prints kannel, or nothing: what SMS= says, else what was chosen last time; SMS=none ends it
#   sms_up DIR URL     starts what does not run; the platform at URL has the gateway's row, its application may send
#   sms_down DIR       ends it
SMS_CONF='outbound_networks = gateway:127.0.0.0/8'

sms_choice() {
    local dir=$1
    case ${SMS:-} in
        kannel) echo kannel ;;
        none) rm -f "$dir/sms/chosen" ;;
        '') [ ! -f "$dir/sms/chosen" ] || echo kannel ;;
        *) die "SMS must be kannel or none; it is '$SMS'" ;;
    esac
}

# sms_kannel DIR COMMAND ARGUMENT...: kannel.py, of a copy that the database's user can read.
sms_kannel() {
    local dir=$1 command=$2
    shift 2
    as_db /usr/bin/python3 -B "$dir/sms/program/kannel.py" "$command" "$dir/sms" "$@"
}

sms_up() {
    local dir=$1 url=$2 reply
    [ -d "$dir/sms" ] || db_dir "$dir/sms"
    install -d -m 0755 "$dir/sms/program"
    install -m 0644 "$TOP"/regress/sms/*.py "$dir/sms/program/"
    reply=$( { sms_kannel "$dir" gateway "$url" "$dir/tls/ca.pem"; cat <<SQL
INSERT INTO citybigdata.app_grant (app_id, resource, level, granted_by) SELECT app_id, 'sms', 4, 'make up' FROM citybigdata.application
WHERE app_code = '$(sed -n 's/^CBD_APP_CODE=//p' "$dir/demo.env")' ON CONFLICT DO NOTHING;
SQL
    } | db_psql "$dir" -d "$DATABASE") || die "the gateway's row cannot be made"
    step "starting Kannel and its message centre" sms_kannel "$dir" start "$reply" || die "Kannel does not start; its logs are in $dir/sms"
    touch "$dir/sms/chosen"
}

sms_down() {
    [ -f "$1/sms/program/kannel.py" ] || return 0
    sms_kannel "$1" stop
}

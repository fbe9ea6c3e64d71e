# Shell functions for the demo's SMS gateway, sourced by up.sh and down.sh: Kannel with the message centre of the tests behind it, in
# DIR/sms, all on 127.0.0.1 as the database's user.
#   sms_choice DIR     kannel, or nothing: what SMS= says, else what was chosen last time; SMS=none ends it
#   sms_up DIR PORT    starts what does not run, and makes the gateway's row
#   sms_down DIR       ends it
SMS_CODE=kannel

sms_choice() {
    local dir=$1
    case ${SMS:-} in
        kannel) echo kannel ;;
        none) ;;
        '') [ ! -f "$dir/sms/settings.json" ] || [ -f "$dir/sms/off" ] || echo kannel ;;
        *) die "SMS must be kannel or none; it is '$SMS'" ;;
    esac
}

# sms_kannel DIR COMMAND: kannel.py, of a copy that the database's user can read.
sms_kannel() { as_db /usr/bin/python3 "$1/sms/program/kannel.py" "$2" "$1/sms"; }

sms_up() {
    local dir=$1 port=$2
    [ -d "$dir/sms" ] || db_dir "$dir/sms"
    rm -f "$dir/sms/off"
    install -d -m 0755 "$dir/sms/program"
    install -m 0644 "$TOP"/regress/sms/*.py "$dir/sms/program/"
    step "starting Kannel and its message centre" sms_kannel "$dir" start || die "Kannel does not start; its logs are in $dir/sms"
}

sms_down() {
    [ -f "$1/sms/program/kannel.py" ] || return 0
    sms_kannel "$1" stop
}

# Where make up keeps its platform, sourced by up.sh and down.sh: RUN is .run of the checkout, DIR the platform's folder.
RUN=$TOP/.run

make_run() {
    [ -d "$RUN" ] || mkdir -m 0700 "$RUN"
    [ -O "$RUN" ] && [ -w "$RUN" ] || die "$RUN belongs to $(stat -c %U "$RUN"); run this as that user"
}

# One at a time: a second one waits.
take_lock() {
    exec 9>"$RUN/lock"
    flock -n 9 && return 0
    say "another make up or make down is at work in $TOP; waiting for it"
    flock 9
}

# Sets DIR: .run/platform, or, where the database's user cannot reach the checkout (/root, a private temporary folder),
# a folder under /var/lib/citybigdata-dev that .run/platform links to. Who deletes .run begins anew in both cases.
find_place() {
    local far
    far=/var/lib/citybigdata-dev/$(printf '%s' "$TOP" | sha256sum | cut -c1-16)
    own_dir "$RUN"
    DIR=$RUN/platform
    if [ -L "$DIR" ]; then
        if [ "$(readlink "$DIR")" = "$far" ] && [ -d "$far" ]; then DIR=$far; return 0; fi
        # of a copied or moved checkout: that platform is another one's
        rm "$DIR"
    fi
    if [ -d "$DIR" ]; then
        as_db test -x "$DIR" || die "user $DB_USER cannot reach $DIR any more; move the checkout back, or delete $RUN"
        return 0
    fi
    if as_db test -x "$RUN"; then own_dir "$DIR"; return 0; fi
    install -d -m 0755 /var/lib/citybigdata-dev
    if [ -d "$far" ]; then cluster_remove "$far"; fi
    own_dir "$far"
    as_db test -x "$far" || die "user $DB_USER cannot reach $far"
    ln -s "$far" "$DIR"
    DIR=$far
}

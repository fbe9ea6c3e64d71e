# citybigdata: the extension by PGXS, the bridge by bridge/Makefile, the platform by regress/cluster.
# `make up`, `make down`, `make test`, `make test-all`, `make test-clients`, `make bench`, `make sanitize` install what is missing first.

EXTENSION  = citybigdata
EXTVERSION = $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" citybigdata.control)
MODULE_big = citybigdata
OBJS       = $(patsubst %.c,%.o,$(sort $(wildcard extension/*.c extension/*/*.c)))
# SQL: sql/README.md. What is made here: the install script of this version and the upgrade script of the release before it;
# the scripts of releases are frozen in sql/release/ and installed as they are.
SQL_MADE   = sql/code/03-core-status-rows.sql sql/code/11-place-division-rows.sql sql/code/46-calendar-rows.sql sql/code/81-process-rows.sql
SQL_FILES  = $(sort $(wildcard sql/tables/*.sql sql/code/*.sql sql/grants/*.sql) $(SQL_MADE))
RELEASED   = $(patsubst sql/release/citybigdata--%.tables,%,$(wildcard sql/release/citybigdata--*.tables))
PREVIOUS   = $(lastword $(shell printf '%s\n' $(filter-out $(EXTVERSION),$(RELEASED)) | sort -V))
SQL_UPGRADE = $(if $(PREVIOUS),sql/citybigdata--$(PREVIOUS)--$(EXTVERSION).sql)
DATA       = $(filter-out %--$(EXTVERSION).sql,$(wildcard sql/release/citybigdata--*.sql))
DATA_built = sql/citybigdata--$(EXTVERSION).sql $(SQL_UPGRADE)
DATA_TSV   = $(wildcard sql/data/*)

PG_CPPFLAGS = -Iextension -MMD -MP -DCBD_VERSION='"$(EXTVERSION)"'
PG_CFLAGS   = -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers $(CBD_CFLAGS)
SHLIB_LINK  = -Wl,--version-script=$(srcdir)/extension/exports.map -lcrypto -licui18n -licuuc -lgeos_c -lproj -lm $(CBD_LDFLAGS)

REGRESS_OPTS = --inputdir=regress --outputdir=regress/results
REGRESS      = $(shell cat regress/schedule)
EXTRA_CLEAN  = $(DATA_built) $(SQL_MADE) extension/wire/status_codes.h extension/text/messages.h $(OBJS:.o=.d) regress/results

PG_CONFIG ?= pg_config
# no bitcode: it would need clang and double the build, and nothing of ours is worth inlining into queries
override with_llvm = no
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

ifneq ($(wildcard $(PGXS)),)
include $(PGXS)
# the same name as in make test: it shows in messages
CONTRIB_TESTDB = regression_citybigdata

all: bridge picture
install: install-bridge install-data install-media
uninstall: uninstall-bridge uninstall-data uninstall-media uninstall-service
clean: clean-bridge

.PHONY: bridge picture install-bridge install-data install-media install-service uninstall-bridge uninstall-data uninstall-media uninstall-service clean-bridge
bridge: extension/wire/status_codes.h extension/text/messages.h
	$(MAKE) -C bridge CBD_CFLAGS="$(CBD_CFLAGS)" CBD_LDFLAGS="$(CBD_LDFLAGS)" CBD_VERSION="$(EXTVERSION)"
# looks at fetched media, beside the bridge's program, which finds it there
picture: extension/wire/status_codes.h extension/text/messages.h
	$(MAKE) -C picture CBD_CFLAGS="$(CBD_CFLAGS)" CBD_LDFLAGS="$(CBD_LDFLAGS)"
install-bridge: bridge picture
	$(MAKE) -C bridge install DESTDIR="$(DESTDIR)" BINDIR="$(bindir)"
	$(MAKE) -C picture install DESTDIR="$(DESTDIR)" BINDIR="$(bindir)"
install-data:
	$(MKDIR_P) '$(DESTDIR)$(datadir)/$(datamoduledir)/citybigdata'
	$(if $(DATA_TSV),$(INSTALL_DATA) $(DATA_TSV) '$(DESTDIR)$(datadir)/$(datamoduledir)/citybigdata/')
# The media service of cameras, with nginx's template (docs/camera-servers.md).
MEDIADIR = $(datadir)/citybigdata-media
install-media:
	$(MKDIR_P) '$(DESTDIR)$(MEDIADIR)/media'
	$(INSTALL_SCRIPT) video/citybigdata-media '$(DESTDIR)$(MEDIADIR)/'
	$(INSTALL_DATA) video/nginx.conf '$(DESTDIR)$(MEDIADIR)/'
	$(INSTALL_DATA) video/media/*.py '$(DESTDIR)$(MEDIADIR)/media/'
# For systemd, and a link to the program where shells find it. Other places: make install-service SERVICEDIR=… LINKDIR=…
SERVICEDIR = /etc/systemd/system
LINKDIR    = /usr/local/bin
install-service: install-bridge
	$(MKDIR_P) '$(DESTDIR)$(SERVICEDIR)' '$(DESTDIR)$(LINKDIR)'
	sed 's,@BINDIR@,$(bindir),' packaging/systemd/citybigdata-bridge.service > '$(DESTDIR)$(SERVICEDIR)/citybigdata-bridge.service'
	for unit in citybigdata-media citybigdata-media-nginx; do \
		sed 's,@MEDIADIR@,$(MEDIADIR),' packaging/systemd/$$unit.service > '$(DESTDIR)$(SERVICEDIR)'/$$unit.service; done
	ln -sfn '$(bindir)/citybigdata-bridge' '$(DESTDIR)$(LINKDIR)/citybigdata-bridge'
uninstall-service:
	rm -f '$(DESTDIR)$(SERVICEDIR)/citybigdata-bridge.service' '$(DESTDIR)$(SERVICEDIR)'/citybigdata-media*.service
	[ ! -L '$(DESTDIR)$(LINKDIR)/citybigdata-bridge' ] || rm '$(DESTDIR)$(LINKDIR)/citybigdata-bridge'
uninstall-bridge:
	$(MAKE) -C bridge uninstall DESTDIR="$(DESTDIR)" BINDIR="$(bindir)"
	$(MAKE) -C picture uninstall DESTDIR="$(DESTDIR)" BINDIR="$(bindir)"
# the scripts of other versions too, which an earlier `make install` left
uninstall-data:
	rm -rf '$(DESTDIR)$(datadir)/$(datamoduledir)/citybigdata'
	rm -f '$(DESTDIR)$(datadir)/$(datamoduledir)'/citybigdata--*.sql
uninstall-media:
	rm -rf '$(DESTDIR)$(MEDIADIR)'
clean-bridge:
	$(MAKE) -C bridge clean
	$(MAKE) -C picture clean
else
all install install-service installcheck uninstall:
	@echo "pg_config not found: install PostgreSQL's development files, or run 'make packages'"; exit 1
endif

# -MMD writes beside each object what it was made of, so that only what changed is compiled; what is generated comes first.
$(OBJS): | extension/wire/status_codes.h extension/text/messages.h
-include $(OBJS:.o=.d)

extension/wire/status_codes.h: extension/wire/status_codes.txt extension/wire/make_status.sh
	sh extension/wire/make_status.sh header < $< > $@.tmp && mv $@.tmp $@
extension/text/messages.h: extension/text/messages.txt extension/text/make_messages.sh
	sh extension/text/make_messages.sh < $< > $@.tmp && mv $@.tmp $@
sql/code/03-core-status-rows.sql: extension/wire/status_codes.txt extension/wire/make_status.sh
	sh extension/wire/make_status.sh sql < $< > $@.tmp && mv $@.tmp $@
sql/code/11-place-division-rows.sql: sql/data/divisions.tsv sql/division_rows.sh
	sh sql/division_rows.sh < $< > $@.tmp && mv $@.tmp $@
sql/code/46-calendar-rows.sql: sql/data/cn_holidays.tsv sql/calendar_rows.sh
	sh sql/calendar_rows.sh < $< > $@.tmp && mv $@.tmp $@
sql/code/81-process-rows.sql: $(wildcard sql/data/process-*.json) sql/process_rows.sh
	sh sql/process_rows.sh $(filter %.json,$^) > $@.tmp && mv $@.tmp $@
# the folders too: the date of one changes when a file is removed
sql/citybigdata--$(EXTVERSION).sql: $(SQL_FILES) sql/script.sh citybigdata.control sql/tables sql/code sql/grants $(wildcard sql/release/*)
	sh sql/script.sh install $(EXTVERSION) > $@.tmp && mv $@.tmp $@
$(SQL_UPGRADE): sql/citybigdata--$(EXTVERSION).sql $(wildcard sql/upgrade/$(PREVIOUS)--$(EXTVERSION) sql/upgrade/$(PREVIOUS)--$(EXTVERSION)/*)
	sh sql/script.sh upgrade $(PREVIOUS) $(EXTVERSION) > $@.tmp && mv $@.tmp $@

# A release: docs/upgrade.md.
.PHONY: freeze
freeze: $(DATA_built)
	sh sql/script.sh freeze $(EXTVERSION) $(PREVIOUS)
	mkdir -p regress/upgrade/use
	cp regress/upgrade/site.sql regress/upgrade/use/$(EXTVERSION)-site.sql

.PHONY: packages up down demo-data test test-all test-clients bench sanitize fuzz lint-openapi check-sql check-isolation record docs dist
packages:
	regress/cluster/packages.sh
# VIDEO=nginx: media servers and two demo cameras too.
up:
	SMS="$(SMS)" VIDEO="$(VIDEO)" regress/cluster/up.sh
down:
	regress/cluster/down.sh
test:
	regress/test.sh
# The long forms too: hundreds of cases, kills and millions of random pairs instead of a few.
test-all:
	CBD_TEST_ALL=1 regress/test.sh
# Clients and tools of others, from PyPI and npm, against a running platform.
test-clients:
	regress/clients/run.sh
demo-data:
	ROWS="$(ROWS)" SEED="$(SEED)" regress/cluster/demo_data.sh
bench:
	regress/bench/bench.sh
sanitize:
	regress/sanitize.sh
# The bridge's OpenAPI document against public linters; needs npm, which make packages leaves out.
lint-openapi:
	regress/openapi/lint.sh
# Coverage-guided, FUZZ_SECONDS (20) for each target.
fuzz: extension/wire/status_codes.h extension/text/messages.h
	regress/cluster/packages.sh clang libclang-rt-14-dev
	$(MAKE) -C regress/fuzz
# One chapter quickly, for developers: make check-sql TESTS="setup interval"
check-sql:
	regress/cluster/check_sql.sh $(TESTS)
# The same for races: make check-isolation SPECS="auth_code lockout"
check-isolation:
	regress/cluster/check_isolation.sh $(SPECS)
# Replies that differ on purpose, recorded again by their names: make record ENTRIES="'limits/data*' 'manual/*'"
record:
	regress/bridge/recording/record.sh $(ENTRIES)
docs: docs/status-codes.md docs/settings.md docs/functions.md docs/zh/functions.md
docs/functions.md: docs/make_functions.py $(wildcard sql/code/*.sql sql/grants/*.sql)
	python3 docs/make_functions.py > $@.tmp && mv $@.tmp $@
docs/zh/functions.md: docs/make_functions.py docs/functions.zh.tsv $(wildcard sql/code/*.sql sql/grants/*.sql)
	python3 docs/make_functions.py --zh > $@.tmp && mv $@.tmp $@
# Of all C files: a setting may be defined in any of them.
docs/settings.md: docs/make_settings.py docs/settings.zh.tsv $(wildcard extension/*.c extension/*/*.c bridge/*/config.c)
	python3 docs/make_settings.py > $@.tmp && mv $@.tmp $@
docs/status-codes.md: extension/wire/status_codes.txt extension/wire/make_status.sh
	sh extension/wire/make_status.sh manual < $< > $@.tmp && mv $@.tmp $@
# The archive for PGXN, of what is committed.
dist:
	mkdir -p dist
	git archive --format zip --prefix=citybigdata-$(EXTVERSION)/ -o dist/citybigdata-$(EXTVERSION).zip HEAD
	@echo dist/citybigdata-$(EXTVERSION).zip

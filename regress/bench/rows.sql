-- Processor time of one session, in microseconds a call, `name value` lines: the token check alone, and a whole light read with it.
-- What a text of its own for each call costs is in both.
SET citybigdata.own_statement = off; -- thousands of checks in a statement
SELECT pg_backend_pid() AS pid \gset
\setenv BACKEND :pid
PREPARE checks (int) AS SELECT count((citybigdata.check_token(left(:'token', 43 + n % 1))).status_code) FROM generate_series(1, $1) n;
PREPARE gets (int) AS SELECT count(citybigdata.rest_event_get('bench', '127.0.0.1'::inet, NULL, 'bearer', :'digest'::bytea, :'task' || left('', n), NULL, NULL)) FROM generate_series(1, $1) n;
\o /dev/null
EXECUTE checks (2000);
EXECUTE gets (500);
\o
\! sed 's/.*) //' /proc/$BACKEND/stat | awk '{ print "start", $12 + $13 }'
\o /dev/null
EXECUTE checks (200000);
\o
\! sed 's/.*) //' /proc/$BACKEND/stat | awk '{ print "checks", $12 + $13 }'
\o /dev/null
EXECUTE gets (60000);
\o
\! sed 's/.*) //' /proc/$BACKEND/stat | awk '{ print "gets", $12 + $13 }'

/*
 * The check of a session: one statement that asks what the session is, and sets what the bridge needs in it.
 * Its answer is judged by db_session.c.
 */
#include "db/db_inner.h"

#include <stdio.h>

/*
 * Off promises nothing, and a report that was acknowledged must survive a crash: at least this server's disk.
 * Whether standbys are waited for stays what the server says.
 */
static const char check[] =
	"SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('transaction_read_only'),"
	" pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('is_superuser'),"
	" pg_catalog.current_setting('synchronous_commit'), pg_catalog.current_setting('server_version_num'),"
	" pg_catalog.set_config('statement_timeout', $1, false),"
	" pg_catalog.set_config('standard_conforming_strings', 'on', false),"
	" CASE pg_catalog.current_setting('synchronous_commit')"
	" WHEN 'off' THEN pg_catalog.set_config('synchronous_commit', 'local', false) END";

bool
SessionCheck(DbConnection *connection)
{
	char timeout[16];
	const char *values[] = {timeout};

	snprintf(timeout, sizeof(timeout), "%d", LaneTimeout(connection->lane->id));
	if (!PQsendQueryParams(connection->pg, check, 1, NULL, values, NULL, NULL, 0) ||
		!PQpipelineSync(connection->pg))
		return false;
	connection->checking = true;
	connection->check_since = connection->lane->db->now;
	WatchConnection(connection, PQflush(connection->pg) == 1);
	return true;
}

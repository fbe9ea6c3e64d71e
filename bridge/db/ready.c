/* Readiness; see ready.h. */
#include "db/ready.h"

#include "db/db_inner.h"
#include "wire/status_codes.h"

/* What there is to say of a lane. */
typedef enum Problem
{
	NO_CONNECTION,
	READ_ONLY,
	NO_AUDIT,
	WEAK_COMMIT,
	LENT
} Problem;

static const char *const sentences[][2] = {
	[NO_CONNECTION] = {"no connection to the database", "没有可用的数据库连接"},
	[READ_ONLY] = {"the database is read-only: nothing can be stored", "数据库为只读，无法存储"},
	[NO_AUDIT] = {"audit records cannot be written: reads are refused", "审计记录无法写入，读取被拒绝"},
	[WEAK_COMMIT] = {"synchronous_commit of the server is off: the bridge's sessions use local",
					 "服务器的 synchronous_commit 为 off，接口服务的会话改用 local"},
	[LENT] = {"the server has no connection left: this lane has lent some",
			  "服务器连接数已满，本通道已让出连接"}};

static bool
Counts(Lane lane)
{
	return lane == LANE_FAST || lane == LANE_WRITE || lane == LANE_AUDIT;
}

int
ReadyStatus(const Database *db, const Audit *audit)
{
	if (DbReadOnly(db))
		return CBD_UNAVAILABLE;
	for (int id = LANE_FAST; id < LANES; id++)
		if (Counts((Lane) id) && DbConnected(db, (Lane) id) == 0)
			return CBD_DATABASE_UNAVAILABLE;
	return AuditWorks(audit) ? CBD_OK : CBD_UNAVAILABLE;
}

/* The lane's connections: how many, how many that can write, and where to. */
static void
AddLane(Text *text, const DbLane *lane, bool inside)
{
	const DbConnection *example = NULL;
	char host[160];
	int connected = 0, writable = 0;

	for (int i = 0; i < lane->count; i++)
		if (lane->connections[i].state == DB_READY)
		{
			example = &lane->connections[i];
			connected++;
			writable += !example->read_only;
		}
	TextPrint(text, "\"%s\":{\"usable\":%s,\"writable\":%s", lane_names[lane->id],
			  connected > 0 ? "true" : "false", writable > 0 ? "true" : "false");
	if (inside)
		TextPrint(text, ",\"connections\":%d,\"of\":%d", connected, lane->count);
	if (inside && example != NULL)
	{
		CandidateText(lane->db->conninfo, &example->candidates[example->at], host, sizeof(host));
		TextAddString(text, ",\"database\":");
		TextAddJson(text, host);
		TextPrint(text, ",\"serverVersion\":\"%d.%d\"", example->server_version / 10000,
				  example->server_version % 10000);
	}
	if (inside && connected == 0 && lane->failed)
	{
		TextAddString(text, ",\"error\":");
		TextAddJson(text, lane->why);
	}
	TextAddString(text, "}");
}

static void
AddSentence(Text *text, bool *first, const char *lane, const char *sentence)
{
	TextPrint(text, "%s{\"lane\":\"%s\",\"message\":\"%s\"}", *first ? "" : ",", lane, sentence);
	*first = false;
}

static void
AddProblem(Text *text, bool *first, Lane lane, Problem problem, bool chinese)
{
	AddSentence(text, first, lane_names[lane], sentences[problem][chinese]);
}

void
ReadyText(Text *text, const Database *db, const Audit *audit, const MasterKeyFault *key, bool inside,
		  bool chinese)
{
	bool first = true;

	TextAddString(text, "\"lanes\":{");
	for (int id = LANE_FAST; id < LANES; id++)
	{
		TextAddString(text, id == LANE_FAST ? "" : ",");
		AddLane(text, &db->lanes[id], inside);
	}
	TextAddString(text, "},\"problems\":[");
	if (DbReadOnly(db))
		AddProblem(text, &first, LANE_WRITE, READ_ONLY, chinese);
	for (int id = LANE_FAST; id < LANES; id++)
	{
		const DbLane *lane = &db->lanes[id];
		bool lent = false;

		for (int i = 0; i < lane->count; i++)
			lent = lent || lane->connections[i].lent;
		if (DbConnected(db, (Lane) id) == 0 && id == LANE_AUDIT && DbReadOnly(db))
			continue; /* it is looking for a server that can be written: db_session.c */
		if (DbConnected(db, (Lane) id) == 0)
			AddProblem(text, &first, (Lane) id, NO_CONNECTION, chinese);
		else if (lent)
			AddProblem(text, &first, (Lane) id, LENT, chinese);
	}
	if (!AuditWorks(audit))
		AddProblem(text, &first, LANE_AUDIT, NO_AUDIT, chinese);
	if (db->weak_commit)
		AddProblem(text, &first, LANE_WRITE, WEAK_COMMIT, chinese);
	if (key != NULL)
		AddSentence(text, &first, "masterKey", key->sentences[chinese]);
	TextAddString(text, "]");
}

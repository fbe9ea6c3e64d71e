/*
 * Token by key, report of an event, published data page by page.
 *
 * From the environment: CBD_URL, CBD_CA, CBD_APP_CODE, CBD_KEY, CBD_SENDER_CODE, CBD_RESOURCE, CBD_TIME_RANGE
 * Perhaps also CBD_LANGUAGE: en or zh, the language of what the platform says
 * Build: cc -o query query.c -lcurl -ljansson
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <jansson.h>

typedef struct Buffer
{
	char *bytes;
	size_t length;
} Buffer;

static CURL *curl;
static char token_header[512], language_header[64];

static void
fail(const char *what)
{
	fprintf(stderr, "query: %s\n", what);
	exit(1);
}

static const char *
setting(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL || value[0] == '\0')
	{
		fprintf(stderr, "query: not set: %s\n", name);
		exit(1);
	}
	return value;
}

static size_t
take(char *bytes, size_t size, size_t count, void *pointer)
{
	Buffer *buffer = pointer;
	char *larger = realloc(buffer->bytes, buffer->length + size * count + 1);

	if (larger == NULL)
		return 0;
	memcpy(larger + buffer->length, bytes, size * count);
	buffer->bytes = larger;
	buffer->length += size * count;
	buffer->bytes[buffer->length] = '\0';
	return size * count;
}

/* One exchange; the HTTP status, and the envelope in *reply. `body` NULL: GET. *pause: seconds to wait. */
static long
exchange(const char *address, const char *body, json_t **reply, curl_off_t *pause)
{
	Buffer buffer = {NULL, 0};
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
	long status = 0;
	CURLcode result;

	headers = curl_slist_append(headers, language_header);
	if (token_header[0] != '\0')
		headers = curl_slist_append(headers, token_header);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, address);
	curl_easy_setopt(curl, CURLOPT_CAINFO, setting("CBD_CA"));
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &buffer);
	if (body != NULL)
	{
		headers = curl_slist_append(headers, "Content-Type: application/json");
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	result = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	if (result != CURLE_OK)
		fail(curl_easy_strerror(result));
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, pause);
	*reply = json_loads(buffer.bytes == NULL ? "" : buffer.bytes, 0, NULL);
	free(buffer.bytes);
	if (*reply == NULL)
		fail("the reply is not JSON");
	return status;
}

/* A refusal with every fault: where, its number, what would be right. */
static void
print_refusal(long status, const json_t *reply)
{
	json_t *fault;
	size_t i;

	printf("refused: HTTP %ld, %d %s, request %s\n", status,
		   (int) json_integer_value(json_object_get(reply, "statusCode")),
		   json_string_value(json_object_get(reply, "message")),
		   json_string_value(json_object_get(reply, "requestId")));
	json_array_foreach(json_object_get(json_object_get(reply, "data"), "errors"), i, fault)
		printf("  %s: %d %s\n", json_string_value(json_object_get(fault, "pointer")),
			   (int) json_integer_value(json_object_get(fault, "statusCode")),
			   json_string_value(json_object_get(fault, "message")));
}

/* The envelope; waits and asks again while the platform is busy. A refusal is printed, and NULL. */
static json_t *
call(const char *path, const char *body)
{
	char address[2048];
	json_t *reply;
	curl_off_t pause;
	long status;

	snprintf(address, sizeof(address), "%s%s", setting("CBD_URL"), path);
	for (int tries = 1;; tries++)
	{
		status = exchange(address, body, &reply, &pause);
		if (status == 200)
			return reply;
		if (tries == 4 || (status != 429 && status != 503 && status != 504))
			break;
		json_decref(reply);
		sleep(pause > 0 ? (unsigned) pause : 1);
	}
	print_refusal(status, reply);
	json_decref(reply);
	return NULL;
}

/* Posts the members (taken) and ends when that is refused. */
static json_t *
post(const char *path, json_t *members)
{
	char *body = json_dumps(members, JSON_COMPACT);
	json_t *reply = call(path, body);

	json_decref(members);
	free(body);
	if (reply == NULL)
		exit(1);
	return reply;
}

static const char *
data_text(const json_t *reply, const char *name)
{
	return json_string_value(json_object_get(json_object_get(reply, "data"), name));
}

static void
authorise(const char *app_code, const char *key)
{
	json_t *code = post("/api/v1/auth/code",
						json_pack("{s:s,s:s,s:s}", "appCode", app_code, "method", "key", "key", key));
	json_t *token = post("/api/v1/auth/token", json_pack("{s:s,s:s}", "appCode", app_code, "authCode",
														 data_text(code, "authCode")));

	snprintf(token_header, sizeof(token_header), "Authorization: Bearer %s", data_text(token, "accessToken"));
	printf("token: %d s\n",
		   (int) json_integer_value(json_object_get(json_object_get(token, "data"), "expiresIn")));
	json_decref(code);
	json_decref(token);
}

/* A report as table A.4 asks for it: X and Y of the business plane, longitude and latitude of the online map.
 * Sent again, it gets the same answer. */
static void
report(const char *sender)
{
	char number[64], now[32];
	json_t *event, *reply;

	snprintf(number, sizeof(number), "SAMPLE-C-%ld-%ld", (long) time(NULL), (long) getpid());
	snprintf(now, sizeof(now), "%ld", (long) time(NULL));
	event = json_pack("{s:s,s:s,s:s,s:f,s:f,s:f,s:f,s:i,s:i,s:i,s:s,s:s,s:s,s:s}", "eventDesc", "路灯不亮",
					  "otherTaskNum", number, "address", "景山前街4号", "coordinateX", 448463.732,
					  "coordinateY", 4421118.659, "lontitude", 116.403414, "latitude", 39.924091,
					  "eventSrcID", 1, "recTypeID", 1, "eventLevelID", 1, "eventTypeCode", "6",
					  "mainTypeCode", "602", "subTypeCode", "60201", "createTime", now);
	reply = post("/api/v1/events", json_pack("{s:s,s:s,s:o}", "senderCode", sender, "actionType",
											 "UP_REC_REPORT", "data", event));
	printf("event: %s\n", data_text(reply, "taskNum"));
	json_decref(reply);
}

/* From cursor to cursor. */
static void
read_pages(const char *resource, const char *time_range)
{
	char *range = curl_easy_escape(curl, time_range, 0), *cursor = NULL;
	size_t items = 0;

	do
	{
		char path[1536];
		json_t *reply;

		snprintf(path, sizeof(path), "/api/v1/data/%s?pageSize=100&timeRange=%s%s%s", resource, range,
				 cursor == NULL ? "" : "&cursor=", cursor == NULL ? "" : cursor);
		curl_free(cursor);
		reply = call(path, NULL);
		if (reply == NULL)
			exit(1);
		items += json_array_size(json_object_get(json_object_get(reply, "data"), "items"));
		cursor = data_text(reply, "nextCursor") == NULL
					 ? NULL
					 : curl_easy_escape(curl, data_text(reply, "nextCursor"), 0);
		json_decref(reply);
	} while (cursor != NULL);
	curl_free(range);
	printf("data: %zu items\n", items);
}

int
main(void)
{
	const char *app_code = setting("CBD_APP_CODE"), *key = setting("CBD_KEY");
	const char *sender = setting("CBD_SENDER_CODE"), *resource = setting("CBD_RESOURCE");
	const char *time_range = setting("CBD_TIME_RANGE"), *language = getenv("CBD_LANGUAGE");
	char path[256];

	snprintf(language_header, sizeof(language_header), "Accept-Language: %s",
			 language != NULL ? language : "en");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	curl = curl_easy_init();
	if (curl == NULL)
		fail("libcurl cannot be used");
	authorise(app_code, key);
	report(sender);
	read_pages(resource, time_range);
	/* a refusal names every fault */
	snprintf(path, sizeof(path), "/api/v1/data/%s?pageSize=0", resource);
	json_decref(call(path, NULL));
	curl_easy_cleanup(curl);
	curl_global_cleanup();
	return 0;
}

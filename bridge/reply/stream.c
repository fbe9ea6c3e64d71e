/* Streams: see stream.h. Everything here runs on the worker's thread. */
#include "reply/stream.h"

#include <stdlib.h>
#include <string.h>

#include "request/body.h"
#include "reply/encode.h"
#include "base/log.h"
#include "wire/status_codes.h"

#define BLOCK (32 * 1024) /* bytes that libmicrohttpd asks for at a time, at most */
#define SLICE                                                                                                \
	(64 * 1024) /* bytes that are encoded at a time: other requests of the worker wait meanwhile             \
				 */

typedef struct Piece
{
	bool there;
	PGresult *result; /* holds bytes; NULL: `words` of the stream does */
	Span bytes;
	size_t held; /* as accounted for */
} Piece;

typedef struct Stream
{
	const StreamSource *source;
	void *state;
	Encoder *encoder; /* NULL: bytes go out as they are */
	Piece current, next;
	size_t at;    /* bytes of the current piece that are encoded, or out */
	Span out;     /* still to be sent: of the current piece, or of `encoded` */
	Text encoded; /* a slice */
	Text words;   /* the last ones */
	bool more;    /* the source has pieces that were not fetched */
	bool told;    /* the last words are out */
	bool closed;  /* the encoder has written its end */
	int broken;   /* why; CBD_OK: it is not */
} Stream;

/* What the reader of a stream has to do. */
typedef enum Step
{
	STEP_ON,   /* look again */
	STEP_WAIT, /* for the database */
	STEP_END,
	STEP_FAIL
} Step;

static void
PieceFree(Piece *piece)
{
	ResultFree(piece->result);
	BytesGive(piece->held);
	*piece = (Piece){.there = false};
}

static Piece
PieceOf(PGresult *result, Span bytes)
{
	Piece piece = {true, result, bytes, PQresultMemorySize(result)};

	BytesTake(piece.held);
	return piece;
}

void
StreamStart(Request *request, const StreamSource *source, void *state, PGresult *result, Span bytes)
{
	Stream *stream = Allocate(sizeof(*stream));

	memset(stream, 0, sizeof(*stream));
	stream->source = source;
	stream->state = state;
	stream->current = PieceOf(result, bytes);
	stream->more = true;
	request->stream = stream;
}

void
StreamFree(Request *request)
{
	Stream *stream = request->stream;

	if (stream == NULL)
		return;
	request->stream = NULL;
	PieceFree(&stream->current);
	PieceFree(&stream->next);
	EncoderFree(stream->encoder);
	TextClear(&stream->encoded);
	TextClear(&stream->words);
	stream->source->end(stream->state);
	free(stream);
}

/* A connection that waits for a piece goes on. */
static void
Resume(Request *request)
{
	if (!request->suspended)
		return;
	request->suspended = false;
	request->worker->run_http = true;
	ClientEnter(request->client, CLIENT_REPLY, ConfigNow()->reply_timeout);
	MHD_resume_connection(request->connection);
}

/* The job under way is nobody's any more; true: it had not been sent. */
static bool
Abandon(Request *request)
{
	if (!request->job_busy || !DbAbandon(request->worker->db, &request->job))
		return false;
	request->job_busy = false;
	return true;
}

void
StreamBreak(Request *request, int status)
{
	Stream *stream = request->stream;

	if (stream->broken == CBD_OK)
	{
		stream->broken = status;
		LogEvent(LOG_INFO, request->id, "the reply ends early: %d %s", status, StatusFind(status)->english);
	}
	stream->more = false;
	PieceFree(&stream->next);
	Abandon(request);
	Resume(request);
}

void
StreamTimeout(Request *request)
{
	/* not sent means that others were before it all the time */
	StreamBreak(request, Abandon(request) ? CBD_OVERLOADED : CBD_TIMEOUT);
}

void
StreamClientLeft(Request *request)
{
	if (!request->suspended)
		return; /* libmicrohttpd is writing, and will see it */
	Count(&request->worker->metrics.clients_left, 1);
	request->stream->told = true; /* there is nobody to tell */
	StreamBreak(request, CBD_UNAVAILABLE);
}

void
StreamLetGo(Request *request)
{
	Abandon(request);
}

/* The job of a piece is over. */
static void
PieceDone(Job *job)
{
	Request *request = (Request *) ((char *) job - offsetof(Request, job));
	Stream *stream = request->stream;
	PGresult *result = job->result;
	Span bytes = {NULL, 0};
	int status = job->status;

	job->result = NULL;
	request->job_busy = false;
	if (request->connection == NULL || stream->broken != CBD_OK)
	{
		if (status == CBD_OK)
			KeepRecord(request, result);
		ResultFree(result);
		if (request->connection == NULL)
			RequestFree(request);
		return;
	}
	if (status == CBD_OK)
		status = stream->source->take(request, stream->state, result, &bytes, &stream->more);
	if (status == CBD_OK)
	{
		stream->next = PieceOf(result, bytes);
		Resume(request);
		return;
	}
	ResultFree(result);
	StreamBreak(request, status);
}

/* Sends the job for the next piece. */
static void
Ask(Request *request)
{
	Stream *stream = request->stream;
	Job *job = &request->job;
	int status;

	job->done = PieceDone;
	job->request_id = request->id;
	job->next_step = false;
	job->follows = true;
	status = stream->source->ask(request, stream->state);
	if (status == CBD_OK)
		status = DbSubmit(request->worker->db, job);
	if (status == CBD_OK)
		request->job_busy = true;
	else
		StreamBreak(request, status);
}

/* The next piece becomes the current one. */
static void
Advance(Request *request)
{
	Stream *stream = request->stream;

	stream->current = stream->next;
	stream->next = (Piece){.there = false};
	stream->at = 0;
	/* a large piece may take its time, a byte now and then is not enough */
	ClientEnter(request->client, CLIENT_REPLY, ConfigNow()->reply_timeout);
}

/* No piece is left. */
static Step
AtEnd(Request *request)
{
	Stream *stream = request->stream;

	if (stream->next.there)
		Advance(request);
	else if (stream->broken != CBD_OK && stream->told)
		return STEP_FAIL;
	else if (stream->broken != CBD_OK)
	{
		stream->told = true;
		if (stream->source->last_words == NULL)
			return STEP_FAIL;
		stream->source->last_words(request, stream->state, stream->broken, &stream->words);
		stream->current = (Piece){.there = true, .bytes = {stream->words.bytes, stream->words.length}};
		stream->at = 0;
	}
	else if (request->job_busy)
		return STEP_WAIT;
	else if (stream->more)
		Ask(request);
	else if (stream->encoder == NULL || stream->closed)
		return STEP_END;
	else
	{
		stream->closed = true;
		stream->encoded.length = 0;
		EncoderPut(stream->encoder, "", 0, true, &stream->encoded);
		stream->out = (Span){stream->encoded.bytes, stream->encoded.length};
	}
	return STEP_ON;
}

/* Puts the next bytes out, when nothing is. */
static Step
Fill(Request *request)
{
	Stream *stream = request->stream;
	Piece *current = &stream->current;
	size_t length;

	if (current->there && stream->at == current->bytes.length)
		PieceFree(current);
	if (!current->there)
		return AtEnd(request);
	if (stream->more && !stream->next.there && !request->job_busy &&
		BytesInFlight() < ConfigNow()->max_bytes_in_flight)
		Ask(request); /* ahead of its time */
	length = current->bytes.length - stream->at;
	if (stream->encoder == NULL)
		stream->out = (Span){current->bytes.text + stream->at, length};
	else
	{
		length = length > SLICE ? SLICE : length;
		stream->encoded.length = 0;
		EncoderPut(stream->encoder, current->bytes.text + stream->at, length, false, &stream->encoded);
		stream->out = (Span){stream->encoded.bytes, stream->encoded.length};
	}
	stream->at += length;
	return STEP_ON;
}

/* Nothing to send until a piece comes. */
static ssize_t
Wait(Request *request)
{
	if (request->client->left)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	ClientEnter(request->client, CLIENT_WAITING, ConfigNow()->queue_timeout + LaneTimeout(request->job.lane));
	request->suspended = true;
	MHD_suspend_connection(request->connection);
	return 0;
}

/* libmicrohttpd wants bytes. */
static ssize_t
Read(void *cls, uint64_t position, char *buffer, size_t room)
{
	Request *request = cls;
	Stream *stream = request->stream;
	size_t length;

	while (stream->out.length == 0)
		switch (Fill(request))
		{
			case STEP_ON:
				break;
			case STEP_WAIT:
				return Wait(request);
			case STEP_END:
				return MHD_CONTENT_READER_END_OF_STREAM;
			case STEP_FAIL:
				return MHD_CONTENT_READER_END_WITH_ERROR;
		}
	length = stream->out.length < room ? stream->out.length : room;
	memcpy(buffer, stream->out.text, length);
	stream->out.text += length;
	stream->out.length -= length;
	return (ssize_t) length;
}

struct MHD_Response *
StreamResponse(Request *request, uint64_t size, Encoding encoding)
{
	if (encoding.gzip || encoding.charset != CHARSET_UTF8)
		request->stream->encoder = EncoderNew(encoding);
	return MHD_create_response_from_callback(size, BLOCK, Read, request, NULL);
}

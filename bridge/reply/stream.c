/* Streams: see stream.h. Everything here runs on the worker's thread. */
#include "reply/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/config.h"
#include "base/log.h"
#include "base/status.h"
#include "base/text.h"
#include "request/run.h"
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

struct Stream
{
	Encoder *encoder; /* NULL: bytes go out as they are */
	Piece current, next;
	size_t at;    /* bytes of the current piece that are encoded, or out */
	Span out;     /* still to be sent: of the current piece, or of `encoded` */
	Text encoded; /* a slice */
	Text words;   /* the last ones */
	bool more;    /* there are pieces that were not fetched */
	Text token;   /* gets the next one: `more` of the last frame */
	bool told;    /* the last words are out */
	bool closed;  /* the encoder has written its end */
	int broken;   /* why; CBD_OK: it is not */
};

/* What the reader of a stream has to do. */
typedef enum Step
{
	STEP_ON,   /* look again */
	STEP_WAIT, /* for the database */
	STEP_END,
	STEP_FAIL
} Step;

/* Gives a piece back, and what it was accounted for; an empty place: nothing. */
static void
PieceFree(Piece *piece)
{
	ResultFree(piece->result);
	BytesGive(piece->held);
	*piece = (Piece){.there = false};
}

/* A piece that lies in that result, accounted for until it is sent. */
static Piece
PieceOf(PGresult *result, Span bytes)
{
	Piece piece = {true, result, bytes, PQresultMemorySize(result)};

	BytesTake(piece.held);
	return piece;
}

/* What follows the frame. */
static void
TakeToken(Stream *stream, const Frame *frame)
{
	stream->more = frame->more.length > 0;
	stream->token.length = 0;
	TextAdd(&stream->token, frame->more.text, frame->more.length);
}

bool
StreamStart(Request *request)
{
	Stream *stream;

	if (request->frame.more.length == 0 || request->head)
		return false;
	stream = Allocate(sizeof(*stream));
	memset(stream, 0, sizeof(*stream));
	stream->current = PieceOf(request->result, request->frame.body);
	TakeToken(stream, &request->frame);
	request->result = NULL;
	request->stream = stream;
	return true;
}

void
StreamLead(Request *request, Span bytes)
{
	Stream *stream = request->stream;

	stream->next = stream->current;
	stream->current = (Piece){.there = true, .bytes = bytes};
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
	TextClear(&stream->token);
	free(stream);
}

/* A connection that waits for a piece goes on. */
static void
Resume(Request *request)
{
	if (request->suspended)
		ClientEnter(request->client, CLIENT_REPLY, ConfigNow()->reply_timeout);
	RequestResume(request);
}

void
StreamBreak(Request *request, int status)
{
	Stream *stream = request->stream;

	if (stream->broken == CBD_OK)
	{
		stream->broken = status;
		LogEvent(LOG_INFO, request->id, "the reply ends early: %d %s", status, StatusText(status, false));
	}
	stream->more = false;
	PieceFree(&stream->next);
	RequestAbandon(request);
	Resume(request);
}

void
StreamTimeout(Request *request)
{
	/* not sent means that others were before it all the time */
	StreamBreak(request, RequestAbandon(request) ? CBD_OVERLOADED : CBD_TIMEOUT);
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
	if (request->stream != NULL)
		RequestAbandon(request);
}

/* A frame with a piece has come; the status says whether the stream goes on. */
static int
TakePiece(Request *request, PGresult *result)
{
	const More *more = request->kind->more;
	Stream *stream = request->stream;
	Frame frame;
	int status;

	if (!ResultFrame(result, &frame))
		return CBD_INTERNAL_ERROR;
	if (!RecordFrame(request, &frame))
		return CBD_UNAVAILABLE; /* no record, no rows */
	if (frame.status != CBD_OK)
		return (int) frame.status;
	status = more->take == NULL ? CBD_OK : more->take(request, &frame);
	if (status != CBD_OK)
		return status;
	TakeToken(stream, &frame);
	stream->next = PieceOf(result, frame.body);
	Resume(request);
	return CBD_OK;
}

/* The job of a piece is over. */
static void
PieceDone(Job *job)
{
	Request *request = (Request *) ((char *) job - offsetof(Request, job));
	PGresult *result = job->result;
	int status = job->status;
	Frame frame;

	job->result = NULL;
	request->job_busy = false;
	if (request->connection == NULL || request->stream->broken != CBD_OK)
	{
		if (status == CBD_OK && ResultFrame(result, &frame))
			RecordFrame(request, &frame);
		ResultFree(result);
		if (request->connection != NULL)
			return;
		StreamFree(request);
		RequestFree(request);
		return;
	}
	if (status == CBD_OK)
		status = TakePiece(request, result);
	if (status == CBD_OK)
		return;
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
	status = request->kind->more->fill(request, (Span){stream->token.bytes, stream->token.length});
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
		if (request->kind->more->last_words == NULL)
			return STEP_FAIL;
		request->kind->more->last_words(request, stream->broken, &stream->words);
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

/* The reply ends unfinished: without close_notify, by which a client without a length knows a whole one. */
static ssize_t
Cut(Request *request)
{
	if (request->client != NULL && request->client->tls != NULL)
		shutdown(request->client->fd, SHUT_WR);
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* Nothing to send until a piece comes. */
static ssize_t
Wait(Request *request)
{
	if (request->client->left)
		return Cut(request);
	ClientEnter(request->client, CLIENT_WAITING, ConfigNow()->queue_timeout + LaneTimeout(request->job.lane));
	request->suspended = true;
	ClientSuspend(request->client);
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
				return Cut(request);
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

/*
 * The text that a request's signature is made of; see signature_canonical.h. Everything is written into a
 * buffer whose size the caller knows beforehand; the pairs that are sorted are on the stack, and bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "access/signature_canonical.h"
#include "text/percent.h"

/* One name=value of a query, both parts somewhere in the caller's buffer. */
typedef struct Pair
{
	Span name;
	Span value;
} Pair;

/* Where the text to be signed is written; `full`: it does not fit, and `at` stays where it was. */
typedef struct Writer
{
	char *out;
	size_t size;
	size_t at;
	bool full;
} Writer;

/* Appends bytes; once they do not fit, the text is too long and nothing more is written. */
static void
put(Writer *w, const char *data, size_t length)
{
	if (w->full || w->size - w->at < length)
	{
		w->full = true;
		return;
	}
	if (length > 0)
		memcpy(w->out + w->at, data, length);
	w->at += length;
}

/* Appends a span. */
static void
put_span(Writer *w, Span span)
{
	put(w, span.text, span.length);
}

/* Closes the text with a NUL; false when something did not fit. */
static bool
finish(Writer *w, size_t *written)
{
	*written = w->at;
	put(w, "", 1);
	return !w->full;
}

/* Writes the decoded bytes of a name or value; *part is where they are. False: a bad escape. */
static bool
decode(Span raw, Writer *w, Span *part)
{
	if (PercentFirstBad(raw.text, raw.length) < raw.length)
		return false;
	/* decoding never makes it longer */
	if (w->size - w->at < raw.length)
		w->full = true;
	if (w->full)
		return false;
	part->text = w->out + w->at;
	part->length = PercentBytes(raw.text, raw.length, true, w->out + w->at);
	w->at += part->length;
	return true;
}

/* Writes a decoded name or value in the canonical encoding. */
static void
encode(Span part, Writer *w)
{
	char piece[PERCENT_SIZE(64)];

	for (size_t i = 0; i < part.length; i += 64)
	{
		size_t left = part.length - i;

		put(w, piece, PercentText(part.text + i, left < 64 ? left : 64, "", piece));
	}
}

/* Appends the decoded pairs of a query to pairs[*count]. False: a bad escape or too many. */
static bool
split(Span query, Writer *w, Pair *pairs, size_t *count)
{
	size_t at = 0;

	while (at < query.length)
	{
		/* name=value up to &; without = the value is empty, nothing between two & is no pair */
		const char *amp = memchr(query.text + at, '&', query.length - at);
		size_t end = amp == NULL ? query.length : (size_t) (amp - query.text);
		const char *equals = memchr(query.text + at, '=', end - at);
		size_t name_end = equals == NULL ? end : (size_t) (equals - query.text);
		size_t value_start = equals == NULL ? end : name_end + 1;

		if (end > at)
		{
			if (*count == QUERY_PAIRS_MAX ||
				!decode((Span){query.text + at, name_end - at}, w, &pairs[*count].name) ||
				!decode((Span){query.text + value_start, end - value_start}, w, &pairs[*count].value))
				return false;
			(*count)++;
		}
		at = end + 1;
	}
	return true;
}

/* Order by unsigned bytes, the shorter one first. */
static int
compare_bytes(Span a, Span b)
{
	size_t common = a.length < b.length ? a.length : b.length;
	int order = common == 0 ? 0 : memcmp(a.text, b.text, common);

	return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* The order of the encoded forms without making them: an escaped byte starts with %, which is below all that
 * is kept. */
static int
compare_encoded(Span a, Span b)
{
	for (size_t i = 0;; i++)
	{
		unsigned char x, y;

		/* one begins the other: the shorter one first */
		if (i >= a.length || i >= b.length)
			return (a.length > b.length) - (a.length < b.length);
		x = (unsigned char) a.text[i];
		y = (unsigned char) b.text[i];
		if (x == y)
			continue;
		if (PercentUnreserved((char) x) != PercentUnreserved((char) y))
			return PercentUnreserved((char) x) ? 1 : -1;
		return x < y ? -1 : 1;
	}
}

/* qsort: parameters by name, then value, as they are encoded. */
static int
by_encoded(const void *a, const void *b)
{
	const Pair *x = a;
	const Pair *y = b;
	int order = compare_encoded(x->name, y->name);

	return order != 0 ? order : compare_encoded(x->value, y->value);
}

/* qsort: parameters by name, then value, decoded. */
static int
by_decoded(const void *a, const void *b)
{
	const Pair *x = a;
	const Pair *y = b;
	int order = compare_bytes(x->name, y->name);

	return order != 0 ? order : compare_bytes(x->value, y->value);
}

/* Both halves of out[size] are used: the decoded pairs at its end, the result from its start. */
bool
CanonicalQuery(Span query, QueryOrder order, char *out, size_t size, size_t *written)
{
	Pair pairs[QUERY_PAIRS_MAX];
	size_t count = 0;
	Writer decoded;
	Writer w;

	*written = 0;
	if (size < CANONICAL_QUERY_SIZE(query.length))
		return false;
	/* decoded at the end, where the result does not reach */
	decoded = (Writer){out + size - query.length, query.length, 0, false};
	w = (Writer){out, size - query.length, 0, false};
	if (!split(query, &decoded, pairs, &count))
		return false;
	qsort(pairs, count, sizeof(Pair), order == ORDER_ENCODED ? by_encoded : by_decoded);
	for (size_t i = 0; i < count; i++)
	{
		if (i > 0)
			put(&w, "&", 1);
		encode(pairs[i].name, &w);
		put(&w, "=", 1);
		encode(pairs[i].value, &w);
	}
	return finish(&w, written);
}

size_t
CanonicalRequestSize(const SignedRequest *request)
{
	return request->method.length + request->path.length + CANONICAL_QUERY_SIZE(request->query.length) +
		   request->body_digest.length + request->timestamp.length + request->nonce.length + 6;
}

bool
CanonicalRequest(const SignedRequest *request, QueryOrder order, char *out, size_t size, size_t *written)
{
	Writer w = {out, size, 0, false};
	size_t query_length;

	*written = 0;
	put_span(&w, request->method);
	put(&w, "\n", 1);
	put_span(&w, request->path);
	put(&w, "\n", 1);
	if (w.full || !CanonicalQuery(request->query, order, w.out + w.at, w.size - w.at, &query_length))
		return false;
	w.at += query_length;
	put(&w, "\n", 1);
	put_span(&w, request->body_digest);
	put(&w, "\n", 1);
	put_span(&w, request->timestamp);
	put(&w, "\n", 1);
	put_span(&w, request->nonce);
	return finish(&w, written);
}

/* ASCII only: header names. */
static bool
same_name(Span a, const char *b, size_t b_length)
{
	if (a.length != b_length)
		return false;
	for (size_t i = 0; i < b_length; i++)
	{
		unsigned char x = (unsigned char) a.text[i];
		unsigned char y = (unsigned char) b[i];

		if (x >= 'A' && x <= 'Z')
			x += 'a' - 'A';
		if (y >= 'A' && y <= 'Z')
			y += 'a' - 'A';
		if (x != y)
			return false;
	}
	return true;
}

/* The value of a header by its name in any case; false: the request has none. */
static bool
find_header(const ArtemisRequest *request, const char *name, size_t length, Span *value)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (same_name(request->headers[i].name, name, length))
		{
			*value = request->headers[i].value;
			return true;
		}
	*value = (Span){NULL, 0};
	return false;
}

bool
ArtemisHeaderFind(const ArtemisRequest *request, const char *name, Span *value)
{
	return find_header(request, name, strlen(name), value);
}

/* The names of X-Ca-Signature-Headers without blanks and empty ones. False: too many. */
static bool
signed_names(const ArtemisRequest *request, Span *names, size_t *count)
{
	Span list = request->signed_headers;
	size_t at = 0;

	*count = 0;
	while (at < list.length)
	{
		const char *comma = memchr(list.text + at, ',', list.length - at);
		size_t end = comma == NULL ? list.length : (size_t) (comma - list.text);
		Span name = {list.text + at, end - at};

		/* blanks around a name */
		while (name.length > 0 && name.text[0] == ' ')
			name.text++, name.length--;
		while (name.length > 0 && name.text[name.length - 1] == ' ')
			name.length--;
		if (name.length > 0)
		{
			if (*count == ARTEMIS_HEADERS_MAX)
				return false;
			names[(*count)++] = name;
		}
		at = end + 1;
	}
	return true;
}

bool
ArtemisHeaderSigned(const ArtemisRequest *request, const char *name)
{
	Span names[ARTEMIS_HEADERS_MAX];
	size_t count;

	if (!signed_names(request, names, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (same_name(names[i], name, strlen(name)))
			return true;
	return false;
}

/* qsort: names by their bytes. */
static int
by_bytes(const void *a, const void *b)
{
	return compare_bytes(*(const Span *) a, *(const Span *) b);
}

/* Nothing but blanks: the SDK then writes the name alone. */
static bool
blank(Span s)
{
	for (size_t i = 0; i < s.length; i++)
		if (s.text[i] != ' ' && s.text[i] != '\t' && s.text[i] != '\n' && s.text[i] != '\r')
			return false;
	return true;
}

size_t
ArtemisStringSize(const ArtemisRequest *request)
{
	size_t size = request->method.length + request->path.length + 16;

	/* once as the decoded scratch, once in the result with = and & */
	size += 2 * (request->query.length + request->form.length) + 2 * QUERY_PAIRS_MAX;
	size += request->signed_headers.length + 2 * ARTEMIS_HEADERS_MAX;
	/* a listed name may be repeated: each time with the longest value */
	for (size_t i = 0; i < request->header_count; i++)
		size += request->headers[i].value.length * (ARTEMIS_HEADERS_MAX + 1);
	return size;
}

/* The four headers that have a line of their own, and those that the caller lists. */
static bool
put_headers(const ArtemisRequest *request, Writer *w)
{
	static const char *const lines[] = {"accept", "content-md5", "content-type", "date"};
	Span names[ARTEMIS_HEADERS_MAX];
	size_t count;
	Span value;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (ArtemisHeaderFind(request, lines[i], &value))
		{
			put_span(w, value);
			put(w, "\n", 1);
		}
	if (!signed_names(request, names, &count))
		return false;
	qsort(names, count, sizeof(Span), by_bytes);
	for (size_t i = 0; i < count; i++)
	{
		/* a listed header that is not there has an empty value */
		(void) find_header(request, names[i].text, names[i].length, &value);
		put_span(w, names[i]);
		put(w, ":", 1);
		if (!blank(value))
			put_span(w, value);
		put(w, "\n", 1);
	}
	return true;
}

bool
ArtemisString(const ArtemisRequest *request, char *out, size_t size, size_t *written)
{
	Pair pairs[QUERY_PAIRS_MAX];
	size_t count = 0;
	size_t parameters = request->query.length + request->form.length;
	Writer decoded;
	Writer w;

	*written = 0;
	if (size < ArtemisStringSize(request))
		return false;
	decoded = (Writer){out + size - parameters, parameters, 0, false};
	w = (Writer){out, size - parameters, 0, false};
	if (!split(request->query, &decoded, pairs, &count) || !split(request->form, &decoded, pairs, &count))
		return false;
	qsort(pairs, count, sizeof(Pair), by_decoded);
	put_span(&w, request->method);
	put(&w, "\n", 1);
	if (!put_headers(request, &w))
		return false;
	put_span(&w, request->path);
	for (size_t i = 0; i < count; i++)
	{
		/* the SDK keeps one value of a name and nothing says which: refused */
		if (i > 0 && compare_bytes(pairs[i].name, pairs[i - 1].name) == 0)
			return false;
		put(&w, i == 0 ? "?" : "&", 1);
		put_span(&w, pairs[i].name);
		if (!blank(pairs[i].value))
		{
			put(&w, "=", 1);
			put_span(&w, pairs[i].value);
		}
	}
	return finish(&w, written);
}

/*
 * Prints the headers that sign a request: sign METHOD TARGET [BODY-FILE]
 *
 * CBD_APP_CODE and CBD_SIGNING_SECRET are the application's; CBD_SIGNATURE_METHOD is HMAC-SHA256 (default) or
 * HMAC-SM3. Build: cc -o sign sign.c -lcrypto
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

typedef struct Pair
{
	char *name;
	char *value;
} Pair;

static void
fail(const char *message)
{
	fprintf(stderr, "sign: %s\n", message);
	exit(2);
}

static void *
allocate(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		fail("out of memory");
	return memory;
}

/* A name or value (length bytes) decoded and encoded again. */
static char *
encode(const char *text, size_t length)
{
	static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	char *out = allocate(3 * length + 1);
	char *at = out;

	for (size_t i = 0; i < length; i++)
	{
		unsigned byte = (unsigned char) text[i];

		if (text[i] == '+')
			byte = ' ';
		else if (text[i] == '%')
		{
			if (i + 2 >= length || sscanf(text + i + 1, "%2x", &byte) != 1)
				fail("a % needs two hexadecimal digits");
			i += 2;
		}
		if (byte != 0 && strchr(kept, (int) byte) != NULL)
			*at++ = (char) byte;
		else
			at += sprintf(at, "%%%02X", byte);
	}
	*at = '\0';
	return out;
}

static int
by_name_then_value(const void *a, const void *b)
{
	const Pair *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : strcmp(x->value, y->value);
}

static char *
canonical_query(const char *query)
{
	Pair *pairs = allocate((strlen(query) + 1) * sizeof(Pair));
	char *out = allocate(4 * strlen(query) + 2);
	size_t count = 0;

	while (*query != '\0')
	{
		size_t length = strcspn(query, "&");
		size_t name = strcspn(query, "&=");

		if (length > 0)
		{
			pairs[count].name = encode(query, name);
			pairs[count++].value =
				name < length ? encode(query + name + 1, length - name - 1) : encode("", 0);
		}
		query += length + (query[length] == '&');
	}
	qsort(pairs, count, sizeof(Pair), by_name_then_value);
	*out = '\0';
	for (size_t i = 0; i < count; i++)
	{
		sprintf(out + strlen(out), "%s%s=%s", i > 0 ? "&" : "", pairs[i].name, pairs[i].value);
		free(pairs[i].name);
		free(pairs[i].value);
	}
	free(pairs);
	return out;
}

/* Digest of the file's bytes (NULL: none) in lower-case hexadecimal. */
static void
body_digest(const char *file, const EVP_MD *digest, char *hex)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	FILE *in = file == NULL ? NULL : fopen(file, "rb");
	unsigned char buffer[8192], out[EVP_MAX_MD_SIZE];
	unsigned size;
	size_t got;

	if (context == NULL || (file != NULL && in == NULL))
		fail("cannot read the body");
	EVP_DigestInit_ex(context, digest, NULL);
	while (in != NULL && (got = fread(buffer, 1, sizeof(buffer), in)) > 0)
		EVP_DigestUpdate(context, buffer, got);
	EVP_DigestFinal_ex(context, out, &size);
	EVP_MD_CTX_free(context);
	if (in != NULL)
		fclose(in);
	for (unsigned i = 0; i < size; i++)
		sprintf(hex + 2 * i, "%02x", out[i]);
}

static const char *
setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	if (value == NULL && otherwise == NULL)
		fail("CBD_APP_CODE and CBD_SIGNING_SECRET must be set");
	return value == NULL ? otherwise : value;
}

int
main(int argc, char **argv)
{
	char now[24], random[33], hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned char bytes[16], mac[EVP_MAX_MD_SIZE], base64[2 * EVP_MAX_MD_SIZE];
	unsigned size;

	if (argc < 3)
		fail("usage: sign METHOD TARGET [BODY-FILE]");
	snprintf(now, sizeof(now), "%lld", (long long) time(NULL));
	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		fail("no random bytes");
	for (int i = 0; i < 16; i++)
		sprintf(random + 2 * i, "%02x", bytes[i]);

	const char *algorithm = setting("CBD_SIGNATURE_METHOD", "HMAC-SHA256");
	const char *timestamp = setting("CBD_TIMESTAMP", now);
	const char *nonce = setting("CBD_NONCE", random);
	const char *secret = setting("CBD_SIGNING_SECRET", NULL);
	const EVP_MD *digest = strcmp(algorithm, "HMAC-SM3") == 0 ? EVP_sm3() : EVP_sha256();
	size_t path = strcspn(argv[2], "?");
	char *query = canonical_query(argv[2][path] == '?' ? argv[2] + path + 1 : "");
	size_t room =
		strlen(argv[1]) + path + strlen(query) + sizeof(hex) + strlen(timestamp) + strlen(nonce) + 6;
	char *canonical = allocate(room);

	body_digest(argc > 3 ? argv[3] : NULL, digest, hex);
	snprintf(canonical, room, "%s\n%.*s\n%s\n%s\n%s\n%s", argv[1], (int) path, argv[2], query, hex, timestamp,
			 nonce);
	HMAC(digest, secret, (int) strlen(secret), (unsigned char *) canonical, strlen(canonical), mac, &size);
	EVP_EncodeBlock(base64, mac, (int) size);
	printf("X-App-Code: %s\nX-Timestamp: %s\nX-Nonce: %s\nX-Signature-Method: %s\nX-Signature: %s\n",
		   setting("CBD_APP_CODE", NULL), timestamp, nonce, algorithm, base64);
	free(canonical);
	free(query);
	return 0;
}

/*
 * Media in plain C over (buffer, length): what leading bytes tell, the shape of an address. No
 * palloc, no ereport, no PostgreSQL header.
 */
#ifndef CBD_MEDIA_CHECK_H
#define CBD_MEDIA_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* What a medium can be, as bits: a container may hold more than one. */
#define MEDIA_IS_IMAGE 1
#define MEDIA_IS_VIDEO 2
#define MEDIA_IS_VOICE 4

/* The kinds that the leading bytes can be, 0 when they are not known; *format is their name, "unknown" then.
 */
extern int media_sniff(const unsigned char *bytes, size_t length, const char **format);

/* Length of a leading "data:<type>;base64,", 0 when there is none. */
extern size_t media_data_prefix(const char *text, size_t length);

/*
 * Why a text is no media address, or NULL. *lenient: an address that is only written badly (a blank, a
 * backslash), or that holds a user name or password, which everybody who reads the case would see: profile
 * egova warns of it, since deployed senders write such.
 */
extern const char *media_url_error(const char *text, size_t length, bool *lenient);

/* A mainland mobile number: 1[3-9] and nine digits, after an optional 86, +86 or 0086. */
extern bool mobile_number_valid(const char *text, size_t length);

#endif

/*
 * Messages in two languages, in plain C for both programs: no palloc, no ereport, no PostgreSQL header.
 *
 *   "%s{name} has at most %d{limit} characters"     in the code: a printf format, checked by the compiler, in
 *                                                   which every conversion is followed by its name
 *   {name} has at most {limit} characters           the key: the format without its conversions
 *   {name} 不得超过 {limit} 个字符                  the Chinese sentence, which messages.txt has for the key
 *
 * A name is of letters and digits, beginning with a letter. One that ends with a star, %s{why*}, says that
 * the value is a message itself: in a Chinese sentence it stands in Chinese. It is constant, or a text of
 * both languages. What is not in the catalogue is said in English; regress/check_messages.py finds every
 * message and holds the catalogue complete.
 *
 * %.64s{value} takes so many bytes of the value at most, and cuts between two characters.
 *
 * Both languages in one text: the character 1, the length of the English one as 8 hexadecimal digits, the
 * English one, the Chinese one.
 */
#ifndef CBD_TEXT_MESSAGE_H
#define CBD_TEXT_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Marks a constant message that is said later, by whoever gets it: the check finds it by this. */
#define MESSAGE(english) english

/* The longest key, with its NUL; a longer message is said in English. */
#define MESSAGE_KEY 1000

/* The Chinese sentence of a key, or the key itself when there is none; constant text or `english`. */
extern const char *MessageChinese(const char *english);

/* The begin of a text of both languages, and the length of its head. */
#define MESSAGE_BOTH      '\001'
#define MESSAGE_BOTH_HEAD 9

/* One language of a constant message or of a text of both; *length: its bytes. */
extern const char *MessageIn(bool chinese, const char *message, size_t *length);

/* Writes the message into `out` (room for `size` bytes, always ended by a NUL where size > 0), and returns
 * how long it is, as snprintf does: when that is not below `size`, it was cut. */
extern size_t MessageWrite(char *out, size_t size, bool chinese, const char *format, va_list arguments)
	__attribute__((format(printf, 4, 0)));

/* The message in both languages, as one text; false: there is no room, and it is empty. */
extern bool MessageBoth(char *out, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same as MessageWrite() of a key whose values are texts: names[i], without its star, stands for
 * values[i] (NULL: nothing). A name that is not given stays as it is written. */
extern size_t MessageFill(char *out, size_t size, bool chinese, const char *key, int count,
						  const char *const *names, const char *const *values);

#endif

/* Files of words: reading them, and taking one language out of them. */
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>

const char *
Say(Language language, const char *english, const char *chinese)
{
	return language == CHINESE ? chinese : english;
}

json_t *
WordsLoad(const char *file, const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
	{
		fprintf(stderr, "bridge/web/%s line %d: %s\n", file, error.line, error.text);
		exit(1);
	}
	return json;
}

bool
IsWord(const json_t *value)
{
	return json_is_array(value) && json_array_size(value) == LANGUAGES &&
		   json_string_length(json_array_get(value, ENGLISH)) > 0 &&
		   json_string_length(json_array_get(value, CHINESE)) > 0;
}

json_t *
WordsIn(const json_t *words, Language language)
{
	json_t *copy, *member;
	const char *name;

	if (IsWord(words))
		return json_incref(json_array_get(words, language));
	if (!json_is_object(words))
		return json_incref((json_t *) words);
	copy = json_object();
	json_object_foreach((json_t *) words, name, member)
		json_object_set_new(copy, name, WordsIn(member, language));
	return copy;
}

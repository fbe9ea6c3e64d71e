/*
 * The action linkDuplicate: the report is merged into the best candidate that is open
 * (duplicate/duplicate.h), by a step of its process; nothing when there is none.
 *
 *   {"linkDuplicate": {"minScore": 0.75, "metres": 100, "within": "PT72H"}}   each as duplicate_setting says
 *                                                                             when it is not there
 */
#include "postgres.h"

#include "process/process_members.h"
#include "rule/rule_action.h"
#include "utils/timestamp.h"

#define LINK_METRES 5000
#define LINK_DAYS   366

/* Numbers of the object; 0: not there. */
static void
ReadNumbers(const JsonNode *object, DuplicateLinkOptions *options, ErrorList *errors)
{
	const JsonNode *score = MemberFind(object, "minScore");
	const JsonNode *metres = MemberFind(object, "metres");
	const JsonNode *within = MemberFind(object, "within");

	if (score != NULL)
	{
		options->min_score =
			score->kind == JSON_NUMBER && score->length <= 12 ? strtod(score->text, NULL) : 0;
		if (!(options->min_score > 0 && options->min_score <= 1))
			ErrorAdd(errors, JsonPointer(score), CBD_FIELD_OUT_OF_RANGE,
					 "a score above 0 and up to 1, for example 0.75");
	}
	if (metres != NULL && !MemberWhole(metres, 1, LINK_METRES, &options->metres))
		ErrorPrint(errors, false, JsonPointer(metres), CBD_FIELD_OUT_OF_RANGE, "%d{low} to %d{high} metres",
				   1, LINK_METRES);
	if (within != NULL)
	{
		int64 time = RuleReadDuration(within, LINK_DAYS, errors);

		options->minutes = (int) (time / USECS_PER_MINUTE);
	}
}

static const void *
ReadLink(const JsonNode *value, RuleReading *reading)
{
	static const char *const members[] = {"minScore", "metres", "within", NULL};
	DuplicateLinkOptions *options;

	if (!MemberKind(value, JSON_OBJECT, MESSAGE("an object of minScore, metres, within"), reading->errors))
		return NULL;
	MembersKnown(value, members, reading->errors);
	if (reading->check && reading->rule->terms.lists[TERM_STEPS].count > 0)
		ErrorAdd(reading->errors, JsonPointer(value), CBD_RULE_ACTION,
				 "reports are linked when they arrive: not with the term steps");
	options = MemoryContextAllocZero(reading->keep, sizeof(*options));
	ReadNumbers(value, options, reading->errors);
	RuleCheckWay(value, &(RuleStep){.wanted = EFFECT_MERGE, .stays = true}, reading);
	return options;
}

static CbdStatus
ActLink(const void *what, RuleActing *acting)
{
	DuplicateLinkOptions options = *(const DuplicateLinkOptions *) what;
	int32 rec_id = acting->c->rec_id;

	options.note = psprintf("rule %s, version %d", acting->rule->code, acting->rule->version);
	if (DuplicateLinkBest(rec_id, &options) != 0)
		(void) CaseLockById(rec_id, acting->c);
	return CBD_OK;
}

const RuleActionKind rule_link_action = {"linkDuplicate", ReadLink, NULL, ActLink, true};

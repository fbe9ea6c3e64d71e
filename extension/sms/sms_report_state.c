/*
 * What a report says, in the platform's words; see sms_report.h.
 *
 * A gateway's word for a state is looked for in its own list (sms_gateway.report_states), then among those of
 * Kannel (the numbers of its dlr-mask), SMPP and the gateways of the mainland. One that is in none of them is
 * `unknown`, with the word as reason: the report is not lost.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/field.h"
#include "sms/sms_id.h"
#include "sms/sms_report.h"
#include "text/clean_text.h"
#include "text/decimal.h"
#include "text/utf8.h"

#define REASON_CHARACTERS 200
#define WORD_BYTES        40

/* The states by rank. */
static const char *const states[] = {NULL, "sent", "unknown", "expired", "failed", "delivered", NULL};

/* Words for them, in capital letters. Kannel: 4 is buffered, 8 the centre has it, 16 it has refused it, 34
 * the receipt says that it has expired. */
static const struct
{
	const char *word;
	const char *state;
} words[] = {{"1", "delivered"},
			 {"2", "failed"},
			 {"4", "sent"},
			 {"8", "sent"},
			 {"16", "failed"},
			 {"34", "expired"},
			 {"DELIVRD", "delivered"},
			 {"DELIVERED", "delivered"},
			 {"SUCCESS", "delivered"},
			 {"TRUE", "delivered"},
			 {"OK", "delivered"},
			 {"0", "delivered"},
			 {"EXPIRED", "expired"},
			 {"UNDELIV", "failed"},
			 {"UNDELIVERED", "failed"},
			 {"REJECTD", "failed"},
			 {"REJECTED", "failed"},
			 {"DELETED", "failed"},
			 {"FAIL", "failed"},
			 {"FAILED", "failed"},
			 {"FALSE", "failed"},
			 {"ACCEPTD", "sent"},
			 {"ACCEPTED", "sent"},
			 {"ENROUTE", "sent"},
			 {"SENT", "sent"},
			 {"UNKNOWN", "unknown"}};

int
SmsRank(const char *state)
{
	for (int i = 1; states[i] != NULL; i++)
		if (strcmp(states[i], state) == 0)
			return i;
	return 0;
}

/* The state that a word of the gateway stands for; NULL: it is not known. */
static const char *
StateOf(const SmsCallerGateway *gateway, const char *word)
{
	if (gateway->words != NULL)
		for (const JsonNode *own = gateway->words->first; own != NULL; own = own->next)
			if (own->kind == JSON_STRING && pg_strcasecmp(own->key, word) == 0 && SmsRank(own->text) > 0)
				return own->text;
	for (size_t i = 0; i < lengthof(words); i++)
		if (pg_strcasecmp(words[i].word, word) == 0)
			return words[i].state;
	return NULL;
}

/*
 * The word behind a label such as "stat:" in the text of a receipt, as SMPP 3.4 appendix B writes it; NULL:
 * it is not there.
 */
static char *
ReceiptWord(const char *receipt, const char *label)
{
	const char *at = receipt == NULL ? NULL : strstr(receipt, label);
	size_t length;

	if (at == NULL)
		return NULL;
	at += strlen(label);
	length = strcspn(at, " ");
	return length == 0 || length > WORD_BYTES ? NULL : pnstrdup(at, length);
}

/* Why it came to the state: of a receipt its two words, else as it was told, without control characters and
 * not too long. */
static const char *
ReasonOf(const char *told, const char *state)
{
	char *stat = ReceiptWord(told, "stat:");
	char *err = ReceiptWord(told, "err:");
	char *text;

	if (strcmp(state, "delivered") == 0 || strcmp(state, "sent") == 0 || told == NULL)
		return NULL;
	text = stat == NULL ? pstrdup(told) : err == NULL ? stat : psprintf("%s %s", stat, err);
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			*c = ' ';
	text[Utf8Cut(text, strlen(text), REASON_CHARACTERS)] = '\0';
	return text;
}

/* The state and why. */
static void
ReadState(ErrorList *errors, const SmsCallerGateway *gateway, const SmsItem *item, SmsReportSaid *said)
{
	const char *word = item->fields[SMS_FIELD_STATE];
	const char *told = item->fields[SMS_FIELD_REASON];
	char *stat = ReceiptWord(told, "stat:");

	if (word == NULL)
	{
		ErrorAdd(errors, SmsPointer(item, "state"), CBD_FIELD_REQUIRED, NULL);
		return;
	}
	if (strlen(word) > WORD_BYTES)
	{
		ErrorPrint(errors, false, SmsPointer(item, "state"), CBD_FIELD_TOO_LONG,
				   "at most %d{limit} characters", WORD_BYTES);
		return;
	}
	said->state = StateOf(gateway, word);
	/* Kannel has one number for all that did not arrive */
	if (said->state != NULL && strcmp(said->state, "failed") == 0 && stat != NULL &&
		StateOf(gateway, stat) != NULL)
		said->state = StateOf(gateway, stat);
	if (said->state == NULL)
	{
		said->state = "unknown";
		told = told == NULL ? word : psprintf("%s %s", word, told);
	}
	said->rank = SmsRank(said->state);
	said->reason = ReasonOf(told, said->state);
}

/* Which message: the platform's own number of it, or the gateway's. */
static void
ReadMessage(ErrorList *errors, const SmsItem *item, SmsReportSaid *said)
{
	const char *id = item->fields[SMS_FIELD_ID];
	const char *reference = item->fields[SMS_FIELD_REFERENCE];
	char key[SMS_ID_SIZE];

	if (reference != NULL &&
		!DecimalRead((Span){reference, strlen(reference)}, DECIMAL_DIGITS, &said->sms_id))
		said->sms_id = 0; /* a number of the vendor's own */
	if (id != NULL && !SmsIdKey(id, strlen(id), key))
	{
		if (said->sms_id == 0)
			ErrorAdd(errors, SmsPointer(item, "id"), CBD_FIELD_TYPE,
					 "a number of at most 128 printable ASCII characters without blanks");
		id = NULL;
	}
	else if (id == NULL && said->sms_id == 0)
		ErrorAdd(errors, SmsPointer(item, "id"), CBD_FIELD_REQUIRED, NULL);
	said->id = id == NULL ? NULL : pstrdup(key);
}

bool
SmsReportRead(ErrorList *errors, const SmsCallerGateway *gateway, const SmsItem *item, SmsReportSaid *said)
{
	int before = errors->count;
	const char *mobile = item->fields[SMS_FIELD_MOBILE];

	memset(said, 0, sizeof(*said));
	ReadMessage(errors, item, said);
	if (mobile != NULL && (said->mobile = SmsHandset(mobile)) == 0)
		ErrorAdd(errors, SmsPointer(item, "mobile"), CBD_FIELD_TYPE,
				 "a mobile number of the mainland is expected, for example 13800138000");
	else if (mobile == NULL && said->id == NULL)
		ErrorAdd(errors, SmsPointer(item, "mobile"), CBD_FIELD_REQUIRED, NULL);
	ReadState(errors, gateway, item, said);
	if (!SmsItemTime(errors, item, &said->time))
		said->time = GetCurrentTimestamp();
	return errors->count == before;
}

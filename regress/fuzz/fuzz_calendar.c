/* calendar_hours_parse: any bytes; what is accepted is ascending and within the day, what is refused says
 * where. */
#include <stdlib.h>
#include <string.h>

#include "calendar/calendar_math.h"

#define CHECK(condition)                                                                                     \
	do                                                                                                       \
	{                                                                                                        \
		if (!(condition))                                                                                    \
			abort();                                                                                         \
	} while (0)

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = malloc(size); /* so that a read beyond the end is seen */
	CalendarHours hours;
	const char *problem = NULL;
	size_t position = 0;
	int64_t previous = 0;
	int64_t total = 0;

	if (size > 0)
		memcpy(exact, data, size);
	if (calendar_hours_parse(exact, size, &hours, &problem, &position))
	{
		CHECK(problem == NULL && hours.count >= 0 && hours.count <= CALENDAR_SHIFTS);
		CHECK(size == (hours.count == 0 ? 0 : (size_t) hours.count * 12 - 1));
		for (int i = 0; i < hours.count; i++)
		{
			CHECK(hours.shift[i].from >= previous && hours.shift[i].to > hours.shift[i].from);
			previous = hours.shift[i].to;
			total += hours.shift[i].to - hours.shift[i].from;
		}
		CHECK(previous <= CALENDAR_DAY && total == hours.total);
	}
	else
		CHECK(problem != NULL && position >= 1 && position <= size);
	free(exact);
	return 0;
}

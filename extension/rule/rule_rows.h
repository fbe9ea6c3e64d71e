/* Cases as rows of a statement: the columns that make a RuleSubject. */
#ifndef CBD_RULE_ROWS_H
#define CBD_RULE_ROWS_H

#include "postgres.h"

#include "rule/rule.h"

/* Of citybigdata.event e, in the order that RuleSubjectOfRow() reads. */
#define RULE_SUBJECT_COLUMNS                                                                                 \
	"e.rec_id, e.receive_time, e.event_type_code, e.main_type_code, e.sub_type_code, e.event_level_id, "     \
	"e.event_src_id, e.sender_code, e.district_code, e.street_code, e.community_code, "                      \
	"@postgis@.st_x(e.geom), @postgis@.st_y(e.geom), e.event_desc, e.address, e.other_task_num, "            \
	"e.ext::pg_catalog.text, e.rec_type_id, e.media_count, e.create_time, e.state, e.stage, e.unit_code, "   \
	"e.condition_code, e.rework_count, e.supervised, e.task_num"
#define RULE_SUBJECT_TASK_NUM 27

/* The case of row `row` of the last result. */
extern void RuleSubjectOfRow(uint64 row, RuleSubject *subject);

#endif

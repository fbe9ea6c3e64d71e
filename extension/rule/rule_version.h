/*
 * Versions of a rule: each is in force from its valid_from until its valid_to, the valid_from of the next
 * one, or the end of the rule. A row that ends the rule withdraws versions that would begin later, too.
 */
#ifndef CBD_RULE_VERSION_H
#define CBD_RULE_VERSION_H

#include "postgres.h"

#include "rule/rule.h"

/* Settles when the rule and those saved before it are in force; `older` and on: by Rule.older. */
extern void RuleFollow(Rule *rule, Rule *older);

/* The version saved before that begins at or after the rule's begin, and that it would reach into; NULL. */
extern const Rule *RuleOverlap(const Rule *rule, const Rule *older);

/* The box of `within` out of a float8[] {west, east, south, north}: that of the geometry. */
extern void RuleTakeBox(Rule *rule, uint64 row, int column);

#endif

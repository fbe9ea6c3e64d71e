/*
 * What the database told of its master key: rest_ready() has "masterKey":"STATE" in its data, the states of
 * extension/core/key_file.h. For /readyz, --check-config and /metrics.
 */
#ifndef BRIDGE_MASTER_KEY_H
#define BRIDGE_MASTER_KEY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct MasterKeyFault
{
	const char *state;
	bool usable;              /* the platform works all the same */
	const char *sentences[2]; /* English, Chinese */
} MasterKeyFault;

/* The fault that a JSON object of rest_ready() or rest_maintain() tells; NULL: none, or nothing is told. Any
 * thread. */
extern const MasterKeyFault *MasterKeyTold(const char *json, size_t length);

/* Could the key be used when the database told of it last? Before that: yes. */
extern bool MasterKeyUsable(void);

#endif

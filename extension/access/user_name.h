/* User names: what one may be made of. */
#ifndef CBD_USER_NAME_H
#define CBD_USER_NAME_H

#include "postgres.h"

/* Longest user name that is looked up, in characters. */
#define USER_NAME_MAX 64

/* 3 to 64 of A-Z a-z 0-9 . _ @ -, beginning with a letter or digit: any other user name cannot exist. */
extern bool UserNamePossible(const char *user_name);

#endif

/* The moments people put things off until. */
#ifndef ASKWHY_UNTIL_H
#define ASKWHY_UNTIL_H

#include "commands/command.h"

/* "until 1 March because …", "for 2 weeks, we …", "in 3 weeks": the moment, at nine in the zone of who acts, and what
 * stands behind it. False when text begins with no date to come; behind is unmoved then. */
bool until_parse(struct context *ctx, const char *text, int64_t *until, const char **behind);

#endif

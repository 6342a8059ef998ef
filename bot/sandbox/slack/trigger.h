/* What may open a form, and which forms may be opened.
 *
 * docs.slack.dev, "Modals" and "Working with block kit in modals": a trigger opens one form, once, within 3 s of real time.
 */
#ifndef ASKWHY_SANDBOX_SLACK_TRIGGER_H
#define ASKWHY_SANDBOX_SLACK_TRIGGER_H

#include "bot/sandbox/sandbox.h"
#include "bot/sandbox/views.h"

/* from: the form it comes from or NULL. Free with g_free(). */
char *trigger_new(struct sandbox *sandbox, const struct person *person, const struct view *from);
/* NULL and whose it is (and the form it came from, or NULL); else Slack's error code. */
const char *trigger_use(struct sandbox *sandbox, const char *trigger, const struct person **person, struct view **from);
void trigger_free(void *trigger);

/* NULL when the definition may be shown; else Slack's error code, errors filled. home: the type it must be. */
const char *views_check(struct sandbox *sandbox, const cJSON *definition, bool home, const struct view *replacing,
                        GPtrArray *errors);

#endif

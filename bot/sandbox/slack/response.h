/* response_url: five uses within 30 minutes of the sandbox's clock (docs.slack.dev, "Handling user interaction"). */
#ifndef ASKWHY_SANDBOX_RESPONSE_H
#define ASKWHY_SANDBOX_RESPONSE_H

#include "bot/sandbox/sandbox.h"

/* post: the message it came from, or NULL. Free with g_free(). */
char *response_url_new(struct sandbox *sandbox, const struct person *person, const struct channel *channel,
                       const struct post *post);
/* Acts on body; the HTTP status, and the constant text to answer. */
int response_use(struct sandbox *sandbox, const char *token, const cJSON *body, const char **answer);
/* A message for the person (or the channel, by its response_type), as responses and acknowledgements carry it.
 * NULL, or Slack's error code. */
const char *response_say(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                         const cJSON *message);

#endif

/* What becomes of the bot's answers: to commands, to buttons, and later to a response_url. */
#ifndef ASKWHY_SANDBOX_MATTERMOST_ANSWER_H
#define ASKWHY_SANDBOX_MATTERMOST_ANSWER_H

#include "bot/sandbox/face.h"

/* A response_url for what person did in channel (thread "" or its root's ts). Free with g_free(). */
char *answer_url(struct sandbox *sandbox, const struct person *person, const struct channel *channel, const char *thread);
void response_use_free(void *response);
/* Somebody used it: id is what stands behind /hooks/commands/. */
void answer_late(struct sandbox *sandbox, const char *id, const struct request *request, struct reply *reply);

/* A command's answer, as it came; NULL, or what the person is told went wrong. */
const char *answer_command(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                           const char *thread, const char *content_type, const char *body, gsize size);
/* A message for one person alone, or in their name. text in Slack's notation of links is rewritten unless told not to. */
void answer_say(struct sandbox *sandbox, const struct person *person, struct channel *channel, const char *thread,
                const cJSON *message);

#endif

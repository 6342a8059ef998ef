/* Between the encoders and the codec. Pure; any thread. */
#ifndef ASKWHY_SLACK_ENCODE_H
#define ASKWHY_SLACK_ENCODE_H

#include "bot/slack/slack.h"

#include "bot/chat/richtext.h"

enum { SLACK_FALLBACK_MAX = 4000 };

/* A plain_text object of at most max characters, never empty. */
cJSON *slack_plain_object(const char *rich, gsize max);
/* As many sections as rich needs. */
void slack_push_text(cJSON *blocks, const char *rich);
/* The text that stands for the blocks in notifications; never empty, at most SLACK_FALLBACK_MAX. g_free(). */
char *slack_fallback(const struct message *message);
/* What goes into an acknowledgement, or to a response_url: text, blocks, only for one person. */
cJSON *slack_private_answer(const struct message *message);

#endif

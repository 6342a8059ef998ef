/* Between the encoders and the codec. Pure; any thread. */
#ifndef ASKWHY_SLACK_ENCODE_H
#define ASKWHY_SLACK_ENCODE_H

#include "bot/slack/slack.h"

#include "bot/chat/richtext.h"

enum { SLACK_FALLBACK_MAX = 4000 };

/* A plain_text object of at most max characters, never empty. */
void slack_write_plain(GString *json, const char *name, const char *rich, gsize max);
/* Into an array: as many sections as rich needs. How many that were. */
guint slack_write_text(GString *json, const char *rich);
/* The text that stands for the blocks in notifications; never empty, at most SLACK_FALLBACK_MAX. g_free(). */
char *slack_fallback(const struct message *message);
/* Into an object, what goes into an acknowledgement or to a response_url: text, blocks, only for one person. */
void slack_write_private_answer(GString *json, const struct message *message);

#endif

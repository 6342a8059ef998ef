/* What decode.c and decode_interactive.c share: reading a payload whose types nobody promises. */
#ifndef ASKWHY_SLACK_DECODE_H
#define ASKWHY_SLACK_DECODE_H

#include "bot/slack/slack.h"

/* Longest texts, in characters. */
enum { SLACK_TEXT_MAX = 40000, SLACK_VALUE_MAX = 3000, SLACK_NAME_MAX = 255 };

/* A payload being read. bad: the path of the first thing missing or of a wrong type. */
struct reader {
    const cJSON *json;
    const char *bad;
};

/* Ids: slack_is_id(). need: absent is bad; want: absent or null is NULL. A wrong type is bad in both. */
char *reader_need_id(struct reader *reader, const char *path);
char *reader_want_id(struct reader *reader, const char *path);
/* Bounded text without control characters, cut at max characters; NULL when absent. */
char *reader_want_line(struct reader *reader, const char *path, glong max);
/* mrkdwn as rich text, at most SLACK_TEXT_MAX characters; "" when absent. */
char *reader_want_text(struct reader *reader, const char *path);
/* The string as it stands, at most max bytes; longer is bad. NULL when absent. */
char *reader_want_raw(struct reader *reader, const char *path, gsize max);

/* "1750000100.000200" → milliseconds; 0 when it is none. */
int64_t slack_ts_ms(const char *ts);

/* The payloads of interactive and events_api envelopes; when reader->bad is set the event is not usable. */
struct event *slack_decode_interactive(struct reader *reader);
struct event *slack_decode_event(struct reader *payload, const struct slack_self *given);
/* The envelope's id in a frame that cannot be parsed as a whole: without an acknowledgement Slack would deliver
 * it again and again. NULL when there is none; free with g_free(). */
char *slack_find_envelope(const char *text, gsize size);

/* The channel's name and kind as slash-commands and shortcuts tell them. */
void slack_take_channel(struct reader *reader, struct event *event, const char *id_path, const char *name_path);

#endif

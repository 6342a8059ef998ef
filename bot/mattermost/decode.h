/* What decode.c, decode_post.c and callback.c share: reading a payload whose types nobody promises. */
#ifndef ASKWHY_MATTERMOST_DECODE_H
#define ASKWHY_MATTERMOST_DECODE_H

#include "bot/mattermost/mattermost.h"

#include "bot/base/json.h"

/* Longest texts, in characters. */
enum { MATTERMOST_TEXT_MAX = 16383, MATTERMOST_VALUE_MAX = 3000, MATTERMOST_NAME_MAX = 255 };

/* A payload being read. bad: the path of the first thing missing or of a wrong type. */
struct source {
    const cJSON *json;
    const char *bad;
};

/* need: absent is bad; want: absent, null or "" is NULL. A wrong type is bad in both. */
char *source_need_id(struct source *source, const char *path);
char *source_want_id(struct source *source, const char *path);
/* One line of bounded text without control characters, cut at max characters; NULL when absent or empty. */
char *source_want_line(struct source *source, const char *path, glong max);
/* The string as it stands, "" when absent. */
const char *source_want_string(struct source *source, const char *path);
/* Milliseconds since 1970 in 13 digits at most; 0 when absent. */
int64_t source_want_ms(struct source *source, const char *path);
/* What else is wrong; the first complaint stays. */
void source_complain(struct source *source, const char *path);

/* The first max characters of text. */
char *mattermost_cut(const char *text, glong max);
/* 13 digits, so that later ones sort behind. */
char *mattermost_moment(int64_t ms);
/* The name to show of a channel, and its kind where the name alone tells: direct channels are called after two ids,
 * groups after a hash. */
char *mattermost_channel_name(const char *name, const char *shown, enum channel_kind *kind);
/* word is one of those in words, with blanks between. */
bool mattermost_has_word(const char *words, const char *word);
/* "system_admin" */
bool mattermost_is_role(const char *name);
/* handle in any case, with or without @, into names unless it is none. */
void mattermost_learn_handle(struct names *names, const char *user, const char *handle);

enum post_news { POST_SAID, POST_EDITED, POST_DELETED };
/* A live post as an event, EVENT_NONE when it does not concern askwhy; text: its Markdown, where somebody said it. */
struct event *mattermost_decode_post(struct source *post, enum post_news news, enum channel_kind kind,
                                     const struct mattermost_self *self, struct names *names, char **text);

#endif

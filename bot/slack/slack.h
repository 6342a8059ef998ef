/* The Slack adapter: Socket Mode in, Web API out. See docs.slack.dev for what is cited below.
 *
 * decode.c  envelope → event, pure            encode.c  message, form → blocks, pure
 * api.c     outgoing → request → verdict, pure (the codec)
 * socket.c  Socket Mode connections           adapter.c puts them together
 */
#ifndef ASKWHY_SLACK_H
#define ASKWHY_SLACK_H

#include "bot/chat/platform.h"
#include "bot/chat/richtext.h"

struct slack_options {
    const char *api_url;   /* "https://slack.com/api" */
    const char *app_token; /* xapp-… */
    const char *bot_token; /* xoxb-… */
    int sockets;           /* 1 to 10 */
    int requests_per_minute_posts; /* chat.postMessage a channel; 0: Slack's 60 */
    /* What to call a person in new posts, where Slack's own mention would notify; NULL: as the
     * adapter learned it from users.info. May return NULL. */
    rich_name_fn *name;
    void *name_data;
};

/* Copies options. The platform ends with platform->free(). */
struct platform *slack_new(struct loop *loop, struct rest *rest, const struct slack_options *options,
                           const struct platform_host *host);

/* The bot token's scopes askwhy needs or may need, as in config/slack-manifest.yaml; NULL-terminated. */
const char *const *slack_scopes(void);
/* Those of them without which it does not work that are not in granted ("chat:write,commands", X-OAuth-Scopes), joined by ", "; NULL when
 * none is missing. Free with g_free(). */
char *slack_scopes_missing(const char *granted);
/* The same of those without which only functions by user groups do not work. */
char *slack_scopes_optional_missing(const char *granted);

/* ---- decode.c (pure) ---- */

struct slack_self {
    const char *user;   /* askwhy's own user id, bot id and app id, from auth.test; "" before it is known */
    const char *bot;
    const char *app;
};

struct slack_frame {
    enum { SLACK_HELLO, SLACK_DISCONNECT, SLACK_ENVELOPE, SLACK_UNUSABLE } kind;
    char *envelope;       /* envelope_id; set whenever there was one, also when unusable */
    char *reason;         /* disconnect's reason; why it is unusable (without content) */
    int64_t lifetime_s;   /* hello: approximate_connection_time, 0 when not told */
    struct event *event;  /* envelopes; EVENT_NONE when it does not concern askwhy. The caller takes it. */
};
/* Never fails: what cannot be used is SLACK_UNUSABLE. */
void slack_decode(const char *text, gsize size, const struct slack_self *self, struct slack_frame *frame);
void slack_frame_done(struct slack_frame *frame);

/* A message object of conversations.history or .replies as an event with replay set; NULL when it
 * does not concern askwhy (own, other bots, joins, …). */
struct event *slack_decode_history(const cJSON *message, const char *channel, const char *workspace,
                                   const struct slack_self *self);
/* The same when it was edited: EVENT_EDITED under the key of the live event; NULL when it was not. */
struct event *slack_decode_history_edit(const cJSON *message, const char *channel, const char *workspace,
                                        const struct slack_self *self);
/* users.info's and conversations.info's answers as EVENT_PERSON and EVENT_CHANNEL; NULL when not ok. */
struct event *slack_decode_person(const cJSON *answer);
struct event *slack_decode_channel(const cJSON *answer);

/* mrkdwn as Slack sends it → rich text: entities unescaped once, <@U1|x> as RICH_PERSON,
 * <#C1|x> as RICH_CHANNEL, links as their label and address. */
char *slack_text_to_rich(const char *mrkdwn);

/* ---- encode.c (pure) ---- */

/* Rich text → mrkdwn, with &, <, > and formatting characters of user text made harmless. */
char *slack_rich_to_mrkdwn(const char *rich);
char *slack_rich_to_plain(const char *rich); /* for plain_text objects: no markup, no pings */
/* As JSON; free with g_free(). */
char *slack_blocks(const struct message *message); /* at most 50, each within Slack's limits */
char *slack_modal(const struct form *form, const char *external_id);
char *slack_home(const struct message *message);
/* The acknowledgement frame, at most 20,479 bytes; *left_out when the answer had to be left out for its size. */
char *slack_ack(const struct event *event, const struct answer *answer, bool *left_out);

/* ---- api.c (pure) ---- */

/* Copies options; self stays the caller's and may change. */
struct codec *slack_codec_new(const struct slack_options *options, const struct slack_self *self);
void slack_codec_free(struct codec *codec);
/* Slack's error code sorted (docs.slack.dev, each method's error list). VERDICT_SENT for those that mean done. */
enum verdict_kind slack_error_kind(const char *code);

/* ---- advice.c (pure) ---- */

/* What an operator can do when Slack is not reached, by what the libraries or Slack said. Never NULL. */
const char *slack_advice(const char *why);

/* ---- socket.c ---- */

struct slack_sockets;
struct slack_sockets_handler {
    void (*frame)(uint64_t connection, const char *text, gsize size, void *data);
    /* A frame too large to be taken: its first and last kilobytes. */
    void (*too_large)(uint64_t connection, const char *ends, gsize size, void *data);
    /* All sockets were down (or this is the first): events may have been missed. */
    void (*gap)(void *data);
};
struct slack_sockets *slack_sockets_new(struct loop *loop, struct rest *rest, const struct slack_options *options,
                                        const struct slack_sockets_handler *handler, void *data);
/* How long to wait for hello, and for an old connection to end by itself; 30 s and 15 s untold. */
void slack_sockets_patience(struct slack_sockets *sockets, int hello_ms, int leave_ms);
void slack_sockets_start(struct slack_sockets *sockets);
void slack_sockets_free(struct slack_sockets *sockets);
/* hello came on this connection: it is ready; lifetime_s 0 when not told. */
void slack_sockets_hello(struct slack_sockets *sockets, uint64_t connection, int64_t lifetime_s);
/* Slack asked this connection to end: replace it first, then let it finish. */
void slack_sockets_disconnect(struct slack_sockets *sockets, uint64_t connection, const char *reason);
/* False: that connection is gone. */
bool slack_sockets_send(struct slack_sockets *sockets, uint64_t connection, const char *text, gsize size);
int slack_sockets_live(const struct slack_sockets *sockets);
const char *slack_sockets_problem(const struct slack_sockets *sockets); /* NULL when all is well */

#endif

/* What a chat product must offer: one adapter folder implements this and nothing else knows it.
 *
 * The codec half is pure (bytes in, bytes out) and is tested without a network.
 * The live half owns sockets; it gives events to its host and never touches the store.
 * Thread: the loop's.
 */
#ifndef ASKWHY_PLATFORM_H
#define ASKWHY_PLATFORM_H

#include "bot/chat/event.h"
#include "bot/chat/message.h"
#include "bot/net/rest.h"

/* ---- Outgoing: one row of the outbox, made concrete ---- */

enum outgoing_kind {
    OUT_POST,      /* content to channel, in thread when set */
    OUT_UPDATE,    /* content over the post message of channel */
    OUT_EPHEMERAL, /* content to user in channel (and thread) */
    OUT_RESPONSE,  /* content to url (a response_url), private; in place of the private message, when message is set */
    OUT_REACTION,  /* emoji on message of channel */
    OUT_FORM,      /* form by trigger */
    OUT_HOME,      /* content as user's home page */
    OUT_OPEN_DM,   /* the direct channel with user; verdict.channel */
    OUT_JOIN,      /* join the public channel */
    OUT_FILE,      /* the uploaded file whose id is message, with content above it, to channel */
    OUT_RESERVE,   /* where file is to be uploaded, and as what: verdict.url, verdict.message */
    OUT_UPLOAD,    /* file itself, to url, or for channel; verdict.message: its id, where that was not told before */
    OUT_KINDS
};

/* A file for one person: what it is called, and its bytes. */
struct chat_file {
    char *name;
    char *data;
    gsize size;
};
void chat_file_free(struct chat_file *file); /* accepts NULL */

struct outgoing {
    enum outgoing_kind kind;
    const char *op;      /* operation mark: 16 hex digits, unique; stands in the sent message, readable again */
    const char *channel; /* platform ids; NULL where the kind needs none */
    const char *thread;
    const char *message;
    const char *user;
    const char *url;
    const char *trigger;
    const char *emoji; /* name without colons: "white_check_mark" */
    const struct message *content;
    const struct form *form;
    const struct chat_file *file;
    int64_t since_ms; /* when the row was made: where a search begins */
};

enum verdict_kind {
    VERDICT_SENT,    /* done; message and channel say where */
    VERDICT_RETRY,   /* certainly not done: send again after retry_after_ms (0: usual backoff) */
    VERDICT_UNKNOWN, /* perhaps done: search before sending again (or just send again where that is harmless) */
    VERDICT_FAILED,  /* will never work: park it */
    VERDICT_GONE,    /* what it is about was deleted: nothing is left to be done */
    VERDICT_ROOT_GONE, /* not done, and never will be in that thread: its first post is not there any more */
    VERDICT_STOPPED, /* the operator must act (token, scope); keep it, try slowly */
    VERDICT_ABSENT,  /* search only: it is not in the chat */
    VERDICT_MORE,    /* search only: ask again with cursor */
};

/* Why a chat takes no file, where its person can do something about it. */
enum refusal { REFUSED_OTHERWISE, REFUSED_SCOPE, REFUSED_FILES, REFUSED_SIZE };

struct verdict {
    enum verdict_kind kind;
    enum refusal refusal; /* VERDICT_FAILED of a file */
    char *message, *channel;
    char *url;
    char *cursor;
    int64_t retry_after_ms;
    char *why; /* human, for `askwhy check` and the log: error code and what to do */
};
void verdict_done(struct verdict *verdict); /* frees the members */
/* Of what cannot be looked for: when it may have arrived, it is not sent again. */
void verdict_never_twice(struct verdict *verdict);

struct codec {
    /* The request for an outgoing; false when this platform has nothing to send for it. */
    bool (*encode)(const struct codec *codec, const struct outgoing *out, struct rest_request *request);
    void (*decode)(const struct codec *codec, const struct outgoing *out, const struct rest_response *response,
                   struct verdict *verdict);
    /* Looks for out's operation mark in the chat; false when such a kind cannot be looked for. */
    bool (*encode_search)(const struct codec *codec, const struct outgoing *out, const char *cursor,
                          struct rest_request *request);
    void (*decode_search)(const struct codec *codec, const struct outgoing *out, const struct rest_response *response,
                          struct verdict *verdict);
    /* Name of the method an outgoing calls ("chat.postMessage"), and its documented pace:
     * at most burst at once, one more each interval_ms; per_channel: counted for each channel apart. */
    const char *(*method)(const struct codec *codec, enum outgoing_kind kind, int *burst, int *interval_ms,
                          bool *per_channel);
};

/* ---- Live ---- */

/* The answer that may travel in an acknowledgement. */
struct answer {
    const struct message *message; /* private answer to a slash-command; NULL for none */
    struct form_value *errors;     /* form field name → what is wrong with it */
    int n_errors;
};

/* What an adapter says to a person by itself: the host has the words for it. */
enum platform_words {
    WORDS_FORM_TOO_OLD,
    WORDS_FORM_OF_ANOTHER,
    WORDS_NOT_IN_CHANNEL,   /* that they chose in a form */
    WORDS_CHANNEL_NOT_SEEN, /* whether they are in it could not be found out */
};
/* Rich text in the language of user, a platform's id; free with g_free(). */
typedef char *platform_words_fn(enum platform_words what, const char *user, void *data);

struct platform;

struct platform_host {
    /* Something happened. The host owns the event from here. */
    void (*event)(struct platform *platform, struct event *event, void *data);
    /* Live again after a time (or a start) in which events may have been missed: expects backfill(). */
    void (*gap)(struct platform *platform, void *data);
    /* What position() said with the last transaction, of an earlier process perhaps; NULL: nothing yet. Free with
     * g_free(). NULL where no platform asks. */
    char *(*position)(struct platform *platform, void *data);
    void *data;
};

/* Where to read again after a gap. after: the cursor of the newest post already handled, "" for none. */
struct backfill_point {
    char *channel;
    char *thread; /* NULL: the channel's top level */
    char *after;
};

struct platform_status {
    bool authenticated;
    int sockets_wanted, sockets_live;
    char *problem; /* human, NULL when all is well */
    char *self_user;
    char *workspace;
};
void platform_status_done(struct platform_status *status); /* frees the members */

struct platform {
    const char *name;
    const struct codec *codec;
    /* Cannot show a post in a channel to one person alone: they get it directly. */
    bool private_by_dm;
    void (*start)(struct platform *platform);
    /* A clean end: no new events; what was read may still be acknowledged until free. */
    void (*stop)(struct platform *platform);
    void (*free)(struct platform *platform);
    /* After the commit. False: the connection is gone, nobody was told. answer may be NULL. */
    bool (*acknowledge)(struct platform *platform, const struct event *event, const struct answer *answer);
    /* Whether message can travel in the acknowledgement of event. NULL: to slash-commands that accept a reply. */
    bool (*carries)(const struct platform *platform, const struct event *event, const struct message *message);
    /* Where a new process takes up this one's stream of events: behind all that were given so far. Free with g_free().
     * NULL, or an answer of NULL: nowhere, it begins with a gap. */
    char *(*position)(const struct platform *platform);
    /* Comes back as EVENT_PERSON, EVENT_CHANNEL. Repeats while under way are dropped. */
    void (*look_up_person)(struct platform *platform, const char *user);
    void (*look_up_channel)(struct platform *platform, const char *channel);
    /* Whether user administers channel or the workspace it is of; comes back as EVENT_MEMBER. NULL: a profile tells all
     * there is to know. */
    void (*look_up_member)(struct platform *platform, const char *user, const char *channel, const char *workspace);
    /* By its id or what people call it: comes back as EVENT_GROUP, and again when who is in it has changed.
     * NULL: the chat has no groups. */
    void (*look_up_group)(struct platform *platform, const char *sought);
    /* Reads again and gives what it finds as events with replay set. Copies points. */
    void (*backfill)(struct platform *platform, const struct backfill_point *points, int n_points);
    /* Posts are still being read again: what comes in live meanwhile says nothing of how far the past was read.
     * NULL: never. */
    bool (*catching_up)(const struct platform *platform);
    void (*status)(struct platform *platform, struct platform_status *status);
};

#endif

/* The chat the workspace imitates: all that differs between Slack and Mattermost, seen from the people's side.
 *
 * The workspace, the page, scripts and what people do are the same for both; a face translates between them and the
 * wire. slack/ and mattermost/ each offer one.
 */
#ifndef ASKWHY_SANDBOX_FACE_H
#define ASKWHY_SANDBOX_FACE_H

#include "bot/sandbox/sandbox.h"
#include "bot/sandbox/views.h"

struct conn;

/* One HTTP request, whole; and its answer. Texts are valid during the call. */
struct request {
    const char *method; /* "GET" */
    const char *path, *query, *content_type, *token; /* token: behind "Bearer "; all but path may be NULL */
    const char *host;                                /* as we were reached, "127.0.0.1:PORT" */
    const char *body;
    gsize size;
};
struct reply {
    int status;
    const char *type; /* a constant */
    char *body;       /* the server frees it */
    char *headers[8]; /* "name:", value, …; the server frees the values; names are constants */
    bool cut;         /* no answer: the connection ends */
};
void reply_header(struct reply *reply, const char *name, char *value); /* takes value */

struct shortcut {
    const char *callback_id, *name, *type; /* "global" or "message" */
};

struct face {
    const char *name;  /* as in --platform */
    const char *title; /* as people call it */
    const struct shortcut *shortcuts;
    int n_shortcuts;
    bool home;          /* apps have home pages */
    glong longest;      /* characters of what a person types */

    void (*start)(struct sandbox *sandbox);
    void (*stop)(struct sandbox *sandbox);

    /* ---- texts ---- */
    /* What a person typed, as this chat hands it on. Free with g_free(). */
    char *(*typed)(const struct workspace *workspace, const char *typed);

    /* ---- what happened; the people know already, now the bot ---- */
    void (*posted)(struct sandbox *sandbox, struct channel *channel, struct post *post);
    /* What must be remembered of a post before it changes; NULL: nothing. */
    cJSON *(*remember)(const struct channel *channel, const struct post *post);
    void (*changed)(struct sandbox *sandbox, struct channel *channel, struct post *post, const cJSON *before);
    /* Takes post out of the channel, too, and with it what this chat takes with it. */
    void (*deleted)(struct sandbox *sandbox, struct channel *channel, struct post *post);
    void (*reacted)(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *name,
                    const char *user, bool added);
    /* askwhy is a member since now, or not any more. inviter NULL: it joined by itself. */
    void (*joined)(struct sandbox *sandbox, struct channel *channel, const struct person *inviter);
    void (*left)(struct sandbox *sandbox, struct channel *channel, const struct person *remover);
    /* A person came to the channel, or is about to have left it. */
    void (*member)(struct sandbox *sandbox, struct channel *channel, const struct person *person, bool in);
    /* A person's account changed; who is in a group did. */
    void (*person)(struct sandbox *sandbox, const struct person *person);
    void (*grouped)(struct sandbox *sandbox, const struct group *group, const struct person *person, bool in);

    /* ---- what a person asks of the bot: NULL, or a constant saying why it cannot be done ---- */
    const char *(*command)(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                           const char *thread, const char *typed);
    const char *(*press)(struct sandbox *sandbox, const struct person *person, struct channel *channel,
                         struct post *post, const cJSON *block, const cJSON *element, const char *choice);
    const char *(*press_view)(struct sandbox *sandbox, struct view *view, const cJSON *block, const cJSON *element,
                              const char *choice);
    const char *(*submit)(struct sandbox *sandbox, struct view *view);
    const char *(*close)(struct sandbox *sandbox, struct view *view);
    /* post and channel NULL: a global one */
    const char *(*shortcut)(struct sandbox *sandbox, const struct person *person, const char *callback_id,
                            struct channel *channel, struct post *post);
    const char *(*open_home)(struct sandbox *sandbox, const struct person *person);

    /* ---- the wire ---- */
    /* False: there is nothing of ours at that path. */
    bool (*request)(struct sandbox *sandbox, const struct request *request, struct reply *reply);
    /* A WebSocket wants to open; whether it may. Then what becomes of it. */
    bool (*admit)(struct sandbox *sandbox, const struct request *request);
    void (*opened)(struct sandbox *sandbox, struct conn *conn, const struct request *request);
    void (*message)(struct sandbox *sandbox, struct conn *conn, const char *text, gsize size);
    void (*drained)(struct sandbox *sandbox, struct conn *conn); /* all was written; may be NULL */
    void (*ponged)(struct sandbox *sandbox, struct conn *conn);  /* may be NULL */
    void (*closed)(struct sandbox *sandbox, struct conn *conn);
    const char *(*misbehave)(struct sandbox *sandbox, const cJSON *order); /* "how" is none of those of misbehave.c */
    /* The word misbehaviour has for a method of this chat, besides its own: "post", "update"; NULL for none. */
    const char *(*word)(const char *method);

    /* ---- rest (settle.h) ---- */
    int (*sockets)(const struct sandbox *sandbox);  /* of the bot, open */
    int (*pending)(const struct sandbox *sandbox);  /* what the bot has not taken yet */
    guint64 (*made)(const struct sandbox *sandbox); /* grows with all that is told to the bot */
    int (*given_up)(const struct sandbox *sandbox); /* events the bot never took */
};

extern const struct face slack_face, mattermost_face;

#endif

/* The workspace's memory: people, channels, posts. No wire format decides anything here.
 *
 * Ownership: the workspace owns all; pointers stay valid until workspace_free(),
 * but posts only until they are deleted.
 */
#ifndef ASKWHY_SANDBOX_WORKSPACE_H
#define ASKWHY_SANDBOX_WORKSPACE_H

#include "bot/base/json.h"

#define SANDBOX_TEAM "T0SANDBOX"
#define SANDBOX_DOMAIN "sandbox"
#define SANDBOX_APP "A0SANDBOX"
#define SANDBOX_BOT "B0ASKWHY"
#define SANDBOX_BOT_USER "U0ASKWHY"
#define SANDBOX_BOT_NAME "askwhy"
#define SANDBOX_APP_TOKEN "xapp-1-A0SANDBOX-1-sandbox"
#define SANDBOX_BOT_TOKEN "xoxb-sandbox-bot"
#define SANDBOX_MATTERMOST_TOKEN "sandboxmattermostbottoken1"
#define SANDBOX_MATTERMOST_ADMIN_TOKEN "sandboxmattermostadmtoken1"
#define SANDBOX_ASK_TOKEN "sandboxcommandtokenforask1"
#define SANDBOX_WHY_TOKEN "sandboxcommandtokenforwhy1"

/* The chat that is imitated: people and channels bear its kind of ids. One a process. */
enum chat { CHAT_SLACK, CHAT_MATTERMOST };

struct person {
    const char *id, *name, *real_name, *title, *zone, *locale;
    bool admin;   /* of the whole chat */
    bool deleted; /* the account is deactivated */
    bool leads;   /* administers the team, where that is something else than the chat */
};
enum { PEOPLE = 5 };

/* A user group, or a role that accounts can have. */
struct group {
    const char *id, *handle;
    GPtrArray *members; /* const struct person * */
};

enum visibility { PUBLIC, PRIVATE, DIRECT };

struct reaction {
    char *name;
    GPtrArray *users; /* ids */
};

struct post {
    int64_t at;      /* microseconds; ts as text is made of it */
    char ts[24];
    char thread[24]; /* "" outside threads; a parent does not hold its own */
    char edited[24]; /* "" when never edited */
    char *user;
    bool bot;
    char *subtype; /* "channel_join", "tombstone"; NULL mostly */
    char *inviter;
    char *text;
    cJSON *blocks; /* NULL when none */
    cJSON *metadata;
    char *client_id;
    GPtrArray *reactions;
    GPtrArray *files; /* struct upload *, the workspace's; NULL: none (uploads.h) */
    const struct person *only; /* ephemeral: who sees it */
    /* Mattermost knows a post by an id that says nothing of its time, and when it last changed at all. */
    char *id;
    char *original; /* NULL; of the old version an edit left behind: the edited post's id */
    int64_t updated_ms, edited_ms, deleted_ms;
    cJSON *props; /* as the app gave them, integrations and all; NULL when none */
};

struct channel {
    char *id, *name;
    enum visibility visibility;
    GPtrArray *members;        /* const struct person * */
    const struct person *leader; /* who administers it, besides those of the chat; NULL mostly */
    const struct person *with; /* DIRECT: with whom askwhy talks */
    bool bot;                  /* askwhy is a member */
    bool elsewhere;            /* Mattermost: of another team of the same server */
    GPtrArray *posts;          /* struct post *, oldest first */
    GPtrArray *ephemerals;     /* struct post * */
    GPtrArray *gone;           /* struct post *: deleted ones, where the chat still lists them */
};

struct workspace;
struct workspace *workspace_new(enum chat chat);
enum chat workspace_chat(const struct workspace *workspace);
void workspace_free(struct workspace *workspace);

const struct person *workspace_people(int *count);
const struct person *person_by_id(const char *id);
const struct person *person_by_name(const char *name);
/* people.c: as they are when a workspace is made, with these ids. */
void people_begin(const char *const ids[PEOPLE]);
void people_end(void);
/* The same person, to be changed. */
struct person *person_change(const struct person *person);
const struct group *workspace_groups(int *count);
/* By id or handle; NULL when there is none. */
const struct group *group_called(const char *called);
/* False when it was so already. */
bool group_put(const struct group *group, const struct person *person, bool in);
const char *bot_user(void); /* askwhy's own id */
/* "askwhy" and ids of it are names too; the id itself when unknown. */
const char *user_name(const char *id);

GHashTable *workspace_uploads(const struct workspace *workspace); /* id → struct upload */
GPtrArray *workspace_channels(const struct workspace *workspace);
struct channel *channel_by_id(const struct workspace *workspace, const char *id);
struct channel *channel_by_name(const struct workspace *workspace, const char *name);
struct channel *channel_direct(const struct workspace *workspace, const struct person *person);
bool channel_has(const struct channel *channel, const struct person *person);

/* The next free moment of the sandbox's clock, microseconds; never twice the same. */
int64_t workspace_moment(struct workspace *workspace);
void ts_write(int64_t at, char ts[24]);
/* Microseconds; -1 when it is no ts. */
int64_t ts_read(const char *ts);
/* A fresh id: prefix and a number. Free with g_free(). */
char *workspace_id(struct workspace *workspace, const char *prefix);
/* 26 letters and digits that say nothing. Free with g_free(). */
char *random_id(void);

/* A new post at the end of channel; thread "" or NULL: none. only: an ephemeral one. */
struct post *channel_post(struct workspace *workspace, struct channel *channel, const char *user, const char *thread,
                          const char *text, const struct person *only);
struct post *channel_find(const struct channel *channel, const char *ts);
/* By the id; among the deleted ones too, when gone. */
struct post *channel_find_id(const struct channel *channel, const char *id, bool gone);
struct post *channel_find_ephemeral(const struct channel *channel, const char *ts, const struct person *person);
/* Its text and blocks are replaced (takes blocks). */
void post_write(struct post *post, const char *text, cJSON *blocks);
void post_mark_edited(struct workspace *workspace, struct post *post);
/* A parent with replies leaves a tombstone. */
void channel_remove(struct channel *channel, struct post *post);
/* It is not there any more, but listed among the gone. */
void channel_bury(struct channel *channel, struct post *post);
int channel_replies(const struct channel *channel, const struct post *parent, const struct post **last);
/* False when user had already reacted so. */
bool post_react(struct post *post, const char *name, const char *user);
bool post_unreact(struct post *post, const char *name, const char *user);

/* As the page reads it. */
cJSON *post_page_json(const struct post *post);

#endif

/* Between adapter.c (who we are, frames, callbacks), lane.c (calls that read), lookup.c (people, channels, names) and
 * history.c (posts missed). Thread: the loop's. */
#ifndef ASKWHY_MATTERMOST_ADAPTER_H
#define ASKWHY_MATTERMOST_ADAPTER_H

#include "bot/mattermost/mattermost.h"
#include "bot/net/lane.h"

struct mattermost {
    struct platform base;
    struct platform_host host;
    struct loop *loop;
    struct rest *rest;
    struct listener *listener; /* NULL: no callbacks */
    struct mattermost_options options; /* owned copies; name and handle are the adapter's */
    rich_name_fn *given_name, *given_handle;
    platform_words_fn *given_words;
    void *given_data;
    char *user, *handle;         /* own id and user name; "" until users/me answered */
    struct mattermost_self self; /* points to them */
    char *workspace;             /* the server, as its address names it: "chat.example.com/sub" */
    char *problem;               /* of the token; NULL when all is well */
    bool authenticated, stopping;
    struct names *names;
    struct codec *codec;
    struct mattermost_socket *socket;
    struct mattermost_listen *listen;
    struct lane *auth, *lookups, *history;
    struct loop_timer *again; /* users/me, after the operator had time to act */
    GHashTable *reported;     /* reasons of unusable frames already in the log */

    /* lookup.c */
    GHashTable *looked_up;     /* ids whose look-up is under way */
    GHashTable *kinds;         /* channel → enum channel_kind */
    GPtrArray *people;         /* ids to be asked for together */
    struct loop_timer *gather;
    GPtrArray *asked_names;    /* of the frame that waits for them; NULL: none does */
    bool names_known;          /* as far as can be: the frame waits no longer */
    int64_t names_fail_until_us;

    GPtrArray *claims; /* claim.c: forms whose channel is being looked at */

    /* history.c */
    struct plan *plan;   /* a gap whose channels are not listed yet */
    GHashTable *awaited; /* channels and threads whose reading was asked for and has not begun → int64_t *: since when */
    bool in_gap, cut_short;
};

/* Gives the event to the host. */
void mattermost_give(struct mattermost *mattermost, struct event *event);
/* A call was refused for its token: users/me is asked whether it is accepted at all. */
void mattermost_doubt(struct mattermost *mattermost);

/* ---- lane.c ---- */

/* patient: what only the operator can mend (a refused token) is waited for; otherwise it ends the call. */
struct lane *mattermost_lane_new(struct mattermost *mattermost, bool patient);
/* call->request is made of the rest, "GET", a path below /api/v4/ and body, which it takes; NULL for none. */
void mattermost_lane_add(struct mattermost *mattermost, struct lane *lane, struct lane_call *call, const char *http,
                         const char *path, cJSON *body);

/* ---- lookup.c ---- */

void mattermost_lookup_begin(struct mattermost *mattermost);
void mattermost_lookup_stop(struct mattermost *mattermost);
void mattermost_lookup_end(struct mattermost *mattermost);
void mattermost_look_up_person(struct platform *platform, const char *user);
void mattermost_look_up_channel(struct platform *platform, const char *channel);
void mattermost_look_up_member(struct platform *platform, const char *user, const char *channel, const char *workspace);
void mattermost_look_up_role(struct platform *platform, const char *sought);
/* What to call a person in a post, and what notifies them; asks for next time when it is not known. data: struct
 * mattermost. */
const char *mattermost_name_of(const char *id, void *data);
const char *mattermost_handle_of(const char *id, void *data);
void mattermost_note_kind(struct mattermost *mattermost, const char *channel, enum channel_kind kind);
enum channel_kind mattermost_kind_of(struct mattermost *mattermost, const char *channel);
/* True when all names behind @ in text are known, or there is no use in waiting; otherwise they are asked for, and
 * mattermost_socket_go_on() follows. */
bool mattermost_names_ready(struct mattermost *mattermost, const char *text);
/* The body of users/usernames for these names, at most so many as it takes. */
cJSON *mattermost_names_body(const GPtrArray *names);
/* What users/usernames answered to a question for names: people learnt and given, the others noted as nobody. */
void mattermost_names_learn(struct mattermost *mattermost, const cJSON *answer, const GPtrArray *names);

/* ---- claim.c ---- */

void mattermost_claims_begin(struct mattermost *mattermost);
void mattermost_claims_end(struct mattermost *mattermost);
/* Gives a submitted form once its person is known to be in the channels it names; takes event. */
void mattermost_take_form(struct mattermost *mattermost, struct event *event);

/* ---- history.c ---- */

void mattermost_history_begin(struct mattermost *mattermost);
void mattermost_history_end(struct mattermost *mattermost);
void mattermost_backfill(struct platform *platform, const struct backfill_point *points, int n_points);

#endif

/* Between adapter.c (frames, start, status) and lookup.c (what is read from the Web API). Thread: the loop's. */
#ifndef ASKWHY_SLACK_ADAPTER_H
#define ASKWHY_SLACK_ADAPTER_H

#include "bot/slack/lane.h"
#include "bot/slack/slack.h"

struct slack {
    struct platform base;
    struct platform_host host;
    struct rest *rest;
    struct slack_options options; /* owned copies; name is slack_name_of() */
    rich_name_fn *given_name;
    void *given_name_data;
    char *user, *bot;      /* own ids; "" until auth.test answered */
    struct slack_self self; /* points to them */
    char *workspace, *site; /* team id; "https://acme.slack.com/" */
    char *problem;          /* of the token or its scopes; NULL when all is well */
    bool authenticated, stopping;
    bool cut_short; /* stopped before all that was missed was read */
    struct codec *codec;
    struct slack_sockets *sockets;
    struct lane *auth, *lookups, *history;
    struct loop_timer *again;  /* auth.test after the operator had time to act */
    GHashTable *looked_up;     /* ids whose look-up is under way */
    GHashTable *names;         /* person id → name, from users.info */
    GHashTable *awaited;       /* "channel thread" whose first page was asked for and has not come */
    GHashTable *groups;        /* user group's id → ids of its members, a set: those asked for */
    GHashTable *groups_sought, *groups_unread; /* whose look-up is under way; failed */
    GHashTable *reported;      /* reasons of unusable frames already in the log */
};

/* The three calls of struct platform that read. */
void slack_look_up_person(struct platform *platform, const char *user);
void slack_look_up_channel(struct platform *platform, const char *channel);
void slack_backfill(struct platform *platform, const struct backfill_point *points, int n_points);
/* groups.c */
void slack_look_up_group(struct platform *platform, const char *sought);
/* Slack told so: read again if it was asked for. */
void slack_group_changed(struct slack *slack, const char *id);
/* The ids of all user groups asked for that user is in, for g_strfreev(); NULL when that is not known. */
char **slack_groups_of(const struct slack *slack, const char *user);
/* Gives the event to the host. */
void slack_give(struct slack *slack, struct event *event);
/* What to call a person in a post; asks Slack for next time when it is not known. data: struct slack. */
const char *slack_name_of(const char *id, void *data);

#endif

/* A Slack of a small company, for hours: what people do there, drawn at random, at a steady pace. */
#ifndef ASKWHY_SOAK_SLACK_H
#define ASKWHY_SOAK_SLACK_H

#include "bot/net/loop.h"

struct slack;

struct slack_tally {
    int64_t sent, acknowledged, posts, requests, connections, lost; /* lost: their socket ended first */
};

/* still: only what leaves no rows behind, so that the database stays as it is. */
struct slack *slack_begin(struct loop *loop, guint32 seed, int a_second, bool still);
void slack_end(struct slack *slack);
int slack_port(const struct slack *slack);
/* Runs the loop for so long; idle: nobody does anything meanwhile. */
void slack_run(struct slack *slack, int64_t ms, bool idle);
bool slack_connected(const struct slack *slack);
/* All sockets: asked to leave, or cut. */
void slack_refresh(struct slack *slack);
void slack_cut(struct slack *slack);
const struct slack_tally *slack_tally(const struct slack *slack);
/* Envelopes neither acknowledged nor lost. */
int slack_waiting(const struct slack *slack);

#endif

/* The fake Slack of the benchmark: Socket Mode and the Web API, as far as bots need them. It answers at once and limits
 * no rate. */
#ifndef ASKWHY_BENCH_FAKE_H
#define ASKWHY_BENCH_FAKE_H

#include "tests/bench/load/traffic.h"

struct fake;

struct fake *fake_new(struct loop *loop);
void fake_free(struct fake *fake);
struct traffic *fake_traffic(struct fake *fake);
/* scheme: "http" or "ws" */
char *fake_url(const struct fake *fake, const char *scheme, const char *path);

/* Has the bot join every channel, some at a time. */
void fake_invite(struct fake *fake);
/* All sockets: a disconnect frame with this reason; or an end without a word. */
void fake_disconnect(struct fake *fake, const char *reason);
void fake_drop(struct fake *fake);
/* Since it was made. */
int fake_sockets_opened(const struct fake *fake);
int fake_requests(void *fake);

/* Conditions; data: the fake. */
bool fake_connected(void *data);
bool fake_left(void *data);
/* The invitations are acknowledged, the bot has introduced itself and looked every channel up. */
bool fake_settled(void *data);

#endif

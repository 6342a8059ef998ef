/* The fake Mattermost's WebSocket: events with numbers from 0, the last 128 of which are kept, and 256 more while the
 * other side is away. It is resumed by its id and the number wanted next, as a server of version 5.37 does it. */
#ifndef ASKWHY_BENCH_MATTERMOST_LINK_H
#define ASKWHY_BENCH_MATTERMOST_LINK_H

#include "tests/bench/load/wire.h"

struct link;

struct link *link_new(void);
void link_free(struct link *link);

/* As wire_handler has them. */
void link_opened(struct link *link, struct wire_conn *conn, const char *target);
void link_frame(struct link *link, const char *text, gsize size);
void link_closed(struct link *link, const struct wire_conn *conn);

/* post: a Post, JSON; sender: "@askwhy"; channel: its number. */
void link_tell_post(struct link *link, const char *event, const char *post, const char *sender, guint channel);
/* Ends it without a word; what was told in this round is on its way to nowhere. */
void link_cut(struct link *link);
bool link_is_open(const struct link *link);
int link_count_opened(const struct link *link);  /* since it was made */
int link_count_resumed(const struct link *link);

#endif

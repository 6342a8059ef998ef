/* The page's socket: what a person in the browser does and sees (docs/sandbox.md). */
#ifndef ASKWHY_SANDBOX_PAGE_SOCKET_H
#define ASKWHY_SANDBOX_PAGE_SOCKET_H

#include "bot/sandbox/sandbox.h"

struct conn;

struct pages *pages_new(struct sandbox *sandbox);
void pages_free(struct pages *pages);
void pages_opened(struct pages *pages, struct conn *conn);
void pages_message(struct pages *pages, struct conn *conn, const char *text, gsize size);
void pages_closed(struct pages *pages, struct conn *conn);
/* As sandbox_tell(); see stays the caller's. */
void pages_tell(struct pages *pages, const struct person *only, const struct channel *channel, const cJSON *see);

/* The bot answered how busy it is; another bot is on the link (settle.h). */
void pages_idle(struct pages *pages, guint64 number);
void pages_bot_came(struct pages *pages);

#endif

/* What a channel settled about who may do what. The words are commands/permission.h's. */
#ifndef ASKWHY_STORE_PERMISSIONS_H
#define ASKWHY_STORE_PERMISSIONS_H

#include "store/store.h"

/* To whom it is allowed there: NULL when nothing was settled. Free with g_free(). */
char *store_permission(struct store *store, int64_t channel, const char *what);
/* What the chat told of a person there. */
void store_set_channel_admin(struct store *store, int64_t channel, int64_t person, bool admin, int64_t now);
/* *told_at: when it was told, 0: never. */
bool store_is_channel_admin(struct store *store, int64_t channel, int64_t person, int64_t *told_at);

#endif

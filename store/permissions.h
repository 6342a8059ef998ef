/* What a channel settled about who may do what. The words are commands/permission.h's. */
#ifndef ASKWHY_STORE_PERMISSIONS_H
#define ASKWHY_STORE_PERMISSIONS_H

#include "store/store.h"

/* To whom it is allowed there: NULL when nothing was settled. Free with g_free(). */
char *store_permission(struct store *store, int64_t channel, const char *what);

#endif

#include "store/permissions.h"

#include "store/sql.h"

char *store_permission(struct store *store, int64_t channel, const char *what)
{
    return sql_text(store, "SELECT allowed FROM permission WHERE channel = ?1 AND what = ?2", "it", channel, what);
}

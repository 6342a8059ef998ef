/* Groups of people as the chat keeps them (user groups, roles), and the functions they stand for. */
#ifndef ASKWHY_STORE_GROUPS_H
#define ASKWHY_STORE_GROUPS_H

#include "store/store.h"

struct group_function {
    int64_t id;
    char *called; /* the platform's id, or what was typed until the chat has told */
    char *name, *function;
    int64_t channel, person; /* where it was set, by whom */
    bool known;
};
void group_function_done(struct group_function *group);
/* By id or name; false when none was set. */
bool store_find_group(struct store *store, const char *platform, const char *called, struct group_function *group);
/* All that were set, in the order in which they count; of struct group_function. */
GArray *store_groups(struct store *store, const char *platform);
/* The one a person's function comes from; false when they said it themselves, or none tells it. */
bool store_group_of(struct store *store, int64_t person, struct group_function *group);

/* All groups of a person. */
void store_set_groups(struct store *store, int64_t person, char **groups);
/* All who are in a group: ids of the platform, of whom those count who were met. People who came to it or left it are
 * appended to changed (int64_t). */
void store_set_members(struct store *store, const char *platform, const char *group, char **members, GArray *changed);
int64_t store_count_members(struct store *store, const char *platform, const char *group);
/* Some of them; of int64_t. */
GArray *store_members(struct store *store, const char *platform, const char *group, int limit);

#endif

/* Who is called what, as askwhy learned it; the longest unused go first. */
#include "bot/mattermost/mattermost.h"

#include "bot/base/clock.h"

#include <string.h>

enum {
    PEOPLE_MAX = 4096,
    NOBODIES_MAX = 1024,
    NOBODY_US = 5 * 60 * 1000 * 1000, /* an account may be made meanwhile */
};

struct person {
    char *user, *handle, *name;
    GList place; /* in used */
};

struct names {
    GHashTable *by_user;   /* person->user → person, which it owns */
    GHashTable *by_handle; /* person->handle → person */
    GQueue used;           /* of person, the latest first */
    GHashTable *nobodies;  /* handle → monotonic time until which it is nobody's */
};

static void person_free(void *data)
{
    struct person *person = data;
    g_free(person->user);
    g_free(person->handle);
    g_free(person->name);
    g_free(person);
}

struct names *names_new(void)
{
    struct names *names = g_new0(struct names, 1);
    names->by_user = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, person_free);
    names->by_handle = g_hash_table_new(g_str_hash, g_str_equal);
    names->nobodies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return names;
}

void names_free(struct names *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->by_handle);
    g_hash_table_unref(names->by_user);
    g_hash_table_unref(names->nobodies);
    g_free(names);
}

static char *lowered(const char *handle)
{
    return g_ascii_strdown(*handle == '@' ? handle + 1 : handle, -1);
}

static void drop_handle(struct names *names, struct person *person)
{
    if (person->handle != NULL && g_hash_table_lookup(names->by_handle, person->handle) == person)
        g_hash_table_remove(names->by_handle, person->handle);
    g_clear_pointer(&person->handle, g_free);
}

static void forget(struct names *names, struct person *person)
{
    drop_handle(names, person);
    g_queue_unlink(&names->used, &person->place);
    g_hash_table_remove(names->by_user, person->user);
}

static struct person *touch(struct names *names, struct person *person)
{
    if (person != NULL) {
        g_queue_unlink(&names->used, &person->place);
        g_queue_push_head_link(&names->used, &person->place);
    }
    return person;
}

void names_learn(struct names *names, const char *user, const char *handle, const char *name)
{
    if (user == NULL || *user == '\0')
        return;
    struct person *person = g_hash_table_lookup(names->by_user, user);
    if (person == NULL) {
        if (g_hash_table_size(names->by_user) >= PEOPLE_MAX)
            forget(names, g_queue_peek_tail(&names->used));
        person = g_new0(struct person, 1);
        person->user = g_strdup(user);
        person->place.data = person;
        g_hash_table_insert(names->by_user, person->user, person);
        g_queue_push_head_link(&names->used, &person->place);
    }
    touch(names, person);
    if (handle != NULL && *handle != '\0') {
        char *own = lowered(handle);
        drop_handle(names, person);
        /* A name that was somebody else's has been given on. */
        struct person *former = g_hash_table_lookup(names->by_handle, own);
        if (former != NULL)
            drop_handle(names, former);
        person->handle = own;
        g_hash_table_insert(names->by_handle, person->handle, person);
        g_hash_table_remove(names->nobodies, own);
    }
    if (name != NULL && *name != '\0') {
        char *own = g_strdup(name); /* it may be the one that is freed */
        g_free(person->name);
        person->name = own;
    }
}

void names_forget(struct names *names, const char *user)
{
    struct person *person = g_hash_table_lookup(names->by_user, user);
    if (person != NULL)
        forget(names, person);
}

const char *names_find(struct names *names, const char *handle)
{
    g_autofree char *own = lowered(handle);
    const struct person *person = touch(names, g_hash_table_lookup(names->by_handle, own));
    return person != NULL ? person->user : NULL;
}

const char *names_handle(struct names *names, const char *user)
{
    const struct person *person = touch(names, g_hash_table_lookup(names->by_user, user));
    return person != NULL ? person->handle : NULL;
}

const char *names_name(struct names *names, const char *user)
{
    const struct person *person = touch(names, g_hash_table_lookup(names->by_user, user));
    if (person == NULL)
        return NULL;
    return person->name != NULL ? person->name : person->handle;
}

static gboolean is_over(void *key, void *value, void *data)
{
    (void)key;
    return *(const int64_t *)value <= *(const int64_t *)data;
}

void names_learn_nobody(struct names *names, const char *handle)
{
    int64_t now = clock_monotonic_us();
    if (g_hash_table_size(names->nobodies) >= NOBODIES_MAX)
        g_hash_table_foreach_remove(names->nobodies, is_over, &now);
    /* Whoever types so many names that are none has them asked for again. */
    if (g_hash_table_size(names->nobodies) >= NOBODIES_MAX)
        g_hash_table_remove_all(names->nobodies);
    int64_t *until = g_new(int64_t, 1);
    *until = now + NOBODY_US;
    g_hash_table_replace(names->nobodies, lowered(handle), until);
}

bool names_is_nobody(struct names *names, const char *handle)
{
    g_autofree char *own = lowered(handle);
    const int64_t *until = g_hash_table_lookup(names->nobodies, own);
    return until != NULL && *until > clock_monotonic_us();
}

/* For stories of the store: a folder of its own, a database in it, people, channels, asks. */
#ifndef ASKWHY_TEST_STORE_STORY_H
#define ASKWHY_TEST_STORE_STORY_H

#include "bot/base/json.h"
#include "store/log.h"
#include "store/store.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOON INT64_C(1795348800000) /* 2026-11-22 12:00 UTC */

struct story {
    char *dir, *path;
    struct store *store;
};

static inline char *beside(const struct story *s, const char *name)
{
    return g_build_filename(s->dir, name, NULL);
}

static inline int story_begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    s->dir = g_dir_make_tmp("askwhy-store-XXXXXX", NULL);
    assert_non_null(s->dir);
    s->path = beside(s, "askwhy.db");
    *state = s;
    return 0;
}

static inline struct store *open_now(const struct story *s, enum store_mode mode)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(s->path, mode, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static inline int story_begin_open(void **state)
{
    story_begin(state);
    struct story *s = *state;
    s->store = open_now(s, STORE_WRITE);
    assert_true(store_begin(s->store));
    return 0;
}

static inline int story_end(void **state)
{
    struct story *s = *state;
    if (s->store != NULL)
        store_rollback(s->store);
    store_close(s->store);
    g_chmod(s->dir, 0700);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s);
    return 0;
}

static inline int64_t person(struct story *s, const char *user)
{
    return store_person(s->store, "slack", "T1", user, NULL);
}

static inline int64_t place(struct story *s, const char *channel, enum channel_kind kind)
{
    return store_channel(s->store, "slack", "T1", channel, channel, kind);
}

static inline int64_t log_it(struct story *s, struct log_entry entry)
{
    if (entry.at == 0)
        entry.at = NOON;
    int64_t id = store_append(s->store, &entry);
    if (id == 0)
        fail_msg("%s", store_failed(s->store)->message);
    return id;
}

/* Its number. owner and decider may be 0. */
static inline int64_t raise_ask(struct story *s, int64_t channel, int64_t asker, int64_t raiser, int64_t owner,
                            int64_t decider, const char *title)
{
    cJSON *data = json_object();
    json_put_int(data, "owner", owner);
    json_put_int(data, "decider", decider);
    int64_t number = store_next_number(s->store);
    log_it(s, (struct log_entry){.kind = "ask.raised",
                                 .actor = raiser,
                                 .ask = number,
                                 .channel = channel,
                                 .person = asker,
                                 .words = title,
                                 .words_author = asker,
                                 .state = "waiting",
                                 .data = data});
    return number;
}

static inline void commit(struct story *s)
{
    if (!store_commit(s->store))
        fail_msg("%s", store_failed(s->store)->message);
    assert_true(store_begin(s->store));
}

#endif

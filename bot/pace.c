#include "bot/pace.h"

enum { BUCKETS_MAX = 4096 };

struct bucket {
    int64_t next;  /* when the next call would be on time */
    int64_t spare; /* how far ahead of time calls may run: burst */
};

struct pace {
    GHashTable *buckets; /* method or method/channel → bucket */
    GHashTable *held;    /* method → until */
};

struct pace *pace_new(void)
{
    struct pace *pace = g_new0(struct pace, 1);
    pace->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    pace->held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return pace;
}

void pace_free(struct pace *pace)
{
    if (pace == NULL)
        return;
    g_hash_table_destroy(pace->buckets);
    g_hash_table_destroy(pace->held);
    g_free(pace);
}

static gboolean is_idle(gpointer key, gpointer value, gpointer now)
{
    (void)key;
    return ((struct bucket *)value)->next <= *(int64_t *)now;
}

int64_t pace_take(struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t now)
{
    int burst = 1, interval = 0;
    bool per_channel = false;
    const char *method = codec->method(codec, out->kind, &burst, &interval, &per_channel);
    const int64_t *until = g_hash_table_lookup(pace->held, method);
    if (until != NULL && *until > now)
        return *until - now;
    if (interval <= 0)
        return 0;
    g_autofree char *key = per_channel && out->channel != NULL ? g_strdup_printf("%s/%s", method, out->channel)
                                                               : g_strdup(method);
    struct bucket *bucket = g_hash_table_lookup(pace->buckets, key);
    if (bucket == NULL) {
        if (g_hash_table_size(pace->buckets) >= BUCKETS_MAX)
            g_hash_table_foreach_remove(pace->buckets, is_idle, &now);
        bucket = g_new0(struct bucket, 1);
        bucket->spare = (int64_t)(MAX(burst, 1) - 1) * interval;
        g_hash_table_insert(pace->buckets, g_steal_pointer(&key), bucket);
    }
    if (bucket->next - bucket->spare > now)
        return bucket->next - bucket->spare - now;
    bucket->next = MAX(bucket->next, now) + interval;
    return 0;
}

void pace_hold(struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t ms, int64_t now)
{
    int burst, interval;
    bool per_channel;
    const char *method = codec->method(codec, out->kind, &burst, &interval, &per_channel);
    int64_t until = now + MAX(ms, 1000);
    g_hash_table_replace(pace->held, g_strdup(method), g_memdup2(&until, sizeof until));
}

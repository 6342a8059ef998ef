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

/* The bucket's name; NULL when this goes at no pace. */
static char *bucket_key(const struct codec *codec, const struct outgoing *out, int *burst, int *interval)
{
    bool per_channel = false;
    *burst = 1, *interval = 0;
    const char *method = codec->method(codec, out->kind, burst, interval, &per_channel);
    if (*interval <= 0)
        return NULL;
    return per_channel && out->channel != NULL ? g_strconcat(method, "/", out->channel, NULL) : g_strdup(method);
}

static int64_t hold_of(const struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t now)
{
    int burst, interval;
    bool per_channel;
    const int64_t *until = g_hash_table_lookup(pace->held, codec->method(codec, out->kind, &burst, &interval, &per_channel));
    return until != NULL ? MAX(*until - now, 0) : 0;
}

static int64_t bucket_wait(const struct bucket *bucket, int64_t now)
{
    return bucket != NULL ? MAX(bucket->next - bucket->spare - now, 0) : 0;
}

int64_t pace_wait(const struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t now)
{
    int64_t wait = hold_of(pace, codec, out, now);
    int burst, interval;
    g_autofree char *key = wait == 0 ? bucket_key(codec, out, &burst, &interval) : NULL;
    return key != NULL ? bucket_wait(g_hash_table_lookup(pace->buckets, key), now) : wait;
}

int64_t pace_take(struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t now)
{
    int64_t wait = hold_of(pace, codec, out, now);
    int burst, interval;
    g_autofree char *key = wait == 0 ? bucket_key(codec, out, &burst, &interval) : NULL;
    if (key == NULL)
        return wait;
    struct bucket *bucket = g_hash_table_lookup(pace->buckets, key);
    if (bucket == NULL) {
        if (g_hash_table_size(pace->buckets) >= BUCKETS_MAX)
            g_hash_table_foreach_remove(pace->buckets, is_idle, &now);
        bucket = g_new0(struct bucket, 1);
        bucket->spare = (int64_t)(MAX(burst, 1) - 1) * interval;
        g_hash_table_insert(pace->buckets, g_steal_pointer(&key), bucket);
    }
    wait = bucket_wait(bucket, now);
    if (wait == 0)
        bucket->next = MAX(bucket->next, now) + interval;
    return wait;
}

void pace_hold(struct pace *pace, const struct codec *codec, const struct outgoing *out, int64_t ms, int64_t now)
{
    int burst, interval;
    bool per_channel;
    const char *method = codec->method(codec, out->kind, &burst, &interval, &per_channel);
    int64_t until = now + MAX(ms, 1000);
    g_hash_table_replace(pace->held, g_strdup(method), g_memdup2(&until, sizeof until));
}

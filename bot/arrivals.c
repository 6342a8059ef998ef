#include "bot/arrivals.h"

#include "bot/base/clock.h"
#include "bot/base/crash.h"
#include "bot/base/log.h"
#include "bot/chat/richtext.h"
#include "commands/permission.h"
#include "store/permissions.h"

#include <string.h>

enum {
    LOOK_UP_AGAIN_MS = 600 * 1000,
    UNPLACED_MAX = 1000,
    PUT_BACK_MAX = 10000,
    PEOPLE_MAX = 6,
    HOLD_MS = 1500, /* well within the 3 s in which a platform wants its acknowledgement */
};

struct arrivals {
    struct loop *loop;
    struct store *store;
    const struct outbox *outbox;
    GPtrArray *ready;      /* struct arrival */
    GPtrArray *put_back;   /* those of earlier batches that could not be recorded */
    GPtrArray *held;       /* of people not known yet, until their profile comes */
    GPtrArray *unplaced;   /* replies in threads whose first post may be ours, and deletions of such posts */
    bool stored;           /* newest, by this transaction */
    GHashTable *newest;    /* platform and channel → newest post seen, kept with the next commit */
    GHashTable *known;     /* ids of people, and of channels behind "#": known, or no news of them come; rights_key(): told
                            * just now, or no news come */
    GHashTable *looked_up; /* "person" or "channel" id, rights_key() → when */
    struct loop_timer *hold_timer;
};

static GPtrArray *arrival_list(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)arrival_free);
}

void arrival_free(struct arrival *arrival)
{
    if (arrival == NULL)
        return;
    event_free(arrival->event);
    message_free(arrival->answer);
    for (int i = 0; i < arrival->n_errors; i++) {
        g_free(arrival->errors[i].name);
        g_free(arrival->errors[i].value);
    }
    g_free(arrival->errors);
    form_free(arrival->form);
    g_free(arrival);
}

/* False: it was asked for just now. Takes key. */
static bool is_worth_asking(struct arrivals *arrivals, char *key)
{
    int64_t now = clock_now_ms();
    const int64_t *last = g_hash_table_lookup(arrivals->looked_up, key);
    bool asked = last != NULL && ABS(now - *last) < LOOK_UP_AGAIN_MS;
    if (asked)
        g_free(key);
    else
        g_hash_table_replace(arrivals->looked_up, key, g_memdup2(&now, sizeof now));
    return !asked;
}

static void look_up(struct arrivals *arrivals, struct platform *platform, const char *what, const char *id)
{
    if (!is_worth_asking(arrivals, g_strconcat(what, id, NULL)))
        return;
    if (*what == 'p')
        platform->look_up_person(platform, id);
    else
        platform->look_up_channel(platform, id);
}

static bool is_known(struct arrivals *arrivals, const char *platform, const char *user)
{
    if (g_hash_table_contains(arrivals->known, user))
        return true;
    struct person person = {0};
    store_get_person(arrivals->store, store_find_person(arrivals->store, platform, user), &person);
    bool known = person.refreshed_at != 0;
    person_done(&person);
    store_forget_error(arrivals->store);
    if (known)
        g_hash_table_add(arrivals->known, g_strdup(user));
    return known;
}

/* Who an event is about: who acts, whose message or ask it is, and the first few people mentioned in it. */
static GPtrArray *people_of(const struct event *event)
{
    GPtrArray *people = g_ptr_array_new_with_free_func(g_free);
    if (event->kind == EVENT_PERSON || event->kind == EVENT_MEMBER || event->user == NULL)
        return people;
    g_ptr_array_add(people, g_strdup(event->user));
    if (event->author != NULL)
        g_ptr_array_add(people, g_strdup(event->author));
    const char *asker = event->kind == EVENT_FORM ? event_field(event, "asker") : NULL;
    if (asker != NULL)
        g_ptr_array_add(people, g_strdup(asker));
    const char *at = event->text != NULL ? event->text : "";
    struct rich_span span;
    while (people->len < PEOPLE_MAX && rich_next(&at, &span)) {
        if (span.marker == RICH_PERSON || span.marker == RICH_PING)
            g_ptr_array_add(people, g_strndup(span.text, span.length));
    }
    return people;
}

/* Does the post that event edits or deletes wait in this list? What was said and at once taken back, perhaps
 * while we were away, comes in one burst: nobody has heard the post yet, but will have. */
static bool follows(const struct event *event, const GPtrArray *list)
{
    for (guint i = 0; i < list->len && (event->kind == EVENT_EDITED || event->kind == EVENT_DELETED); i++) {
        const struct event *post = ((const struct arrival *)g_ptr_array_index(list, i))->event;
        if ((post->kind == EVENT_MESSAGE || post->kind == EVENT_MENTION) &&
            g_strcmp0(post->channel, event->channel) == 0 && g_strcmp0(post->message, event->message) == 0)
            return true;
    }
    return false;
}

/* Whether its channel is private decides who may hear of what is said there. */
static bool is_place_known(struct arrivals *arrivals, struct platform *platform, const struct event *event)
{
    bool acts = event->kind == EVENT_COMMAND || event->kind == EVENT_MENTION || event->kind == EVENT_BUTTON ||
                event->kind == EVENT_MESSAGE_SHORTCUT;
    if (!acts || event->channel == NULL || event->channel_kind != CHANNEL_UNKNOWN)
        return true;
    g_autofree char *key = g_strconcat("#", event->channel, NULL);
    if (g_hash_table_contains(arrivals->known, key))
        return true;
    struct channel channel = {0};
    store_get_channel(arrivals->store, store_find_channel(arrivals->store, event->platform, event->channel), &channel);
    bool known = channel.kind != CHANNEL_UNKNOWN;
    channel_done(&channel);
    store_forget_error(arrivals->store);
    if (known)
        g_hash_table_add(arrivals->known, g_steal_pointer(&key));
    else
        look_up(arrivals, platform, "channel ", event->channel);
    return known;
}

static char *rights_key(const char *user, const char *channel)
{
    return g_strconcat("rights ", user, " ", channel, NULL);
}

/* Whether they administer the channel, where the chat has to be asked for that: known for a while, or no answer came. */
static bool are_rights_known(struct arrivals *arrivals, struct platform *platform, const struct event *event)
{
    if (platform->look_up_member == NULL || !command_wants_rights(event))
        return true;
    g_autofree char *key = rights_key(event->user, event->channel);
    if (g_hash_table_remove(arrivals->known, key))
        return true;
    int64_t told_at = 0, now = clock_now_ms();
    struct channel channel = {0};
    bool found = store_get_channel(arrivals->store, store_find_channel(arrivals->store, event->platform, event->channel), &channel);
    store_is_channel_admin(arrivals->store, channel.id, store_find_person(arrivals->store, event->platform, event->user), &told_at);
    bool known = !found || channel.kind == CHANNEL_DIRECT || now - told_at <= RIGHTS_KNOWN_MS;
    if (!known)
        arrivals_look_up_member(arrivals, platform, event->user, &channel);
    channel_done(&channel);
    store_forget_error(arrivals->store);
    const int64_t *asked = g_hash_table_lookup(arrivals->looked_up, key);
    return known || asked == NULL || ABS(now - *asked) > 2 * HOLD_MS;
}

/* What the same person does next; and that askwhy is in a channel at all, which is where reading begins after a crash. */
static bool is_behind(const struct event *event, const struct event *earlier)
{
    if (event->kind == EVENT_INVITED && earlier->kind == EVENT_INVITED && g_strcmp0(event->channel, earlier->channel) == 0)
        return true;
    return event->kind != EVENT_PERSON && event->kind != EVENT_MEMBER && g_strcmp0(earlier->user, event->user) == 0;
}

/* A stranger's first event waits a moment for their name, zone and language, so that nobody is called U0123;
 * and others wait behind it. */
static bool must_wait(struct arrivals *arrivals, const struct arrival *arrival)
{
    const struct event *event = arrival->event;
    if (event->nameless)
        return !is_place_known(arrivals, arrival->platform, event);
    g_autoptr(GPtrArray) people = people_of(event);
    bool waits = follows(event, arrivals->held) || !is_place_known(arrivals, arrival->platform, event) ||
                 !are_rights_known(arrivals, arrival->platform, event);
    for (guint i = 0; i < people->len; i++) {
        const char *user = g_ptr_array_index(people, i);
        if (!is_known(arrivals, event->platform, user)) {
            look_up(arrivals, arrival->platform, "person ", user);
            waits = true;
        }
    }
    for (guint i = 0; i < arrivals->held->len && !waits; i++)
        waits = is_behind(event, ((const struct arrival *)g_ptr_array_index(arrivals->held, i))->event);
    return waits;
}

/* Looks again at what is held; all of it goes when patience has ended. */
static void release(struct arrivals *arrivals, bool all)
{
    GPtrArray *held = arrivals->held;
    arrivals->held = arrival_list();
    for (guint i = 0; i < held->len; i++) {
        struct arrival *arrival = g_ptr_array_index(held, i);
        g_autoptr(GPtrArray) people = people_of(arrival->event);
        for (guint p = 0; all && p < people->len; p++)
            g_hash_table_add(arrivals->known, g_strdup(g_ptr_array_index(people, p)));
        if (all && arrival->event->channel != NULL)
            g_hash_table_add(arrivals->known, g_strconcat("#", arrival->event->channel, NULL));
        if (all && arrival->event->channel != NULL && arrival->event->user != NULL)
            g_hash_table_add(arrivals->known, rights_key(arrival->event->user, arrival->event->channel));
        g_ptr_array_add(must_wait(arrivals, arrival) ? arrivals->held : arrivals->ready, arrival);
    }
    g_ptr_array_set_free_func(held, NULL);
    g_ptr_array_free(held, TRUE);
    loop_wake(arrivals->loop);
}

static void hold_fired(void *data)
{
    release(data, true);
}

/* Where reading begins after a gap: kept in memory, and stored with the next transaction that matters. */
static void note_newest(struct arrivals *arrivals, const struct event *event)
{
    const char *reached = event_cursor(event);
    if (reached == NULL || event->channel == NULL)
        return;
    g_autofree char *key = g_strconcat(event->platform, " ", event->channel, NULL);
    const char *last = g_hash_table_lookup(arrivals->newest, key);
    if (last == NULL || strcmp(last, reached) < 0)
        g_hash_table_replace(arrivals->newest, g_steal_pointer(&key), g_strdup(reached));
}

bool arrivals_store_newest(struct arrivals *arrivals, bool catching_up)
{
    arrivals->stored = !catching_up && arrivals->held->len == 0 && arrivals->unplaced->len == 0 &&
                       arrivals->put_back->len == 0;
    if (!arrivals->stored)
        return false;
    GHashTableIter iter;
    gpointer key, message;
    g_hash_table_iter_init(&iter, arrivals->newest);
    while (g_hash_table_iter_next(&iter, &key, &message)) {
        g_auto(GStrv) parts = g_strsplit(key, " ", 2);
        int64_t channel = store_find_channel(arrivals->store, parts[0], parts[1]);
        if (channel != 0)
            store_set_newest(arrivals->store, channel, message);
    }
    return true;
}

/* Threads that were waited for may have been placed: what people wrote there is looked at again. */
static void place(struct arrivals *arrivals)
{
    GPtrArray *unplaced = arrivals->unplaced;
    if (unplaced->len == 0)
        return;
    arrivals->unplaced = arrival_list();
    g_ptr_array_set_free_func(unplaced, NULL);
    for (guint i = 0; i < unplaced->len; i++) {
        struct arrival *arrival = g_ptr_array_index(unplaced, i);
        arrivals_add(arrivals, arrival->platform, g_steal_pointer(&arrival->event));
        arrival_free(arrival);
    }
    g_ptr_array_free(unplaced, TRUE);
}

void arrivals_add(struct arrivals *arrivals, struct platform *platform, struct event *event)
{
    crash_point("after-receive");
    if (event->replay && event->at_ms < clock_now_ms() - ARRIVALS_REPLAY_MAX_MS) {
        event_free(event);
        return;
    }
    struct arrival *arrival = g_new0(struct arrival, 1);
    arrival->platform = platform;
    arrival->event = event;
    note_newest(arrivals, event);
    if (follows(event, arrivals->unplaced)) {
        g_ptr_array_add(arrivals->unplaced, arrival);
        return;
    }
    /* When that cannot be read, it is found out in the batch: what may be an answer is not waved through. */
    bool concerns = command_concerns(arrivals->store, event) || store_failed(arrivals->store) != NULL ||
                    follows(event, arrivals->ready) || follows(event, arrivals->held) || follows(event, arrivals->put_back);
    store_forget_error(arrivals->store);
    bool of_thread = event->thread != NULL && (event->kind == EVENT_MESSAGE || event->kind == EVENT_EDITED ||
                                               event->kind == EVENT_DELETED);
    if (!concerns && (of_thread || event->kind == EVENT_UNPOSTED) && arrivals->unplaced->len < UNPLACED_MAX &&
        outbox_expects_root(arrivals->outbox, event->platform, event->channel)) {
        g_ptr_array_add(arrivals->unplaced, arrival);
        return;
    }
    if (!concerns) {
        if (!event->replay)
            platform->acknowledge(platform, event, NULL);
        arrival_free(arrival);
        return;
    }
    if (must_wait(arrivals, arrival)) {
        if (arrivals->held->len == 0)
            loop_timer_set_ms(arrivals->hold_timer, HOLD_MS);
        g_ptr_array_add(arrivals->held, arrival);
        return;
    }
    g_ptr_array_add(arrivals->ready, arrival);
    if (event->kind == EVENT_PERSON || event->kind == EVENT_CHANNEL || event->kind == EVENT_MEMBER) {
        g_hash_table_add(arrivals->known, event->kind == EVENT_PERSON    ? g_strdup(event->user)
                                          : event->kind == EVENT_CHANNEL ? g_strconcat("#", event->channel, NULL)
                                                                         : rights_key(event->user, event->channel));
        release(arrivals, false);
    }
    loop_wake(arrivals->loop);
}

struct arrivals *arrivals_new(struct loop *loop, struct store *store, const struct outbox *outbox)
{
    struct arrivals *arrivals = g_new0(struct arrivals, 1);
    arrivals->loop = loop;
    arrivals->store = store;
    arrivals->outbox = outbox;
    arrivals->ready = arrival_list();
    arrivals->put_back = arrival_list();
    arrivals->held = arrival_list();
    arrivals->unplaced = arrival_list();
    arrivals->newest = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    arrivals->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    arrivals->looked_up = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    arrivals->hold_timer = loop_timer_new(loop, hold_fired, arrivals);
    return arrivals;
}

void arrivals_free(struct arrivals *arrivals)
{
    if (arrivals == NULL)
        return;
    loop_timer_free(arrivals->hold_timer);
    g_ptr_array_free(arrivals->ready, TRUE);
    g_ptr_array_free(arrivals->put_back, TRUE);
    g_ptr_array_free(arrivals->held, TRUE);
    g_ptr_array_free(arrivals->unplaced, TRUE);
    g_hash_table_destroy(arrivals->newest);
    g_hash_table_destroy(arrivals->known);
    g_hash_table_destroy(arrivals->looked_up);
    g_free(arrivals);
}

GPtrArray *arrivals_take(struct arrivals *arrivals)
{
    GPtrArray *taken = arrivals->put_back;
    g_ptr_array_extend_and_steal(taken, arrivals->ready);
    arrivals->put_back = arrival_list();
    arrivals->ready = arrival_list();
    return taken;
}

void arrivals_put_back(struct arrivals *arrivals, struct arrival *arrival)
{
    if (arrivals->put_back->len >= PUT_BACK_MAX) {
        log_error("event.dropped", "kind=%d why=\"%d others wait to be recorded already\"", (int)arrival->event->kind,
                  (int)PUT_BACK_MAX);
        arrival_free(arrival);
        return;
    }
    arrival->failed = arrival->again = false;
    g_ptr_array_add(arrivals->put_back, arrival);
}

void arrivals_committed(struct arrivals *arrivals)
{
    if (arrivals->stored)
        g_hash_table_remove_all(arrivals->newest);
    place(arrivals);
}

void arrivals_look_up_person(struct arrivals *arrivals, struct platform *platform, const char *user)
{
    look_up(arrivals, platform, "person ", user);
}

void arrivals_look_up_member(struct arrivals *arrivals, struct platform *platform, const char *user,
                             const struct channel *channel)
{
    if (platform->look_up_member != NULL && is_worth_asking(arrivals, rights_key(user, channel->channel)))
        platform->look_up_member(platform, user, channel->channel, channel->workspace);
}

void arrivals_look_up_channel(struct arrivals *arrivals, struct platform *platform, const char *channel)
{
    look_up(arrivals, platform, "channel ", channel);
}

bool arrivals_ready(const struct arrivals *arrivals)
{
    return arrivals->ready->len > 0;
}

bool arrivals_idle(const struct arrivals *arrivals)
{
    return arrivals->ready->len == 0 && arrivals->put_back->len == 0 && arrivals->held->len == 0 &&
           arrivals->unplaced->len == 0;
}

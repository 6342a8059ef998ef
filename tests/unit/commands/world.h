/* A small company in which anything may be done (test_lives.c): its people, places, and what each of them was shown. */
#ifndef ASKWHY_TEST_WORLD_H
#define ASKWHY_TEST_WORLD_H

#include "asks.h"

#include "bot/chat/platform.h"
#include "commands/nameless.h"
#include "store/sql.h"

#include <stdlib.h>

enum { W_PEOPLE = 7, W_PLACES = 4 };
enum { W_PRODUCT, W_DEALS, W_OTHER, W_FAR };  /* W_DEALS is private; W_FAR is of another team */
enum { W_SAM = 2, W_GUEST = 5, W_STRANGER = 6 }; /* W_SAM administers the chat; W_STRANGER is of the other team alone */
enum { W_NOBODY = -1, W_NOWHERE = -1 };       /* W_NOWHERE: privately, in their direct channel */

static const char *const w_users[W_PEOPLE] = {"UDANA", "UMIA", "USAM", "UCEO", "UJUN", "UGUEST", "UFAR"};
static const char *const w_places[W_PLACES] = {"CPRODUCT", "GDEALS", "COTHER", "CFAR"};

/* Words somebody said once: "zq17x". */
struct token {
    int who, typed_in;
    int home;      /* the first place whose log held them, W_NOWHERE while none does */
    unsigned went; /* to which places they went along with an ask that became part of another */
    int64_t ask, in_ask; /* whose words they were first, and are now; 0 for none */
    bool shared;         /* others say them too, or nobody knows whose they are: forgetting one leaves them */
};

/* Where somebody may press. */
struct seen_button {
    int place, person; /* person W_NOBODY: everybody in place */
    char *action, *value;
};

struct seen_form {
    int person;
    struct form *form;
};

struct seen_post {
    int place, author;
    int64_t ask, at;
    char *ts;
};

/* An ask as the log alone tells it. */
struct followed {
    char state[16];
    int64_t channel, asker, raiser, owner, decider;
};

struct world {
    struct story *s;
    struct store *reader;
    int64_t now, logged, people[W_PEOPLE], places[W_PLACES];
    bool in_deals[W_PEOPLE], away[W_PEOPLE];
    guint forgotten[W_PEOPLE]; /* how many words there were when they were forgotten */
    int64_t known_as[W_PEOPLE]; /* when the last event began */
    int events, posts_made;
    GArray *tokens;    /* struct token */
    GPtrArray *buttons; /* struct seen_button */
    GPtrArray *forms;   /* struct seen_form */
    GPtrArray *posts;   /* struct seen_post */
    GArray *followed;  /* struct followed, by number - 1 */
    GHashTable *kinds; /* of entries the log has had; NULL: nobody counts */
    GHashTable *posted; /* what the last event posted, and where */
    GString *told;     /* what people did */
    char *wrong;       /* NULL while all is well */
    /* What the last event left. */
    char *said;
    char *given; /* what was typed or filled in with it: its person may be shown that again */
    int moves, entries;
};

static inline G_GNUC_PRINTF(2, 3) void wrong(struct world *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (w->wrong == NULL)
        w->wrong = g_strdup_vprintf(format, args);
    va_end(args);
}

static inline const char *place_name(int place)
{
    return place == W_NOWHERE ? "private" : w_places[place];
}

static inline int place_at(const struct world *w, int64_t channel)
{
    for (int i = 0; i < W_PLACES; i++) {
        if (w->places[i] == channel)
            return i;
    }
    return W_NOWHERE;
}

/* Whoever was forgotten comes again as somebody else. */
static inline int64_t person_now(const struct world *w, int who)
{
    return store_find_person(w->s->store, "slack", w_users[who]);
}

static inline int person_at(const struct world *w, int64_t person)
{
    for (int i = 0; i < W_PEOPLE; i++) {
        if (person != 0 && person_now(w, i) == person)
            return i;
    }
    return W_NOBODY;
}

static inline char *mention_of(int who)
{
    GString *text = g_string_new(NULL);
    rich_append_person(text, RICH_PERSON, w_users[who]);
    return g_string_free(text, FALSE);
}

/* New words of theirs. Free with g_free(). */
static inline char *new_token(struct world *w, int who, int place)
{
    struct token token = {.who = who, .typed_in = place, .home = W_NOWHERE};
    g_array_append_val(w->tokens, token);
    return g_strdup_printf("zq%ux", w->tokens->len - 1);
}

/* The number behind "zq" at at, or -1; the words end with an x. */
static inline int token_at(const struct world *w, const char *at)
{
    char *end = NULL;
    guint64 id = g_ascii_strtoull(at + 2, &end, 10);
    return end == at + 2 || *end != 'x' || id >= w->tokens->len ? -1 : (int)id;
}

static inline void share_words(struct world *w, const char *text)
{
    for (const char *at = text; at != NULL && (at = strstr(at, "zq")) != NULL; at += 2) {
        int id = token_at(w, at);
        if (id >= 0)
            g_array_index(w->tokens, struct token, id).shared = true;
    }
}

static inline bool is_in(const struct world *w, int who, int place)
{
    if (w->away[who])
        return false;
    if (place == W_NOWHERE)
        return true;
    return place == W_DEALS ? w->in_deals[who] : (who == W_STRANGER) == (place == W_FAR);
}

static inline struct event *event_by(struct world *w, enum event_kind kind, int who, int place)
{
    struct event *event = event_new(kind, "slack");
    event->workspace = g_strdup(who == W_STRANGER ? "T2" : "T1");
    event->user = g_strdup(w_users[who]);
    event->channel = place == W_NOWHERE ? g_strconcat("D", w_users[who], NULL) : g_strdup(w_places[place]);
    event->channel_kind = place == W_NOWHERE ? CHANNEL_DIRECT : place == W_DEALS ? CHANNEL_PRIVATE : CHANNEL_PUBLIC;
    event->at_ms = kind == EVENT_COMMAND ? 0 : w->now;
    event->trigger = g_strdup_printf("t%d", ++w->events);
    return event;
}

static inline void seen_button_free(void *data)
{
    struct seen_button *button = data;
    g_free(button->action);
    g_free(button->value);
    g_free(button);
}

static inline void seen_form_free(void *data)
{
    struct seen_form *form = data;
    form_free(form->form);
    g_free(form);
}

static inline void seen_post_free(void *data)
{
    struct seen_post *post = data;
    g_free(post->ts);
    g_free(post);
}

static inline void world_begin(struct world *w)
{
    void *state = NULL;
    *w = (struct world){.told = g_string_new(NULL),
                        .tokens = g_array_new(FALSE, FALSE, sizeof(struct token)),
                        .buttons = g_ptr_array_new_with_free_func(seen_button_free),
                        .forms = g_ptr_array_new_with_free_func(seen_form_free),
                        .posts = g_ptr_array_new_with_free_func(seen_post_free),
                        .posted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                        .followed = g_array_new(FALSE, TRUE, sizeof(struct followed))};
    nameless_forget_counts();
    story_begin(&state);
    struct story *s = w->s = state;
    sqlite3_exec(s->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    store_begin(s->store);
    w->now = s->now;
    w->places[W_PRODUCT] = s->product;
    w->people[0] = s->dana;
    w->people[1] = s->mia;
    for (int i = 2; i < W_PEOPLE; i++) {
        struct profile profile = {.name = (char *)w_users[i], .zone = (char *)"Europe/Tallinn", .locale = (char *)"en",
                                  .guest = i == W_GUEST, .admin = i == W_SAM};
        const char *workspace = i == W_STRANGER ? "T2" : "T1";
        w->people[i] = store_person(s->store, "slack", workspace, w_users[i], w_users[i]);
        store_note_belonging(s->store, w->people[i], workspace);
        store_set_profile(s->store, w->people[i], &profile, s->now);
    }
    w->places[W_DEALS] = new_channel(s, w_places[W_DEALS], "deals", CHANNEL_PRIVATE);
    w->places[W_OTHER] = new_channel(s, w_places[W_OTHER], "other", CHANNEL_PUBLIC);
    w->places[W_FAR] = store_channel(s->store, "slack", "T2", w_places[W_FAR], "far", CHANNEL_PUBLIC);
    store_set_channel(s->store, w->places[W_FAR], "far", CHANNEL_PUBLIC, s->now);
    store_set_member(s->store, w->places[W_FAR], true);
    store_commit(s->store);
    for (int i = 0; i < 3; i++)
        w->in_deals[i] = true;
    w->logged = sql_number(s->store, "SELECT coalesce(max(id), 0) FROM log", "");
    w->reader = open_store(s->path, STORE_READ);
}

static inline void world_end(struct world *w)
{
    store_close(w->reader);
    void *state = w->s;
    story_end(&state);
    g_array_unref(w->tokens);
    g_ptr_array_unref(w->buttons);
    g_ptr_array_unref(w->forms);
    g_ptr_array_unref(w->posts);
    g_array_unref(w->followed);
    g_hash_table_unref(w->posted);
    g_string_free(w->told, TRUE);
    g_free(w->said);
    g_free(w->given);
    g_free(w->wrong);
}

#endif

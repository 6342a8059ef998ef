/* A world with a private channel in it, and everything that somebody outside can do to learn of it. */
#ifndef ASKWHY_TEST_LEAKS_H
#define ASKWHY_TEST_LEAKS_H

#include "tests/unit/commands/asks.h"

#include "bot/chat/platform.h"
#include "commands/views.h"
#include "store/sql.h"

/* What is private is said with words that begin so; no other words do. */
#define SECRET "qx"

enum {
    FIRST_SECRET = 7001, /* the private asks' numbers begin here */
    SECRETS_MAX = 32,
    NO_ASK = 8001, /* no ask has this number, and no question, digest or channel this id */
};

struct outsider {
    const char *what;
    int64_t person, place; /* place: a channel, maybe their direct one */
    bool direct, inside; /* inside: only where they stand is outside */
};

struct leak_world {
    struct story *story;
    int64_t eve, ian, lea, gus, tom; /* in the private channel; in it; has left it; a guest; of another team */
    int64_t deals, own, far;         /* private; another private one; a public one of the other team */
    int64_t mias_dm, eves_dm, leas_dm, guss_dm;
    int64_t secrets[SECRETS_MAX];
    int n_secrets;
    int64_t question, digest, aim; /* of the private channel */
    int64_t open[4]; /* public asks: Mia's, Dana's, and two whose fate is bound to private ones */
    struct outsider outsiders[9];
    int n_outsiders;
};

/* ---- making it ---- */

static inline int64_t direct_with(struct story *s, const char *id, int64_t person)
{
    int64_t channel = new_channel(s, id, "", CHANNEL_DIRECT);
    store_set_dm(s->store, person, id);
    store_set_newest(s->store, channel, "1763600000.000100");
    return channel;
}

static inline void log_raised(struct story *s, int64_t channel, int64_t who, int64_t number, const char *title)
{
    log_it(s, (struct log_entry){.kind = "ask.raised", .actor = who, .person = who, .ask = number, .channel = channel,
                                 .words = title, .state = "waiting"});
}

/* Typed by Eve in the private channel; # stands for the number of the ask raised there last. */
static inline void eve_types(struct leak_world *w, const char *text)
{
    struct story *s = w->story;
    GString *typed = g_string_new(text);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, store_next_number(s->store) - 1);
    g_string_replace(typed, "#", number, 0);
    type_as(s, w->eve, w->deals, typed->str);
    if (s->said != NULL && (strstr(s->said, "Did you mean") != NULL || strstr(s->said, "no ask") != NULL))
        fail_msg("\"%s\" was not understood: %s", typed->str, s->said);
    g_string_free(typed, TRUE);
    s->now += 61000;
}

/* What everybody may see. */
static inline void begin_world(struct leak_world *w, struct story *s)
{
    *w = (struct leak_world){.story = s};
    w->eve = new_person(s, "UEVE", "Eve", "sales");
    w->ian = new_person(s, "UIAN", "Ian", "product");
    w->lea = new_person(s, "ULEA", "Lea", "support");
    w->gus = new_person(s, "UGUS", "Gus", NULL);
    w->tom = store_person(s->store, "slack", "T2", "UTOM", "Tom");
    struct profile guest = {.name = (char *)"Gus", .zone = (char *)"Europe/Tallinn", .locale = (char *)"en", .guest = true};
    struct profile far = {.name = (char *)"Tom", .zone = (char *)"Europe/Tallinn", .locale = (char *)"en"};
    store_set_profile(s->store, w->gus, &guest, s->now);
    store_set_profile(s->store, w->tom, &far, s->now);
    store_note_belonging(s->store, w->tom, "T2");
    w->deals = new_channel(s, "CDEALS", SECRET "deals", CHANNEL_PRIVATE);
    w->own = new_channel(s, "COWN", "own", CHANNEL_PRIVATE);
    w->far = store_channel(s->store, "slack", "T2", "CFAR", "far", CHANNEL_PUBLIC);
    store_set_channel(s->store, w->far, "far", CHANNEL_PUBLIC, s->now);
    store_set_member(s->store, w->far, true);
    store_set_gone(s->store, w->own, s->mia, false);
    w->mias_dm = direct_with(s, "DMIA", s->mia);
    w->eves_dm = direct_with(s, "DEVE", w->eve);
    w->leas_dm = direct_with(s, "DLEA", w->lea);
    w->guss_dm = direct_with(s, "DGUS", w->gus);
    w->open[0] = raise_it(s, s->product, s->mia, "Dark mode for the night shift");
    w->open[1] = raise_it(s, s->product, s->dana, "Offline maps");
    w->open[2] = raise_it(s, s->product, w->eve, "Faster login");
    w->open[3] = raise_it(s, s->product, w->eve, "Bigger buttons");
    make_clear(s, w->open[1], s->dana, "Trains have no network");
    start_it(s, w->open[2], w->eve);
    type_as(s, s->mia, s->product, "goal add Keep the night shift");
    type_as(s, s->mia, s->product, "metric add churn unit % baseline 4 target 3");
    type_as(s, s->mia, s->product, "metric 1 churn up");
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    const struct outsider outsiders[] = {
        {"somebody in a public channel", s->mia, s->product, false, false},
        {"somebody in a private channel of their own", s->mia, w->own, false, false},
        {"somebody privately", s->mia, w->mias_dm, true, false},
        {"somebody who is in it, seen by a public channel", w->eve, s->product, false, true},
        {"somebody who is in it, seen by another private one", w->ian, w->own, false, true},
        {"somebody who left it, privately", w->lea, w->leas_dm, true, false},
        {"somebody who left it, in a public channel", w->lea, s->product, false, false},
        {"a guest", w->gus, w->guss_dm, true, false},
        {"somebody of another team", w->tom, w->far, false, false},
    };
    memcpy(w->outsiders, outsiders, sizeof outsiders);
    w->n_outsiders = G_N_ELEMENTS(outsiders);
}

static inline int64_t secret(struct leak_world *w, int64_t number)
{
    assert_true(w->n_secrets < SECRETS_MAX);
    w->secrets[w->n_secrets++] = number;
    return number;
}

static inline int64_t newest(struct story *s)
{
    return store_next_number(s->store) - 1;
}

/* What is private: asks in every state, with words in every place that takes some. */
static inline void add_secrets(struct leak_world *w)
{
    struct story *s = w->story;
    log_raised(s, w->deals, w->eve, secret(w, FIRST_SECRET), SECRET "first of them");
    eve_types(w, "goal add " SECRET "mission");
    eve_types(w, "metric add " SECRET "turnover unit " SECRET "unit baseline 4 target 3 owner \x12UIAN\x1e");
    eve_types(w, "metric " SECRET "turnover is 3.4");
    eve_types(w, "settings question why " SECRET "askedwhy?");
    eve_types(w, "why # because " SECRET "why");
    eve_types(w, "impact # " SECRET "turnover up 5 " SECRET "unit by June");
    eve_types(w, "impact # cost about two weeks of " SECRET "cost");
    eve_types(w, "evidence # " SECRET "customer told us");
    eve_types(w, "evidence # talk to " SECRET "talk");
    eve_types(w, "need # " SECRET "need fixed: " SECRET "fixed open: " SECRET "open smallest: " SECRET "smallest");
    eve_types(w, "goal # " SECRET "mission");
    eve_types(w, "question # " SECRET "asked or not?");
    eve_types(w, "answer # " SECRET "answered");
    eve_types(w, "question # " SECRET "still asked?");
    w->question = sql_number(s->store, "SELECT max(id) FROM open_question", "");
    eve_types(w, "own # \x12UIAN\x1e");
    eve_types(w, "decider # \x12UIAN\x1e");
    type_as(s, w->ian, w->deals, "voice 7001 because " SECRET "voice");
    type_as(s, w->ian, w->deals, "decide 7001 yes because " SECRET "reason options: " SECRET "options reopen if " SECRET "reopen");
    type_as(s, w->ian, w->deals, "need 7001 " SECRET "another need");
    eve_types(w, "need # not quite " SECRET "notquite");
    eve_types(w, "dissent # because " SECRET "dissent");
    eve_types(w, SECRET "second of them for \x12UIAN\x1e");
    secret(w, newest(s));
    eve_types(w, "start # because " SECRET "startreason");
    eve_types(w, "pause # until 1 March because " SECRET "cause");
    eve_types(w, SECRET "third of them");
    secret(w, newest(s));
    eve_types(w, "start #");
    eve_types(w, "ship # to " SECRET "shipnote");
    eve_types(w, "outcome # partly, 3 " SECRET "unit instead of 5 because " SECRET "outcome");
    eve_types(w, SECRET "fourth of them");
    secret(w, newest(s));
    eve_types(w, "decide # no because " SECRET "noreason");
    eve_types(w, "reopen # because " SECRET "fact");
    eve_types(w, SECRET "fifth of them");
    secret(w, newest(s));
    eve_types(w, "merge # into 7001 because " SECRET "mergereason");
    eve_types(w, SECRET "sixth of them");
    secret(w, newest(s));
    eve_types(w, "withdraw # because " SECRET "withdrawn");
    eve_types(w, SECRET "seventh of them");
    secret(w, newest(s));
    eve_types(w, "decide # later until 1 March because " SECRET "later");
    eve_types(w, "urgent " SECRET "eighth of them");
    secret(w, newest(s));
    /* Lea asked, and left. */
    type_as(s, w->lea, w->deals, SECRET "ninth of them");
    secret(w, newest(s));
    store_set_gone(s->store, w->deals, w->lea, true);
    /* In a direct channel, and in one of which nothing is known yet. */
    log_raised(s, w->eves_dm, w->eve, secret(w, store_next_number(s->store)), SECRET "tenth of them");
    int64_t unknown = store_channel(s->store, "slack", "T1", "CUNKNOWN", SECRET "unknown", CHANNEL_UNKNOWN);
    log_raised(s, unknown, w->eve, secret(w, store_next_number(s->store)), SECRET "eleventh of them");
    set_digest(s, w->deals, "Europe/Tallinn", NULL);
    eve_types(w, "digest now");
    w->digest = sql_number(s->store, "SELECT max(id) FROM digest WHERE channel = ?1", "i", w->deals);
    eve_types(w, "question " SECRET "digestquestion?");
    eve_types(w, "disagree " SECRET "disagreement");
    w->aim = sql_number(s->store, "SELECT max(id) FROM aim WHERE channel = ?1", "i", w->deals);
    assert_true(w->digest != 0 && w->question != 0 && w->aim != 0);
}

/* Public asks whose fate is bound to private ones, in every way that is possible. */
static inline void bind_secrets(struct leak_world *w)
{
    struct story *s = w->story;
    g_autofree char *gives_way = g_strdup_printf("start # instead of %d because " SECRET "gaveway", (int)w->open[2]);
    g_autofree char *merges = g_strdup_printf("merge # into %d because " SECRET "alsomerged", (int)w->open[3]);
    g_autofree char *public_merges = g_strdup_printf("merge %d into # because " SECRET "publicmerged", (int)w->open[3]);
    g_autofree char *waits = g_strdup_printf("start %d after #", (int)w->open[3]);
    eve_types(w, SECRET "twelfth of them");
    secret(w, newest(s));
    eve_types(w, gives_way);
    eve_types(w, waits);
    eve_types(w, "metric # churn down");
    eve_types(w, "goal # Keep the night shift");
    eve_types(w, SECRET "thirteenth of them");
    secret(w, newest(s));
    eve_types(w, public_merges);
    eve_types(w, merges);
}

/* By search, too. */
static inline void let_be_found(struct story *s)
{
    assert_true(store_begin(s->store));
    store_want_index(s->store);
    assert_true(store_commit(s->store));
}

/* ---- what came of something ---- */

/* Every whole number `from` in text becomes `to`. */
static inline char *renumbered(const char *text, int64_t from, const char *to)
{
    g_autofree char *pattern = g_strdup_printf("(?<![0-9])%" G_GINT64_FORMAT "(?![0-9])", from);
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    return g_regex_replace_literal(regex, text, -1, 0, to, 0, NULL);
}

static inline bool holds_number(const char *text, int64_t number)
{
    g_autofree char *without = renumbered(text, number, "");
    return strcmp(without, text) != 0;
}

/* Nothing of the private asks stands in text. */
static inline void assert_tells_nothing(const struct leak_world *w, const char *text, const char *what)
{
    g_autofree char *small = g_utf8_casefold(text, -1);
    if (strstr(small, SECRET) != NULL)
        fail_msg("%s is told of a private ask:\n%s", what, text);
    for (int i = 0; i < w->n_secrets; i++) {
        if (holds_number(text, w->secrets[i]))
            fail_msg("%s is told that there is #%d:\n%s", what, (int)w->secrets[i], text);
    }
}

/* All that was made to be said and all that was recorded, behind these rows, as text. */
static inline void add_consequences(struct story *s, GString *text, int64_t row, int64_t entry)
{
    g_autoptr(GArray) rows = store_outbox(s->store, row);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *out = &g_array_index(rows, struct outbox_row, i);
        g_string_append_printf(text, "\nsends %d to channel %d, thread %d, person %d: %s%s%s", out->kind, (int)out->channel,
                               (int)out->thread, (int)out->person, out->content != NULL ? out->content : "(drawn)",
                               out->emoji != NULL ? out->emoji : "", out->message != NULL ? out->message : "");
        outbox_row_done(out);
    }
    sqlite3_stmt *log = sql_query(s->store, "SELECT kind, ask, channel, person, data FROM log WHERE id > ?1 ORDER BY id", "i", entry);
    while (sql_step(s->store, log))
        g_string_append_printf(text, "\nrecords %s of #%d in %d about %d: %s", sqlite3_column_text(log, 0),
                               sqlite3_column_int(log, 1), sqlite3_column_int(log, 2), sqlite3_column_int(log, 3),
                               sqlite3_column_text(log, 4) != NULL ? (const char *)sqlite3_column_text(log, 4) : "");
}

static inline void add_answer(struct context *ctx, GString *text)
{
    g_autofree char *reply = ctx->reply != NULL ? message_to_json(ctx->reply) : NULL;
    g_string_append_printf(text, "answers %s", reply != NULL ? reply : "nothing");
    for (int i = 0; i < ctx->n_errors; i++)
        g_string_append_printf(text, "\nrefuses %s: %s", ctx->errors[i].name, ctx->errors[i].value);
    g_autofree char *form = ctx->form != NULL ? form_to_json(ctx->form) : NULL;
    if (form != NULL)
        g_string_append_printf(text, "\nopens %s", form);
    if (ctx->reply_channel != 0)
        g_string_append_printf(text, "\nstands in %d", (int)ctx->reply_channel);
}

/* A file that was promised, as it is made when it is sent. */
static inline void add_file(struct leak_world *w, struct store *reader, int64_t person, const char *order, GString *text)
{
    struct context ctx;
    assert_true(context_init(&ctx, reader, &test_settings, NULL, w->story->now));
    ctx.on_reader = true;
    struct chat_file *file = command_make_file(&ctx, person, order);
    g_string_append_printf(text, "\nsends the file %s:\n%.*s", file != NULL ? file->name : "(none)",
                           file != NULL ? (int)file->size : 0, file != NULL ? file->data : "");
    chat_file_free(file);
    context_done(&ctx);
}

/* What an event brings, all of it; afterwards it never happened. Free with g_free(). */
static inline char *would_bring(struct leak_world *w, struct store *reader, const struct event *event)
{
    struct story *s = w->story;
    GString *text = g_string_new(NULL);
    struct context ctx;
    assert_true(store_begin(s->store));
    int64_t row = store_outbox_newest(s->store), entry = store_log_end(s->store);
    assert_true(context_init(&ctx, s->store, &test_settings, event, s->now));
    command_run(&ctx);
    add_answer(&ctx, text);
    add_consequences(s, text, row, entry);
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    bool to_reader = ctx.to_reader;
    context_done(&ctx);
    store_rollback(s->store);
    if (to_reader) {
        if (!context_init(&ctx, reader, &test_settings, event, s->now))
            fail_msg("reading for %s: %s", event->text, store_failed(reader)->message);
        ctx.on_reader = true;
        command_run(&ctx);
        g_string_append(text, "\nreads ");
        add_answer(&ctx, text);
        g_autofree char *order = g_steal_pointer(&ctx.file_order);
        int64_t person = ctx.who.id;
        context_done(&ctx);
        if (order != NULL)
            add_file(w, reader, person, order, text);
    }
    return g_string_free(text, FALSE);
}

#endif

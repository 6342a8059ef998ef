/* For stories of asks over weeks: a real store in a file of its own, people, channels, and what happens to asks. */
#ifndef ASKWHY_TEST_ASKS_H
#define ASKWHY_TEST_ASKS_H

#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "commands/calendar.h"
#include "commands/command.h"
#include "commands/say.h"
#include "store/digests.h"
#include "store/log.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS ((int64_t)3600000)
#define DAY_MS (24 * HOUR_MS)
#define WEEK_MS (7 * DAY_MS)

static char *test_functions[] = {"product", "sales", "support", NULL};
static struct settings test_settings = {.command = "/ask", .why_command = "/why", .functions = test_functions,
                                        .outcome_days = 90};

struct story {
    char *dir, *path;
    struct store *store;
    int64_t now;
    int64_t dana, mia; /* sales and product */
    int64_t product;   /* a public channel askwhy is in */
    /* What a command left. */
    char *said;    /* the private answer, plain; NULL for none */
    struct message *reply;
    bool to_reader;
    int errors;
    char *complaint; /* what a form that was sent back says of its first wrong field; NULL for none */
};

static inline int64_t moment(const char *rfc3339)
{
    int64_t ms = 0;
    if (!calendar_parse_rfc3339(rfc3339, &ms))
        fail_msg("not a moment: %s", rfc3339);
    return ms;
}

static inline struct store *open_store(const char *path, enum store_mode mode)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(path, mode, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static inline void reopen(struct story *s)
{
    store_close(s->store);
    s->store = open_store(s->path, STORE_WRITE);
}

static inline int64_t log_it(struct story *s, struct log_entry entry)
{
    if (entry.at == 0)
        entry.at = s->now;
    bool own = !store_in_transaction(s->store);
    if (own)
        store_begin(s->store);
    int64_t id = store_append(s->store, &entry);
    if (own)
        store_commit(s->store);
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    return id;
}

static inline int64_t new_person(struct story *s, const char *user, const char *name, const char *function)
{
    struct profile profile = {.name = (char *)name, .zone = (char *)"Europe/Tallinn", .locale = (char *)"en"};
    int64_t id = store_person(s->store, "slack", "T1", user, name);
    store_note_belonging(s->store, id, "T1");
    store_set_profile(s->store, id, &profile, s->now);
    if (function != NULL) {
        cJSON *data = json_object();
        json_put_str(data, "function", function);
        log_it(s, (struct log_entry){.kind = "person.function", .person = id, .data = data});
    }
    return id;
}

static inline int64_t new_channel(struct story *s, const char *channel, const char *name, enum channel_kind kind)
{
    int64_t id = store_channel(s->store, "slack", "T1", channel, name, kind);
    store_set_channel(s->store, id, name, kind, s->now);
    store_set_member(s->store, id, true);
    return id;
}

/* Mondays at 9:00 in that zone; covers: ids closed by 0, NULL for its own. */
static inline void set_digest(struct story *s, int64_t channel, const char *zone, const int64_t *covers)
{
    cJSON *data = json_object();
    json_put_bool(data, "on", true);
    json_put_int(data, "day", G_DATE_MONDAY);
    json_put_int(data, "minutes", 540);
    json_put_str(data, "zone", zone);
    json_put_int(data, "at", calendar_next_weekly(s->now, G_DATE_MONDAY, 540, zone));
    if (covers != NULL) {
        cJSON *list = json_array();
        for (; *covers != 0; covers++)
            json_push(list, cJSON_CreateNumber((double)*covers));
        json_put(data, "covers", list);
    }
    log_it(s, (struct log_entry){.kind = "channel.digest", .channel = channel, .data = data});
}

/* ---- What happens to asks ---- */

static inline int64_t raise_it(struct story *s, int64_t channel, int64_t who, const char *title)
{
    int64_t number = store_next_number(s->store);
    log_it(s, (struct log_entry){.kind = "ask.raised", .actor = who, .person = who, .ask = number, .channel = channel,
                                 .words = title, .state = "waiting"});
    return number;
}

static inline void happen(struct story *s, int64_t number, int64_t who, const char *kind, const char *words,
                          const char *state, cJSON *data)
{
    struct ask ask;
    assert_true(store_load_ask(s->store, number, &ask));
    log_it(s, (struct log_entry){.kind = kind, .actor = who, .person = who, .ask = number, .channel = ask.channel,
                                 .words = words, .state = state, .data = data});
    ask_done(&ask);
}

static inline void give_why(struct story *s, int64_t number, int64_t who, const char *why)
{
    happen(s, number, who, "ask.why", why, NULL, NULL);
}

static inline void make_clear(struct story *s, int64_t number, int64_t who, const char *why)
{
    give_why(s, number, who, why);
    happen(s, number, who, "ask.impact", "Two more customers by summer", "clear", NULL);
}

static inline void decide(struct story *s, int64_t number, int64_t who, const char *decision, const char *reason,
                          int64_t until)
{
    cJSON *data = json_object();
    json_put_str(data, "decision", decision);
    if (until != 0)
        json_put_int(data, "until", until);
    const char *state = strcmp(decision, "yes") == 0 ? "accepted" : strcmp(decision, "no") == 0 ? "declined" : "later";
    happen(s, number, who, "ask.decided", reason, state, data);
}

static inline void start_it(struct story *s, int64_t number, int64_t who)
{
    happen(s, number, who, "ask.started", NULL, "started", NULL);
}

static inline void ask_question(struct story *s, int64_t number, int64_t who, const char *kind)
{
    cJSON *data = json_object();
    json_put_str(data, "kind", kind);
    happen(s, number, who, "question.asked", NULL, NULL, data);
}

/* ---- Reading ---- */

static inline const char *name_of_id(const char *id, void *data)
{
    (void)data;
    return id;
}

/* Everything a message shows, a line a part, buttons in brackets. */
static inline char *plain(const struct message *message)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; message != NULL && i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        g_autofree char *words = part->text != NULL ? rich_plain(part->text, name_of_id, NULL) : g_strdup("");
        g_string_append(text, words);
        for (int b = 0; b < part->n_buttons; b++)
            g_string_append_printf(text, "[%s]", part->buttons[b].label);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static inline glong length_of(const struct message *message)
{
    glong length = 0;
    for (int i = 0; i < message->n_parts; i++)
        length += message->parts[i].text != NULL ? g_utf8_strlen(message->parts[i].text, -1) + 1 : 0;
    return length;
}

static inline const char *button_value(const struct message *message, const char *action)
{
    for (int i = 0; message != NULL && i < message->n_parts; i++) {
        for (int b = 0; b < message->parts[i].n_buttons; b++) {
            if (strcmp(message->parts[i].buttons[b].action, action) == 0)
                return message->parts[i].buttons[b].value;
        }
    }
    return NULL;
}

static inline void assert_says(const char *text, const char *part)
{
    if (text == NULL || strstr(text, part) == NULL)
        fail_msg("expected \"%s\" in:\n%s", part, text != NULL ? text : "(nothing)");
}

static inline void assert_silent_about(const char *text, const char *part)
{
    if (text != NULL && strstr(text, part) != NULL)
        fail_msg("did not expect \"%s\" in:\n%s", part, text);
}

/* The posts waiting to be sent, taken out of the outbox: of struct message, in order. */
static inline GPtrArray *take_posts(struct story *s, int64_t channel, bool in_threads)
{
    GPtrArray *posts = g_ptr_array_new_with_free_func((GDestroyNotify)message_free);
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        bool drawn = row->content == NULL; /* a card */
        if (row->kind == OUT_POST && !drawn && row->channel == channel && (row->thread != 0) == in_threads) {
            g_autoptr(cJSON) json = json_parse(row->content, strlen(row->content), NULL);
            g_ptr_array_add(posts, message_from_json(json));
            store_sent(s->store, row->id, row->post, NULL);
        }
        outbox_row_done(row);
    }
    return posts;
}

static inline char *first_text(GPtrArray *posts)
{
    return posts->len > 0 ? plain(g_ptr_array_index(posts, 0)) : g_strdup("");
}

/* ---- Doing ---- */

static inline void forget_answer(struct story *s)
{
    g_clear_pointer(&s->said, g_free);
    g_clear_pointer(&s->reply, message_free);
    g_clear_pointer(&s->complaint, g_free);
    s->to_reader = false;
    s->errors = 0;
}

static inline void keep_answer(struct story *s, struct context *ctx)
{
    forget_answer(s);
    s->to_reader = ctx->to_reader;
    s->errors = ctx->n_errors;
    s->complaint = ctx->n_errors > 0 ? g_strdup(ctx->errors[0].value) : NULL;
    s->reply = g_steal_pointer(&ctx->reply);
    s->said = s->reply != NULL ? plain(s->reply) : NULL;
}

/* What a person does by hand, once on the loop and, if it asks for that, again on the reader. */
static inline void act(struct story *s, int64_t person, int64_t channel, enum event_kind kind,
                       void (*run)(struct context *ctx, void *data), void *data,
                       void (*fill)(struct event *event, void *data))
{
    struct person who;
    struct channel where = {0};
    assert_true(store_get_person(s->store, person, &who));
    if (channel != 0)
        assert_true(store_get_channel(s->store, channel, &where));
    struct event *event = event_new(kind, "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup(who.user);
    event->channel = g_strdup(where.channel);
    event->channel_kind = where.kind;
    event->trigger = g_strdup("trigger");
    if (fill != NULL)
        fill(event, data);
    struct context ctx;
    assert_true(store_begin(s->store));
    assert_true(context_init(&ctx, s->store, &test_settings, event, s->now));
    run(&ctx, data);
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    assert_true(store_commit(s->store));
    bool to_reader = ctx.to_reader;
    keep_answer(s, &ctx);
    context_done(&ctx);
    if (to_reader) {
        struct store *reader = open_store(s->path, STORE_READ);
        assert_true(context_init(&ctx, reader, &test_settings, event, s->now));
        ctx.on_reader = true;
        run(&ctx, data);
        if (store_failed(reader) != NULL)
            fail_msg("%s", store_failed(reader)->message);
        keep_answer(s, &ctx);
        context_done(&ctx);
        store_close(reader);
        s->to_reader = true;
    }
    event_free(event);
    person_done(&who);
    channel_done(&where);
}

static inline void run_it(struct context *ctx, void *data)
{
    (void)data;
    command_run(ctx);
}

static inline void fill_text(struct event *event, void *data)
{
    event->command = g_strdup("/ask");
    event->text = g_strdup(data);
}

/* "/ask <text>" */
static inline void type_as(struct story *s, int64_t person, int64_t channel, const char *text)
{
    act(s, person, channel, EVENT_COMMAND, run_it, (void *)text, fill_text);
}

static inline int story_begin(void **state)
{
    char *why = NULL;
    if (!say_init(&why))
        fail_msg("%s", why);
    struct story *s = g_new0(struct story, 1);
    test_settings.hours = calendar_default_hours;
    test_settings.urgent_hours = 24;
    s->dir = g_dir_make_tmp("askwhy-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->store = open_store(s->path, STORE_WRITE);
    s->now = moment("2026-11-16T10:00:00+02:00"); /* a Monday */
    s->dana = new_person(s, "UDANA", "Dana", "sales");
    s->mia = new_person(s, "UMIA", "Mia", "product");
    s->product = new_channel(s, "CPRODUCT", "product", CHANNEL_PUBLIC);
    *state = s;
    return 0;
}

static inline int story_end(void **state)
{
    struct story *s = *state;
    forget_answer(s);
    store_close(s->store);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s);
    say_done();
    return 0;
}

#endif

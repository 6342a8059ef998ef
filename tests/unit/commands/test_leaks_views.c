/* What askwhy shows by itself to whoever is outside a private channel: home pages, cards, briefs, digests, exports, what is
 * alike, and what time brings. None of it tells of that channel's asks, nor is it another for their being there. */
#include "tests/unit/commands/leaks.h"

static void add_view(GString *all, const char *name, int64_t of, char *view)
{
    g_string_append_printf(all, "\n== %s %d\n%s", name, (int)of, view != NULL ? view : "(nothing)");
    g_free(view);
}

static char *text_of(struct message *message)
{
    char *json = message != NULL ? message_to_json(message) : NULL;
    message_free(message);
    return json;
}

static char *digest_of(struct context *ctx, int64_t channel)
{
    struct digest_text text;
    char *view = NULL;
    channel_done(&ctx->where);
    store_get_channel(ctx->store, channel, &ctx->where);
    if (digest_draw(ctx, channel, ctx->now, false, &text)) {
        g_autofree char *rest = text.rest != NULL ? message_to_json(text.rest) : NULL;
        g_autofree char *first = message_to_json(text.message);
        view = g_strconcat(first, rest, NULL);
    }
    digest_text_done(&text);
    return view;
}

static char *line_of_export(struct context *ctx, const struct ask *ask)
{
    GString *line = g_string_new(NULL);
    export_csv_ask(ctx, ask, line);
    return g_string_free(line, FALSE);
}

/* What this one sees of every ask they may see: in an export, in a brief, and with all that was told of it. */
static void add_asks(struct context *ctx, const struct outsider *who, GString *all)
{
    struct viewer viewer = ctx->viewer;
    g_autoptr(GArray) numbers = store_asks_since(ctx->store, &viewer, 0);
    for (guint i = 0; i < numbers->len; i++) {
        struct ask ask;
        int64_t number = g_array_index(numbers, int64_t, i);
        if (!store_get_ask(ctx->store, &viewer, number, &ask))
            fail_msg("%s is given #%d, which may not be seen", who->what, (int)number);
        add_view(all, "export", number, line_of_export(ctx, &ask));
        add_view(all, "brief", number, text_of(brief_draw(ctx, &ask, &viewer)));
        ask_done(&ask);
    }
}

/* Everything there is to see from outside, as text; free with g_free(). */
static char *views(struct leak_world *w)
{
    struct story *s = w->story;
    GString *all = g_string_new(NULL);
    struct context ctx;
    assert_true(store_begin(s->store));
    for (gsize i = 0; i < G_N_ELEMENTS(w->open); i++) {
        struct post card = {.purpose = (char *)"card", .ask = w->open[i], .channel = s->product};
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        add_view(all, "card", w->open[i], text_of(command_draw(&ctx, &card)));
        context_done(&ctx);
    }
    const int64_t channels[] = {s->product, w->own, w->far};
    for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        add_view(all, "digest of channel", channels[i], digest_of(&ctx, channels[i]));
        context_done(&ctx);
    }
    for (int o = 0; o < w->n_outsiders; o++) {
        const struct outsider *who = &w->outsiders[o];
        struct person person;
        assert_true(store_get_person(s->store, who->person, &person));
        struct event *event = event_new(EVENT_HOME, "slack");
        event->user = g_strdup(person.user);
        event->workspace = g_strdup("T1");
        assert_true(context_init(&ctx, s->store, &test_settings, event, s->now));
        ctx.on_reader = true;
        if (!who->inside)
            add_view(all, "home", who->person, text_of(home_draw(&ctx, who->person)));
        ctx.viewer.place = who->direct ? 0 : who->place;
        add_asks(&ctx, who, all);
        context_done(&ctx);
        event_free(event);
        person_done(&person);
    }
    store_rollback(s->store);
    return g_string_free(all, FALSE);
}

/* Digests that are set for channels they may not tell of: by an older version, or before these were made private. */
static void set_digests_for_all(struct leak_world *w)
{
    const int64_t covers[] = {w->story->product, w->deals, 0};
    set_digest(w->story, w->story->product, "Europe/Tallinn", covers);
    set_digest(w->story, w->own, "Europe/Tallinn", covers);
    set_digest(w->story, w->far, "Europe/Tallinn", covers);
}

static void test_no_view_is_another_for_private_asks(void **state)
{
    struct leak_world w;
    begin_world(&w, *state);
    set_digests_for_all(&w);
    int64_t now = w.story->now;
    g_autofree char *before = views(&w);
    assert_says(before, "Offline maps");
    add_secrets(&w);
    w.story->now = now;
    g_autofree char *after = views(&w);
    assert_string_equal(after, before);
}

static void test_no_view_tells_what_public_asks_are_bound_to(void **state)
{
    struct leak_world w;
    begin_world(&w, *state);
    set_digests_for_all(&w);
    add_secrets(&w);
    bind_secrets(&w);
    g_autofree char *seen = views(&w);
    assert_says(seen, "a private ask");
    assert_tells_nothing(&w, seen, "somebody outside");
}

/* Whoever raises the same elsewhere is not told that it is there. */
static void hint(struct context *ctx, void *data)
{
    ctx->on_reader = true;
    ctx->reply = similar_hint(ctx, *(int64_t *)data);
}

static void test_nothing_private_is_alike(void **state)
{
    struct leak_world w;
    struct story *s = *state;
    begin_world(&w, s);
    add_secrets(&w);
    /* Who is in it is told there, and not elsewhere. */
    int64_t there = raise_it(s, w.deals, w.eve, SECRET "first of them all"), here = raise_it(s, s->product, w.eve, SECRET "first of them all");
    let_be_found(s);
    act(s, w.eve, w.deals, EVENT_COMMAND, hint, &there, NULL);
    assert_says(s->said, "#7001");
    act(s, w.eve, s->product, EVENT_COMMAND, hint, &here, NULL);
    assert_silent_about(s->said, "#7001");
    static const char *const titles[] = {SECRET "first of them", SECRET "eighth of them", "Offline maps for trains"};
    for (gsize i = 0; i < G_N_ELEMENTS(titles); i++) {
        const struct outsider *who = &w.outsiders[0];
        int64_t mine = raise_it(s, who->place, who->person, titles[i]);
        let_be_found(s);
        act(s, who->person, who->place, EVENT_COMMAND, hint, &mine, NULL);
        if (i == 2)
            assert_says(s->said, "Offline maps");
        else
            assert_silent_about(s->said, "#7001");
    }
}

static bool is_outside(const struct leak_world *w, const struct outbox_row *row)
{
    if (row->person != 0)
        return row->person != w->eve && row->person != w->ian;
    struct channel channel;
    if (row->channel == w->deals || row->channel == w->eves_dm || !store_get_channel(w->story->store, row->channel, &channel))
        return false;
    bool unknown = channel.kind == CHANNEL_UNKNOWN; /* an ask lives there, too */
    channel_done(&channel);
    return !unknown;
}

/* Everything that is to be said outside, taken out of the outbox, cards as they look now. */
static void see_what_is_said(struct leak_world *w)
{
    struct story *s = w->story;
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        struct post post = {0};
        if (is_outside(w, row) && row->content != NULL)
            assert_tells_nothing(w, row->content, "somebody outside");
        if (is_outside(w, row) && row->content == NULL && store_get_post(s->store, row->post, &post)) {
            struct context ctx;
            assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
            g_autofree char *drawn = text_of(command_draw(&ctx, &post));
            if (drawn != NULL)
                assert_tells_nothing(w, drawn, "somebody outside");
            context_done(&ctx);
        }
        post_done(&post);
        assert_true(store_begin(s->store));
        store_sent(s->store, row->id, row->post, NULL);
        assert_true(store_commit(s->store));
        outbox_row_done(row);
    }
}

static void test_nothing_that_time_brings_tells_of_it(void **state)
{
    struct leak_world w;
    struct story *s = *state;
    begin_world(&w, s);
    set_digests_for_all(&w);
    add_secrets(&w);
    bind_secrets(&w);
    see_what_is_said(&w);
    for (int day = 0; day < 150; day++) {
        for (bool more = true; more;) {
            struct context ctx;
            assert_true(store_begin(s->store));
            assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
            more = command_run_due(&ctx);
            context_done(&ctx);
            if (store_failed(s->store) != NULL)
                fail_msg("%s", store_failed(s->store)->message);
            assert_true(store_commit(s->store));
        }
        see_what_is_said(&w);
        s->now += DAY_MS;
    }
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_no_view_is_another_for_private_asks),
        STORY(test_no_view_tells_what_public_asks_are_bound_to),
        STORY(test_nothing_private_is_alike),
        STORY(test_nothing_that_time_brings_tells_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

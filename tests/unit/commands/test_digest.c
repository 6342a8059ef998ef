/* The weekly digest: what it says, when, to whom, and that it comes exactly once. */
#include "tests/unit/commands/asks.h"

#include "commands/views.h"

/* ---- Steps ---- */

/* Time passes to that moment; whatever digest is due by then comes. */
static void wait_until(struct story *s, int64_t now)
{
    s->now = now;
    int64_t channel;
    int guard = 0;
    while ((channel = store_due_digest(s->store, s->now)) != 0) {
        assert_true(guard++ < 20);
        struct context ctx;
        assert_true(store_begin(s->store));
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        digest_due(&ctx, channel);
        if (store_failed(s->store) != NULL)
            fail_msg("%s", store_failed(s->store)->message);
        assert_true(store_commit(s->store));
        context_done(&ctx);
    }
}

static void wait(struct story *s, const char *rfc3339)
{
    wait_until(s, moment(rfc3339));
}

/* The one digest posted to the channel since last looked. */
static char *the_digest(struct story *s, int64_t channel)
{
    g_autoptr(GPtrArray) posts = take_posts(s, channel, false);
    if (posts->len != 1)
        fail_msg("expected one digest, got %u", posts->len);
    return first_text(posts);
}

static void assert_digest(struct story *s, int64_t channel)
{
    g_free(the_digest(s, channel));
}

static void assert_no_digest(struct story *s, int64_t channel)
{
    g_autoptr(GPtrArray) posts = take_posts(s, channel, false);
    if (posts->len != 0) {
        g_autofree char *text = first_text(posts);
        fail_msg("expected no digest, got:\n%s", text);
    }
}

static void run_verb(struct context *ctx, void *data)
{
    verb_digest(ctx, 0, data);
}

static const char *type(struct story *s, int64_t channel, const char *rest)
{
    act(s, s->dana, channel, EVENT_COMMAND, run_verb, (void *)rest, NULL);
    return s->said != NULL ? s->said : "";
}

struct pressed {
    const char *action, *value;
};

static void run_button(struct context *ctx, void *data)
{
    const struct pressed *pressed = data;
    digest_button(ctx, pressed->action, pressed->value);
}

static const char *press(struct story *s, int64_t who, int64_t channel, const char *action, const char *value)
{
    struct pressed pressed = {action, value};
    act(s, who, channel, EVENT_BUTTON, run_button, &pressed, NULL);
    return s->said != NULL ? s->said : "";
}

struct filled {
    const char *form, *state, *words;
};

static void fill_form(struct event *event, void *data)
{
    const struct filled *filled = data;
    event->form = g_strdup(filled->form);
    event->state = g_strdup(filled->state);
    event_add_field(event, "words", filled->words);
}

static void run_form(struct context *ctx, void *data)
{
    (void)data;
    digest_form(ctx);
}

static const char *submit(struct story *s, int64_t who, const char *form, const char *state, const char *words)
{
    struct filled filled = {form, state, words};
    act(s, who, 0, EVENT_FORM, run_form, &filled, fill_form);
    return s->said != NULL ? s->said : "";
}

/* The form just opened, taken out of the outbox. */
static struct form *the_form(struct story *s)
{
    struct form *form = NULL;
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        if (row->kind == OUT_FORM && form == NULL) {
            g_autoptr(cJSON) json = json_parse(row->content, strlen(row->content), NULL);
            form = form_from_json(json);
            store_sent(s->store, row->id, 0, NULL);
        }
        outbox_row_done(row);
    }
    assert_non_null(form);
    return form;
}

static char *digest_id(struct story *s, int64_t channel)
{
    struct digest_row row;
    assert_true(store_last_digest(s->store, channel, &row));
    char *id = g_strdup_printf("%" G_GINT64_FORMAT, row.id);
    digest_row_done(&row);
    return id;
}

/* ---- What it says ---- */

static void test_a_week_is_told(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    int64_t sso = raise_it(s, s->product, s->dana, "Add SSO for Acme");
    int64_t dark = raise_it(s, s->product, s->dana, "Dark mode");
    int64_t export = raise_it(s, s->product, s->mia, "Export to Excel\nwith colours <!channel>");
    int64_t later = raise_it(s, s->product, s->mia, "A second logo");
    s->now += DAY_MS;
    make_clear(s, sso, s->dana, "Acme cannot log in\nand will leave");
    decide(s, sso, s->mia, "yes", "they are our largest customer", 0);
    decide(s, dark, s->mia, "no", "nobody asked for it", 0);
    decide(s, later, s->mia, "later", NULL, moment("2026-12-18T12:00:00+02:00"));
    start_it(s, sso, s->mia);
    start_it(s, export, s->mia);
    happen(s, sso, s->mia, "ask.shipped", NULL, "shipped", NULL);
    wait(s, "2026-11-23T08:59:00+02:00");
    assert_no_digest(s, s->product);
    wait(s, "2026-11-23T09:00:10+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "4 asks in, 1 clear, 2 started, 1 shipped.");
    assert_says(text, "50% of started asks have a why from their asker.");
    assert_says(text, "#1 Add SSO for Acme. Why: Acme cannot log in and will leave");
    assert_says(text, "#3 Export to Excel with colours");
    assert_says(text, "Yes: #1 Add SSO for Acme. Because they are our largest customer");
    assert_says(text, "No: #2 Dark mode. Because nobody asked for it");
    assert_says(text, "Later (18 Dec): #4 A second logo");
    assert_says(text, "#3 Export to Excel with colours <!channel> (no why yet)");
    assert_says(text, "Shipped\n• #1 Add SSO for Acme");
    assert_says(text, "every Monday at 9:00 (Europe/Tallinn)");
    assert_says(text, "/ask digest off");
    assert_says(text, "[Seen][I have a question][I disagree]");
    assert_silent_about(text, "Late:");
    assert_silent_about(text, "Open questions");
    assert_silent_about(text, "Dana"); /* who owes what stays in the threads */
}

static void test_the_next_one_tells_only_what_is_new(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    int64_t sso = raise_it(s, s->product, s->dana, "Add SSO for Acme");
    start_it(s, sso, s->mia);
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autofree char *first = the_digest(s, s->product);
    assert_says(first, "0% of started asks");
    assert_silent_about(first, "Nobody replied");
    s->now += DAY_MS;
    give_why(s, sso, s->dana, "Acme cannot log in");
    int64_t dark = raise_it(s, s->product, s->dana, "Dark mode");
    start_it(s, dark, s->mia);
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *second = the_digest(s, s->product);
    assert_says(second, "what moved since 23 Nov");
    assert_says(second, "1 ask in, 1 started. 50% of started asks have a why from their asker (last time 0%).");
    assert_says(second, "Nobody replied last week. One thing worth a minute: #2 Dark mode was started, and nobody "
                        "knows why yet.");
    assert_silent_about(second, "SSO");
    assert_silent_about(second, "/ask digest off"); /* said once, with the first */
}

static void test_an_empty_week_says_nothing(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_no_digest(s, s->product);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *told = the_digest(s, s->product);
    assert_says(told, "1 ask still waits for its why or impact.");
    /* It still waits, but nothing moved: nobody is told again. */
    wait(s, "2026-12-07T09:00:00+02:00");
    assert_no_digest(s, s->product);
    raise_it(s, s->product, s->dana, "Light mode");
    wait(s, "2026-12-14T09:00:00+02:00");
    g_autofree char *after = the_digest(s, s->product);
    assert_says(after, "what moved since 30 Nov");
    assert_says(after, "1 ask in.");
}

static void test_an_open_question_breaks_the_silence(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_digest(s, s->product);
    g_autofree char *id = digest_id(s, s->product);
    submit(s, s->dana, "digestquestion", id, "Who asked for dark mode?");
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *second = the_digest(s, s->product);
    assert_says(second, "Last week's digest: 1 question.");
    assert_says(second, "Open questions\n• since 23 Nov: Who asked for dark mode?");
    wait(s, "2026-12-07T09:00:00+02:00");
    g_autofree char *third = the_digest(s, s->product);
    assert_says(third, "Nobody replied last week. One thing worth a minute: “Who asked for dark mode?” still waits");
}

static void test_erased_words_do_not_come_back(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    int64_t number = store_next_number(s->store);
    struct log_entry entry = {.kind = "ask.raised", .at = s->now, .actor = s->dana, .person = s->dana, .ask = number,
                              .channel = s->product, .words = "My private phone", .state = "waiting"};
    store_begin(s->store);
    store_append(s->store, &entry);
    store_erase_words(s->store, entry.words_id, s->now);
    store_commit(s->store);
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "#1 (words erased)");
    assert_silent_about(text, "phone");
}

static void test_a_long_digest_goes_on_in_its_thread(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    for (int i = 0; i < 40; i++) {
        g_autofree char *title = g_strdup_printf("Wish %d: %s", i, "the same long words again and again, as people do, "
                                                                   "until nobody reads them");
        int64_t ask = raise_it(s, s->product, s->dana, title);
        make_clear(s, ask, s->dana, title);
        decide(s, ask, s->mia, "yes", title, 0);
        start_it(s, ask, s->mia);
    }
    wait(s, "2026-11-23T12:00:00+02:00");
    g_autoptr(GPtrArray) posts = take_posts(s, s->product, false);
    g_autoptr(GPtrArray) rest = take_posts(s, s->product, true);
    assert_int_equal(posts->len, 1);
    assert_int_equal(rest->len, 1);
    const struct message *post = g_ptr_array_index(posts, 0), *more = g_ptr_array_index(rest, 0);
    assert_true(length_of(post) <= 3000);
    assert_true(length_of(post) > 2000); /* the room is used */
    assert_true(length_of(more) <= 12000);
    g_autofree char *text = plain(post), *thread = plain(more);
    assert_says(text, "40 asks in, 40 clear, 40 started.");
    assert_says(text, "New asks\n• #1 Wish 0");
    assert_says(text, "Decided\n• Yes: #1 Wish 0");
    assert_says(text, "Started\n• #1 Wish 0");
    assert_says(text, "more in the thread.");
    assert_says(thread, "New asks");
    /* Whatever was not in the post stands in the thread, as far as that goes. */
    for (int i = 1; i <= 40; i++) {
        g_autofree char *line = g_strdup_printf("• #%d Wish %d:", i, i - 1);
        assert_true(strstr(text, line) != NULL || strstr(thread, line) != NULL);
    }
}

static void test_a_flood_of_asks_is_counted_not_listed(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    for (int i = 0; i < 200; i++)
        raise_it(s, s->product, s->dana, "A wish of many, with quite a few words behind it to fill the line");
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autoptr(GPtrArray) posts = take_posts(s, s->product, false);
    g_autoptr(GPtrArray) rest = take_posts(s, s->product, true);
    g_autofree char *text = first_text(posts), *thread = first_text(rest);
    assert_true(length_of(g_ptr_array_index(posts, 0)) <= 3000);
    assert_says(text, "200 asks in.");
    assert_says(thread, "…and 140 more: /ask list all shows them.");
}

/* ---- When it comes ---- */

static void test_it_comes_once(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    wait(s, "2026-11-23T09:00:00+02:00");
    reopen(s);
    wait(s, "2026-11-23T09:00:01+02:00");
    wait(s, "2026-11-23T23:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "Dark mode");
}

static void test_a_crash_before_the_commit_leaves_it_due(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    s->now = moment("2026-11-23T09:00:00+02:00");
    struct context ctx;
    store_begin(s->store);
    context_init(&ctx, s->store, &test_settings, NULL, s->now);
    digest_due(&ctx, s->product);
    context_done(&ctx);
    reopen(s); /* nothing was committed */
    assert_no_digest(s, s->product);
    wait_until(s, s->now);
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "Dark mode");
}

static void test_a_missed_hour_comes_late_and_says_so(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T11:30:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "Late: this was due Mon 23 Nov, 09:00.");
    /* And the next is back on its hour. */
    raise_it(s, s->product, s->dana, "Light mode");
    wait(s, "2026-11-30T08:59:00+02:00");
    assert_no_digest(s, s->product);
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *next = the_digest(s, s->product);
    assert_silent_about(next, "Late:");
}

static void test_after_weeks_asleep_one_digest_tells_it_all(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_digest(s, s->product);
    raise_it(s, s->product, s->dana, "Light mode");
    s->now += WEEK_MS;
    raise_it(s, s->product, s->dana, "Grey mode");
    wait(s, "2026-12-15T10:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "2 asks in.");
    assert_says(text, "Light mode");
    assert_says(text, "Grey mode");
    assert_says(text, "Late: this was due Mon 14 Dec, 09:00.");
    assert_says(text, "since 23 Nov");
}

static void test_out_of_the_channel_it_waits_until_it_is_back(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    store_set_member(s->store, s->product, false);
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_no_digest(s, s->product);
    store_set_member(s->store, s->product, true);
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "Dark mode");
}

/* ---- A year ---- */

static const char *const zones[] = {"Asia/Seoul", "Europe/Tallinn", "America/New_York", "Australia/Lord_Howe"};

struct walked {
    guint channel;
    int64_t at;
};

/* A year in steps of half an hour; what happens is the same for the same seed, restarts or not. */
static GArray *walk_a_year(struct story *s, guint32 seed, bool restarts)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed), accidents = g_rand_new_with_seed(seed + 1);
    int64_t channels[G_N_ELEMENTS(zones)];
    GArray *digests = g_array_new(FALSE, FALSE, sizeof(struct walked));
    int64_t begin = moment("2026-03-01T00:00:00Z");
    s->now = begin;
    gboolean active[G_N_ELEMENTS(zones)] = {0};
    int64_t due[G_N_ELEMENTS(zones)];
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
        g_autofree char *id = g_strdup_printf("C%d%u", restarts, i);
        channels[i] = new_channel(s, id, id, CHANNEL_PUBLIC);
        set_digest(s, channels[i], zones[i], NULL);
        due[i] = calendar_next_weekly(begin, G_DATE_MONDAY, 540, zones[i]);
    }
    for (int step = 0; step < 366 * 48; step++) {
        int64_t now = begin + step * HOUR_MS / 2;
        wait_until(s, now);
        for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
            if (now >= due[i]) {
                g_autoptr(GPtrArray) posts = take_posts(s, channels[i], false);
                g_autofree char *text = first_text(posts);
                if (posts->len != (active[i] ? 1 : 0))
                    fail_msg("%s at %" G_GINT64_FORMAT ": %u digests", zones[i], now, posts->len);
                assert_silent_about(text, "Late:");
                if (posts->len == 1)
                    g_array_append_vals(digests, &(struct walked){i, now}, 1);
                /* The wall clock there says Monday, nine o'clock, whatever the season. */
                g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zones[i]);
                g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / 1000);
                g_autoptr(GDateTime) wall = g_date_time_to_timezone(utc, zone);
                assert_int_equal(g_date_time_get_day_of_week(wall), 1);
                assert_int_equal(g_date_time_get_hour(wall), 9);
                assert_int_equal(g_date_time_get_minute(wall), 0);
                active[i] = false;
                due[i] = calendar_next_weekly(now, G_DATE_MONDAY, 540, zones[i]);
            }
            /* Something happens now and then: some weeks stay empty. */
            if (g_rand_int_range(rand, 0, 300) == 0) {
                raise_it(s, channels[i], s->dana, "A wish");
                active[i] = true;
            }
        }
        if (restarts && g_rand_int_range(accidents, 0, 400) == 0)
            reopen(s);
    }
    for (guint i = 0; i < G_N_ELEMENTS(zones); i++)
        assert_no_digest(s, channels[i]); /* none came at another time */
    return digests;
}

static void test_a_year_in_four_zones(void **state)
{
    struct story *s = *state;
    g_autoptr(GArray) smooth = walk_a_year(s, 7, false);
    g_autoptr(GArray) bumpy = walk_a_year(s, 7, true);
    assert_true(smooth->len > 100 && smooth->len < 4 * 53);
    assert_int_equal(smooth->len, bumpy->len);
    for (guint i = 0; i < smooth->len; i++) {
        const struct walked *a = &g_array_index(smooth, struct walked, i);
        const struct walked *b = &g_array_index(bumpy, struct walked, i);
        assert_int_equal(a->channel, b->channel);
        assert_int_equal(a->at, b->at);
    }
    g_autofree char *differs = store_check_rebuild(s->store, NULL);
    assert_null(differs);
}

/* ---- Who may read what ---- */

static void test_a_private_channel_stays_private(void **state)
{
    struct story *s = *state;
    int64_t lead = new_channel(s, "CLEAD", "lead", CHANNEL_PUBLIC);
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    const int64_t covers[] = {s->product, secret, 0};
    set_digest(s, lead, "Europe/Tallinn", covers);
    set_digest(s, secret, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    int64_t merger = raise_it(s, secret, s->dana, "Buy Acme");
    make_clear(s, merger, s->dana, "Their engineers");
    decide(s, merger, s->mia, "yes", "cheap", 0);
    start_it(s, merger, s->mia);
    cJSON *data = json_object();
    json_put_str(data, "kind", "question");
    log_it(s, (struct log_entry){.kind = "put.question", .actor = s->dana, .person = s->dana, .channel = secret,
                                 .ask = merger, .words = "Is the price final?", .data = data});
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autofree char *text = the_digest(s, lead);
    assert_says(text, "1 ask in.");
    assert_says(text, "#1 (#CPRODUCT) Dark mode");
    assert_says(text, "1 ask still waits");
    assert_silent_about(text, "Acme");
    assert_silent_about(text, "price");
    assert_silent_about(text, "#2");
    assert_silent_about(text, "started");
    /* At home it is told. */
    g_autofree char *home = the_digest(s, secret);
    assert_says(home, "1 ask in, 1 clear, 1 started.");
    assert_says(home, "Is the price final?");
}

static void test_a_channel_covered_anew_counts_from_a_week_ago(void **state)
{
    struct story *s = *state;
    int64_t lead = new_channel(s, "CLEAD", "lead", CHANNEL_PUBLIC);
    for (int i = 0; i < 30; i++)
        raise_it(s, s->product, s->dana, "An old wish");
    s->now += 5 * WEEK_MS; /* Monday, 21 December, 10:00 */
    const int64_t covers[] = {s->product, 0};
    set_digest(s, lead, "Europe/Tallinn", covers);
    s->now += DAY_MS;
    int64_t dark = raise_it(s, s->product, s->dana, "Dark mode");
    start_it(s, dark, s->mia);
    wait(s, "2026-12-28T09:00:00+02:00");
    g_autofree char *text = the_digest(s, lead);
    assert_says(text, "1 ask in, 1 started.");
    assert_silent_about(text, "An old wish");
}

/* ---- Replies ---- */

static void test_seen_counts_each_person_once_and_names_nobody(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autoptr(GPtrArray) posts = take_posts(s, s->product, false);
    g_autofree char *id = g_strdup(button_value(g_ptr_array_index(posts, 0), "digestseen"));
    assert_says(press(s, s->dana, s->product, "digestseen", id), "You are the first");
    assert_says(press(s, s->mia, s->product, "digestseen", id), "2 people");
    int64_t end = store_log_end(s->store);
    assert_says(press(s, s->mia, s->product, "digestseen", id), "2 people");
    assert_int_equal(store_log_end(s->store), end);
    assert_silent_about(s->said, "Dana");
    raise_it(s, s->product, s->dana, "Light mode");
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *next = the_digest(s, s->product);
    assert_says(next, "Last week's digest: seen by 2 people.");
    assert_silent_about(next, "Nobody replied");
}

static void test_a_question_is_put_and_answered_in_the_thread(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_digest(s, s->product);
    g_autofree char *id = digest_id(s, s->product);

    press(s, s->dana, s->product, "digestdisagree", id);
    struct form *form = the_form(s);
    assert_says(submit(s, s->dana, form->id, form->state, "   "), "");
    assert_int_equal(s->errors, 1);
    assert_says(submit(s, s->dana, form->id, form->state, "Our users work at night\n\x11UMIA\x1e knows"), "Thank you");
    form_free(form);
    g_autoptr(GPtrArray) thread = take_posts(s, s->product, true);
    g_autofree char *put = first_text(thread);
    assert_says(put, "@Dana sees it differently:");
    assert_says(put, "Our users work at night");
    assert_says(put, "@Mia knows"); /* named, not pinged */
    const struct message *posted = g_ptr_array_index(thread, 0);
    assert_null(strchr(posted->parts[0].text, RICH_PING));

    press(s, s->mia, s->product, "digestanswer", button_value(posted, "digestanswer"));
    form = the_form(s);
    assert_says(form->intro, "Our users work at night");
    assert_says(submit(s, s->mia, form->id, form->state, "Then let us ask ten of them"), "Thank you");
    assert_says(submit(s, s->dana, form->id, form->state, "Me too"), "Somebody has answered that already.");
    form_free(form);
    g_autoptr(GPtrArray) answers = take_posts(s, s->product, true);
    assert_int_equal(answers->len, 1);
    g_autofree char *answer = first_text(answers);
    assert_says(answer, "@Mia answers: Then let us ask ten of them");

    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *next = the_digest(s, s->product);
    assert_says(next, "1 disagreement");
    assert_says(next, "Answers to your questions\n• Our users work at night @Mia knows Then let us ask ten of them");
    assert_silent_about(next, "Open questions");
    wait(s, "2026-12-07T09:00:00+02:00");
    assert_no_digest(s, s->product);
    g_autofree char *differs = store_check_rebuild(s->store, NULL);
    assert_null(differs);
}

static void test_a_leadership_channel_talks_in_its_own_thread(void **state)
{
    struct story *s = *state;
    int64_t lead = new_channel(s, "CLEAD", "lead", CHANNEL_PUBLIC);
    const int64_t covers[] = {s->product, 0};
    set_digest(s, lead, "Europe/Tallinn", covers);
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_digest(s, lead);
    g_autofree char *id = digest_id(s, lead);
    submit(s, s->dana, "digestquestion", id, "Is this worth it?");
    g_autoptr(GPtrArray) thread = take_posts(s, lead, true);
    assert_int_equal(thread->len, 1);
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *next = the_digest(s, lead);
    assert_says(next, "Is this worth it?");
}

static void test_a_button_from_elsewhere_does_nothing(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    set_digest(s, secret, "Europe/Tallinn", NULL);
    raise_it(s, secret, s->dana, "Buy Acme");
    wait(s, "2026-11-23T09:00:00+02:00");
    assert_digest(s, secret);
    g_autofree char *id = digest_id(s, secret);
    static const char *const values[] = {"", "0", "-1", "99999", "nonsense", "18446744073709551616"};
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        assert_says(press(s, s->mia, s->product, "digestseen", values[i]), "not from this channel");
    assert_says(press(s, s->mia, s->product, "digestseen", id), "not from this channel");
    assert_says(press(s, s->mia, s->product, "digestquestion", id), "not from this channel");
    assert_says(press(s, s->mia, s->product, "digestanswer", id), "not from this channel");
    struct digest_row row;
    assert_true(store_last_digest(s->store, secret, &row));
    assert_int_equal(row.seen, 0);
    digest_row_done(&row);
}

/* ---- Typed ---- */

static void test_a_preview_is_private_and_changes_nothing(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    assert_says(type(s, s->product, ""), "Nothing to say so far");
    raise_it(s, s->product, s->dana, "Dark mode");
    assert_says(type(s, s->product, ""), "Only you see this. It will be posted Mon 23 Nov, 09:00");
    assert_true(s->to_reader);
    assert_says(s->said, "#1 Dark mode");
    assert_null(button_value(s->reply, "digestseen"));
    assert_no_digest(s, s->product);
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "#1 Dark mode");
}

static void test_now_posts_it_and_the_hour_stays(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    assert_says(type(s, s->product, "now"), "There is nothing to say");
    raise_it(s, s->product, s->dana, "Dark mode");
    assert_says(type(s, s->product, "now"), "Posted.");
    g_autofree char *now = the_digest(s, s->product);
    assert_says(now, "Dark mode");
    assert_says(type(s, s->product, "now"), "There is nothing to say");
    raise_it(s, s->product, s->dana, "Light mode");
    wait(s, "2026-11-23T09:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "Light mode");
    assert_silent_about(text, "Dark mode");
}

static void test_off_and_on_again(void **state)
{
    struct story *s = *state;
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    assert_says(type(s, s->product, "off"), "/ask digest on");
    raise_it(s, s->product, s->dana, "Dark mode");
    wait(s, "2026-11-24T09:00:00+02:00");
    assert_no_digest(s, s->product);
    assert_says(type(s, s->product, ""), "off here");
    assert_says(type(s, s->product, "on"), "every Monday at 9:00 (Europe/Tallinn). The next one is due Mon 30 Nov, 09:00");
    wait(s, "2026-11-30T09:00:00+02:00");
    g_autofree char *text = the_digest(s, s->product);
    assert_says(text, "Dark mode");
}

static void test_its_hour_can_be_set_in_any_order(void **state)
{
    struct story *s = *state;
    int64_t sales = new_channel(s, "CSALES", "sales", CHANNEL_PUBLIC);
    int64_t lead = new_channel(s, "CLEAD", "lead", CHANNEL_PRIVATE);
    g_autofree char *both = g_strdup_printf("[%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]", s->product, sales);
    g_autofree char *own = g_strdup_printf("[%" G_GINT64_FORMAT "]", lead);
    const struct {
        const char *typed;
        int day, minutes;
        const char *zone, *covers;
    } cases[] = {
        {"set monday 9:00 Europe/Tallinn for #product #sales", 1, 540, "Europe/Tallinn", both},
        {"set for #product, #sales on Mondays at 9am in europe/tallinn", 1, 540, "Europe/Tallinn", both},
        {"set \x13" "CPRODUCT\x1e \x13" "CSALES\x1e 9 am", 1, 540, "Europe/Tallinn", both},
        {"set friday", 5, 540, "Europe/Tallinn", both},
        {"set 15:30", 5, 930, "Europe/Tallinn", both},
        {"set Asia/Seoul", 5, 930, "Asia/Seoul", both},
        {"set for here", 5, 930, "Asia/Seoul", own},
        {"tuesday 17:00 for product and sales", 2, 1020, "Asia/Seoul", both},
    };
    set_digest(s, lead, "Europe/Tallinn", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_says(type(s, lead, cases[i].typed), "Done: the digest comes every");
        struct channel channel;
        assert_true(store_get_channel(s->store, lead, &channel));
        assert_true(channel.digest);
        assert_int_equal(channel.day, cases[i].day);
        assert_int_equal(channel.minutes, cases[i].minutes);
        assert_string_equal(channel.zone, cases[i].zone);
        assert_string_equal(channel.covers, cases[i].covers);
        assert_int_equal(channel.digest_at, calendar_next_weekly(s->now, (GDateWeekday)channel.day, channel.minutes,
                                                                 channel.zone));
        channel_done(&channel);
    }
}

static void test_a_mistake_is_explained_and_changes_nothing(void **state)
{
    struct story *s = *state;
    new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    set_digest(s, s->product, "Europe/Tallinn", NULL);
    const struct {
        const char *typed, *said;
    } cases[] = {
        {"set", "/ask digest set monday 9:00 Europe/Tallinn"},
        {"set friday 25:00", "“25:00” is not an hour I know"},
        {"set friday Mars/Olympus", "I know no time zone “Mars/Olympus”"},
        {"set friday ../../etc/passwd", "I know no time zone"},
        {"set friday morning", "I do not understand “morning”"},
        {"set friday for #nowhere", "I know no public channel #nowhere."},
        {"set friday for #secret", "I know no public channel #secret."},
        {"set friday for \x13" "CSECRET\x1e", "I know no public channel"},
        {"sett friday", "/ask digest shows it to you alone"},
        {"now please", "/ask digest"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_says(type(s, s->product, cases[i].typed), cases[i].said);
        struct channel channel;
        assert_true(store_get_channel(s->store, s->product, &channel));
        assert_int_equal(channel.day, 1);
        assert_int_equal(channel.minutes, 540);
        assert_string_equal(channel.zone, "Europe/Tallinn");
        assert_null(channel.covers);
        channel_done(&channel);
    }
    assert_says(type(s, 0, ""), "A digest belongs to a channel.");
}

static void test_a_first_digest_after_years_counts_what_it_does_not_list(void **state)
{
    struct story *s = *state;
    store_begin(s->store);
    for (int i = 0; i < 3200; i++)
        raise_it(s, s->product, s->dana, "A wish");
    store_commit(s->store);
    const char *said = type(s, s->product, "");
    assert_says(said, "3200 asks in");
    assert_says(said, "#1 A wish");
    assert_says(said, "…and 3140 more: /ask list all");
}

/* How an ask is spoken for, or "" when what was said of it is gone. */
static void show_evidence(struct story *s, int64_t number, const char *kind)
{
    cJSON *data = json_object();
    json_put_str(data, "kind", *kind != '\0' ? kind : "evidence");
    happen(s, number, s->dana, *kind != '\0' ? "ask.evidence" : "ask.unanswered", NULL, NULL, data);
}

static int64_t asks_of_sales(struct story *s, const int64_t people[3])
{
    raise_it(s, s->product, people[0], "A wish");
    raise_it(s, s->product, people[1], "Another");
    return raise_it(s, s->product, people[2], "A third");
}

static void test_where_asks_come_from_is_told_of_all_that_was_and_of_one_week(void **state)
{
    struct story *s = *state;
    const int64_t people[] = {s->dana, new_person(s, "U71", "Ann", "sales"), new_person(s, "U72", "Bo", "sales")};
    int64_t third = asks_of_sales(s, people);
    raise_it(s, s->product, people[0], "One more");
    assert_says(type(s, s->product, ""), "4 from sales (0 with evidence from customers)");
    show_evidence(s, third, "measured");
    show_evidence(s, third - 1, "several customers");
    show_evidence(s, third - 1, "one customer");
    assert_says(type(s, s->product, ""), "4 from sales (2 with evidence from customers)");
    show_evidence(s, third, "opinion");
    assert_says(type(s, s->product, ""), "4 from sales (1 with evidence from customers)");
    show_evidence(s, third - 1, "");
    show_evidence(s, third - 1, "");
    assert_says(type(s, s->product, ""), "4 from sales (0 with evidence from customers)");
    type(s, s->product, "now");
    show_evidence(s, asks_of_sales(s, people), "measured");
    assert_says(type(s, s->product, ""), "3 from sales (1 with evidence from customers)");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_a_week_is_told),
        STORY(test_the_next_one_tells_only_what_is_new),
        STORY(test_an_empty_week_says_nothing),
        STORY(test_an_open_question_breaks_the_silence),
        STORY(test_erased_words_do_not_come_back),
        STORY(test_a_long_digest_goes_on_in_its_thread),
        STORY(test_a_flood_of_asks_is_counted_not_listed),
        STORY(test_it_comes_once),
        STORY(test_a_crash_before_the_commit_leaves_it_due),
        STORY(test_a_missed_hour_comes_late_and_says_so),
        STORY(test_after_weeks_asleep_one_digest_tells_it_all),
        STORY(test_out_of_the_channel_it_waits_until_it_is_back),
        STORY(test_a_year_in_four_zones),
        STORY(test_a_private_channel_stays_private),
        STORY(test_a_channel_covered_anew_counts_from_a_week_ago),
        STORY(test_seen_counts_each_person_once_and_names_nobody),
        STORY(test_a_question_is_put_and_answered_in_the_thread),
        STORY(test_a_leadership_channel_talks_in_its_own_thread),
        STORY(test_a_button_from_elsewhere_does_nothing),
        STORY(test_a_preview_is_private_and_changes_nothing),
        STORY(test_now_posts_it_and_the_hour_stays),
        STORY(test_off_and_on_again),
        STORY(test_its_hour_can_be_set_in_any_order),
        STORY(test_a_mistake_is_explained_and_changes_nothing),
        STORY(test_a_first_digest_after_years_counts_what_it_does_not_list),
        STORY(test_where_asks_come_from_is_told_of_all_that_was_and_of_one_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

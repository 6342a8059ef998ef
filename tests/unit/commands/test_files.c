/* Exports and reports: what is ordered, and what is in them by the time they are made. */
#include "tests/unit/commands/asks.h"

#include "commands/file.h"
#include "commands/report.h"

static char *ordered;          /* what waits to be sent */
static struct chat_file *made; /* and what it comes to */

static void run_order(struct context *ctx, void *data)
{
    (void)data;
    command_run(ctx);
    g_free(ordered);
    ordered = g_steal_pointer(&ctx->file_order);
}

static const char *make(struct story *s, int64_t person)
{
    struct store *reader = open_store(s->path, STORE_READ);
    struct context ctx;
    context_init(&ctx, reader, &test_settings, NULL, s->now);
    ctx.on_reader = true;
    chat_file_free(made);
    made = command_make_file(&ctx, person, ordered);
    context_done(&ctx);
    store_close(reader);
    return made != NULL ? made->data : "";
}

/* Typed there, and made at once. */
static const char *file(struct story *s, int64_t person, int64_t channel, const char *text)
{
    act(s, person, channel, EVENT_COMMAND, run_order, (void *)text, fill_text);
    return ordered != NULL ? make(s, person) : "";
}

static int end(void **state)
{
    g_clear_pointer(&ordered, g_free);
    g_clear_pointer(&made, chat_file_free);
    return story_end(state);
}

/* ---- Exports ---- */

static void test_an_export_holds_what_may_be_seen_from_there(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE), sales = new_channel(s, "CSALES", "sales", CHANNEL_PUBLIC);
    int64_t dana = new_channel(s, "DDANA", "", CHANNEL_DIRECT), mia = new_channel(s, "DMIA", "", CHANNEL_DIRECT);
    raise_it(s, s->product, s->dana, "Apple");
    raise_it(s, sales, s->mia, "Banana");
    raise_it(s, secret, s->dana, "Cherry");
    const struct {
        int64_t who, where;
        const char *found, *not_found;
    } cases[] = {
        {s->dana, s->product, "Apple Banana", "Cherry"}, {s->mia, s->product, "Apple Banana", "Cherry"},
        {s->dana, secret, "Apple Banana Cherry", ""},    {s->dana, dana, "Apple Banana Cherry", ""}, /* her own */
        {s->mia, mia, "Apple Banana", "Cherry"},
    };
    static const char *const formats[] = {"export csv", "export json", "export csv all", "export json open"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(formats); i++) {
        const gsize c = i / G_N_ELEMENTS(formats);
        const char *text = file(s, cases[c].who, cases[c].where, formats[i % G_N_ELEMENTS(formats)]);
        g_auto(GStrv) found = g_strsplit(cases[c].found, " ", -1), not_found = g_strsplit(cases[c].not_found, " ", -1);
        for (int n = 0; found[n] != NULL; n++)
            assert_says(text, found[n]);
        for (int n = 0; not_found[n] != NULL; n++)
            assert_silent_about(text, not_found[n]);
        assert_int_equal(made->size, strlen(made->data));
    }
}

static void test_an_export_takes_the_filters_of_a_list(void **state)
{
    struct story *s = *state;
    int64_t sales = new_channel(s, "CSALES", "sales", CHANNEL_PUBLIC);
    int64_t a = raise_it(s, s->product, s->dana, "Apple"), b = raise_it(s, s->product, s->mia, "Banana");
    raise_it(s, sales, s->dana, "Cherry");
    start_it(s, b, s->mia);
    decide(s, a, s->mia, "no", "too far", 0);
    const struct {
        const char *typed, *found, *not_found, *name;
    } cases[] = {
        {"export csv", "Apple Banana Cherry", "", "askwhy-asks-2026-11-16-all.csv"},
        {"Export CSV", "Apple Banana Cherry", "", "askwhy-asks-2026-11-16-all.csv"},
        {"export csv open", "Banana Cherry", "Apple", "askwhy-asks-2026-11-16-open.csv"},
        {"export csv mine", "Banana", "Apple Cherry", "askwhy-asks-2026-11-16-mine.csv"},
        {"export csv started", "Banana", "Apple Cherry", "askwhy-asks-2026-11-16-started.csv"},
        {"export json by sales", "Apple Cherry", "Banana", "askwhy-asks-2026-11-16-by-sales.json"},
        {"export csv here", "Apple Banana", "Cherry", "askwhy-asks-2026-11-16-product.csv"},
        {"export csv declined here", "Apple", "Banana Cherry", "askwhy-asks-2026-11-16-declined-product.csv"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *text = file(s, s->mia, s->product, cases[i].typed);
        g_auto(GStrv) found = g_strsplit(cases[i].found, " ", -1), not_found = g_strsplit(cases[i].not_found, " ", -1);
        for (int n = 0; found[n] != NULL; n++)
            assert_says(text, found[n]);
        for (int n = 0; not_found[n] != NULL; n++)
            assert_silent_about(text, not_found[n]);
        assert_string_equal(made->name, cases[i].name);
        assert_says(s->said, cases[i].name);
    }
    file(s, s->mia, s->product, "export csv shipped");
    assert_null(ordered);
    assert_says(s->said, "Nothing to export");
}

static void test_json_is_json_whatever_was_said(void **state)
{
    struct story *s = *state;
    give_why(s, raise_it(s, s->product, s->dana, "Say \"hi\",\n\\ and =1+2"), s->dana, "Because\t<b>");
    raise_it(s, s->product, s->dana, "Zwei größere, 두 개");
    const char *text = file(s, s->mia, s->product, "export json");
    g_autoptr(cJSON) json = json_parse(text, strlen(text), NULL);
    assert_string_equal(json_str(json, "asks.0.title"), "Say \"hi\",\n\\ and =1+2");
    assert_string_equal(json_str(json, "asks.0.why"), "Because\t<b>");
    assert_int_equal(json_int(json, "asks.1.number", 0), 2);
    assert_string_equal(json_str(json, "asks.1.title"), "Zwei größere, 두 개");
    assert_null(json_str(json, "asks.1.why"));
}

static void test_nothing_anybody_said_waits_to_be_sent(void **state)
{
    struct story *s = *state;
    raise_it(s, s->product, s->dana, "Apple");
    file(s, s->mia, s->product, "export csv by sales owner me");
    file(s, s->mia, s->product, "export csv by sales");
    assert_silent_about(ordered, "Apple");
    assert_silent_about(ordered, "Mia");
    assert_silent_about(ordered, "Dana");
    assert_silent_about(ordered, "UDANA");
}

static void test_what_may_be_seen_is_what_counts_when_it_is_made(void **state)
{
    struct story *s = *state;
    int64_t secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    raise_it(s, secret, s->dana, "Cherry");
    assert_says(file(s, s->mia, secret, "export csv"), "Cherry");
    store_set_gone(s->store, secret, s->mia, true); /* she leaves before it goes */
    assert_string_equal(make(s, s->mia), "");
    store_set_gone(s->store, secret, s->mia, false);
    assert_says(make(s, s->mia), "Cherry");
    assert_says(file(s, s->dana, secret, "report"), "Cherry");
    store_set_gone(s->store, secret, s->dana, true);
    assert_string_equal(make(s, s->dana), "");
}

static void test_too_much_says_what_to_do_instead(void **state)
{
    struct story *s = *state;
    g_autofree char *long_why = g_strnfill(39000, 'x');
    for (int i = 0; i < FILE_MAX_BYTES / 39000 + 2; i++) {
        int64_t ask = raise_it(s, s->product, s->dana, "Apple");
        give_why(s, ask, s->dana, long_why);
    }
    start_it(s, 1, s->dana);
    file(s, s->mia, s->product, "export csv");
    assert_null(ordered);
    assert_says(s->said, "too much for one file");
    assert_says(s->said, "askwhy export");
    assert_says(file(s, s->mia, s->product, "export csv started"), "Apple");
}

/* ---- Reports ---- */

static void test_a_report_is_about_its_time(void **state)
{
    struct story *s = *state;
    int64_t now = s->now;
    s->now = moment("2026-09-20T12:00:00Z");
    raise_it(s, s->product, s->dana, "Apple");
    s->now = moment("2026-10-10T12:00:00Z");
    raise_it(s, s->product, s->dana, "Banana");
    s->now = moment("2026-11-10T12:00:00Z");
    raise_it(s, s->product, s->dana, "Cherry");
    s->now = now;
    const struct {
        const char *typed, *time, *found, *not_found;
    } cases[] = {
        {"report", "17 Oct 2026 to 16 Nov 2026", "Cherry", "Apple Banana"},
        {"report last month", "1 Oct 2026 to 31 Oct 2026", "Banana", "Apple Cherry"},
        {"report this month", "1 Nov 2026 to 16 Nov 2026", "Cherry", "Apple Banana"},
        {"report last quarter", "1 Jul 2026 to 30 Sep 2026", "Apple", "Banana Cherry"},
        {"report this quarter here", "1 Oct 2026 to 16 Nov 2026", "Banana Cherry", "Apple"},
        {"report this channel since 1 October", "1 Oct 2026 to 16 Nov 2026", "Banana Cherry", "Apple"},
        {"report since 2026-11-01", "1 Nov 2026 to 16 Nov 2026", "Cherry", "Apple Banana"},
        {"report last 6 weeks", "5 Oct 2026 to 16 Nov 2026", "Banana Cherry", "Apple"},
        {"report this year", "1 Jan 2026 to 16 Nov 2026", "Apple Banana Cherry", ""},
        {"report last week", "9 Nov 2026 to 15 Nov 2026", "Cherry", "Apple Banana"},
        {"report since tuesday", "10 Nov 2026 to 16 Nov 2026", "Cherry", "Apple Banana"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *text = file(s, s->mia, s->product, cases[i].typed);
        g_auto(GStrv) found = g_strsplit(cases[i].found, " ", -1), not_found = g_strsplit(cases[i].not_found, " ", -1);
        assert_says(text, cases[i].time);
        for (int n = 0; found[n] != NULL; n++)
            assert_says(text, found[n]);
        for (int n = 0; not_found[n] != NULL; n++)
            assert_silent_about(text, not_found[n]);
        g_autofree char *in = g_strdup_printf("**%u ask%s in.**", g_strv_length(found), g_strv_length(found) > 1 ? "s" : "");
        assert_says(text, in);
        assert_string_equal(made->name, "askwhy-report-2026-11-16-product.md");
    }
    file(s, s->mia, s->product, "report last year");
    assert_null(ordered);
    assert_says(s->said, "Nothing to report");
}

static void test_why_coverage_is_that_of_the_time(void **state)
{
    struct story *s = *state;
    int64_t now = s->now;
    s->now = moment("2026-10-10T12:00:00Z");
    int64_t bare = raise_it(s, s->product, s->dana, "Apple");
    start_it(s, bare, s->mia);
    s->now = moment("2026-11-10T12:00:00Z");
    int64_t told = raise_it(s, s->product, s->dana, "Banana");
    give_why(s, told, s->dana, "Acme waits");
    start_it(s, told, s->mia);
    s->now = now;
    assert_says(file(s, s->mia, s->product, "report last month"), "0% of started asks");
    assert_says(file(s, s->mia, s->product, "report this month"), "100% of started asks");
    assert_says(file(s, s->mia, s->product, "report this quarter"), "50% of started asks");
}

static void test_nobodys_words_become_markup(void **state)
{
    struct story *s = *state;
    struct context ctx;
    context_init(&ctx, s->store, &test_settings, NULL, s->now);
    static const struct {
        const char *rich, *markdown;
    } cases[] = {
        {"\x0e" "5 asks" "\x1e" " in", "**5 asks** in"},
        {"<script> *a* [x](http://y) `z` \\ &amp;", "\\<script> \\*a\\* \\[x](http://y) \\`z\\` \\\\ \\&amp;"},
        {"\x13" "CPRODUCT" "\x1e" " \x12" "UDANA" "\x1e", "#product @Dana"},
        {"\x14" "http://evil.example" "\x1f" "a *link*" "\x1e", "a \\*link\\*"},
        {"\x0f" "Why:" "\x1e" " 두 개", "_Why:_ 두 개"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *markdown = report_markdown(&ctx, "slack", cases[i].rich);
        assert_string_equal(markdown, cases[i].markdown);
    }
    context_done(&ctx);
}

static void permit(struct story *s, const char *allowed)
{
    cJSON *data = json_object();
    json_put_str(data, "what", "report");
    json_put_str(data, "to", allowed);
    log_it(s, (struct log_entry){.kind = "channel.permission", .channel = s->product, .data = data});
}

static void test_who_may_have_a_report_is_the_channels_to_say(void **state)
{
    struct story *s = *state;
    int64_t direct = new_channel(s, "DMIA", "", CHANNEL_DIRECT);
    raise_it(s, s->product, s->dana, "Apple");
    assert_says(file(s, s->mia, s->product, "report"), "Apple");
    permit(s, "admins");
    assert_string_equal(make(s, s->mia), ""); /* settled before it went */
    file(s, s->mia, s->product, "report");
    assert_null(ordered);
    assert_says(s->said, "Who may see reports here: administrators");
    file(s, s->mia, direct, "report");
    assert_null(ordered);
    assert_says(s->said, "Who may see reports here");
    permit(s, "anyone");
    assert_says(file(s, s->mia, direct, "report"), "Apple");
}

static void test_a_report_typed_privately_leaves_private_channels_out(void **state)
{
    struct story *s = *state;
    int64_t direct = new_channel(s, "DDANA", "", CHANNEL_DIRECT), secret = new_channel(s, "CSECRET", "secret", CHANNEL_PRIVATE);
    raise_it(s, s->product, s->dana, "Apple");
    raise_it(s, secret, s->dana, "Cherry");
    assert_says(file(s, s->dana, secret, "report"), "Cherry");
    const char *text = file(s, s->dana, direct, "report");
    assert_says(text, "# What became of the asks in #product\n");
    assert_says(text, "Apple");
    assert_silent_about(text, "Cherry");
    assert_silent_about(text, "secret");
    assert_silent_about(file(s, s->dana, s->product, "report"), "Cherry");
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, story_begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_an_export_holds_what_may_be_seen_from_there),
        STORY(test_an_export_takes_the_filters_of_a_list),
        STORY(test_json_is_json_whatever_was_said),
        STORY(test_nothing_anybody_said_waits_to_be_sent),
        STORY(test_what_may_be_seen_is_what_counts_when_it_is_made),
        STORY(test_too_much_says_what_to_do_instead),
        STORY(test_a_report_is_about_its_time),
        STORY(test_why_coverage_is_that_of_the_time),
        STORY(test_nobodys_words_become_markup),
        STORY(test_who_may_have_a_report_is_the_channels_to_say),
        STORY(test_a_report_typed_privately_leaves_private_channels_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

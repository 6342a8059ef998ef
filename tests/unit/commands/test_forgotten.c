/* Who asks to be forgotten is, whatever they did: not one of their words is left in any text of any table, and every post of
 * askwhy's that had some is rewritten. */
#include "tests/unit/commands/asks.h"

#include "bot/chat/platform.h"
#include "commands/views.h"
#include "store/forget.h"
#include "store/sql.h"

/* All they say, and are called, begins so. */
#define THEIRS "zq"

struct life {
    struct story *story;
    int64_t zoe;
    GHashTable *posts; /* of askwhy's, with words of theirs: id → "" */
    int messages;
};

/* Everything that waits to be sent is, and what had words of theirs is remembered. */
static void send_all(struct life *life)
{
    struct story *s = life->story;
    g_autoptr(GArray) rows = store_outbox(s->store, 0);
    assert_true(store_begin(s->store));
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        g_autofree char *small = row->content != NULL ? g_utf8_casefold(row->content, -1) : g_strdup("");
        bool said = strstr(small, THEIRS) != NULL, kept = row->kind == OUT_POST || row->kind == OUT_UPDATE;
        bool to_them = row->person == life->zoe; /* theirs to delete */
        if (said && kept && !to_them && row->post == 0)
            fail_msg("nobody will find this again: %s", row->content);
        if (said && kept && !to_them)
            g_hash_table_replace(life->posts, g_memdup2(&row->post, sizeof row->post), g_strdup(row->content));
        g_autofree char *message = row->post != 0 && kept ? g_strdup_printf("100.%d", ++life->messages) : NULL;
        store_sent(s->store, row->id, row->post, message);
        outbox_row_done(row);
    }
    assert_true(store_commit(s->store));
}

static void typed(struct life *life, int64_t who, const char *text)
{
    struct story *s = life->story;
    type_as(s, who, s->product, text);
    if (s->said != NULL && (strstr(s->said, "Did you mean") != NULL || strstr(s->said, "no ask") != NULL || strstr(s->said, "Try ") == s->said))
        fail_msg("\"%s\" was not understood: %s", text, s->said);
    send_all(life);
    s->now += 61000;
}

static void zoe_does_everything(struct life *life)
{
    struct story *s = life->story;
    static const char *const first[] = {
        "goal add " THEIRS "goal", "metric add " THEIRS "metric unit " THEIRS "unit baseline 4 target 3 owner \x12UMIA\x1e",
        "metric " THEIRS "metric is 3.4", "metric " THEIRS "metric unit " THEIRS "parts", THEIRS "title one by June", "why 1 " THEIRS "why", "impact 1 " THEIRS "metric up 5 " THEIRS "unit by June",
        "impact 1 cost about two weeks of " THEIRS "cost", "evidence 1 " THEIRS "customer told us", "evidence 1 talk to " THEIRS "talk",
        "need 1 " THEIRS "need fixed: " THEIRS "fixed open: " THEIRS "open smallest: " THEIRS "smallest", "goal 1 " THEIRS "goal",
        "decide 1 yes because " THEIRS "reason options: " THEIRS "options reopen if " THEIRS "reopen", "inform 1 \x12UDANA\x1e",
        "own 1 \x12UDANA\x1e", "decider 1 \x12UDANA\x1e"};
    for (gsize i = 0; i < G_N_ELEMENTS(first); i++)
        typed(life, life->zoe, first[i]);
    typed(life, s->dana, "start 1");
    typed(life, s->mia, "Dark mode for the night shift");
    typed(life, s->mia, "own 2 \x12UDANA\x1e");
    typed(life, s->mia, "question 1 Which banks?");
    static const char *const then[] = {
        "answer 1 " THEIRS "answer", "why 2 " THEIRS "whyfor for \x12UMIA\x1e", "voice 2 because " THEIRS "voice",
        "question 2 " THEIRS "question?", "dissent 1 because " THEIRS "dissent", "dissent 2 because " THEIRS "other dissent",
        THEIRS "title two for \x12UMIA\x1e", "start 3 instead of 1 because " THEIRS "cause", "pause 3 until 1 March because " THEIRS "pause",
        "resume 3 because " THEIRS "resume", "ship 3 " THEIRS "note", "outcome 3 partly, 3 " THEIRS "unit instead of 5, " THEIRS "told https://" THEIRS ".example/x",
        THEIRS "title four", "withdraw 4 because " THEIRS "gone", "reopen 4 because " THEIRS "news", "merge 4 into 2 because " THEIRS "same",
        THEIRS "title five", "decide 5 no because " THEIRS "no", "urgent " THEIRS "title six", "need 6 " THEIRS "sixth need",
        "need 6 not quite " THEIRS "notquite"};
    for (gsize i = 0; i < G_N_ELEMENTS(then); i++)
        typed(life, life->zoe, then[i]);
    /* Others act on it, and what they bring about tells of it. */
    typed(life, s->dana, "resume 1");
    typed(life, s->dana, "start 2 instead of 1 because it is night");
    typed(life, s->mia, "why 1 here");
    typed(life, s->mia, "show 1 here");
    typed(life, s->mia, "digest now");
    typed(life, life->zoe, "question What about " THEIRS "korea?");
    typed(life, life->zoe, "disagree " THEIRS "disagreement");
    typed(life, s->mia, "answer Next year");
    typed(life, s->mia, "As \x12UZQZOE\x1e says");
}

static void let_time_work(struct life *life, int days)
{
    struct story *s = life->story;
    for (int day = 0; day < days; day++) {
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
        send_all(life);
        s->now += DAY_MS;
    }
}

static void forget(struct life *life)
{
    struct story *s = life->story;
    assert_true(store_begin(s->store));
    struct log_entry entry = {.at = s->now, .kind = "person.forgotten", .actor = life->zoe, .person = life->zoe};
    store_append(s->store, &entry);
    store_forget_person(s->store, life->zoe, s->now);
    for (bool more = true; more;) {
        struct context ctx;
        assert_true(context_init(&ctx, s->store, &test_settings, NULL, s->now));
        more = forget_due(&ctx);
        context_done(&ctx);
    }
    if (store_failed(s->store) != NULL)
        fail_msg("%s", store_failed(s->store)->message);
    assert_true(store_commit(s->store));
}

/* Every text of every table; what the index holds is looked for in the file. */
static int texts_of_theirs(struct story *s, bool tell)
{
    int found = 0;
    sqlite3_stmt *column;
    assert_int_equal(sqlite3_prepare_v2(s->store->db,
                                        "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
                                        " AND c.type IN ('TEXT', '') AND t.name NOT LIKE 'ask\\_text\\_%' ESCAPE '\\' AND t.name <> 'ask_term'"
                                        " AND t.name NOT LIKE 'sqlite%' AND c.name NOT IN ('ask_text', 'rank')",
                                        -1, &column, NULL),
                     SQLITE_OK);
    while (sqlite3_step(column) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(column, 0), *name = (const char *)sqlite3_column_text(column, 1);
        g_autofree char *query = g_strdup_printf("SELECT \"%s\" FROM \"%s\" WHERE instr(lower(\"%s\"), '" THEIRS "') > 0", name, table, name);
        sqlite3_stmt *row;
        assert_int_equal(sqlite3_prepare_v2(s->store->db, query, -1, &row, NULL), SQLITE_OK);
        while (sqlite3_step(row) == SQLITE_ROW) {
            found++;
            if (tell)
                print_error("%s.%s: %s\n", table, name, sqlite3_column_text(row, 0));
        }
        sqlite3_finalize(row);
    }
    sqlite3_finalize(column);
    return found;
}

static void life_begins(struct life *life, struct story *s)
{
    *life = (struct life){.story = s, .posts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free)};
    life->zoe = new_person(s, "UZQZOE", THEIRS "Zoe", "sales");
    struct profile zoe = {.name = (char *)THEIRS "Zoe", .handle = (char *)THEIRS "zoe", .zone = (char *)"Europe/Tallinn", .locale = (char *)"en",
                          .admin = true};
    store_set_profile(s->store, life->zoe, &zoe, s->now);
    set_digest(s, s->product, "Europe/Tallinn", NULL);
}

static void test_no_text_of_any_table_has_words_of_theirs(void **state)
{
    struct life life;
    life_begins(&life, *state);
    typed(&life, life.zoe, "settings question impact " THEIRS "asked?");
    typed(&life, life.zoe, "settings questions why, impact");
    typed(&life, life.zoe, "settings retention 365 days yes");
    zoe_does_everything(&life);
    let_time_work(&life, 60);
    assert_true(texts_of_theirs(life.story, false) > 40);
    forget(&life);
    let_time_work(&life, 30);
    int left = texts_of_theirs(life.story, true);
    if (left > 0)
        fail_msg("%d texts of theirs are left", left);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(life.story->store, &error);
    if (differences != NULL)
        fail_msg("%s", differences);
    g_hash_table_destroy(life.posts);
}

static void test_every_post_with_words_of_theirs_is_rewritten(void **state)
{
    struct life life;
    struct story *s = *state;
    life_begins(&life, s);
    zoe_does_everything(&life);
    typed(&life, s->mia, "impact 2 " THEIRS "metric down 3 by June"); /* askwhy tells whose metric that is */
    let_time_work(&life, 60);
    assert_true(g_hash_table_size(life.posts) > 20);
    forget(&life);
    GHashTableIter iter;
    gpointer post, content;
    int left = 0;
    g_hash_table_iter_init(&iter, life.posts);
    while (g_hash_table_iter_next(&iter, &post, &content)) {
        if (sql_number(s->store, "SELECT count(*) FROM outbox WHERE kind = ?1 AND post = ?2", "di", (int)OUT_UPDATE, *(int64_t *)post) == 0) {
            print_error("stays in the chat: %s\n", (char *)content);
            left++;
        }
    }
    if (left > 0)
        fail_msg("%d posts of theirs stay", left);
    g_hash_table_destroy(life.posts);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, story_begin, story_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(test_no_text_of_any_table_has_words_of_theirs),
        STORY(test_every_post_with_words_of_theirs_is_rewritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

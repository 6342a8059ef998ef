/* A database of the first release is brought up to date: what is derived of it is what its log says now. */
#include "asks.h"

#include "store/outcomes.h"

#include <sqlite3.h>

static void run_sql(sqlite3 *db, const char *text)
{
    char *why = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", text, why);
}

static void type_about(struct story *s, int64_t person, const char *format, int64_t ask)
{
    GString *text = g_string_new(format);
    g_autofree char *number = show_number(ask);
    g_string_replace(text, "#", number, 0);
    type_as(s, person, s->product, text->str);
    s->now += HOUR_MS;
    g_string_free(text, TRUE);
}

static int64_t raise_by_hand(struct story *s, int64_t person, const char *title)
{
    type_as(s, person, s->product, title);
    s->now += HOUR_MS;
    return store_next_number(s->store) - 1;
}

static void ask_about(struct story *s, int64_t ask, int64_t person, const char *kind, const char *about)
{
    cJSON *data = json_object();
    json_put_str(data, "kind", about);
    happen(s, ask, person, kind, strcmp(kind, "question.followed") == 0 ? "the CEO wants it" : NULL, NULL, data);
    s->now += HOUR_MS;
}

static void live_a_while(struct story *s)
{
    int64_t sso = raise_by_hand(s, s->dana, "Add SSO for Acme"), dark = raise_by_hand(s, s->dana, "Dark mode"),
            logo = raise_by_hand(s, s->mia, "A talking logo"), csv = raise_by_hand(s, s->mia, "CSV export"),
            bells = raise_by_hand(s, s->dana, "Louder bells");
    ask_about(s, sso, s->dana, "question.followed", "why");
    ask_about(s, sso, s->mia, "question.asked", "why"); /* passed on */
    type_about(s, s->mia, "why # because their IT forbids passwords", sso);
    type_about(s, s->dana, "impact # two more customers by summer", sso);
    type_about(s, s->dana, "impact # I don't know", dark); /* before it was asked */
    type_about(s, s->mia, "evidence # three customers told us", dark);
    type_about(s, s->dana, "own # <@UMIA>", dark);
    type_about(s, s->mia, "decide # yes because it is asked for a lot", logo);
    type_about(s, s->mia, "own #", logo);
    type_about(s, s->mia, "start #", logo);
    type_about(s, s->mia, "ship #", logo);
    type_about(s, s->dana, "voice # because we paste by hand", csv);
    type_about(s, s->mia, "decide # later until 1 March because of the audit", csv);
    type_about(s, s->dana, "withdraw #", bells);
}

/* The first release asked for no outcome, and said nothing of one when an ask was shipped. */
static const char forget_outcomes[] = "UPDATE log SET data = NULL WHERE kind = 'ask.shipped'";

/* Shipped so many days ago; state as the first release left it. */
static int64_t shipped_days_ago(struct story *s, int64_t days)
{
    int64_t ask = raise_by_hand(s, s->dana, "An older ask"), now = s->now;
    s->now -= days * DAY_MS;
    type_about(s, s->mia, "start #", ask);
    type_about(s, s->mia, "ship #", ask);
    s->now = now;
    return ask;
}

/* As the first release would have left it: its tables with what it knew, and nothing else. */
static void copy_as_older(struct story *s, const char *to)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(to, &db), SQLITE_OK);
    static const char *const schemas[] = {"001.sql", "002.sql"};
    for (gsize i = 0; i < G_N_ELEMENTS(schemas); i++) {
        g_autofree char *file = g_build_filename(TESTS_DIR "/../store/schema", schemas[i], NULL), *text = NULL;
        assert_true(g_file_get_contents(file, &text, NULL, NULL));
        run_sql(db, text);
    }
    g_autofree char *attach = g_strdup_printf("ATTACH '%s' AS now; PRAGMA user_version = 2; DELETE FROM indexed", s->path);
    run_sql(db, attach);
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT 'INSERT INTO main.' || t.name || ' (' || group_concat(c.name) || ') SELECT ' ||"
                                        " group_concat(c.name) || ' FROM now.' || t.name FROM main.sqlite_schema t,"
                                        " pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'ask\\_text%' ESCAPE '\\'"
                                        " AND t.name NOT LIKE 'sqlite%' GROUP BY t.name",
                                        -1, &row, NULL),
                     SQLITE_OK);
    GPtrArray *copies = g_ptr_array_new_with_free_func(g_free);
    while (sqlite3_step(row) == SQLITE_ROW)
        g_ptr_array_add(copies, g_strdup((const char *)sqlite3_column_text(row, 0)));
    sqlite3_finalize(row);
    assert_in_range(copies->len, 15, 50);
    for (guint i = 0; i < copies->len; i++)
        run_sql(db, g_ptr_array_index(copies, i));
    run_sql(db, "UPDATE indexed SET upto = 0");
    run_sql(db, forget_outcomes);
    g_ptr_array_unref(copies);
    sqlite3_close(db);
}

static void remove_older(struct story *s)
{
    GDir *dir = g_dir_open(s->dir, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(s->dir, name, NULL);
        if (g_str_has_prefix(name, "older.db"))
            g_unlink(path);
    }
    g_dir_close(dir);
}

static void an_older_database_ends_as_its_log_says(void **state)
{
    struct story *s = *state;
    live_a_while(s);
    g_autofree char *older = g_build_filename(s->dir, "older.db", NULL);
    copy_as_older(s, older);
    struct store *upgraded = open_store(older, STORE_WRITE);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(upgraded, &error);
    if (differences != NULL || error != NULL)
        fail_msg("%s", differences != NULL ? differences : error->message);
    struct ask ask;
    assert_true(store_load_ask(upgraded, 1, &ask));
    assert_int_equal(ask.round_trips, 4); /* followed up, passed on, the why, the impact */
    ask_done(&ask);
    store_close(upgraded);
    remove_older(s);
}

/* Each is asked about once, the latest first and not all at once; what is very old is left alone. */
static void what_was_shipped_before_is_asked_about(void **state)
{
    struct story *s = *state;
    int64_t ancient = shipped_days_ago(s, 400), older = shipped_days_ago(s, 200), old = shipped_days_ago(s, 150),
            newer = shipped_days_ago(s, 10);
    raise_by_hand(s, s->dana, "Something of today");
    g_autofree char *path = g_build_filename(s->dir, "older.db", NULL);
    copy_as_older(s, path);
    struct store *upgraded = open_store(path, STORE_WRITE);
    int64_t now = s->now;
    struct ask ask;
    const struct {
        int64_t ask, from, to; /* when, in hours from now */
    } expected[] = {{old, 24 * 2 - 1, 24 * 2 + 1}, {older, 24 * 3 - 1, 24 * 3 + 1}, {newer, 24 * 80 - 8, 24 * 80 + 8}};
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        assert_true(store_load_ask(upgraded, expected[i].ask, &ask));
        assert_in_range(ask.outcome_due, now + expected[i].from * HOUR_MS, now + expected[i].to * HOUR_MS);
        assert_int_equal(store_due_outcome(upgraded, ask.outcome_due), old);
        ask_done(&ask);
    }
    assert_true(store_load_ask(upgraded, ancient, &ask));
    assert_int_equal(ask.outcome_due, 0);
    ask_done(&ask);
    g_autoptr(GError) error = NULL;
    g_autofree char *differences = store_check_rebuild(upgraded, &error);
    if (differences != NULL || error != NULL)
        fail_msg("%s", differences != NULL ? differences : error->message);
    store_close(upgraded);
    remove_older(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_older_database_ends_as_its_log_says, story_begin, story_end),
        cmocka_unit_test_setup_teardown(what_was_shipped_before_is_asked_about, story_begin, story_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

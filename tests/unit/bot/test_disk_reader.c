/* The disk fails under the reader thread: a question is answered rightly or with "try again", never with silence or
 * half the truth; and a checkpoint that fails costs nothing that was acknowledged. */
#include "faulty.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/reader.h"
#include "commands/say.h"
#include "store/log.h"
#include "store/sql.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ASKS = 30 };

static char *functions[] = {"sales", NULL};
static const char *const questions[] = {"list", "search acme", "digest"};
static const char *const fault_names[FAULTS] = {"write", "no room", "short write", "sync", "read", "truncate", "open"};

struct story {
    char *dir, *path;
    struct loop *loop;
    struct store *store;
    struct settings settings;
    struct reader *reader;
    GPtrArray *answers;
    guint expected;
};

static int disk_runs;

static bool every_call(void)
{
    return g_getenv("ASKWHY_TEST_EVERY_CALL") != NULL;
}

static void take(struct reader_job *job, void *data)
{
    struct story *s = data;
    g_ptr_array_add(s->answers, job->reply != NULL ? message_to_json(job->reply) : g_strdup(""));
    reader_job_free(job);
    if (s->answers->len == s->expected)
        loop_stop(s->loop);
}

static void raise_one(struct story *s, const char *title)
{
    assert_true(store_begin(s->store));
    int64_t dana = store_person(s->store, "slack", "T1", "UDANA", NULL);
    int64_t product = store_channel(s->store, "slack", "T1", "CPRODUCT", "product", CHANNEL_PUBLIC);
    struct log_entry entry = {.at = 1795348800000,
                              .kind = "ask.raised",
                              .actor = dana,
                              .person = dana,
                              .channel = product,
                              .ask = store_next_number(s->store),
                              .words = title,
                              .state = "waiting"};
    store_append(s->store, &entry);
    assert_true(store_commit(s->store));
}

static void reader_comes(struct story *s)
{
    g_autoptr(GError) error = NULL;
    s->reader = reader_new(s->loop, s->path, &s->settings, take, s, &error);
    assert_null(error);
}

static void reader_goes(struct story *s)
{
    reader_free(g_steal_pointer(&s->reader));
}

static int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    disk_begins();
    clock_freeze_ms(1795348900000);
    s->dir = g_dir_make_tmp("askwhy-disk-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions, .hours = calendar_default_hours, .outcome_days = 90};
    s->loop = loop_new(NULL, &error);
    s->answers = g_ptr_array_new_with_free_func(g_free);
    *state = s;
    return 0;
}

static void database_comes(struct story *s)
{
    g_autoptr(GError) error = NULL;
    s->store = store_open(s->path, STORE_WRITE, &error);
    assert_null(error);
    for (int i = 0; i < ASKS; i++)
        raise_one(s, "Add SSO for Acme");
}

static void database_goes(struct story *s)
{
    store_close(g_steal_pointer(&s->store));
    empty_folder(s->dir);
}

static int end(void **state)
{
    struct story *s = *state;
    disk_is_well();
    disk_ends();
    clock_freeze_ms(0);
    print_message("disk: %d runs, %d calls failed\n", disk_runs, (int)disk.all_failed);
    loop_free(s->loop);
    g_ptr_array_unref(s->answers);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s);
    say_done();
    return 0;
}

static void ask(struct story *s, const char *text)
{
    struct event *event = event_new(EVENT_COMMAND, "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup("UDANA");
    event->channel = g_strdup("CPRODUCT");
    event->channel_kind = CHANNEL_PUBLIC;
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    s->expected++;
    reader_push(s->reader, event, clock_now_ms());
}

static void ask_all(struct story *s)
{
    g_ptr_array_set_size(s->answers, 0);
    s->expected = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        ask(s, questions[i]);
    loop_run(s->loop, NULL, NULL);
}

static void a_read_fails(void **state)
{
    struct story *s = *state;
    database_comes(s);
    reader_comes(s);
    ask_all(s);
    char *right[G_N_ELEMENTS(questions)];
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        right[i] = g_strdup(s->answers->pdata[i]);
    reader_goes(s);
    int told = 0;
    bool failed = true, lasting = false;
    for (int after = 0; failed || !lasting; after += every_call() ? 1 : 3) {
        if (!failed) {
            lasting = true;
            after = 0;
        }
        reader_comes(s);
        disk_will_fail_others(FAULT_READ, after, lasting);
        ask_all(s);
        disk_is_well();
        failed = disk.failed > 0;
        disk_runs++;
        for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
            const char *answer = s->answers->pdata[i];
            bool again = strstr(answer, "Please try again") != NULL;
            told += again;
            if (!again && strcmp(answer, right[i]) != 0)
                fail_msg("read %d fails: \"%s\" is answered %s", after, questions[i], answer);
        }
        ask_all(s);
        for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
            assert_string_equal(s->answers->pdata[i], right[i]);
        reader_goes(s);
    }
    assert_true(told > 3);
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        g_free(right[i]);
    database_goes(s);
}

/* After a commit, and answered before what is asked then. */
static void checkpoint(struct story *s)
{
    reader_checkpoint(s->reader);
    reader_checkpoint(s->reader); /* it may wait for another commit */
    ask_all(s);
}

static void assert_all_left(struct story *s, const char *path, int asks, const char *what)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    if (store == NULL)
        fail_msg("%s: does not open: %s", what, error->message);
    g_autofree char *damage = store_integrity(store);
    int left = (int)sql_number(store, "SELECT count(*) FROM ask", "");
    if (damage != NULL || left != asks)
        fail_msg("%s: %d asks of %d are left, %s", what, left, asks, damage != NULL ? damage : "undamaged");
    store_close(store);
    (void)s;
}

static void assert_power_can_go(struct story *s, int asks, const char *what)
{
    g_autofree char *left = g_dir_make_tmp("askwhy-left-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(left, "askwhy.db", NULL);
    disk_loses_power(s->path, left);
    assert_all_left(s, path, asks, what);
    remove_folder(left);
}

static bool a_checkpoint(struct story *s, enum fault kind, int after, bool lasting)
{
    g_autofree char *what = g_strdup_printf("%s %d fails in a checkpoint%s", fault_names[kind], after,
                                            lasting ? ", and all later" : "");
    disk_remembers();
    disk_runs++;
    database_comes(s);
    reader_comes(s);
    disk_will_fail_others(kind, after, lasting);
    checkpoint(s);
    raise_one(s, "While it fails");
    checkpoint(s);
    bool failed = disk.failed > 0;
    assert_power_can_go(s, ASKS + 1, what);
    disk_is_well();
    for (int i = 2; i <= 6; i++) {
        raise_one(s, "When it is well again");
        checkpoint(s);
        assert_power_can_go(s, ASKS + i, what);
    }
    reader_goes(s);
    store_close(g_steal_pointer(&s->store));
    assert_all_left(s, s->path, ASKS + 6, what);
    database_goes(s);
    disk_forgets();
    return failed;
}

static void checkpoints_fail(struct story *s, enum fault kind, int step)
{
    for (int after = 0; a_checkpoint(s, kind, after, false); after += every_call() ? 1 : step)
        continue;
    for (int after = 0; a_checkpoint(s, kind, after, true); after += every_call() ? 1 : 2 * step)
        continue;
}

static void a_checkpoint_fails(void **state)
{
    checkpoints_fail(*state, FAULT_SYNC, 1);
    disk.torn = true;
    checkpoints_fail(*state, FAULT_SYNC, 1);
    disk.torn = false;
    checkpoints_fail(*state, FAULT_WRITE, 24);
    checkpoints_fail(*state, FAULT_NO_ROOM, 24);
    checkpoints_fail(*state, FAULT_SHORT_WRITE, 24);
    checkpoints_fail(*state, FAULT_READ, 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_read_fails, begin, end),
        cmocka_unit_test_setup_teardown(a_checkpoint_fails, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

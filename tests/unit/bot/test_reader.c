/* The reader thread: answers that take long come back to the loop, while the loop goes on writing. */
#include "bot/base/clock.h"
#include "bot/reader.h"
#include "commands/say.h"
#include "store/sql.h"
#include "tests/folder.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char *functions[] = {"sales", NULL};

struct story {
    char *dir, *path;
    struct loop *loop;
    struct store *store;
    struct settings settings;
    struct reader *reader;
    GString *answers; /* "<envelope>: <answer>", a line each */
    int expected;     /* answers until the loop may stop */
};

static void take(struct reader_job *job, void *data)
{
    struct story *s = data;
    bool answered = job->reply != NULL && (job->reply->n_parts > 0 || *job->reply->fallback != '\0');
    g_string_append_printf(s->answers, "%s: %s\n", job->event->envelope, answered ? "answered" : "nothing");
    reader_job_free(job);
    if (--s->expected == 0)
        loop_stop(s->loop);
}

static void raise_one(struct story *s, const char *title)
{
    store_begin(s->store);
    int64_t dana = store_person(s->store, "slack", "T1", "UDANA", NULL);
    int64_t product = store_channel(s->store, "slack", "T1", "CPRODUCT", "product", CHANNEL_PUBLIC);
    struct log_entry entry = {.at = clock_now_ms(),
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

static int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    g_autoptr(GError) error = NULL;
    g_autofree char *why = NULL;
    assert_true(say_init(&why));
    s->dir = g_dir_make_tmp("askwhy-reader-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions, .hours = calendar_default_hours, .outcome_days = 90};
    s->loop = loop_new(NULL, &error);
    s->store = store_open(s->path, STORE_WRITE, &error);
    s->answers = g_string_new(NULL);
    s->reader = reader_new(s->loop, s->path, &s->settings, take, s, &error);
    assert_null(error);
    raise_one(s, "Add SSO for Acme");
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct story *s = *state;
    reader_free(s->reader);
    loop_free(s->loop);
    store_close(s->store);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_string_free(s->answers, TRUE);
    g_free(s);
    say_done();
    return 0;
}

static void push(struct story *s, const char *envelope, const char *text)
{
    struct event *event = event_new(EVENT_COMMAND, "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup("UDANA");
    event->channel = g_strdup("CPRODUCT");
    event->channel_kind = CHANNEL_PUBLIC;
    event->command = g_strdup("/ask");
    event->text = g_strdup(text);
    event->envelope = g_strdup(envelope);
    s->expected++;
    reader_push(s->reader, event, clock_now_ms());
}

static void wait_for_all(struct story *s)
{
    assert_false(reader_idle(s->reader));
    loop_run(s->loop, NULL, NULL);
    assert_true(reader_idle(s->reader));
}

static void answers_come_back_in_order(void **state)
{
    struct story *s = *state;
    assert_true(reader_idle(s->reader));
    push(s, "E1", "search acme");
    push(s, "E2", "list");
    push(s, "E3", "digest");
    wait_for_all(s);
    assert_string_equal(s->answers->str, "E1: answered\nE2: answered\nE3: answered\n");
}

static void a_command_that_would_write_comes_back_without_effect(void **state)
{
    struct story *s = *state;
    push(s, "E1", "Dark mode");
    push(s, "E2", "search acme");
    wait_for_all(s);
    assert_non_null(strstr(s->answers->str, "E2: answered"));
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM ask", ""), 1);
}

static void the_loop_writes_while_the_reader_reads(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < 40; i++) {
        g_autofree char *envelope = g_strdup_printf("E%d", i);
        push(s, envelope, i % 2 == 0 ? "list" : "search acme");
        if (i % 10 == 0)
            reader_checkpoint(s->reader);
        raise_one(s, "Another one for Acme");
    }
    wait_for_all(s);
    assert_null(strstr(s->answers->str, "nothing"));
    assert_null(store_failed(s->store));
    assert_int_equal(sql_number(s->store, "SELECT count(*) FROM ask", ""), 41);
}

static gint64 size_of(const char *path)
{
    GStatBuf status;
    return g_stat(path, &status) == 0 ? status.st_size : 0;
}

static void a_checkpoint_moves_what_was_written_into_the_database(void **state)
{
    struct story *s = *state;
    gint64 before = size_of(s->path);
    for (int i = 0; i < 200; i++)
        raise_one(s, "Words enough to fill a page sooner or later");
    assert_int_equal(size_of(s->path), before);
    reader_checkpoint(s->reader);
    reader_free(g_steal_pointer(&s->reader)); /* after what was asked before */
    assert_true(size_of(s->path) > before);
}

/* Asked for, and whatever came of it over. */
static void checkpoint(struct story *s)
{
    reader_checkpoint(s->reader);
    push(s, "E", "list");
    wait_for_all(s);
}

static void write_much(struct story *s)
{
    for (int i = 0; i < 200; i++)
        raise_one(s, "Words enough to fill a page sooner or later");
}

static void a_checkpoint_follows_another_only_when_a_whole_commit_lies_between(void **state)
{
    struct story *s = *state;
    write_much(s);
    checkpoint(s);
    gint64 once = size_of(s->path);
    write_much(s);
    checkpoint(s); /* the commit that asks may be older than the checkpoint */
    assert_int_equal(size_of(s->path), once);
    raise_one(s, "One more");
    checkpoint(s);
    assert_true(size_of(s->path) > once);
}

static void an_end_waits_for_nobody_in_the_queue(void **state)
{
    struct story *s = *state;
    for (int i = 0; i < 100; i++)
        push(s, "E", "list");
    reader_free(g_steal_pointer(&s->reader));
    assert_string_equal(s->answers->str, "");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(answers_come_back_in_order),
        STORY(a_command_that_would_write_comes_back_without_effect),
        STORY(the_loop_writes_while_the_reader_reads),
        STORY(a_checkpoint_moves_what_was_written_into_the_database),
        STORY(a_checkpoint_follows_another_only_when_a_whole_commit_lies_between),
        STORY(an_end_waits_for_nobody_in_the_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

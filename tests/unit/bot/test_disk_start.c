/* The disk fails while askwhy starts on a database that holds something still to be said: it is said once, at the
 * latest when the disk is well and something happens. */
#include "disk.h"

static int cards(const char *words)
{
    int found = 0;
    g_auto(GStrv) lines = g_strsplit(chat.shown->str, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        found += g_str_has_prefix(*line, "CPRODUCT: #") && strstr(*line, words) != NULL;
    return found;
}

/* As the service does it. */
static bool starts(struct story *s)
{
    if (!story_starts(s))
        return false;
    outbox_load(s->outbox, true);
    outbox_pump(s->outbox);
    batch(s);
    batch(s);
    return true;
}

/* True while there was a call to fail. */
static bool a_run(enum fault kind, int after, bool lasting)
{
    g_autofree char *where = g_strdup_printf("%s %d fails at the start%s", fault_names[kind], after,
                                             lasting ? ", and all later" : "");
    struct story *s = story_begins(where);
    command(s, "A", "Add SSO for Acme");
    dispatch_batch(s->dispatch); /* committed; before a byte of the card is sent it ends */
    assert_int_equal(cards("Add SSO for Acme"), 0);
    story_stops(s);

    disk_will_fail(kind, after, lasting);
    bool started = starts(s);
    bool failed = disk.failed > 0;
    disk_is_well();
    if (!started && !starts(s))
        fail_msg("%s: it does not start when all is well", where);
    command(s, "Z", "Works again");
    settle(s);
    story_ms += 120 * 1000;
    command(s, "Y", "And again");
    settle(s);
    if (cards("Add SSO for Acme") != 1 || cards("Works again") != 1 || cards("And again") != 1)
        fail_msg("%s: these were shown:\n%s", where, chat.shown->str);
    stop(s);
    story_ends(s);
    return failed;
}

static void until_nothing_fails(enum fault kind, int step)
{
    for (int after = 0; a_run(kind, after, false); after += every_call() ? 1 : step)
        continue;
    for (int after = 0; a_run(kind, after, true); after += every_call() ? 1 : 2 * step)
        continue;
}

static void a_read_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_READ, 1);
}

static void a_write_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_WRITE, 1);
    until_nothing_fails(FAULT_SHORT_WRITE, 2);
    until_nothing_fails(FAULT_NO_ROOM, 2);
}

static void a_sync_fails(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_SYNC, 1);
}

static void a_file_does_not_open(void **state)
{
    (void)state;
    until_nothing_fails(FAULT_OPEN, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_fails),
        cmocka_unit_test(a_write_fails),
        cmocka_unit_test(a_sync_fails),
        cmocka_unit_test(a_file_does_not_open),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

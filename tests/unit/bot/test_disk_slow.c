/* A slow disk: every sync takes seconds, on the story's clock. Whoever waits is answered within the 3 s a platform
 * waits, or by another way; nobody is answered twice. */
#include "disk.h"

enum { PATIENCE_MS = 3000, MOST = 12 };

static struct {
    int sync_ms;
    int to_come, came;         /* commands: one comes each time a sync begins */
    int64_t sent_at[MOST];
    int n_read;                /* of those that came, these were read from the socket */
} slow;

static void a_sync_takes_long(void)
{
    if (slow.came < slow.to_come)
        slow.sent_at[slow.came++] = story_ms;
    story_ms += slow.sync_ms;
}

static char *envelope_of(int i)
{
    return g_strdup_printf("E%d", i);
}

static void read_what_came(struct story *s)
{
    for (; slow.n_read < slow.came; slow.n_read++) {
        g_autofree char *envelope = envelope_of(slow.n_read);
        g_autofree char *text = g_strdup_printf("Something that was never asked for %d", slow.n_read);
        command(s, envelope, text);
    }
}

static void play(struct story *s, int sync_ms, int commands)
{
    slow.sync_ms = sync_ms;
    slow.to_come = commands;
    slow.came = slow.n_read = 0;
    disk.at_sync = a_sync_takes_long;
    command(s, "A", "Add SSO for Acme");
    while (slow.came < commands || slow.n_read < slow.came) {
        batch(s);
        read_what_came(s);
    }
    batch(s);
    disk.at_sync = NULL;
    settle(s);
}

static int count(const char *text, const char *what)
{
    int found = 0;
    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        found++;
    return found;
}

/* How many heard of it another way than with the acknowledgement. */
static int assert_answered_once(struct story *s, int commands)
{
    int elsewhere = 0;
    for (int i = 0; i < commands; i++) {
        g_autofree char *envelope = envelope_of(i);
        const char *told = g_hash_table_lookup(s->told, envelope);
        int64_t *at = g_hash_table_lookup(s->told_at, envelope);
        assert_non_null(told);
        if (!g_str_has_prefix(told, "Raised as #")) {
            assert_string_equal(told, "-");
            elsewhere++;
        } else if (*at - slow.sent_at[i] > PATIENCE_MS) {
            fail_msg("%s was answered after %d ms, when nobody looked any more", envelope, (int)(*at - slow.sent_at[i]));
        }
    }
    assert_int_equal(count(chat.heard->str, "respond Raised as #"), elsewhere);
    return elsewhere;
}

static void answers_come_in_time_when_a_sync_takes_a_second(void **state)
{
    (void)state;
    struct story *s = story_begins("a second");
    play(s, 1000, MOST);
    assert_int_equal(assert_answered_once(s, MOST), 0);
    stop(s);
    story_ends(s);
}

static void answers_come_another_way_when_it_takes_longer(void **state)
{
    (void)state;
    struct story *s = story_begins("two seconds");
    play(s, 2000, MOST);
    assert_int_equal(assert_answered_once(s, MOST), MOST);
    stop(s);
    story_ends(s);
}

static void a_form_that_was_late_is_taken_once_when_it_comes_again(void **state)
{
    (void)state;
    struct story *s = story_begins("a form");
    slow.sync_ms = 4000;
    slow.to_come = slow.came = 0;
    disk.at_sync = a_sync_takes_long;
    say_it(s, "F1");
    batch(s);
    disk.at_sync = NULL;
    g_hash_table_remove(s->told, "F1");
    say_it(s, "F1"); /* Slack showed an error, and the form stayed open */
    settle(s);
    assert_string_equal(g_hash_table_lookup(s->told, "F1"), "-");
    assert_int_equal(kept(s->store, "Offline maps"), 1);
    stop(s);
    story_ends(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_in_time_when_a_sync_takes_a_second),
        cmocka_unit_test(answers_come_another_way_when_it_takes_longer),
        cmocka_unit_test(a_form_that_was_late_is_taken_once_when_it_comes_again),
    };
    return cmocka_run_group_tests(tests, begin, end);
}

#include "story.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static GString *said; /* what happened, in order */

static int begin(void **state)
{
    (void)state;
    story_begin();
    said = g_string_new(NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    story_end();
    g_string_free(said, TRUE);
    return 0;
}

static void say(void *word)
{
    g_string_append(said, word);
}

static void say_and_stop(void *word)
{
    say(word);
    loop_stop(loop);
}

static void timers_fire_in_the_order_of_their_times(void **state)
{
    (void)state;
    struct loop_timer *third = loop_timer_new(loop, say_and_stop, "c");
    struct loop_timer *first = loop_timer_new(loop, say, "a");
    struct loop_timer *second = loop_timer_new(loop, say, "b");
    struct loop_timer *never = loop_timer_new(loop, say, "never");
    loop_timer_set_ms(third, 30);
    loop_timer_set_ms(second, 20);
    loop_timer_set_ms(first, 10);
    loop_timer_set_ms(never, 5);
    loop_timer_clear(never);
    loop_timer_clear(never);
    story_run();
    assert_string_equal(said->str, "abc");
    loop_timer_free(first);
    loop_timer_free(second);
    loop_timer_free(third);
    loop_timer_free(never);
    loop_timer_free(NULL);
}

static void setting_a_timer_again_moves_it(void **state)
{
    (void)state;
    struct loop_timer *moved = loop_timer_new(loop, say_and_stop, "moved");
    struct loop_timer *other = loop_timer_new(loop, say, "other ");
    loop_timer_set_ms(moved, 1);
    loop_timer_set_ms(other, 10);
    loop_timer_set_ms(moved, 20);
    story_run();
    assert_string_equal(said->str, "other moved");
    loop_timer_free(moved);
    loop_timer_free(other);
}

static void time_that_passes_brings_what_was_to_come_in_its_order(void **state)
{
    (void)state;
    struct loop_timer *third = loop_timer_new(loop, say_and_stop, "c");
    struct loop_timer *first = loop_timer_new(loop, say, "a");
    struct loop_timer *second = loop_timer_new(loop, say, "b");
    struct loop_timer *later = loop_timer_new(loop, say, "later");
    struct loop_timer *real = loop_timer_new(loop, say, "real");
    loop_timer_real(real);
    loop_timer_set_ms(real, 3000 * 1000);
    loop_timer_set_ms(third, 3000 * 1000);
    loop_timer_set_ms(second, 2000 * 1000);
    loop_timer_set_ms(first, 1000 * 1000);
    loop_timer_set_ms(later, 9000 * 1000);
    loop_pass_ms(loop, 2000 * 1000);
    loop_pass_ms(loop, 1000 * 1000);
    story_run();
    assert_string_equal(said->str, "abc");
    loop_timer_free(first);
    loop_timer_free(second);
    loop_timer_free(third);
    loop_timer_free(later);
    loop_timer_free(real);
}

static struct loop_timer *own;

static void end_itself(void *data)
{
    say(data);
    loop_timer_free(own);
    loop_stop(loop);
}

static void a_timer_may_free_itself(void **state)
{
    (void)state;
    own = loop_timer_new(loop, end_itself, "gone");
    loop_timer_set_ms(own, 0);
    story_run();
    assert_string_equal(said->str, "gone");
}

static void commit_once(void *data)
{
    (void)data;
    if (strcmp(said->str, "timer") == 0) {
        say(" committed");
        loop_stop(loop);
    }
}

static void what_a_timer_brought_is_committed_before_the_sleep(void **state)
{
    (void)state;
    struct loop_timer *timer = loop_timer_new(loop, say, "timer");
    loop_timer_set_ms(timer, 1);
    loop_timer_set_ms(story_guard, 60 * 1000);
    loop_run(loop, commit_once, NULL);
    assert_false(story_stuck);
    assert_string_equal(said->str, "timer committed");
    loop_timer_free(timer);
}

static void a_stop_before_the_run_counts(void **state)
{
    (void)state;
    loop_stop(loop);
    story_run();
}

static void readable(uint32_t events, void *data)
{
    int fd = *(int *)data;
    char text[16] = "";
    assert_true(events & EPOLLIN);
    assert_true(read(fd, text, sizeof text - 1) > 0);
    say(text);
    if (strchr(text, '.') != NULL)
        loop_stop(loop);
}

static void a_descriptor_tells_when_it_can_be_read(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct loop_fd *watch = loop_fd_add(loop, ends[0], EPOLLIN, readable, &ends[0]);
    assert_int_equal(write(ends[1], "hello.", 6), 6);
    story_run();
    assert_string_equal(said->str, "hello.");
    loop_fd_remove(watch);
    close(ends[0]);
    close(ends[1]);
}

static struct loop_fd *pair_watch[2];

static void remove_both(uint32_t events, void *data)
{
    (void)events;
    say(data);
    loop_fd_remove(pair_watch[0]);
    loop_fd_remove(pair_watch[1]);
    loop_stop(loop);
}

static void a_removed_descriptor_is_silent_even_when_its_event_was_waiting(void **state)
{
    (void)state;
    int fds[2] = {eventfd(1, EFD_NONBLOCK), eventfd(1, EFD_NONBLOCK)};
    pair_watch[0] = loop_fd_add(loop, fds[0], EPOLLIN, remove_both, "once");
    pair_watch[1] = loop_fd_add(loop, fds[1], EPOLLIN, remove_both, "once");
    story_run();
    assert_string_equal(said->str, "once");
    struct loop_timer *later = loop_timer_new(loop, say_and_stop, "");
    loop_timer_set_ms(later, 5);
    story_run();
    assert_string_equal(said->str, "once");
    loop_timer_free(later);
    close(fds[0]);
    close(fds[1]);
}

static struct loop_fd *changing;

static void turn_to_reading(uint32_t events, void *data)
{
    (void)data;
    if (events & EPOLLOUT) {
        say("out");
        loop_fd_change(changing, EPOLLIN);
        loop_timer_set_ms(own, 5);
    }
    assert_false(events & EPOLLIN);
}

static void a_changed_watch_tells_only_what_is_wanted_now(void **state)
{
    (void)state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    own = loop_timer_new(loop, say_and_stop, " quiet");
    changing = loop_fd_add(loop, pair[0], EPOLLOUT, turn_to_reading, NULL);
    story_run();
    assert_string_equal(said->str, "out quiet");
    loop_fd_remove(changing);
    loop_timer_free(own);
    close(pair[0]);
    close(pair[1]);
}

static _Atomic bool work_there;

static gpointer bring_work(gpointer data)
{
    work_there = true;
    loop_wake(data);
    return NULL;
}

static void take_work(void *data)
{
    (void)data;
    if (work_there)
        loop_stop(loop);
}

static void another_thread_can_wake_it(void **state)
{
    (void)state;
    work_there = false;
    GThread *thread = g_thread_new("bringer", bring_work, loop);
    loop_timer_set_ms(story_guard, 60 * 1000);
    loop_run(loop, take_work, NULL);
    g_thread_join(thread);
    assert_false(story_stuck);
    assert_true(work_there);
}

static void signal_taken(int number, void *data)
{
    (void)data;
    say(number == SIGHUP ? "hup " : number == SIGTERM ? "term " : "other ");
    if (number == SIGTERM)
        loop_stop(loop);
}

static void raise_term(void *data)
{
    (void)data;
    raise(SIGTERM);
}

static void signals_arrive_in_the_loop(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_true(loop_signals(loop, signal_taken, NULL, &error));
    struct loop_timer *timer = loop_timer_new(loop, raise_term, NULL);
    raise(SIGHUP);
    loop_timer_set_ms(timer, 5);
    story_run();
    assert_string_equal(said->str, "hup term ");
    loop_timer_free(timer);
}

static const struct lws_protocols nothing_served[] = {
    {.name = "nothing", .callback = lws_callback_http_dummy},
    {.name = NULL},
};

static void a_taken_port_is_an_error_not_an_end(void **state)
{
    (void)state;
    GError *error = NULL;
    int port = loop_listen(loop, NULL, 0, nothing_served, NULL, &error);
    assert_true(port > 0);
    int other = loop_listen(loop, "127.0.0.1", 0, nothing_served, NULL, &error);
    assert_true(other > 0 && other != port);
    int taken = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(taken, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(loop_listen(loop, NULL, ntohs(address.sin_port), nothing_served, NULL, &error), -1);
    assert_non_null(error);
    g_clear_error(&error);
    close(taken);
}

static void an_authority_file_that_is_none_is_refused(void **state)
{
    (void)state;
    GError *error = NULL;
    assert_null(loop_new("/does/not/exist.pem", &error));
    assert_non_null(strstr(error->message, "/does/not/exist.pem"));
    g_clear_error(&error);
    assert_null(loop_new(TESTS_DIR "/CMakeLists.txt", &error));
    assert_non_null(strstr(error->message, "CMakeLists.txt"));
    g_clear_error(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(timers_fire_in_the_order_of_their_times, begin, end),
        cmocka_unit_test_setup_teardown(setting_a_timer_again_moves_it, begin, end),
        cmocka_unit_test_setup_teardown(time_that_passes_brings_what_was_to_come_in_its_order, begin, end),
        cmocka_unit_test_setup_teardown(a_timer_may_free_itself, begin, end),
        cmocka_unit_test_setup_teardown(what_a_timer_brought_is_committed_before_the_sleep, begin, end),
        cmocka_unit_test_setup_teardown(a_stop_before_the_run_counts, begin, end),
        cmocka_unit_test_setup_teardown(a_descriptor_tells_when_it_can_be_read, begin, end),
        cmocka_unit_test_setup_teardown(a_removed_descriptor_is_silent_even_when_its_event_was_waiting, begin, end),
        cmocka_unit_test_setup_teardown(a_changed_watch_tells_only_what_is_wanted_now, begin, end),
        cmocka_unit_test_setup_teardown(another_thread_can_wake_it, begin, end),
        cmocka_unit_test_setup_teardown(signals_arrive_in_the_loop, begin, end),
        cmocka_unit_test_setup_teardown(a_taken_port_is_an_error_not_an_end, begin, end),
        cmocka_unit_test_setup_teardown(an_authority_file_that_is_none_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

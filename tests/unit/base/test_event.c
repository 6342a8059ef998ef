/* Events own what they carry; verdicts and the clock. */
#include "bot/base/clock.h"
#include "bot/chat/event.h"
#include "bot/chat/platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_a_new_event_is_empty(void **state)
{
    (void)state;
    struct event *event = event_new(EVENT_COMMAND, "slack");
    assert_int_equal(event->kind, EVENT_COMMAND);
    assert_string_equal(event->platform, "slack");
    assert_null(event->keys[0]);
    assert_null(event->text);
    assert_int_equal(event->channel_kind, CHANNEL_UNKNOWN);
    assert_int_equal(event->n_fields, 0);
    assert_null(event_field(event, "why"));
    event_free(event);
    event_free(NULL);
}

/* Sanitizers watch that all of it is given back. */
static void test_an_event_owns_every_string(void **state)
{
    (void)state;
    struct event *event = event_new(EVENT_FORM, "mattermost");
    char **const owned[] = {
        &event->keys[0],      &event->keys[1],      &event->workspace,      &event->user,         &event->user_name,
        &event->channel,      &event->channel_name, &event->message,        &event->thread,       &event->author,
        &event->permalink,    &event->revision,     &event->text,           &event->command,      &event->action,
        &event->value,        &event->form,         &event->state,          &event->view,         &event->profile.name,
        &event->profile.zone, &event->profile.locale, &event->trigger,      &event->response_url, &event->envelope,
        &event->cursor,       &event->profile.handle,
    };
    for (guint i = 0; i < G_N_ELEMENTS(owned); i++)
        *owned[i] = g_strdup_printf("string %u", i);
    event_add_field(event, "why", "because");
    event_free(event);
}

static void test_a_field_is_found_by_its_name(void **state)
{
    (void)state;
    struct event *event = event_new(EVENT_FORM, "slack");
    event_add_field(event, "why", "because");
    event_add_field(event, "impact", NULL);
    event_add_field(event, "by", "");
    event_add_field(event, NULL, "nameless");
    for (int i = 0; i < 50; i++) {
        g_autofree char *name = g_strdup_printf("more_%d", i);
        event_add_field(event, name, name);
    }
    assert_string_equal(event_field(event, "why"), "because");
    assert_string_equal(event_field(event, "more_49"), "more_49");
    assert_null(event_field(event, "Why"));
    assert_null(event_field(event, "nope"));
    /* Left empty is the same as absent. */
    assert_null(event_field(event, "impact"));
    assert_null(event_field(event, "by"));
    event_free(event);
}

static void test_verdicts_and_statuses_are_emptied(void **state)
{
    (void)state;
    struct verdict verdict = {.kind = VERDICT_FAILED, .message = g_strdup("1.2"), .channel = g_strdup("C1"),
                              .cursor = g_strdup("next"), .why = g_strdup("channel_not_found")};
    verdict_done(&verdict);
    assert_null(verdict.why);
    verdict_done(&verdict);
    struct platform_status status = {.authenticated = true, .problem = g_strdup("no"), .self_user = g_strdup("U1"),
                                     .workspace = g_strdup("T1")};
    platform_status_done(&status);
    assert_false(status.authenticated);
    assert_null(status.problem);
    platform_status_done(&status);
}

static void test_the_clock_stands_still_when_told(void **state)
{
    (void)state;
    clock_freeze_ms(1764000000123);
    assert_int_equal(clock_now_ms(), 1764000000123);
    const int64_t year = INT64_C(365) * 86400000;
    clock_set_offset_ms(year);
    assert_int_equal(clock_now_ms(), 1764000000123);
    clock_freeze_ms(0);
    assert_int_equal(clock_offset_ms(), year);
    int64_t moved = clock_now_ms();
    clock_set_offset_ms(0);
    assert_true(moved > clock_now_ms());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_event_is_empty),
        cmocka_unit_test(test_an_event_owns_every_string),
        cmocka_unit_test(test_a_field_is_found_by_its_name),
        cmocka_unit_test(test_verdicts_and_statuses_are_emptied),
        cmocka_unit_test(test_the_clock_stands_still_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

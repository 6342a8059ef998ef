/* Shared by the stories of what Mattermost calls: requests as they come, and what is believed of them. */
#ifndef DESK_H
#define DESK_H

#include "heard.h"
#include "words.h"

#include "bot/chat/message.h"

#define TOKEN "commandtoken00000000000000"
#define TRIGGER "Y29tenVpaXlxN3IzNWpubXJjamI4ZXRjNWM6d2dqdWJkYTZhdG4zOjE3OTUyODA5NzU3MTA6TUVVQ0lR="
#define NOW INT64_C(1795280976000)
#define KEY "5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d"

static const char *const tokens[] = {"anotherteamstoken000000000", TOKEN, NULL};

G_GNUC_UNUSED static const char *name_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "Dana Reyes" : NULL;
}

static const struct mattermost_options options = {
    .url = "https://chat.example.com/mm",
    .token = "x",
    .command_tokens = tokens,
    .callback_url = "http://bot:8600/mattermost",
    .signing_key = KEY,
    .name = name_of,
    .words = words_of,
};

struct desk {
    struct names *names;
    struct callback_verdict verdict;
};

G_GNUC_UNUSED static int begin(void **state)
{
    struct desk *desk = g_new0(struct desk, 1);
    desk->names = names_new();
    *state = desk;
    return 0;
}

G_GNUC_UNUSED static int end(void **state)
{
    struct desk *desk = *state;
    callback_verdict_done(&desk->verdict);
    names_free(desk->names);
    g_free(desk);
    return 0;
}

G_GNUC_UNUSED static void call(struct desk *desk, enum callback_kind kind, const char *body, gsize size,
                               const char *authorization, const struct mattermost_options *by)
{
    callback_verdict_done(&desk->verdict);
    mattermost_decode_callback(kind, body, size, authorization, by, desk->names, NOW, &desk->verdict);
}

G_GNUC_UNUSED static const struct event *believe(struct desk *desk, enum callback_kind kind, const char *body)
{
    call(desk, kind, body, strlen(body), "", &options);
    if (desk->verdict.event == NULL)
        fail_msg("refused (%s): %s", desk->verdict.why, body);
    assert_null(desk->verdict.answer);
    assert_string_equal(desk->verdict.event->platform, "mattermost");
    assert_true(desk->verdict.event->accepts_reply);
    return desk->verdict.event;
}

G_GNUC_UNUSED static void assert_refused(struct desk *desk, int status, const char *why)
{
    if (desk->verdict.event != NULL)
        fail_msg("believed, though: %s", why);
    assert_int_equal(desk->verdict.status, status);
    assert_text(desk->verdict.why, why);
    g_autoptr(cJSON) answer = json_of(desk->verdict.answer);
    assert_true(json_str(answer, "error") != NULL || json_str(answer, "error.message") != NULL);
}

G_GNUC_UNUSED static void refuse(struct desk *desk, enum callback_kind kind, const char *body, int status,
                                 const char *why)
{
    call(desk, kind, body, strlen(body), "", &options);
    assert_refused(desk, status, why);
}

G_GNUC_UNUSED static char *a_press(const char *action, const char *value, const char *changes)
{
    g_autoptr(cJSON) press =
        json_of("{\"user_id\":\"" DANA "\",\"user_name\":\"dana\",\"channel_id\":\"" CHANNEL "\","
                "\"channel_name\":\"product-asks\",\"team_id\":\"" TEAM "\",\"team_domain\":\"acme\","
                "\"post_id\":\"" POST "\",\"trigger_id\":\"" TRIGGER "\",\"type\":\"button\","
                "\"data_source\":\"\"}");
    json_put(press, "context", signed_button(KEY, CHANNEL, action, value));
    change(press, changes);
    return json_text(press);
}

#endif

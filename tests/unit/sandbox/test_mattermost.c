/* REST as a Mattermost server answers it: what protects against doubles, what may be replied to, what is read again. */
#include "bot/sandbox/events.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/page_socket.h"

#include "bot/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ASKS "asks5sandbox9channelpublic"
#define DEALS "deals4sandbox9channel1priv"

enum { NOON_S = 1763553600 };

static struct sandbox sandbox;

static int begin(void **state)
{
    (void)state;
    clock_freeze_ms(NOON_S * G_GINT64_CONSTANT(1000));
    sandbox = (struct sandbox){.face = &mattermost_face, .old = true, .host = "127.0.0.1:1"};
    sandbox.loop = loop_new(NULL, NULL);
    sandbox.workspace = workspace_new(CHAT_MATTERMOST);
    sandbox.misbehaviour = misbehave_new();
    sandbox.pages = pages_new(&sandbox);
    sandbox.views = views_new(&sandbox);
    sandbox.face->start(&sandbox);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sandbox.face->stop(&sandbox);
    pages_free(sandbox.pages);
    views_free(sandbox.views);
    loop_free(sandbox.loop);
    misbehave_free(sandbox.misbehaviour);
    workspace_free(sandbox.workspace);
    clock_freeze_ms(0);
    return 0;
}

static void pass_s(int seconds)
{
    clock_freeze_ms(clock_now_ms() + seconds * 1000);
}

/* One request of the bot's; the status. answer may be NULL. path: behind /api/v4/, with its query. */
static int ask(const char *method, const char *path, const char *body, cJSON **answer)
{
    g_auto(GStrv) parts = g_strsplit(path, "?", 2);
    g_autofree char *whole = g_strconcat("/api/v4/", parts[0], NULL);
    const struct request request = {method, whole, parts[1], "application/json", SANDBOX_MATTERMOST_TOKEN, "127.0.0.1:1",
                                    body != NULL ? body : "", body != NULL ? strlen(body) : 0};
    struct reply reply = {.status = 200};
    assert_true(sandbox.face->request(&sandbox, &request, &reply));
    if (answer != NULL) {
        *answer = reply.body != NULL ? json_parse(reply.body, strlen(reply.body), NULL) : NULL;
        assert_non_null(*answer);
    }
    g_free(reply.body);
    for (guint i = 1; i < G_N_ELEMENTS(reply.headers); i += 2)
        g_free(reply.headers[i]);
    return reply.cut ? 0 : reply.status;
}

/* The id of the new post, or of the error. Free with g_free(). */
static char *post(const char *channel, const char *root, const char *pending, const char *message)
{
    g_autoptr(cJSON) body = json_object();
    g_autoptr(cJSON) answer = NULL;
    json_put_str(body, "channel_id", channel);
    json_put_str(body, "root_id", root);
    json_put_str(body, "pending_post_id", pending);
    json_put_str(body, "message", message);
    g_autofree char *text = json_text(body);
    ask("POST", "posts", text, &answer);
    return g_strdup(json_str0(answer, "id"));
}

static guint posts_in(const char *channel)
{
    return channel_by_id(sandbox.workspace, channel)->posts->len;
}

static void test_the_same_pending_id_is_the_same_post_for_thirty_seconds(void **state)
{
    (void)state;
    g_autofree char *first = post(ASKS, "", "p1", "hello");
    pass_s(29);
    g_autofree char *again = post(ASKS, "", "p1", "hello, again");
    assert_string_equal(again, first);
    assert_int_equal(posts_in(ASKS), 1);
    pass_s(5);
    g_autofree char *later = post(ASKS, "", "p1", "hello");
    assert_string_not_equal(later, first);
    assert_int_equal(posts_in(ASKS), 2);
}

static void test_a_first_request_still_under_way_is_waited_for(void **state)
{
    (void)state;
    g_autofree char *first = post(ASKS, "", "p1", "hello");
    sandbox.mattermost->pending_busy = 1;
    g_autofree char *busy = post(ASKS, "", "p1", "hello");
    assert_string_equal(busy, "api.post.deduplicate_create_post.pending");
    g_autofree char *again = post(ASKS, "", "p1", "hello");
    assert_string_equal(again, first);
}

static void test_a_refused_post_leaves_its_pending_id_free(void **state)
{
    (void)state;
    g_autofree char *refused = post(DEALS, "", "p1", "hello");
    assert_string_equal(refused, "api.context.permissions.app_error");
    g_autofree char *made = post(ASKS, "", "p1", "hello");
    assert_int_equal(strlen(made), 26);
}

static void test_a_post_stored_without_an_answer_is_found_by_its_pending_id(void **state)
{
    (void)state;
    g_autoptr(cJSON) order = json_object();
    json_put_str(order, "how", "api");
    json_put_str(order, "method", "post");
    json_put_str(order, "answer", "none");
    json_put_bool(order, "effect", true);
    assert_null(misbehave_order(&sandbox, order));
    assert_int_equal(ask("POST", "posts", "{\"channel_id\":\"" ASKS "\",\"message\":\"x\",\"pending_post_id\":\"p\"}", NULL), 0);
    assert_int_equal(posts_in(ASKS), 1);
    g_autofree char *again = post(ASKS, "", "p", "x");
    assert_int_equal(strlen(again), 26);
    assert_int_equal(posts_in(ASKS), 1);
}

static void test_only_roots_of_the_same_channel_are_replied_to(void **state)
{
    (void)state;
    g_autofree char *root = post(ASKS, "", "", "root");
    g_autofree char *reply = post(ASKS, root, "", "reply");
    assert_int_equal(strlen(reply), 26);
    g_autofree char *deeper = post(ASKS, reply, "", "reply to a reply");
    assert_string_equal(deeper, "api.post.create_post.root_id.app_error");
    events_bot_joins(&sandbox, channel_by_id(sandbox.workspace, DEALS), NULL);
    g_autofree char *elsewhere = post(DEALS, root, "", "from elsewhere");
    assert_string_equal(elsewhere, "api.post.create_post.channel_root_id.app_error");
    g_autofree char *path = g_strconcat("posts/", root, NULL);
    assert_int_equal(ask("DELETE", path, NULL, NULL), 200);
    g_autofree char *orphan = post(ASKS, root, "", "too late");
    assert_string_equal(orphan, "api.post.create_post.root_id.app_error");
}

static void test_a_message_holds_16383_characters(void **state)
{
    (void)state;
    GString *message = g_string_new(NULL);
    for (int i = 0; i < 16383; i++)
        g_string_append(message, "각");
    g_autofree char *fits = post(ASKS, "", "", message->str);
    assert_int_equal(strlen(fits), 26);
    g_string_append(message, "각");
    g_autofree char *over = post(ASKS, "", "", message->str);
    assert_string_equal(over, "model.post.is_valid.msg.app_error");
    g_string_free(message, TRUE);
}

static cJSON *since(int64_t ms)
{
    cJSON *answer = NULL;
    g_autofree char *path = g_strdup_printf("channels/" ASKS "/posts?since=%" G_GINT64_FORMAT, ms);
    assert_int_equal(ask("GET", path, NULL, &answer), 200);
    return answer;
}

static const cJSON *listed(const cJSON *list, const char *id)
{
    return cJSON_GetObjectItemCaseSensitive(json_get(list, "posts"), id);
}

static void test_since_lists_what_changed_and_what_is_gone(void **state)
{
    (void)state;
    g_autofree char *old = post(ASKS, "", "", "old");
    g_autofree char *root = post(ASKS, "", "", "root");
    g_autofree char *dead = post(ASKS, "", "", "dead");
    int64_t before = clock_now_ms();
    pass_s(10);
    g_autofree char *reply = post(ASKS, root, "", "reply");
    g_autofree char *path = g_strconcat("posts/", dead, NULL);
    assert_int_equal(ask("DELETE", path, NULL, NULL), 200);
    g_autoptr(cJSON) list = since(before);
    assert_null(listed(list, old));
    assert_non_null(listed(list, root)); /* a reply touches its root */
    assert_string_equal(json_str0(listed(list, reply), "root_id"), root);
    assert_true(json_int(listed(list, dead), "delete_at", 0) > before);
    assert_string_equal(json_str0(listed(list, dead), "message"), "");
    assert_string_equal(json_str0(list, "order.0"), reply);
    g_autoptr(cJSON) none = since(clock_now_ms());
    assert_null(json_get(none, "order")->child); /* strictly later only */
}

static void test_an_edit_leaves_the_old_version_among_the_deleted(void **state)
{
    (void)state;
    g_autofree char *id = post(ASKS, "", "", "first words");
    int64_t before = clock_now_ms();
    pass_s(1);
    g_autofree char *path = g_strdup_printf("posts/%s/patch", id);
    assert_int_equal(ask("PUT", path, "{\"message\":\"other words\"}", NULL), 200);
    g_autoptr(cJSON) list = since(before);
    assert_int_equal(cJSON_GetArraySize(json_get(list, "order")), 2);
    assert_true(json_int(listed(list, id), "edit_at", 0) > before);
    assert_string_equal(json_str0(listed(list, id), "message"), "other words");
    for (const cJSON *one = json_get(list, "posts")->child; one != NULL; one = one->next) {
        if (strcmp(one->string, id) != 0)
            assert_string_equal(json_str0(one, "original_id"), id);
    }
}

static void test_since_cuts_at_a_thousand_and_lacks_the_newest(void **state)
{
    (void)state;
    for (int i = 0; i < 1001; i++) {
        g_autofree char *id = post(ASKS, "", "", i == 1000 ? "the newest" : "x");
        assert_int_equal(strlen(id), 26);
    }
    g_autoptr(cJSON) list = since(1);
    assert_int_equal(cJSON_GetArraySize(json_get(list, "order")), 1000);
    for (const cJSON *one = json_get(list, "posts")->child; one != NULL; one = one->next)
        assert_string_equal(json_str0(one, "message"), "x");
    g_autoptr(cJSON) page = NULL;
    assert_int_equal(ask("GET", "channels/" ASKS "/posts?page=0&per_page=200", NULL, &page), 200);
    assert_int_equal(cJSON_GetArraySize(json_get(page, "order")), 200);
    assert_string_equal(json_str0(listed(page, json_str0(page, "order.0")), "message"), "the newest");
}

static void test_nobody_sees_where_a_button_leads(void **state)
{
    (void)state;
    g_autoptr(cJSON) made = NULL;
    assert_int_equal(ask("POST", "posts",
                         "{\"channel_id\":\"" ASKS "\",\"message\":\"m\",\"props\":{\"mark\":\"7f\",\"attachments\":[{\"text\":\"t\","
                         "\"actions\":[{\"id\":\"go\",\"type\":\"button\",\"name\":\"Go\",\"integration\":{\"url\":\"http://bot/\","
                         "\"context\":{\"a\":1}}}]}]}}",
                         &made),
                     201);
    assert_string_equal(json_str0(made, "props.mark"), "7f");
    assert_string_equal(json_str0(made, "props.attachments.0.actions.0.name"), "Go");
    assert_null(json_get(made, "props.attachments.0.actions.0.integration"));
}

static void test_rate_limits_are_plain_text(void **state)
{
    (void)state;
    g_autoptr(cJSON) order = json_object();
    json_put_str(order, "how", "api");
    json_put_str(order, "answer", "ratelimited");
    assert_null(misbehave_order(&sandbox, order));
    assert_int_equal(ask("GET", "users/me", NULL, NULL), 429);
    assert_int_equal(ask("GET", "users/me", NULL, NULL), 200);
}

static void test_what_is_not_allowed_looks_the_same_whatever_the_reason(void **state)
{
    (void)state;
    static const char *const forbidden[] = {"channels/" DEALS, "channels/" DEALS "/posts",
                                            "channels/nosuchchannelnosuchchannel/posts",
                                            "channels/nosuchchannelnosuchchannel/members/me", "commands"};
    for (guint i = 0; i < G_N_ELEMENTS(forbidden); i++) {
        g_autoptr(cJSON) answer = NULL;
        assert_int_equal(ask("GET", forbidden[i], NULL, &answer), 403);
        assert_string_equal(json_str0(answer, "id"), "api.context.permissions.app_error");
    }
    assert_int_equal(ask("POST", "posts/ephemeral", "{}", NULL), 403);
    g_autoptr(cJSON) unknown = NULL;
    assert_int_equal(ask("GET", "channels/nosuchchannelnosuchchannel", NULL, &unknown), 404); /* this alone tells it */
    assert_string_equal(json_str0(unknown, "id"), "app.channel.get.existing.app_error");
    assert_int_equal(ask("GET", "users/me/channels", NULL, NULL), 404); /* newer servers have it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_same_pending_id_is_the_same_post_for_thirty_seconds, begin, end),
        cmocka_unit_test_setup_teardown(test_a_first_request_still_under_way_is_waited_for, begin, end),
        cmocka_unit_test_setup_teardown(test_a_refused_post_leaves_its_pending_id_free, begin, end),
        cmocka_unit_test_setup_teardown(test_a_post_stored_without_an_answer_is_found_by_its_pending_id, begin, end),
        cmocka_unit_test_setup_teardown(test_only_roots_of_the_same_channel_are_replied_to, begin, end),
        cmocka_unit_test_setup_teardown(test_a_message_holds_16383_characters, begin, end),
        cmocka_unit_test_setup_teardown(test_since_lists_what_changed_and_what_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(test_an_edit_leaves_the_old_version_among_the_deleted, begin, end),
        cmocka_unit_test_setup_teardown(test_since_cuts_at_a_thousand_and_lacks_the_newest, begin, end),
        cmocka_unit_test_setup_teardown(test_nobody_sees_where_a_button_leads, begin, end),
        cmocka_unit_test_setup_teardown(test_rate_limits_are_plain_text, begin, end),
        cmocka_unit_test_setup_teardown(test_what_is_not_allowed_looks_the_same_whatever_the_reason, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

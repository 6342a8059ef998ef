/* A chat server's callbacks, from the socket to the event and back. */
#include "signed.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/mattermost/mattermost.h"
#include "tests/unit/net/visitor.h"
#include "words.h"

#define TEAM "team26xxxxxxxxxxxxxxxxxxxx"
#define CHANNEL "chan26xxxxxxxxxxxxxxxxxxxx"
#define RAINER "rainer26xxxxxxxxxxxxxxxxxx"
#define POST "post26xxxxxxxxxxxxxxxxxxxx"
#define COMMAND_TOKEN "token26xxxxxxxxxxxxxxxxxxx"

static const char *const command_tokens[] = {"another26xxxxxxxxxxxxxxxxx", COMMAND_TOKEN, NULL};
static const struct mattermost_options options = {
    .url = "https://chat.example.com",
    .command_tokens = command_tokens,
    .callback_url = "http://127.0.0.1:8600/mattermost",
    .signing_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    .words = words_of,
};

static struct listener *listener;
static struct mattermost_listen *listen_;
static struct names *names;
static GPtrArray *events; /* given */

static void given(struct event *event, void *data)
{
    assert_string_equal(data, "adapter");
    g_ptr_array_add(events, event);
    loop_stop(loop);
}

static void event_done(void *event)
{
    event_free(event);
}

static int begin(void **state)
{
    (void)state;
    story_begin();
    struct listener_options there = {.address = "127.0.0.1:0"};
    listener = listener_new(loop, &there, NULL);
    assert_non_null(listener);
    names = names_new();
    events = g_ptr_array_new_with_free_func(event_done);
    listen_ = mattermost_listen_new(listener, &options, names, given, (char *)"adapter");
    return 0;
}

static int end(void **state)
{
    (void)state;
    clients_leave();
    mattermost_listen_free(g_steal_pointer(&listen_));
    listener_free(g_steal_pointer(&listener));
    story_end();
    names_free(names);
    g_ptr_array_unref(events);
    return 0;
}

static struct client *request(const char *method, const char *path, const char *type, const char *body)
{
    struct client *client = client_on(dial(listener_port(listener)));
    g_autofree char *text = g_strdup_printf("%s %s HTTP/1.1\r\nHost: 127.0.0.1:8600\r\nUser-Agent: Mattermost-Bot/1.1\r\n"
                                            "Accept: application/json\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                                            method, path, type, strlen(body), body);
    say(client, text);
    return client;
}

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"
#define COMMAND "channel_id=" CHANNEL "&channel_name=town-square&command=%2Fask&team_domain=acme&team_id=" TEAM \
                "&text=who+knows%3F&trigger_id=dHJpZ2dlcjE6cmFpbmVy&user_id=" RAINER "&user_name=rainer"

static const struct event *await_event(void)
{
    guint before = events->len;
    while (events->len == before)
        story_run();
    return g_ptr_array_index(events, before);
}

static cJSON *body_of(const struct client *client)
{
    const char *body = strstr(client->got->str, "\r\n\r\n");
    assert_non_null(body);
    return json_parse(body + 4, strlen(body + 4), NULL);
}

/* The one thing Mattermost takes for success. */
static cJSON *await_success(struct client *client)
{
    await(client, "}");
    assert_true(g_str_has_prefix(client->got->str, "HTTP/1.1 200 "));
    assert_non_null(strstr(client->got->str, "\r\ncontent-type: application/json\r\n"));
    cJSON *body = body_of(client);
    assert_true(cJSON_IsObject(body));
    return body;
}

static void a_command_is_answered_once_it_is_safe(void **state)
{
    (void)state;
    struct client *client = request("POST", "/mattermost/command", FORM, "token=" COMMAND_TOKEN "&" COMMAND);
    const struct event *event = await_event();
    assert_int_equal(event->kind, EVENT_COMMAND);
    assert_string_equal(event->command, "/ask");
    assert_string_equal(event->text, "who knows?");
    assert_string_equal(event->user, RAINER);
    assert_string_equal(names_find(names, "rainer"), RAINER); /* and is known from now on */
    assert_int_equal(client->got->len, 0); /* nothing is committed yet */

    struct message *message = message_text("Noted.");
    struct answer answer = {.message = message};
    assert_true(mattermost_listen_answer(listen_, event, &answer));
    g_autoptr(cJSON) body = await_success(client);
    assert_string_equal(json_str(body, "response_type"), "ephemeral");
    assert_string_equal(json_str(body, "text"), "Noted.");
    message_free(message);
    assert_false(mattermost_listen_answer(listen_, event, NULL));
}

static void a_button_and_a_dialog_are_told_too(void **state)
{
    (void)state;
    g_autoptr(cJSON) pressed = json_object();
    json_put_str(pressed, "user_id", RAINER);
    json_put_str(pressed, "user_name", "rainer");
    json_put_str(pressed, "channel_id", CHANNEL);
    json_put_str(pressed, "team_id", TEAM);
    json_put_str(pressed, "post_id", POST);
    json_put_str(pressed, "trigger_id", "dHJpZ2dlcjI6cmFpbmVy");
    json_put(pressed, "context", signed_button(options.signing_key, CHANNEL, "confirm", "7"));
    g_autofree char *press = json_text(pressed);
    struct client *client = request("POST", "/mattermost/action", "Application/JSON; charset=utf-8", press);
    const struct event *event = await_event();
    assert_int_equal(event->kind, EVENT_BUTTON);
    assert_string_equal(event->action, "confirm");
    assert_true(mattermost_listen_answer(listen_, event, NULL));
    g_autoptr(cJSON) nothing = await_success(client);
    assert_null(nothing->child);

    struct form *form = form_new("edit", "state 7", "Edit", "Save", "Cancel");
    g_autofree char *signature =
        sign_form(options.signing_key, RAINER, form, "0123456789abcdef", clock_now_ms() + 3600 * 1000);
    form_free(form);
    g_autoptr(cJSON) submitted = json_object();
    json_put_str(submitted, "type", "dialog_submission");
    json_put_str(submitted, "user_id", RAINER);
    json_put_str(submitted, "channel_id", CHANNEL);
    json_put_str(submitted, "team_id", TEAM);
    json_put(submitted, "state", cJSON_CreateString(signature));
    cJSON *fields = json_object();
    json_put_str(fields, "title", "");
    json_put(submitted, "submission", fields);
    g_autofree char *submission = json_text(submitted);
    client = request("POST", "/mattermost/dialog", JSON, submission);
    event = await_event();
    assert_int_equal(event->kind, EVENT_FORM);
    assert_string_equal(event->state, "state 7");
    struct form_value wrong = {.name = (char *)"title", .value = (char *)"It needs one."};
    struct answer answer = {.errors = &wrong, .n_errors = 1};
    assert_true(mattermost_listen_answer(listen_, event, &answer));
    g_autoptr(cJSON) errors = await_success(client);
    assert_string_equal(json_str(errors, "errors.title"), "It needs one.");
}

static void answers_find_whose_question_it_was(void **state)
{
    (void)state;
    struct client *first = request("POST", "/mattermost/command", FORM, "token=" COMMAND_TOKEN "&" COMMAND);
    const struct event *one = await_event();
    struct client *second = request("POST", "/mattermost/command", FORM, "token=" COMMAND_TOKEN "&" COMMAND);
    const struct event *two = await_event();
    struct message *message = message_text("for the second");
    struct answer answer = {.message = message};
    assert_true(mattermost_listen_answer(listen_, two, &answer));
    g_autoptr(cJSON) body = await_success(second);
    assert_string_equal(json_str(body, "text"), "for the second");
    message_free(message);
    assert_int_equal(first->got->len, 0);
    hang_up(first);
    /* Its end is read before the next question. */
    struct client *third = request("POST", "/mattermost/command", FORM, "token=" COMMAND_TOKEN "&" COMMAND);
    await_event();
    assert_false(mattermost_listen_answer(listen_, one, NULL));
    assert_int_equal(third->got->len, 0);
}

/* ---- Strangers ---- */

static void is_answered(struct client *client, const char *status)
{
    await(client, "}");
    g_autofree char *line = g_strdup_printf("HTTP/1.1 %s ", status);
    assert_true(g_str_has_prefix(client->got->str, line));
    assert_int_equal(events->len, 0);
}

static void strangers_change_nothing(void **state)
{
    (void)state;
    is_answered(request("POST", "/mattermost/command", FORM, "token=wrong26xxxxxxxxxxxxxxxxxxx&" COMMAND), "401");
    is_answered(request("POST", "/mattermost/command", FORM, COMMAND), "401");
    is_answered(request("POST", "/mattermost/command", FORM, ""), "401");
    is_answered(request("POST", "/mattermost/action", JSON, "not json"), "400");
    is_answered(request("POST", "/mattermost/dialog", JSON, "{}"), "400");
    is_answered(request("POST", "/mattermost/action", JSON,
                        "{\"user_id\":\"" RAINER "\",\"channel_id\":\"" CHANNEL "\",\"post_id\":\"" POST "\","
                        "\"trigger_id\":\"dDE6cg==\",\"context\":{\"a\":\"confirm\",\"v\":\"7\",\"c\":\"" CHANNEL "\","
                        "\"s\":\"00\"}}"),
                "403");
    /* A page in a browser can post this without being asked. */
    is_answered(request("POST", "/mattermost/action", "text/plain", "{}"), "415");
    is_answered(request("POST", "/mattermost/command", "multipart/form-data; boundary=x", COMMAND), "415");
    is_answered(request("POST", "/mattermost/", JSON, "{}"), "404");
    is_answered(request("POST", "/mattermost/command/", FORM, COMMAND), "404");
    is_answered(request("POST", "/mattermost/actions", JSON, "{}"), "404");
}

static void other_methods_are_told_which_there_is(void **state)
{
    (void)state;
    static const char *const methods[] = {"GET", "PUT", "DELETE", "OPTIONS", "HEAD"};
    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        struct client *client = request(methods[i], "/mattermost/command?token=" COMMAND_TOKEN "&" COMMAND, FORM, "");
        await(client, "\r\n\r\n");
        assert_true(g_str_has_prefix(client->got->str, "HTTP/1.1 405 "));
        assert_non_null(strstr(client->got->str, "\r\nallow: POST\r\n"));
    }
    assert_int_equal(events->len, 0);
}

/* Standard error is the log. */
static char *log_of(void (*happening)(void))
{
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    FILE *file = tmpfile();
    dup2(fileno(file), STDERR_FILENO);
    happening();
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    long size = lseek(fileno(file), 0, SEEK_END);
    char *text = g_malloc0((gsize)size + 1);
    assert_int_equal(pread(fileno(file), text, (size_t)size, 0), size);
    fclose(file);
    return text;
}

static void a_flood(void)
{
    for (int i = 0; i < 20; i++)
        is_answered(request("POST", "/mattermost/command", FORM, "token=secretsecretsecretsecret00&" COMMAND), "401");
    clock_pass_ms(61 * 1000);
    is_answered(request("POST", "/mattermost/command", FORM, COMMAND), "401");
}

static void a_flood_does_not_fill_the_log(void **state)
{
    (void)state;
    g_autofree char *log = log_of(a_flood);
    g_auto(GStrv) told = g_strsplit(log, "mattermost.refused", -1);
    assert_int_equal(g_strv_length(told), 3); /* the first, and after a minute all the others */
    assert_non_null(strstr(told[1], "request=command"));
    assert_non_null(strstr(told[1], "count=1\n"));
    assert_non_null(strstr(told[2], "count=20\n"));
    assert_null(strstr(log, "secretsecret"));
    assert_null(strstr(log, "knows"));
}

static void behind_it_nobody_is_at_home(void **state)
{
    (void)state;
    mattermost_listen_free(g_steal_pointer(&listen_));
    struct client *client = request("POST", "/mattermost/command", FORM, "token=" COMMAND_TOKEN "&" COMMAND);
    await(client, "404 Not Found\n");
    assert_int_equal(events->len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_is_answered_once_it_is_safe, begin, end),
        cmocka_unit_test_setup_teardown(a_button_and_a_dialog_are_told_too, begin, end),
        cmocka_unit_test_setup_teardown(answers_find_whose_question_it_was, begin, end),
        cmocka_unit_test_setup_teardown(strangers_change_nothing, begin, end),
        cmocka_unit_test_setup_teardown(other_methods_are_told_which_there_is, begin, end),
        cmocka_unit_test_setup_teardown(a_flood_does_not_fill_the_log, begin, end),
        cmocka_unit_test_setup_teardown(behind_it_nobody_is_at_home, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

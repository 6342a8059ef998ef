/* Forms that name a channel: a client may send any, so the server is asked whether its person is there. */
#include "live.h"

#define MEMBER "GET /api/v4/channels/" SECRET "/members/" DANA

static int status;
static char *body;

static void came(const struct rest_response *response, void *data)
{
    (void)data;
    status = response->status;
    body = g_strdup(response->body);
}

static bool is_answered(void)
{
    return status != 0;
}

static int begin(void **state)
{
    status = 0;
    body = NULL;
    return live_begin(state);
}

static int end(void **state)
{
    g_free(body);
    return live_end(state);
}

/* Dana sends a form of askwhy's with this channel chosen in it. */
static void dana_chooses(const char *channel)
{
    struct form *form = form_new("new", "", "New ask", "Raise", "Cancel");
    form_add(form, FIELD_LINE, "title", "What", false);
    form_add(form, FIELD_CHANNEL, "channel", "Where", false);
    g_autofree char *signed_state =
        sign_form("000102030405060708090a0b0c0d0e0f", DANA, form, "1234567812345678", clock_now_ms() + 60000);
    form_free(form);
    g_autoptr(cJSON) said = json_object();
    cJSON *submission = json_object();
    json_put_str(submission, "title", "Add SSO");
    json_put_str(submission, "channel", channel);
    json_put_str(said, "type", "dialog_submission");
    json_put_str(said, "callback_id", "new");
    json_put_str(said, "state", signed_state);
    json_put_str(said, "user_id", DANA);
    json_put_str(said, "channel_id", PRODUCT);
    json_put_str(said, "team_id", TEAM);
    json_put(said, "submission", submission);
    json_put_bool(said, "cancelled", false);
    g_autofree char *text = json_text(said);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/mattermost/dialog", listener_port(callbacks));
    char *headers[] = {(char *)"Content-Type: application/json", NULL};
    struct rest_request request = {
        .method = "POST", .url = url, .headers = headers, .body = text, .body_size = strlen(text)};
    rest_send(rest, &request, came, NULL);
}

static void a_private_channel_is_theirs_to_ask_in_who_are_in_it(void **state)
{
    (void)state;
    answer_with(MEMBER, "{\"channel_id\":\"" SECRET "\",\"user_id\":\"" DANA "\",\"roles\":\"channel_user\"}");
    goes_live();
    dana_chooses(SECRET);
    struct event *sent = run_until_heard(1);
    assert_int_equal(sent->kind, EVENT_FORM);
    assert_string_equal(event_field(sent, "channel"), SECRET);
    assert_true(platform->acknowledge(platform, sent, NULL));
    run_until(is_answered);
    assert_string_equal(body, "{}");
}

static void nobody_has_askwhy_speak_in_a_channel_they_are_not_in(void **state)
{
    (void)state;
    answer_times(MEMBER, -1, "404 Not Found", "{\"id\":\"app.channel.get_member.missing.app_error\",\"status_code\":404}");
    goes_live();
    dana_chooses(SECRET);
    run_until(is_answered);
    assert_int_equal(status, 200);
    assert_non_null(strstr(body, "\"errors\":{\"channel\":\"not there, " DANA));
    assert_int_equal(heard->len, 0);
}

static void what_could_not_be_seen_is_no_yes(void **state)
{
    (void)state;
    answer_times(MEMBER, -1, "503 Service Unavailable", "");
    goes_live();
    dana_chooses(SECRET);
    run_until(is_answered);
    assert_non_null(strstr(body, "not seen, " DANA));
    assert_int_equal(heard->len, 0);
}

static void another_persons_membership_is_none_of_theirs(void **state)
{
    (void)state;
    answer_with(MEMBER, "{\"channel_id\":\"" SECRET "\",\"user_id\":\"" ELI "\"}");
    goes_live();
    dana_chooses(SECRET);
    run_until(is_answered);
    assert_non_null(strstr(body, "\"errors\""));
    assert_int_equal(heard->len, 0);
}

static void a_public_channel_is_anybodys_to_ask_in(void **state)
{
    (void)state;
    answer_times("GET /api/v4/channels/" PRODUCT "/members/" DANA, -1, "404 Not Found",
                  "{\"id\":\"app.channel.get_member.missing.app_error\",\"status_code\":404}");
    goes_live();
    somebody_posts(1, PRODUCT, "O", "good morning"); /* askwhy is there, and knows what kind of channel it is */
    run_until_heard(1);
    dana_chooses(PRODUCT);
    assert_int_equal(run_until_heard(2)->kind, EVENT_FORM);
}

static void a_form_whose_channel_is_being_looked_at_ends_with_askwhy(void **state)
{
    (void)state;
    answer_never(MEMBER);
    goes_live();
    dana_chooses(SECRET);
    run_until_asked(MEMBER, 1);
    assert_int_equal(heard->len, 0); /* and nothing leaks at the end */
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        STORY(a_private_channel_is_theirs_to_ask_in_who_are_in_it),
        STORY(nobody_has_askwhy_speak_in_a_channel_they_are_not_in),
        STORY(what_could_not_be_seen_is_no_yes),
        STORY(another_persons_membership_is_none_of_theirs),
        STORY(a_public_channel_is_anybodys_to_ask_in),
        STORY(a_form_whose_channel_is_being_looked_at_ends_with_askwhy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The adapter at work, with the network, the sockets and the clock in our hands:
 * the functions of rest.h, loop.h and socket.c that it calls are told here. */
#include "story.h"

#include "bot/base/log.h"

/* ---- The world ---- */

struct sent {
    char *url, *body;
    rest_done_fn *done;
    void *data;
};

struct loop_timer {
    void (*fire)(void *data);
    void *data;
    int64_t due_ms; /* -1: idle */
};

static struct {
    GPtrArray *requests; /* struct sent *, oldest first, those not answered yet */
    GPtrArray *timers;
    GPtrArray *acks;   /* char * */
    GPtrArray *events; /* struct event * */
    const struct slack_sockets_handler *handler;
    void *handler_data;
    bool started, connection_gone;
    int hellos, goodbyes, gaps, freed;
    struct platform *platform;
} world;

static void sent_free(void *data)
{
    struct sent *sent = data;
    g_free(sent->url);
    g_free(sent->body);
    g_free(sent);
}

void rest_send(struct rest *rest, const struct rest_request *request, rest_done_fn *done, void *data)
{
    (void)rest;
    struct sent *sent = g_new0(struct sent, 1);
    *sent = (struct sent){g_strdup(request->url), g_strdup(request->body), done, data};
    g_ptr_array_add(world.requests, sent);
}

void rest_forget(struct rest *rest, const void *data)
{
    (void)rest;
    for (guint i = world.requests->len; i-- > 0;) {
        if (((struct sent *)world.requests->pdata[i])->data == data)
            g_ptr_array_remove_index(world.requests, i);
    }
}

void rest_request_done(struct rest_request *request)
{
    g_free(request->url);
    g_strfreev(request->headers);
    g_free(request->body);
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*fire)(void *data), void *data)
{
    (void)loop;
    struct loop_timer *timer = g_new0(struct loop_timer, 1);
    *timer = (struct loop_timer){fire, data, -1};
    g_ptr_array_add(world.timers, timer);
    return timer;
}

void loop_timer_set_ms(struct loop_timer *timer, int64_t from_now)
{
    timer->due_ms = from_now;
}

void loop_timer_clear(struct loop_timer *timer)
{
    timer->due_ms = -1;
}

void loop_timer_free(struct loop_timer *timer)
{
    g_ptr_array_remove(world.timers, timer);
    g_free(timer);
}

struct slack_sockets *slack_sockets_new(struct loop *loop, struct rest *rest,
                                        const struct slack_options *options,
                                        const struct slack_sockets_handler *handler, void *data)
{
    (void)loop;
    (void)rest;
    (void)options;
    world.handler = handler;
    world.handler_data = data;
    return (struct slack_sockets *)&world;
}

void slack_sockets_start(struct slack_sockets *sockets)
{
    (void)sockets;
    world.started = true;
}

void slack_sockets_free(struct slack_sockets *sockets)
{
    (void)sockets;
    world.freed++;
}

void slack_sockets_hello(struct slack_sockets *sockets, uint64_t connection, int64_t lifetime_s)
{
    (void)sockets;
    assert_int_equal(connection, 7);
    assert_int_equal(lifetime_s, 18060);
    world.hellos++;
}

void slack_sockets_disconnect(struct slack_sockets *sockets, uint64_t connection, const char *reason)
{
    (void)sockets;
    assert_int_equal(connection, 7);
    assert_string_equal(reason, "refresh_requested");
    world.goodbyes++;
}

bool slack_sockets_send(struct slack_sockets *sockets, uint64_t connection, const char *text, gsize size)
{
    (void)sockets;
    assert_int_equal(connection, 7);
    assert_int_equal(size, strlen(text));
    if (!world.connection_gone)
        g_ptr_array_add(world.acks, g_strdup(text));
    return !world.connection_gone;
}

int slack_sockets_live(const struct slack_sockets *sockets)
{
    (void)sockets;
    return world.started ? 1 : 0;
}

const char *slack_sockets_problem(const struct slack_sockets *sockets)
{
    (void)sockets;
    return NULL;
}

/* ---- The host ---- */

static void event_came(struct platform *platform, struct event *event, void *data)
{
    assert_ptr_equal(platform, world.platform);
    assert_ptr_equal(data, &world);
    g_ptr_array_add(world.events, event);
}

static void gap_came(struct platform *platform, void *data)
{
    assert_ptr_equal(platform, world.platform);
    assert_ptr_equal(data, &world);
    world.gaps++;
}

static int set_up(void **state)
{
    (void)state;
    static const struct slack_options options = {.api_url = "https://slack.com/api",
                                                 .app_token = "xapp-1-secret",
                                                 .bot_token = "xoxb-secret",
                                                 .sockets = 2};
    static const struct platform_host host = {.event = event_came, .gap = gap_came, .data = &world};
    memset(&world, 0, sizeof world);
    world.requests = g_ptr_array_new_with_free_func(sent_free);
    world.timers = g_ptr_array_new();
    world.acks = g_ptr_array_new_with_free_func(g_free);
    world.events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    log_set_level(LOG_ERROR + 1);
    world.platform = slack_new(NULL, NULL, &options, &host);
    world.platform->start(world.platform);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world.platform->free(world.platform);
    assert_int_equal(world.freed, 1);
    assert_int_equal(world.requests->len, 0); /* nothing of a freed adapter can be called back */
    assert_int_equal(world.timers->len, 0);
    g_ptr_array_unref(world.requests);
    g_ptr_array_unref(world.timers);
    g_ptr_array_unref(world.acks);
    g_ptr_array_unref(world.events);
    return 0;
}

/* ---- Steps of a story ---- */

/* Answers the oldest request, which must be of this method. */
static void answer_full(const char *method, const struct rest_response *response)
{
    if (world.requests->len == 0)
        fail_msg("no request where %s was expected", method);
    struct sent *sent = g_ptr_array_steal_index(world.requests, 0);
    if (!g_str_has_suffix(sent->url, method))
        fail_msg("%s where %s was expected", sent->url, method);
    sent->done(response, sent->data);
    sent_free(sent);
}

static void answer(const char *method, const char *body)
{
    struct rest_response response = {.outcome = REST_ANSWERED,
                                     .status = 200,
                                     .body = body,
                                     .body_size = strlen(body),
                                     .retry_after_s = -1};
    answer_full(method, &response);
}

static void answer_auth(const char *scopes)
{
    static const char body[] = "{\"ok\":true,\"url\":\"https://acme.slack.com/\",\"team_id\":\"T0ACME\","
                               "\"user_id\":\"U0ASKWHY\",\"bot_id\":\"B0ASKWHY\"}";
    struct rest_response response = {.outcome = REST_ANSWERED,
                                     .status = 200,
                                     .body = body,
                                     .body_size = sizeof body - 1,
                                     .retry_after_s = -1,
                                     .scopes = scopes};
    answer_full("/auth.test", &response);
}

static void log_in(void)
{
    g_autofree char *all = g_strjoinv(",", (char **)slack_scopes());
    answer_auth(all);
}

static const char *body_asked(void)
{
    assert_true(world.requests->len > 0);
    return ((struct sent *)world.requests->pdata[0])->body;
}

/* Lets the only set timer ring; the milliseconds it was set to. */
static int64_t ring(void)
{
    for (guint i = 0; i < world.timers->len; i++) {
        struct loop_timer *timer = world.timers->pdata[i];
        if (timer->due_ms >= 0) {
            int64_t due = timer->due_ms;
            timer->due_ms = -1;
            timer->fire(timer->data);
            return due;
        }
    }
    fail_msg("no timer is set");
    return 0;
}

static void frame_text(const char *text)
{
    world.handler->frame(7, text, strlen(text), world.handler_data);
}

static void frame(const char *name)
{
    g_autofree char *text = read_frame(name);
    frame_text(text);
}

static struct event *event_at(guint i)
{
    if (i >= world.events->len)
        fail_msg("only %u events came", world.events->len);
    return world.events->pdata[i];
}

static void assert_problem(const char *part)
{
    struct platform_status status;
    world.platform->status(world.platform, &status);
    if (part == NULL)
        assert_null(status.problem);
    else if (status.problem == NULL || strstr(status.problem, part) == NULL)
        fail_msg("\"%s\" does not tell \"%s\"", status.problem, part);
    assert_int_equal(status.sockets_wanted, 2);
    platform_status_done(&status);
}

/* ---- Stories ---- */

static void test_it_asks_who_it_is_before_it_listens(void **state)
{
    (void)state;
    assert_problem("no answer from Slack");
    assert_false(world.started);
    log_in();
    assert_true(world.started);
    assert_problem(NULL);
    struct platform_status status;
    world.platform->status(world.platform, &status);
    assert_true(status.authenticated);
    assert_text(status.self_user, "U0ASKWHY");
    assert_text(status.workspace, "T0ACME");
    platform_status_done(&status);
}

static void test_a_missing_scope_is_named_and_the_rest_goes_on(void **state)
{
    (void)state;
    answer_auth("commands,chat:write");
    assert_true(world.started);
    assert_problem("users:read");
}

static void test_a_refused_token_is_told_and_tried_again_slowly(void **state)
{
    (void)state;
    answer("/auth.test", "{\"ok\":false,\"error\":\"invalid_auth\"}");
    assert_false(world.started);
    assert_problem("SLACK_BOT_TOKEN");
    assert_problem("invalid_auth");
    assert_true(ring() >= 60000);
    log_in();
    assert_true(world.started);
    assert_problem(NULL);
}

static void test_a_silent_slack_is_asked_with_growing_pauses(void **state)
{
    (void)state;
    int64_t pause = 0;
    for (int i = 0; i < 5; i++) {
        struct rest_response nothing = {
            .outcome = REST_NOT_SENT, .body = "", .retry_after_s = -1, .error = "no route"};
        answer_full("/auth.test", &nothing);
        int64_t next = ring();
        assert_true(next > pause && next <= 75000);
        pause = next;
    }
    log_in();
    assert_true(world.started);
}

static void test_hello_and_disconnect_reach_the_sockets(void **state)
{
    (void)state;
    log_in();
    frame("hello");
    frame("disconnect");
    assert_int_equal(world.hellos, 1);
    assert_int_equal(world.goodbyes, 1);
    world.handler->gap(world.handler_data);
    assert_int_equal(world.gaps, 1);
}

static void test_what_concerns_nobody_is_acknowledged_at_once(void **state)
{
    (void)state;
    log_in();
    frame("message_own");
    frame("reaction_added");
    frame_text("{\"envelope_id\":\"e9\",\"type\":\"events_api\",\"payload\":{\"text\":\"\\u0000\"}}");
    frame_text("no frame at all");
    assert_int_equal(world.events->len, 0);
    assert_int_equal(world.acks->len, 3);
    assert_string_equal(world.acks->pdata[2], "{\"envelope_id\":\"e9\"}");
}

static void test_a_frame_too_large_is_acknowledged_all_the_same(void **state)
{
    (void)state;
    log_in();
    static const char first[] = "{\"envelope_id\":\"E-first\",\"payload\":{\"text\":\"xxxx";
    static const char last[] = "xxxx\"},\"envelope_id\":\"E-last\"}";
    static const char none[] = "xxxxxxxx";
    world.handler->too_large(7, first, strlen(first), world.handler_data);
    world.handler->too_large(7, last, strlen(last), world.handler_data);
    world.handler->too_large(7, none, strlen(none), world.handler_data);
    assert_int_equal(world.acks->len, 2);
    assert_string_equal(world.acks->pdata[0], "{\"envelope_id\":\"E-first\"}");
    assert_string_equal(world.acks->pdata[1], "{\"envelope_id\":\"E-last\"}");
    assert_int_equal(world.events->len, 0);
}

static void test_an_event_is_acknowledged_when_the_host_says_so(void **state)
{
    (void)state;
    log_in();
    frame("slash_command");
    assert_int_equal(world.acks->len, 0);
    struct event *event = event_at(0);
    assert_int_equal(event->kind, EVENT_COMMAND);
    struct message *message = message_text("Raised as #1");
    struct answer private_answer = {.message = message};
    assert_true(world.platform->acknowledge(world.platform, event, &private_answer));
    assert_non_null(strstr(world.acks->pdata[0], event->envelope));
    assert_non_null(strstr(world.acks->pdata[0], "Raised as #1"));
    world.connection_gone = true;
    assert_false(world.platform->acknowledge(world.platform, event, &private_answer));
    message_free(message);
}

static void test_an_answer_too_large_goes_to_the_response_url(void **state)
{
    (void)state;
    log_in();
    frame("slash_command");
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 3000; i++)
        g_string_append(text, "many words\n");
    struct message *message = message_new("List");
    message_add(message, PART_TEXT, text->str);
    struct answer private_answer = {.message = message};
    assert_true(world.platform->acknowledge(world.platform, event_at(0), &private_answer));
    assert_null(strstr(world.acks->pdata[0], "many words"));
    assert_non_null(strstr(body_asked(), "many words"));
    answer("https://hooks.slack.com/commands/T0ACME/111/abc", "ok");
    message_free(message);
    g_string_free(text, TRUE);
}

static void test_a_shortcut_brings_its_permalink(void **state)
{
    (void)state;
    log_in();
    frame("message_shortcut");
    assert_text(event_at(0)->permalink, "https://acme.slack.com/archives/C0ASKS/p1763700100000200"
                                        "?thread_ts=1763700000.000100&cid=C0ASKS");
}

static void test_people_are_looked_up_once_at_a_time(void **state)
{
    (void)state;
    log_in();
    world.platform->look_up_person(world.platform, "U0SAM");
    world.platform->look_up_person(world.platform, "U0SAM");
    world.platform->look_up_channel(world.platform, "C0ASKS");
    assert_int_equal(world.requests->len, 1);
    assert_string_equal(body_asked(), "user=U0SAM&include_locale=true");
    struct rest_response busy = {.outcome = REST_ANSWERED, .status = 429, .body = "", .retry_after_s = 9};
    answer_full("/users.info", &busy);
    assert_int_equal(world.requests->len, 0);
    assert_int_equal(ring(), 9000);
    answer("/users.info",
           "{\"ok\":true,\"user\":{\"id\":\"U0SAM\",\"name\":\"sam\",\"profile\":{\"display_name\":"
           "\"Sam Okafor\"}}}");
    answer("/conversations.info",
           "{\"ok\":true,\"channel\":{\"id\":\"C0ASKS\",\"name\":\"asks\",\"is_private\":true}}");
    assert_int_equal(world.requests->len, 0);
    assert_int_equal(event_at(0)->kind, EVENT_PERSON);
    assert_text(event_at(0)->workspace, "T0ACME");
    assert_int_equal(event_at(1)->kind, EVENT_CHANNEL);
    /* From now on a post can name Sam without notifying him. */
    struct message *message = message_text("by \x12U0SAM\x1e and \x12U0MIA\x1e");
    struct outgoing out = {
        .kind = OUT_POST, .op = "0123456789abcdef", .channel = "C0ASKS", .content = message};
    struct rest_request request;
    assert_true(world.platform->codec->encode(world.platform->codec, &out, &request));
    assert_non_null(strstr(request.body, "text=by%20%40Sam%20Okafor%20and%20%40U0MIA"));
    rest_request_done(&request);
    assert_string_equal(body_asked(), "user=U0MIA&include_locale=true"); /* for the next time */
    answer("/users.info", "{\"ok\":false,\"error\":\"user_not_found\"}");
    assert_int_equal(world.events->len, 2);
    world.platform->look_up_person(world.platform, "U0 MIA&x=1");
    assert_int_equal(world.requests->len, 0);
    message_free(message);
}

#define ALL_GROUPS                                                                                                   \
    "{\"ok\":true,\"usergroups\":[{\"id\":\"S0GONE\",\"handle\":\"engineers\",\"date_delete\":1},"                   \
    "{\"id\":\"S0ENG\",\"handle\":\"engineers\",\"date_delete\":0},{\"id\":7}]}"

static void test_a_user_group_is_found_by_its_handle_and_read_again_when_it_changed(void **state)
{
    (void)state;
    log_in();
    frame("subteam_updated"); /* nobody asked for it */
    assert_int_equal(world.acks->len, 1);
    assert_int_equal(world.requests->len, 0);
    world.platform->look_up_group(world.platform, "Engineers");
    answer("/usergroups.list", ALL_GROUPS);
    assert_string_equal(body_asked(), "usergroup=S0ENG");
    answer("/usergroups.users.list", "{\"ok\":true,\"users\":[\"U0MIA\",7,\"U0SAM\"]}");
    assert_int_equal(event_at(0)->kind, EVENT_GROUP);
    assert_text(event_at(0)->sought, "Engineers");
    assert_text(event_at(0)->group, "S0ENG");
    assert_text(event_at(0)->group_name, "engineers");
    assert_int_equal(g_strv_length(event_at(0)->members), 2);
    /* Whoever is met now is known to be in it. */
    world.platform->look_up_person(world.platform, "U0MIA");
    answer("/users.info", "{\"ok\":true,\"user\":{\"id\":\"U0MIA\",\"name\":\"mia\"}}");
    assert_text(event_at(1)->profile.groups[0], "S0ENG");
    world.platform->look_up_group(world.platform, "S0ENG");
    answer("/usergroups.list", ALL_GROUPS);
    answer("/usergroups.users.list", "{\"ok\":true,\"users\":[\"U0DANA\"]}");
    assert_text(event_at(2)->members[0], "U0DANA");
    /* Groups that are gone have nobody in them. */
    world.platform->look_up_group(world.platform, "S0ENG");
    answer("/usergroups.list", "{\"ok\":true,\"usergroups\":[]}");
    assert_text(event_at(3)->group, "");
}

static void test_user_groups_that_may_not_be_read_are_said_to_be_so(void **state)
{
    (void)state;
    log_in();
    world.platform->look_up_group(world.platform, "engineers");
    world.platform->look_up_group(world.platform, "engineers");
    answer("/usergroups.list", "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"usergroups:read\"}");
    assert_int_equal(world.requests->len, 0);
    assert_null(event_at(0)->group);
    assert_text(event_at(0)->text, "usergroups.list: missing_scope (needs usergroups:read); add it to the app's bot token "
                                   "scopes and reinstall the app");
    /* Who is in none of those known is not known: nothing is said of anybody. */
    world.platform->look_up_person(world.platform, "U0MIA");
    answer("/users.info", "{\"ok\":true,\"user\":{\"id\":\"U0MIA\",\"name\":\"mia\"}}");
    assert_null(event_at(1)->profile.groups);
}

static void test_a_look_up_that_never_succeeds_is_given_up(void **state)
{
    (void)state;
    log_in();
    world.platform->look_up_person(world.platform, "U0SAM");
    struct rest_response broken = {.outcome = REST_ANSWERED, .status = 503, .body = "", .retry_after_s = -1};
    for (int i = 0; i < 4; i++) {
        answer_full("/users.info", &broken);
        ring();
    }
    answer_full("/users.info", &broken);
    assert_int_equal(world.requests->len, 0);
    world.platform->look_up_person(world.platform, "U0SAM");
    assert_int_equal(world.requests->len, 1);
}

static void test_what_was_missed_is_read_back_in_order(void **state)
{
    (void)state;
    log_in();
    const struct backfill_point points[] = {
        {(char *)"C0ASKS", NULL, (char *)"1763700000.000100"},
        {(char *)"C0ASKS", (char *)"1763600000.000100", (char *)""},
        {(char *)"C0NEW", NULL, (char *)""}, /* nothing was handled there yet: nothing to go on with */
    };
    world.platform->backfill(world.platform, points, 3);
    assert_int_equal(world.requests->len, 1); /* one at a time */
    assert_string_equal(body_asked(),
                        "channel=C0ASKS&oldest=1763699940.000000&limit=200&include_all_metadata=true");
    answer("/conversations.history",
           "{\"ok\":true,\"messages\":["
           "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"third\",\"ts\":\"1763700300.000000\",\"reply_"
           "count\":2},"
           "{\"type\":\"message\",\"user\":\"U0ASKWHY\",\"bot_id\":\"B0ASKWHY\",\"text\":\"own\",\"ts\":"
           "\"1763700250.0\"}"
           "],\"has_more\":true,\"response_metadata\":{\"next_cursor\":\"bmV4dA==\"}}");
    assert_int_equal(world.events->len, 0); /* not before the last page: it holds what is older */
    /* The second point's request waits its turn before the next page. */
    answer("/conversations.replies",
           "{\"ok\":true,\"messages\":["
           "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"root\",\"ts\":\"1763600000.000100\"},"
           "{\"type\":\"message\",\"user\":\"U2\",\"text\":\"reply\",\"ts\":\"1763600001.000100\","
           "\"thread_ts\":\"1763600000.000100\"}]}");
    assert_text(event_at(0)->text, "reply");
    assert_text(event_at(0)->thread, "1763600000.000100");
    assert_true(event_at(0)->replay);
    assert_non_null(strstr(body_asked(), "cursor=bmV4dA%3D%3D"));
    answer("/conversations.history",
           "{\"ok\":true,\"messages\":["
           "{\"type\":\"message\",\"user\":\"U2\",\"text\":\"second\",\"ts\":\"1763700200.000000\"},"
           "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"<@U0ASKWHY> "
           "first\",\"ts\":\"1763700100.000000\"}]}");
    assert_text(event_at(1)->text, "first");
    assert_int_equal(event_at(1)->kind, EVENT_MENTION);
    assert_text(event_at(2)->text, "second");
    assert_text(event_at(3)->text, "third");
    assert_true(world.platform->acknowledge(world.platform, event_at(3), NULL)); /* nobody waits for it */
    assert_int_equal(world.acks->len, 0);
    /* The third post has replies; one of them may ask for us. */
    assert_non_null(strstr(body_asked(), "ts=1763700300.000000"));
    answer("/conversations.replies",
           "{\"ok\":true,\"messages\":[{\"type\":\"message\",\"user\":\"U1\",\"text\":"
           "\"<@U0ASKWHY> help\",\"ts\":\"1763700400.0\",\"thread_ts\":\"1763700300.000000\"}]}");
    assert_int_equal(event_at(4)->kind, EVENT_MENTION);
    assert_int_equal(world.requests->len, 0);
    assert_int_equal(world.events->len, 5);
}

static void test_a_channel_that_is_gone_does_not_stop_the_reading(void **state)
{
    (void)state;
    log_in();
    const struct backfill_point points[] = {{(char *)"C0GONE", NULL, (char *)"1763700000.000100"},
                                            {(char *)"C0ASKS", NULL, (char *)"1763700000.000100"}};
    world.platform->backfill(world.platform, points, 2);
    answer("/conversations.history", "{\"ok\":false,\"error\":\"channel_not_found\"}");
    struct rest_response cut = {.outcome = REST_UNKNOWN, .body = "", .retry_after_s = -1, .error = "cut"};
    answer_full("/conversations.history", &cut);
    ring();
    answer("/conversations.history", "{\"ok\":true,\"messages\":[{\"type\":\"message\",\"user\":\"U1\","
                                     "\"text\":\"x\",\"ts\":\"1763700100.0\"}]}");
    assert_int_equal(world.events->len, 1);
}

static void test_a_connection_that_comes_and_goes_does_not_pile_up_readings(void **state)
{
    (void)state;
    log_in();
    const struct backfill_point points[] = {
        {(char *)"C0ASKS", NULL, (char *)"1763700000.000100"},
        {(char *)"C0ASKS", (char *)"1763600000.000100", (char *)"1763600000.000100"},
    };
    assert_false(world.platform->catching_up(world.platform));
    for (int i = 0; i < 5; i++)
        world.platform->backfill(world.platform, points, 2);
    assert_true(world.platform->catching_up(world.platform));
    answer("/conversations.history", "{\"ok\":true,\"messages\":[]}");
    answer("/conversations.replies", "{\"ok\":true,\"messages\":[]}");
    assert_int_equal(world.requests->len, 0);
    assert_false(world.platform->catching_up(world.platform));
    /* The next gap is read again. */
    world.platform->backfill(world.platform, points, 1);
    assert_int_equal(world.requests->len, 1);
    answer("/conversations.history", "{\"ok\":false,\"error\":\"channel_not_found\"}");
    assert_false(world.platform->catching_up(world.platform));
}

static void test_after_stop_nothing_new_comes_but_acknowledgements_go(void **state)
{
    (void)state;
    log_in();
    frame("slash_command");
    world.platform->look_up_person(world.platform, "U0SAM");
    world.platform->stop(world.platform);
    assert_int_equal(world.requests->len, 0);
    frame("message_in_thread");
    world.handler->gap(world.handler_data);
    assert_int_equal(world.events->len, 1);
    assert_int_equal(world.gaps, 0);
    assert_int_equal(world.acks->len, 0); /* Slack will deliver it to whoever comes next */
    assert_true(world.platform->acknowledge(world.platform, event_at(0), NULL));
    assert_int_equal(world.acks->len, 1);
}

/* What is committed while it stops must not say that the past was read. */
static void test_who_stops_while_reading_has_not_caught_up(void **state)
{
    (void)state;
    log_in();
    const struct backfill_point point = {(char *)"C0PAY", NULL, (char *)"1763700000.000100"};
    world.platform->backfill(world.platform, &point, 1);
    world.platform->stop(world.platform);
    assert_true(world.platform->catching_up(world.platform));
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(test_it_asks_who_it_is_before_it_listens),
        STORY(test_a_missing_scope_is_named_and_the_rest_goes_on),
        STORY(test_a_refused_token_is_told_and_tried_again_slowly),
        STORY(test_a_silent_slack_is_asked_with_growing_pauses),
        STORY(test_hello_and_disconnect_reach_the_sockets),
        STORY(test_what_concerns_nobody_is_acknowledged_at_once),
        STORY(test_a_frame_too_large_is_acknowledged_all_the_same),
        STORY(test_an_event_is_acknowledged_when_the_host_says_so),
        STORY(test_an_answer_too_large_goes_to_the_response_url),
        STORY(test_a_shortcut_brings_its_permalink),
        STORY(test_people_are_looked_up_once_at_a_time),
        STORY(test_a_user_group_is_found_by_its_handle_and_read_again_when_it_changed),
        STORY(test_user_groups_that_may_not_be_read_are_said_to_be_so),
        STORY(test_a_look_up_that_never_succeeds_is_given_up),
        STORY(test_what_was_missed_is_read_back_in_order),
        STORY(test_a_channel_that_is_gone_does_not_stop_the_reading),
        STORY(test_a_connection_that_comes_and_goes_does_not_pile_up_readings),
        STORY(test_who_stops_while_reading_has_not_caught_up),
        STORY(test_after_stop_nothing_new_comes_but_acknowledgements_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

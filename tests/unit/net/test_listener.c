/* The listener, as chat servers and strangers meet it: over sockets. */
#include "bot/base/clock.h"
#include "bot/net/listener.h"
#include "visitor.h"

#include <glib/gstdio.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>

/* ---- The owner of the route /mattermost/ ---- */

static struct listener *listener;
static struct listener_options options;
static GString *heard; /* "POST command type|authorization|body;" */
static uint64_t ids[64];
static int asked;
static bool answers_at_once, awaits_question;

static void owner(const struct listener_request *request, void *data)
{
    assert_string_equal(data, "owner");
    assert_true(request->body[request->size] == '\0');
    g_string_append_printf(heard, "%s %s %s|%s|%s;", request->method, request->path, request->content_type,
                           request->authorization, request->body);
    ids[asked++ % 64] = request->id;
    if (answers_at_once) {
        g_autofree char *body = g_strdup_printf("{\"echo\":\"%s\"}", request->body);
        assert_true(listener_answer(listener, request->id, 200, "application/json", body));
    }
    if (awaits_question)
        loop_stop(loop);
}

static void open_door(void)
{
    GError *error = NULL;
    listener = listener_new(loop, &options, &error);
    if (error != NULL)
        print_error("%s\n", error->message);
    assert_non_null(listener);
    listener_route(listener, "/mattermost/", owner, (char *)"owner");
}

static int begin(void **state)
{
    (void)state;
    story_begin();
    heard = g_string_new(NULL);
    asked = 0;
    answers_at_once = true;
    awaits_question = false;
    options = (struct listener_options){.address = "127.0.0.1:0", .max_body = 1000};
    return 0;
}

/* ---- Who comes ---- */

static struct client *come(void)
{
    return client_on(dial(listener_port(listener)));
}

static void await_question(void)
{
    awaits_question = true;
    story_run();
    awaits_question = false;
}

static int end(void **state)
{
    (void)state;
    clients_leave();
    listener_free(g_steal_pointer(&listener));
    story_end();
    g_string_free(heard, TRUE);
    return 0;
}

static char *post(const char *path, const char *body)
{
    return g_strdup_printf("POST %s HTTP/1.1\r\nHost: bot\r\nContent-Type: text/x\r\nAuthorization: Token t\r\n"
                           "Content-Length: %zu\r\n\r\n%s", path, strlen(body), body);
}

static int rounds;
static int64_t moment_us;

/* In the last millisecond before a timer lws does not sleep; that is not looked at. */
static void count_round(void *data)
{
    (void)data;
    rounds += clock_monotonic_us() < moment_us + 40 * 1000;
}

static void moment_over(void *data)
{
    (void)data;
    loop_stop(loop);
}

/* How often the loop turns in a moment in which there is nothing it could do. */
static int rounds_of_a_moment(void)
{
    struct loop_timer *moment = loop_timer_new(loop, moment_over, NULL);
    loop_timer_set_ms(moment, 50);
    rounds = 0;
    moment_us = clock_monotonic_us();
    loop_run(loop, count_round, NULL);
    loop_timer_free(moment);
    return rounds;
}

/* ---- Ordinary days ---- */

static void a_request_is_told_and_answered(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    g_autofree char *request = post("/mattermost/command?x=1", "text=hi");
    say(client, request);
    await(client, "{\"echo\":\"text=hi\"}");
    assert_string_equal(heard->str, "POST command text/x|Token t|text=hi;");
    assert_true(g_str_has_prefix(client->got->str, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(client->got->str, "\r\ncontent-type: application/json\r\ncontent-length: 18\r\n"));
    assert_non_null(strstr(client->got->str, "\r\ncache-control: no-store\r\n"));
    assert_non_null(strstr(client->got->str, "\r\nconnection: close\r\n"));
    assert_null(strstr(client->got->str, "libwebsockets"));
    await_end(client);
    /* And another one. */
    struct client *other = come();
    say(other, request);
    await(other, "{\"echo\":\"text=hi\"}");
    assert_int_equal(asked, 2);
    assert_true(ids[0] != ids[1]);
}

static void an_answer_may_come_later(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    struct client *first = come(), *second = come();
    g_autofree char *one = post("/mattermost/action", "one"), *two = post("/mattermost/action", "two");
    say(first, one);
    await_question();
    say(second, two);
    await_question();
    assert_true(listener_answer(listener, ids[1], 200, "text/plain", "to the second"));
    await(second, "to the second");
    assert_int_equal(first->got->len, 0);
    assert_true(listener_answer(listener, ids[0], 200, "text/plain", "to the first"));
    await(first, "to the first");
    /* Once only. */
    assert_false(listener_answer(listener, ids[0], 200, "text/plain", "again"));
}

static void a_connection_carries_one_request(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    g_autofree char *one = post("/mattermost/command", "one"), *two = post("/mattermost/dialog", "two");
    g_autofree char *many = g_strconcat(one, two, two, "GET /mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n", NULL);
    g_autofree char *get = g_strconcat("GET /mattermost/command HTTP/1.1\r\nHost: bot\r\n\r\n", many, NULL);
    const char *requests[] = {many, get};
    for (int i = 0; i < 2; i++) {
        struct client *client = come();
        say(client, requests[i]);
        await_question();
        assert_true(rounds_of_a_moment() < 20); /* what came behind is no reason to turn in circles */
        assert_int_equal(asked, i + 1);
        assert_true(listener_answer(listener, ids[i], 200, "text/plain", "(first)"));
        say(client, two); /* too late: nobody reads it, but nobody is cut off for it before they have the answer */
        await_end(client);
        assert_true(g_str_has_suffix(client->got->str, "\r\n\r\n(first)"));
    }
    assert_int_equal(asked, 2);
    assert_string_equal(heard->str, "POST command text/x|Token t|one;GET command ||;");
}

static void a_request_may_come_byte_by_byte(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    int on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const char *request = "POST /mattermost/command HTTP/1.1\r\nhost:bot\r\nCONTENT-LENGTH:  13\r\n\r\nabc0123456789";
    for (const char *at = request; *at != '\0'; at++) {
        char byte[2] = {*at, '\0'};
        say(client, byte);
        lws_service(loop_context(loop), -1);
    }
    await(client, "{\"echo\":\"abc0123456789\"}");
    assert_string_equal(heard->str, "POST command ||abc0123456789;");
}

static void who_asks_whether_to_send_a_body_is_told(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    say(client, "POST /mattermost/x HTTP/1.1\r\nHost: bot\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    await(client, "HTTP/1.1 100 Continue\r\n\r\n");
    say(client, "body");
    await(client, "{\"echo\":\"body\"}");
    /* Not when nobody wants it. */
    struct client *other = come();
    say(other, "POST /else HTTP/1.1\r\nHost: bot\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    await_end(other);
    assert_true(g_str_has_prefix(other->got->str, "HTTP/1.1 404 "));
}

static void other_methods_are_told_to_the_route(void **state)
{
    (void)state;
    open_door();
    static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "DELETE"};
    for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
        struct client *client = come();
        g_autofree char *request = g_strdup_printf("%s /mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n", methods[i]);
        say(client, request);
        await_end(client);
        /* The head alone has the length the body would have. */
        assert_non_null(strstr(client->got->str, "content-length: 11\r\n"));
        assert_true(g_str_has_suffix(client->got->str, i == 1 ? "\r\n\r\n" : "{\"echo\":\"\"}"));
    }
    assert_string_equal(heard->str, "GET a ||;HEAD a ||;OPTIONS a ||;DELETE a ||;");
}

static void a_method_can_be_refused_by_name(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    struct client *client = come();
    say(client, "GET /mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n");
    await_question();
    assert_true(listener_refuse_method(listener, ids[0], "POST"));
    await(client, "405 Method Not Allowed\n");
    assert_non_null(strstr(client->got->str, "\r\nallow: POST\r\n"));
}

static void an_old_client_gets_one_answer(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    say(client, "POST /mattermost/a HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
    await_end(client);
    assert_non_null(strstr(client->got->str, "{\"echo\":\"hi\"}"));
}

static void nobody_else_is_at_home(void **state)
{
    (void)state;
    open_door();
    for (int i = 0; i < 3; i++) {
        static const char *const paths[] = {"/index.html", "/mattermost", "/mattermost/a"};
        if (i == 2)
            listener_unroute(listener, "/mattermost/");
        struct client *client = come();
        g_autofree char *request = g_strdup_printf("GET %s HTTP/1.1\r\nHost: bot\r\n\r\n", paths[i]);
        say(client, request);
        await(client, "404 Not Found\n");
    }
    assert_int_equal(asked, 0);
}

/* ---- Strangers ---- */

static void is_refused(const char *request, const char *status)
{
    struct client *client = come();
    send(client->fd, request, strlen(request), MSG_NOSIGNAL);
    await_end(client);
    g_autofree char *line = g_strdup_printf("HTTP/1.1 %s ", status);
    if (!g_str_has_prefix(client->got->str, line))
        fail_msg("\"%s\" was answered \"%s\"", request, client->got->str);
    assert_int_equal(asked, 0);
}

#define HEAD "POST /mattermost/a HTTP/1.1\r\nHost: bot\r\n"

static void too_large_a_body_is_refused_as_soon_as_it_is_known(void **state)
{
    (void)state;
    open_door();
    is_refused(HEAD "Content-Length: 1001\r\n\r\n", "413");
    is_refused(HEAD "Content-Length: 99999999999999999999999999\r\n\r\n", "413");
    /* Who sends it all the same still hears why. */
    g_autofree char *large = g_strnfill(200 * 1024, 'x');
    g_autofree char *sent = g_strconcat(HEAD "Content-Length: 204800\r\n\r\n", large, NULL);
    is_refused(sent, "413");
    /* What just fits is taken. */
    struct client *client = come();
    g_autofree char *thousand = g_strnfill(1000, 'x'), *fits = post("/mattermost/a", thousand);
    say(client, fits);
    await(client, thousand);
}

static void a_length_is_needed(void **state)
{
    (void)state;
    open_door();
    is_refused(HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "411");
    is_refused(HEAD "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "411");
    is_refused(HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n", "411");
    is_refused(HEAD "\r\n", "411");
    is_refused("PUT /mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n", "411");
    is_refused(HEAD "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "400");
    is_refused(HEAD "Content-Length: -1\r\n\r\n", "400");
    is_refused(HEAD "Content-Length: 0x1\r\n\r\n", "400");
    is_refused(HEAD "Content-Length: 1, 1\r\n\r\n", "400");
    /* None is a length, too. */
    struct client *client = come();
    say(client, HEAD "Content-Length: 0\r\n\r\n");
    await(client, "{\"echo\":\"\"}");
}

/* Whether a word is said before it is libwebsockets' affair. */
static void is_cut(const char *request)
{
    struct client *client = come();
    send(client->fd, request, strlen(request), MSG_NOSIGNAL);
    await_end(client);
    if (strstr(client->got->str, "HTTP/1.1 2") != NULL || strstr(client->got->str, "HTTP/1.1 1") != NULL)
        fail_msg("\"%s\" was answered \"%s\"", request, client->got->str);
    assert_int_equal(asked, 0);
}

static void garbage_is_refused(void **state)
{
    (void)state;
    options.receive_ms = 20; /* for what may become a request yet */
    open_door();
    is_refused(HEAD "Authorization: a\r\nAuthorization: b\r\nContent-Length: 1\r\n\r\n", "400");
    is_refused(HEAD "Content-Type: a\r\nContent-Type: b\r\nContent-Length: 1\r\n\r\n", "400");
    is_refused(HEAD "Content-Type: \xc3\xa4\r\nContent-Length: 1\r\n\r\n", "400");
    is_refused(HEAD "Expect: a miracle\r\nContent-Length: 1\r\n\r\n", "417");
    is_refused("GET /mattermost/%00a HTTP/1.1\r\nHost: bot\r\n\r\n", "400");
    is_refused("GET /mattermost/%01 HTTP/1.1\r\nHost: bot\r\n\r\n", "400");
    is_refused("GET /mattermost/\xc3\xa4 HTTP/1.1\r\nHost: bot\r\n\r\n", "400");
    static const char *const requests[] = {
        "\x16\x03\x01\x02",
        "POST\r\n",
        "\r\n\r\n\r\n\r\n",
        "POST mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n",
        "GET /mattermost/%zz HTTP/1.1\r\nHost: bot\r\n\r\n",
        "GET /mattermost/a%00 HTTP/1.1\r\nHost: bot\r\n\r\n",
        "GET http://bot/mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: bot\r\n\r\n",
        "BREW /mattermost/a HTTP/1.1\r\nHost: bot\r\n\r\n",
        "GET /mattermost/a HTTP/1.1\r\nGET /mattermost/a HTTP/1.1\r\n\r\n",
        "CONNECT bot:80 HTTP/1.1\r\nHost: bot\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /mattermost/a HTTP/1.1\r\nHost: bot\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        "GET /mattermost/a HTTP/1.1\r\nHost: bot\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "GET /mattermost/a HTTP/1.1\r\nHost: bot\r\nConnection: Upgrade\r\nUpgrade: tea\r\n\r\n",
    };
    for (guint i = 0; i < G_N_ELEMENTS(requests); i++)
        is_cut(requests[i]);
}

static void a_head_is_bounded(void **state)
{
    (void)state;
    open_door();
    g_autofree char *much = g_strnfill(17 * 1024, 'x');
    g_autofree char *line = g_strconcat("POST /mattermost/", much, NULL);
    is_cut(line);
    g_autofree char *header = g_strconcat(HEAD, "X: ", much, NULL);
    is_cut(header);
    g_autofree char *known = g_strconcat(HEAD, "Accept: ", much, NULL);
    is_cut(known);
    g_autoptr(GString) many = g_string_new(HEAD);
    for (int i = 0; i < 1000; i++)
        g_string_append(many, "Accept: y\r\n");
    is_cut(many->str);
}

static void who_is_slow_is_cut_off(void **state)
{
    (void)state;
    options.receive_ms = 30;
    open_door();
    struct client *silent = come();
    await_end(silent);
    struct client *in_head = come();
    say(in_head, "POST /matter");
    await_end(in_head);
    struct client *in_body = come();
    say(in_body, HEAD "Content-Length: 10\r\n\r\n012");
    await_end(in_body);
    assert_int_equal(silent->got->len + in_head->got->len + in_body->got->len, 0);
    assert_int_equal(asked, 0);
}

/* A byte now and then gains no time. */
static void dripping_does_not_help(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    say(client, HEAD "Content-Length: 900\r\n\r\n");
    for (int i = 0; i < 9 && !client->gone; i++) {
        loop_pass_ms(loop, 1500);
        lws_service(loop_context(loop), -1);
        send(client->fd, "x", 1, MSG_NOSIGNAL);
    }
    await_end(client);
    assert_int_equal(asked, 0);
}

static void a_loop_that_stood_still_blames_nobody(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    say(client, HEAD "Content-Length: 5\r\n\r\n");
    while (asked == 0 && client->got->len == 0) {
        lws_service(loop_context(loop), -1);
        say(client, "whole");
        loop_pass_ms(loop, 11 * 1000); /* as if the loop had slept over it */
        await(client, "{\"echo\":\"whole\"}");
    }
    assert_int_equal(asked, 1);
}

static void a_request_that_comes_at_the_last_moment_is_heard(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    lws_service(loop_context(loop), -1);
    lws_service(loop_context(loop), -1);
    g_autofree char *request = post("/mattermost/a", "whole");
    say(client, request);
    loop_pass_ms(loop, 11 * 1000); /* it came, but nobody has looked yet */
    await(client, "{\"echo\":\"whole\"}");
}

static void a_crowd_does_not_bar_the_door(void **state)
{
    (void)state;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    int crowd = (int)MIN(1500, limit.rlim_cur - 400);
    options.max_connections = 64;
    open_door();
    g_autofree int *fds = g_new(int, crowd);
    for (int i = 0; i < crowd; i++) {
        fds[i] = dial(listener_port(listener));
        if (i % 2 == 0) /* some begin a request and leave it there */
            assert_int_equal(send(fds[i], "POST /", 6, MSG_NOSIGNAL), 6);
        if (i % 50 == 0)
            lws_service(loop_context(loop), -1);
    }
    struct client *client = come();
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await(client, "{\"echo\":\"hi\"}");
    for (int i = 0; i < crowd; i++)
        close(fds[i]);
}

/* Those who wait for an answer are not sent away for a newcomer. */
static void a_full_house_takes_nobody_in(void **state)
{
    (void)state;
    answers_at_once = false;
    options.max_connections = 2;
    open_door();
    struct client *waiting[2];
    g_autofree char *request = post("/mattermost/a", "hi");
    for (int i = 0; i < 2; i++) {
        waiting[i] = come();
        say(waiting[i], request);
        await_question();
    }
    struct client *late = come();
    await_end(late);
    assert_int_equal(late->got->len, 0);
    for (int i = 0; i < 2; i++) {
        assert_true(listener_answer(listener, ids[i], 200, "text/plain", "served"));
        await(waiting[i], "served");
    }
    /* Now nobody waits any more. */
    struct client *next = come();
    say(next, request);
    await_question();
    assert_false(next->gone);
}

static void a_machine_without_descriptors_serves_again_when_it_has_some(void **state)
{
    (void)state;
    open_door();
    struct client *client = come();
    struct rlimit limit, little;
    getrlimit(RLIMIT_NOFILE, &limit);
    little = limit;
    int highest = dup(client->fd);
    close(highest);
    little.rlim_cur = (rlim_t)highest; /* no more can be opened */
    setrlimit(RLIMIT_NOFILE, &little);
    lws_service(loop_context(loop), -1);
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    assert_true(rounds_of_a_moment() < 20); /* it does not try over and over */
    assert_int_equal(asked, 0);
    setrlimit(RLIMIT_NOFILE, &limit);
    loop_pass_ms(loop, 1000);
    await(client, "{\"echo\":\"hi\"}");
}

/* ---- Answers that come to nothing ---- */

static void nobody_waits_for_the_answer_any_more(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    struct client *client = come();
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await_question();
    hang_up(client);
    struct client *other = come(); /* whose question comes behind that end */
    say(other, request);
    await_question();
    assert_false(listener_answer(listener, ids[0], 200, "text/plain", "too late"));
    assert_true(listener_answer(listener, ids[1], 200, "text/plain", "here"));
    assert_false(listener_answer(listener, 4711, 200, "text/plain", "never asked"));
    await(other, "here");
}

static void an_answer_that_never_comes_is_owned_up_to(void **state)
{
    (void)state;
    answers_at_once = false;
    options.answer_ms = 20;
    open_door();
    struct client *client = come();
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await(client, "503 Service Unavailable\n");
    assert_false(listener_answer(listener, ids[0], 200, "text/plain", "too late"));
    await_end(client);
}

static void a_large_answer_goes_at_its_readers_pace(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    struct client *client = come();
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await_question();
    g_autofree char *large = g_strnfill(8 * 1024 * 1024, 'x');
    large[8 * 1024 * 1024 - 1] = '!';
    assert_true(listener_answer(listener, ids[0], 200, "text/plain", large));
    await(client, "x!");
    assert_true(g_str_has_suffix(client->got->str, large));
}

static void who_does_not_read_the_answer_is_cut_off(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    struct client *client = come(), *other = come();
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await_question();
    loop_fd_change(client->watch, 0);
    gsize size = 64 * 1024 * 1024; /* more than any socket holds */
    g_autofree char *large = g_strnfill(size, 'x');
    assert_true(listener_answer(listener, ids[0], 200, "text/plain", large));
    say(other, request); /* meanwhile others are served */
    await_question();
    loop_pass_ms(loop, 11 * 1000);
    lws_service(loop_context(loop), -1);
    assert_true(listener_answer(listener, ids[1], 200, "text/plain", "served"));
    await(other, "served");
    loop_fd_change(client->watch, EPOLLIN);
    await_end(client);
    assert_true(client->got->len < size);
}

static void free_cuts_what_is_open(void **state)
{
    (void)state;
    answers_at_once = false;
    open_door();
    struct client *idle = come(), *begun = come(), *asking = come();
    say(begun, "POST /");
    g_autofree char *request = post("/mattermost/a", "hi");
    say(asking, request);
    await_question();
    listener_free(g_steal_pointer(&listener));
    await_end(idle);
    await_end(begun);
    await_end(asking);
}

/* ---- Where it stands ---- */

static void is_no_place(const char *address, const char *why)
{
    GError *error = NULL;
    struct listener_options there = {.address = address};
    assert_null(listener_new(loop, &there, &error));
    assert_non_null(error);
    if (strstr(error->message, address) == NULL || strstr(error->message, why) == NULL)
        fail_msg("%s: \"%s\"", address, error->message);
    g_error_free(error);
}

static void a_place_that_cannot_be_had_is_named(void **state)
{
    (void)state;
    open_door();
    g_autofree char *taken = g_strdup_printf("127.0.0.1:%d", listener_port(listener));
    is_no_place(taken, "in use");
    is_no_place("127.0.0.1", "port");
    is_no_place("127.0.0.1:", "port");
    is_no_place("127.0.0.1:70000", "65535");
    is_no_place("127.0.0.1:80x", "port");
    is_no_place("::1:0", "brackets");
    is_no_place("chat.example.com:0", "numbers");
    is_no_place("203.0.113.7:0", "assign");
    is_no_place("unix:relative.sock", "begins with /");
    is_no_place("unix:/nonexistent/askwhy.sock", "No such file");
}

static void it_can_stand_on_every_interface(void **state)
{
    (void)state;
    options.address = ":0";
    open_door();
    struct client *client = come(); /* by IPv4 */
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await(client, "{\"echo\":\"hi\"}");
}

static void it_can_stand_on_ipv6(void **state)
{
    (void)state;
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof name) != 0) {
        close(fd);
        skip(); /* this machine has none */
    }
    options.address = "[::1]:0";
    open_door();
    name.sin6_port = htons((uint16_t)listener_port(listener));
    close(fd);
    fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    struct client *client = client_on(fd);
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await(client, "{\"echo\":\"hi\"}");
}

static void a_unix_socket_serves_its_group_and_leaves_nothing_behind(void **state)
{
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("askwhy-listen-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "bot.sock", NULL), *address = g_strconcat("unix:", path, NULL);
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    g_strlcpy(name.sun_path, path, sizeof name.sun_path);
    /* What a process that was killed left there. */
    int left = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(left, (struct sockaddr *)&name, sizeof name), 0);
    close(left);

    options.address = address;
    open_door();
    assert_int_equal(listener_port(listener), 0);
    struct stat made;
    assert_int_equal(stat(path, &made), 0);
    assert_int_equal(made.st_mode & 07777, 0660);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
    struct client *client = client_on(fd);
    g_autofree char *request = post("/mattermost/a", "hi");
    say(client, request);
    await(client, "{\"echo\":\"hi\"}");
    is_no_place(address, "another process listens");
    assert_int_equal(stat(path, &made), 0);

    listener_free(g_steal_pointer(&listener));
    assert_int_not_equal(stat(path, &made), 0);
    /* Somebody's file is not touched. */
    g_file_set_contents(path, "notes", -1, NULL);
    is_no_place(address, "no socket");
    assert_int_equal(stat(path, &made), 0);
    g_unlink(path);
    g_rmdir(folder);
}

/* A chat server leaves its connections open: they are not in the way of one whose request is still to come. */
static void who_was_answered_goes_before_who_was_not_heard(void **state)
{
    (void)state;
    options.max_connections = 3;
    open_door();
    struct client *quiet = come();
    int left_open[10];
    g_autofree char *request = post("/mattermost/a", "hi"), *later = post("/mattermost/a", "at last");
    for (int i = 0; i < 10; i++) {
        int served = dial(listener_port(listener));
        assert_int_equal(send(served, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
        int before = asked;
        while (asked == before)
            lws_service(loop_context(loop), -1);
        char answer[2000];
        while (recv(served, answer, sizeof answer, MSG_DONTWAIT) <= 0)
            lws_service(loop_context(loop), -1);
        left_open[i] = served;
    }
    assert_false(quiet->gone);
    say(quiet, later);
    await(quiet, "{\"echo\":\"at last\"}");
    for (int i = 0; i < 10; i++)
        close(left_open[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_is_told_and_answered, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_may_come_later, begin, end),
        cmocka_unit_test_setup_teardown(a_connection_carries_one_request, begin, end),
        cmocka_unit_test_setup_teardown(a_request_may_come_byte_by_byte, begin, end),
        cmocka_unit_test_setup_teardown(who_asks_whether_to_send_a_body_is_told, begin, end),
        cmocka_unit_test_setup_teardown(other_methods_are_told_to_the_route, begin, end),
        cmocka_unit_test_setup_teardown(a_method_can_be_refused_by_name, begin, end),
        cmocka_unit_test_setup_teardown(an_old_client_gets_one_answer, begin, end),
        cmocka_unit_test_setup_teardown(nobody_else_is_at_home, begin, end),
        cmocka_unit_test_setup_teardown(too_large_a_body_is_refused_as_soon_as_it_is_known, begin, end),
        cmocka_unit_test_setup_teardown(a_length_is_needed, begin, end),
        cmocka_unit_test_setup_teardown(garbage_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_head_is_bounded, begin, end),
        cmocka_unit_test_setup_teardown(who_is_slow_is_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(dripping_does_not_help, begin, end),
        cmocka_unit_test_setup_teardown(a_loop_that_stood_still_blames_nobody, begin, end),
        cmocka_unit_test_setup_teardown(a_request_that_comes_at_the_last_moment_is_heard, begin, end),
        cmocka_unit_test_setup_teardown(a_crowd_does_not_bar_the_door, begin, end),
        cmocka_unit_test_setup_teardown(a_full_house_takes_nobody_in, begin, end),
        cmocka_unit_test_setup_teardown(who_was_answered_goes_before_who_was_not_heard, begin, end),
        cmocka_unit_test_setup_teardown(a_machine_without_descriptors_serves_again_when_it_has_some, begin, end),
        cmocka_unit_test_setup_teardown(nobody_waits_for_the_answer_any_more, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_that_never_comes_is_owned_up_to, begin, end),
        cmocka_unit_test_setup_teardown(a_large_answer_goes_at_its_readers_pace, begin, end),
        cmocka_unit_test_setup_teardown(who_does_not_read_the_answer_is_cut_off, begin, end),
        cmocka_unit_test_setup_teardown(free_cuts_what_is_open, begin, end),
        cmocka_unit_test_setup_teardown(a_place_that_cannot_be_had_is_named, begin, end),
        cmocka_unit_test_setup_teardown(it_can_stand_on_every_interface, begin, end),
        cmocka_unit_test_setup_teardown(it_can_stand_on_ipv6, begin, end),
        cmocka_unit_test_setup_teardown(a_unix_socket_serves_its_group_and_leaves_nothing_behind, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

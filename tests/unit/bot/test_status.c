/* What `askwhy check` says, each way something can be wrong. */
#include "bot/cli.h"
#include "bot/status.h"
#include "store/log.h"
#include "tests/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cmocka.h>

#define ALL_SCOPES                                                                                            \
    "app_mentions:read,channels:history,channels:join,channels:read,chat:write,commands,files:write,groups:history," \
    "groups:read,im:history,im:read,im:write,metadata.message:read,mpim:history,mpim:read,reactions:write,users:read"
#define WHO "{\"ok\":true,\"user\":\"askwhy\",\"team\":\"Acme\",\"user_id\":\"U1\",\"team_id\":\"T1\",\"bot_id\":\"B1\"}"
#define CHANNELS "{\"ok\":true,\"channels\":[{\"name\":\"product\"},{\"name\":\"sales\"}]}"
#define SOCKET "{\"ok\":true,\"url\":\"wss://example.org/\"}"

/* A Web API that answers three methods; a thread of its own, as the check runs the loop itself. */
struct story {
    char *dir, *path, *said;
    int listener;
    pthread_t server;
    const char *who, *channels, *socket, *headers;
};

static void answer(struct story *s, int peer, const char *request)
{
    const char *body = strstr(request, "/auth.test ")              ? s->who
                       : strstr(request, "/users.conversations ") ? s->channels
                                                                  : s->socket;
    g_autofree char *text = g_strdup_printf("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n%s",
                                            strlen(body), s->headers, body);
    assert_int_equal(send(peer, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void *serve(void *data)
{
    struct story *s = data;
    int peer;
    while ((peer = accept(s->listener, NULL, NULL)) >= 0) {
        GString *request = g_string_new(NULL);
        char buffer[4096];
        gsize size = 0;
        for (;;) {
            ssize_t got = recv(peer, buffer, sizeof buffer, 0);
            if (got <= 0)
                break;
            g_string_append_len(request, buffer, got);
            const char *end = strstr(request->str, "\r\n\r\n"), *length = strcasestr(request->str, "\r\nContent-Length: ");
            size = length != NULL ? strtoul(length + 18, NULL, 10) : 0;
            if (end != NULL && request->len >= (gsize)(end + 4 - request->str) + size) {
                answer(s, peer, request->str);
                break;
            }
        }
        g_string_free(request, TRUE);
        close(peer);
    }
    return NULL;
}

static int begin(void **state)
{
    struct story *s = g_new0(struct story, 1);
    s->dir = g_dir_make_tmp("askwhy-check-XXXXXX", NULL);
    s->path = g_build_filename(s->dir, "askwhy.db", NULL);
    s->who = WHO, s->channels = CHANNELS, s->socket = SOCKET, s->headers = "X-OAuth-Scopes: " ALL_SCOPES "\r\n";
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(s->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(s->listener, 16), 0);
    getsockname(s->listener, (struct sockaddr *)&address, &size);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/api", ntohs(address.sin_port));
    g_setenv("SLACK_API_URL", url, TRUE);
    g_setenv("SLACK_APP_TOKEN", "xapp-1-A0TEST-1-secret", TRUE);
    g_setenv("SLACK_BOT_TOKEN", "xoxb-0-secret-bot", TRUE);
    g_setenv("ASKWHY_DATABASE", s->path, TRUE);
    assert_int_equal(pthread_create(&s->server, NULL, serve, s), 0);
    *state = s;
    return 0;
}

static int end(void **state)
{
    struct story *s = *state;
    shutdown(s->listener, SHUT_RDWR);
    pthread_join(s->server, NULL);
    close(s->listener);
    g_chmod(s->dir, 0700);
    remove_folder(s->dir);
    g_free(s->dir);
    g_free(s->path);
    g_free(s->said);
    g_free(s);
    return 0;
}

/* Runs it and keeps what it says on standard output. Its exit status. */
static int check(struct story *s, bool rebuild)
{
    g_autofree char *out = g_build_filename(s->dir, "out", NULL);
    fflush(stdout);
    int terminal = dup(STDOUT_FILENO), file = open(out, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(file, STDOUT_FILENO);
    char *argv[] = {(char *)"check", (char *)"-c", (char *)"/dev/null", rebuild ? (char *)"--rebuild" : NULL, NULL};
    int status = cli_check(rebuild ? 4 : 3, argv);
    fflush(stdout);
    dup2(terminal, STDOUT_FILENO);
    close(terminal);
    close(file);
    g_clear_pointer(&s->said, g_free);
    assert_true(g_file_get_contents(out, &s->said, NULL, NULL));
    g_unlink(out);
    assert_null(strstr(s->said, "secret"));
    return status;
}

static void assert_said(struct story *s, const char *line)
{
    if (strstr(s->said, line) == NULL)
        fail_msg("\"%s\" was not said in\n%s", line, s->said);
}

static struct store *database(struct story *s)
{
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(s->path, STORE_WRITE, &error);
    if (store == NULL)
        fail_msg("%s", error->message);
    return store;
}

static void all_is_well_before_the_first_run(void **state)
{
    struct story *s = *state;
    assert_int_equal(check(s, false), EXIT_DONE);
    assert_said(s, "not there yet");
    assert_said(s, "ok     SLACK_BOT_TOKEN: @askwhy in Acme");
    assert_said(s, "ok     scopes: all there");
    assert_said(s, "ok     SLACK_APP_TOKEN");
    assert_said(s, "askwhy is in #product, #sales");
    assert_said(s, "[redacted]");
    assert_false(g_file_test(s->path, G_FILE_TEST_EXISTS));
}

static void it_may_run_beside_the_bot(void **state)
{
    struct story *s = *state;
    struct store *bot = database(s);
    assert_int_equal(check(s, true), EXIT_DONE);
    assert_said(s, "sound, schema");
    assert_said(s, "ok     rebuild: all state follows from the log");
    store_close(bot);
}

static void missing_scopes_are_named(void **state)
{
    struct story *s = *state;
    s->headers = "X-OAuth-Scopes: app_mentions:read,channels:history,channels:join,channels:read,commands\r\n";
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "wrong  scopes: missing chat:write, files:write, groups:history");
}

static void tokens_that_are_not_accepted_are_told_apart(void **state)
{
    struct story *s = *state;
    s->who = "{\"ok\":false,\"error\":\"invalid_auth\"}";
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "wrong  SLACK_BOT_TOKEN: auth.test: invalid_auth; reinstall the app");
    assert_said(s, "ok     SLACK_APP_TOKEN");

    s->who = WHO;
    s->socket = "{\"ok\":false,\"error\":\"not_allowed_token_type\"}";
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "ok     SLACK_BOT_TOKEN");
    assert_said(s, "wrong  SLACK_APP_TOKEN: apps.connections.open: not_allowed_token_type; make a new app-level token");

    s->socket = "{\"ok\":false,\"error\":\"link_disabled\"}";
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "turn Socket Mode on");
}

static void swapped_tokens_are_a_mistake_of_the_configuration(void **state)
{
    struct story *s = *state;
    g_setenv("SLACK_APP_TOKEN", "xoxb-0-secret-bot", TRUE);
    g_setenv("SLACK_BOT_TOKEN", "xapp-1-A0TEST-1-secret", TRUE);
    assert_int_equal(check(s, false), EXIT_USAGE);
    assert_said(s, "wrong  environment: SLACK_APP_TOKEN is a bot token");
    assert_said(s, "swapped?");
}

static void a_name_from_outside_is_one_plain_line(void **state)
{
    struct story *s = *state;
    s->who = "{\"ok\":true,\"user\":\"ask\\u001b[31mwhy\\nok     all is well\",\"team\":\"A\",\"bot_id\":\"B1\"}";
    assert_int_equal(check(s, false), EXIT_DONE);
    assert_null(strchr(s->said, '\x1b'));
    assert_null(strstr(s->said, "\nok     all is well"));
}

static void in_no_channel_it_says_how_to_invite(void **state)
{
    struct story *s = *state;
    s->channels = "{\"ok\":true,\"channels\":[]}";
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "/invite @askwhy");
}

static void a_clock_that_is_wrong_is_told(void **state)
{
    struct story *s = *state;
    s->headers = "X-OAuth-Scopes: " ALL_SCOPES "\r\nDate: Thu, 01 Jan 2015 00:00:00 GMT\r\n";
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "ahead of Slack's");
}

static void what_was_given_up_is_told_with_what_to_do(void **state)
{
    struct story *s = *state;
    struct store *bot = database(s);
    store_begin(bot);
    int64_t channel = store_channel(bot, "slack", "T1", "C1", "product", CHANNEL_PUBLIC);
    struct outbox_row row = {.platform = (char *)"slack", .channel = channel, .content = (char *)"{}", .made_at = 1000};
    store_park(bot, store_enqueue(bot, &row), "chat.postMessage: is_archived; the channel is archived");
    store_enqueue(bot, &row);
    assert_true(store_commit(bot));
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "a post in #product, from 1970-01-01 00:00 UTC, could not be delivered: chat.postMessage: is_archived");
    assert_said(s, "invite askwhy there once more");
    assert_said(s, "wrong  outbox: 1 messages wait, the oldest since 1970-01-01");
    store_close(bot);
}

static void a_database_that_is_none_is_told(void **state)
{
    struct story *s = *state;
    assert_true(g_file_set_contents(s->path, "a letter to nobody in particular", -1, NULL));
    g_chmod(s->path, 0600);
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "file is not a database");
    assert_said(s, "restore a backup");
}

static void a_database_others_can_read_is_told(void **state)
{
    struct story *s = *state;
    store_close(database(s));
    g_chmod(s->path, 0644);
    assert_int_equal(check(s, false), EXIT_FAILED);
    assert_said(s, "other users can read it; chmod 600");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(all_is_well_before_the_first_run),
        STORY(it_may_run_beside_the_bot),
        STORY(missing_scopes_are_named),
        STORY(tokens_that_are_not_accepted_are_told_apart),
        STORY(swapped_tokens_are_a_mistake_of_the_configuration),
        STORY(a_name_from_outside_is_one_plain_line),
        STORY(in_no_channel_it_says_how_to_invite),
        STORY(a_clock_that_is_wrong_is_told),
        STORY(what_was_given_up_is_told_with_what_to_do),
        STORY(a_database_that_is_none_is_told),
        STORY(a_database_others_can_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

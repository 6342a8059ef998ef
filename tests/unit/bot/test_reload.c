/* The running bot is told to read its configuration again, and that is wrong, or is made wrong meanwhile, or cannot be
 * lived by: it goes on with what it had and says what is wrong. */
#include "bot/cli.h"

#include "commands/say.h"
#include "config/options.h"
#include "tests/folder.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_S = 100 };

static const struct chat {
    const char *name, *settings; /* of a server that is not there; the secret's file is a pipe: the test says when it is read */
    const char *secret;
} chats[] = {
    {"slack",
     "SLACK_API_URL = http://127.0.0.1:9/api\nSLACK_APP_TOKEN = xapp-1-A0STORY001-17-0123456789abcdef\n"
     "SLACK_BOT_TOKEN_FILE = secret\n",
     "xoxb-17-42-StoryStoryStory"},
    {"mattermost",
     "MATTERMOST_URL = http://127.0.0.1:9\nASKWHY_PUBLIC_URL = http://127.0.0.1:9\n"
     "MATTERMOST_TOKEN_FILE = secret\n",
     "bot26token0000000000000000"},
};

static const struct chat *chat;
static char *folder;
static pid_t bot;
static FILE *told;    /* its log */
static GString *seen; /* of it, so far */

static int clear(void **state)
{
    (void)state;
    for (int i = 0; i < CONFIG_OPTIONS; i++) {
        g_autofree char *file = g_strconcat(options[i].name, "_FILE", NULL);
        g_unsetenv(options[i].name);
        g_unsetenv(file);
    }
    g_unsetenv("CREDENTIALS_DIRECTORY");
    g_unsetenv("STATE_DIRECTORY");
    return 0;
}

static void configure(const char *more)
{
    const char *listen_line = strstr(more, "ASKWHY_LISTEN =") != NULL ? "" : "ASKWHY_LISTEN = 127.0.0.1:0\n";
    g_autofree char *text = g_strconcat(chat->settings, listen_line, more, NULL);
    assert_true(g_file_set_contents("askwhy.conf", text, -1, NULL));
    assert_int_equal(chmod("askwhy.conf", 0600), 0);
}

/* Returns once it has read the file and reads the secret; secret_goes_on() lets it. */
static int secret_is_read(void)
{
    return open("secret", O_WRONLY | O_CLOEXEC);
}

static void secret_goes_on(int pipe)
{
    assert_true(write(pipe, chat->secret, strlen(chat->secret)) > 0);
    close(pipe);
}

static bool says(const char *words)
{
    char line[4096];
    while (strstr(seen->str, words) == NULL) {
        if (fgets(line, sizeof line, told) == NULL)
            return false;
        g_string_append(seen, line);
    }
    return true;
}

#define assert_says(words)                                                                    \
    do {                                                                                      \
        if (!says(words))                                                                     \
            fail_msg("%s: \"%s\" does not stand in:\n%s", chat->name, words, seen->str);      \
        g_string_erase(seen, 0, strstr(seen->str, words) - seen->str + (gssize)strlen(words)); \
    } while (0)

static void bot_runs(void)
{
    int ends[2];
    folder = g_dir_make_tmp("askwhy-reload-XXXXXX", NULL);
    seen = g_string_new(NULL);
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkfifo("secret", 0600), 0);
    assert_int_equal(pipe(ends), 0);
    configure("");
    bot = fork();
    if (bot == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        char *arguments[] = {"run", "-c", "askwhy.conf", NULL};
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        exit(cli_run(3, arguments));
    }
    close(ends[1]);
    told = fdopen(ends[0], "r");
    alarm(PATIENCE_S);
    secret_goes_on(secret_is_read());
    assert_says("service.start");
}

static void reload_with(const char *more)
{
    configure(more);
    kill(bot, SIGHUP);
    secret_goes_on(secret_is_read());
}

static int bot_ends(void)
{
    int status = 0;
    while (says("\n\n")) /* to the end of its log */
        continue;
    waitpid(bot, &status, 0);
    alarm(0);
    fclose(told);
    g_string_free(seen, TRUE);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(remove_folder(folder), 0);
    g_free(folder);
    return status;
}

static void it_is_stopped(void)
{
    kill(bot, SIGTERM);
    assert_says("service.end");
    assert_int_equal(bot_ends(), 0);
}

static void with_every_chat(void (*story)(void))
{
    for (gsize i = 0; i < G_N_ELEMENTS(chats); i++) {
        chat = &chats[i];
        bot_runs();
        story();
    }
}

/* ---- stories ---- */

static void wrong_lines(void)
{
    reload_with("NONSENSE\nASKWHY_WORKING_HOURS = never\nASKWHY_LISTN = :1\n");
    for (int i = 0; i < 3; i++) {
        g_autofree char *where = g_strdup_printf("askwhy.conf:%d: ", 5 + i);
        assert_says(where);
    }
    assert_says("config.kept errors=3");
    reload_with("ASKWHY_LOG = debug\n");
    assert_says("ASKWHY_LOG was info, is debug");
    assert_says("config.reloaded changes=1");
    reload_with("ASKWHY_LOG = debug\nASKWHY_COMMAND = /wish\n");
    assert_says("config.reloaded changes=1"); /* the level it has is no change again */
    assert_says("service.start");
    it_is_stopped();
}

static void every_wrong_line_is_told_of_and_the_settings_stay(void **state)
{
    (void)state;
    with_every_chat(wrong_lines);
}

static void wrong_meanwhile(void)
{
    configure("ASKWHY_COMMAND = /wish\n");
    kill(bot, SIGHUP);
    int pipe = secret_is_read();
    configure("NONSENSE\n");
    secret_goes_on(pipe);
    assert_says("ASKWHY_COMMAND was /ask, is /wish");
    assert_says("service.start");
    it_is_stopped();
}

static void a_file_that_goes_wrong_while_it_begins_anew_does_not_end_it(void **state)
{
    (void)state;
    with_every_chat(wrong_meanwhile);
}

static void no_chat(void)
{
    assert_true(g_file_set_contents("askwhy.conf", "ASKWHY_LOG = info\n", -1, NULL));
    kill(bot, SIGHUP);
    assert_says("no chat to connect to");
    assert_says("config.kept errors=1");
    it_is_stopped();
}

static void without_any_chat_left_it_keeps_the_one_it_has(void **state)
{
    (void)state;
    with_every_chat(no_chat);
}

static void cannot_begin(void)
{
    reload_with("ASKWHY_DATABASE = nowhere/askwhy.db\n");
    assert_says("service.end");
    assert_says("config.kept problem=");
    assert_says("nowhere/askwhy.db");
    assert_says("service.start");
    it_is_stopped();
}

static void settings_it_cannot_begin_with_are_given_up_for_those_it_had(void **state)
{
    (void)state;
    with_every_chat(cannot_begin);
}

static void a_port_that_is_in_use_is_not_moved_to(void **state)
{
    (void)state;
    int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(taken, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&address, &size), 0);
    chat = &chats[1];
    bot_runs();
    g_autofree char *line = g_strdup_printf("ASKWHY_LISTEN = 127.0.0.1:%d\n", ntohs(address.sin_port));
    reload_with(line);
    assert_says("config.kept problem=");
    assert_says("service.start");
    it_is_stopped();
    close(taken);
}

static void told_to_stop(void)
{
    configure("ASKWHY_COMMAND = /wish\n");
    kill(bot, SIGHUP);
    int pipe = secret_is_read();
    kill(bot, SIGTERM);
    secret_goes_on(pipe);
    assert_says("service.end");
    assert_false(says("service.start"));
    assert_int_equal(bot_ends(), 0);
}

static void told_to_stop_while_it_begins_anew_it_stops(void **state)
{
    (void)state;
    with_every_chat(told_to_stop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_wrong_line_is_told_of_and_the_settings_stay),
        cmocka_unit_test(a_file_that_goes_wrong_while_it_begins_anew_does_not_end_it),
        cmocka_unit_test(without_any_chat_left_it_keeps_the_one_it_has),
        cmocka_unit_test(settings_it_cannot_begin_with_are_given_up_for_those_it_had),
        cmocka_unit_test(a_port_that_is_in_use_is_not_moved_to),
        cmocka_unit_test(told_to_stop_while_it_begins_anew_it_stops),
    };
    char *why = NULL;
    if (!say_init(&why))
        fail_msg("%s", why);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = cmocka_run_group_tests_name("reloading while it runs", tests, clear, NULL);
    curl_global_cleanup();
    say_done();
    return failed;
}

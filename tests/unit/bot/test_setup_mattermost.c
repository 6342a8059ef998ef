/* `askwhy setup mattermost` at the command line: what it writes, what it refuses, and what `askwhy check` says then. */
#include "overheard.h"
#include "tests/unit/mattermost/setup_world.h"

#include "bot/cli.h"
#include "bot/setup_mattermost.h"
#include "tests/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

static char *folder, *said, *url;
static char *acme[] = {(char *)"acme", NULL}, *product[] = {(char *)"acme/product", NULL};
static struct setup_wishes wishes;

static void clear_environment(void)
{
    static const char *const names[] = {"MATTERMOST_ADMIN_TOKEN", "MATTERMOST_URL", "MATTERMOST_TOKEN",
                                        "MATTERMOST_TOKEN_FILE", "MATTERMOST_COMMAND_TOKENS", "ASKWHY_LISTEN",
                                        "ASKWHY_PUBLIC_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "ASKWHY_DATABASE"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_unsetenv(names[i]);
}

static int enter(void **state)
{
    (void)state;
    clear_environment();
    world_begin();
    folder = g_dir_make_tmp("askwhy-setup-XXXXXX", NULL);
    url = g_strdup_printf("http://127.0.0.1:%d", world.port);
    int port;
    close(listen_anywhere(&port));
    g_autofree char *listen_at = g_strdup_printf("127.0.0.1:%d", port);
    g_setenv("ASKWHY_LISTEN", listen_at, TRUE);
    g_setenv("MATTERMOST_ADMIN_TOKEN", ADMIN_TOKEN, TRUE);
    wishes = (struct setup_wishes){.url = url, .teams = acme, .channels = product};
    return folder != NULL ? chdir(folder) : -1;
}

static int leave(void **state)
{
    (void)state;
    world_end();
    clear_environment();
    int result = chdir("/") || remove_folder(folder);
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&said, g_free);
    g_clear_pointer(&url, g_free);
    return result;
}

/* Keeps what is said on standard output and standard error meanwhile. */
static int listen_to(int (*run)(void))
{
    struct overheard was = overhear("said");
    int status = run();
    g_free(said);
    said = overheard(&was);
    unlink("said");
    assert_null(strstr(said, "ofthisstory")); /* no token is ever shown */
    return status;
}

static int run_setup(void)
{
    return setup_mattermost(NULL, &wishes);
}

static int set_up(void)
{
    g_setenv("MATTERMOST_ADMIN_TOKEN", ADMIN_TOKEN, TRUE);
    return listen_to(run_setup);
}

static int run_check(void)
{
    char *argv[] = {(char *)"check", NULL};
    return cli_check(1, argv);
}

#define assert_said(line)                                        \
    do {                                                         \
        if (strstr(said, line) == NULL)                          \
            fail_msg("\"%s\" was not said in\n%s", line, said); \
    } while (0)

static char *held(const char *path)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("there is no %s", path);
    return text;
}

static mode_t mode_of(const char *path)
{
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    return file.st_mode & 0777;
}

static void from_nothing_a_configuration_is_made(void **state)
{
    (void)state;
    assert_int_equal(set_up(), 0);
    assert_said("made   bot account @askwhy\n");
    assert_said("made   configuration askwhy.conf\n");
    g_autofree char *text = held("askwhy.conf");
    g_autofree char *expected =
        g_strdup_printf("MATTERMOST_URL = %s\nASKWHY_LISTEN = %s\nMATTERMOST_TOKEN = %s\nMATTERMOST_COMMAND_TOKENS = %s, %s\n",
                        url, g_getenv("ASKWHY_LISTEN"), world.bot_token, json_str0(world_command("ask"), "token"), json_str0(world_command("why"), "token"));
    assert_string_equal(text, expected);
    assert_int_equal(mode_of("askwhy.conf"), 0600);
}

static void run_again_it_leaves_the_file_alone(void **state)
{
    (void)state;
    assert_int_equal(set_up(), 0);
    struct stat before, after;
    assert_int_equal(stat("askwhy.conf", &before), 0);
    wishes.url = NULL; /* the configuration knows it now */
    assert_int_equal(set_up(), 0);
    assert_int_equal(stat("askwhy.conf", &after), 0);
    assert_int_equal(after.st_ino, before.st_ino);
    assert_int_equal(world.tokens_made, 1);
    assert_null(strstr(said, "made "));
}

static void what_was_configured_stays(void **state)
{
    (void)state;
    assert_true(g_file_set_contents("askwhy.conf", "# ours\nASKWHY_LOG = debug\n#MATTERMOST_URL =\n", -1, NULL));
    wishes.public_url = "http://127.0.0.1:1/askwhy/";
    world.reach = CANNOT_CALL;
    assert_int_equal(set_up(), 1);
    assert_said("wrong  listener: the server cannot call http://127.0.0.1:1/askwhy/mattermost;");
    assert_said("as it was before, it stands beside it as .old\n");
    g_autofree char *text = held("askwhy.conf"), *old = held("askwhy.conf.old");
    g_autofree char *begins = g_strdup_printf("# ours\nASKWHY_LOG = debug\nMATTERMOST_URL = %s\n", url);
    assert_true(g_str_has_prefix(text, begins));
    assert_non_null(strstr(text, "\nASKWHY_PUBLIC_URL = http://127.0.0.1:1/askwhy\n"));
    assert_string_equal(old, "# ours\nASKWHY_LOG = debug\n#MATTERMOST_URL =\n");
}

static void tokens_may_go_into_files_of_their_own(void **state)
{
    (void)state;
    wishes.secrets = folder;
    assert_int_equal(set_up(), 0);
    g_autofree char *text = held("askwhy.conf"), *token = held("mattermost-token");
    assert_null(strstr(text, world.bot_token));
    assert_non_null(strstr(text, "MATTERMOST_TOKEN_FILE = "));
    assert_non_null(strstr(text, "MATTERMOST_COMMAND_TOKENS_FILE = "));
    assert_true(g_str_has_prefix(token, world.bot_token));
    assert_int_equal(mode_of("mattermost-token"), 0600);
    assert_int_equal(mode_of("mattermost-command-tokens"), 0600);
    assert_int_equal(set_up(), 0);
    assert_null(strstr(said, "made "));
}

static void a_token_in_a_file_of_its_own_is_renewed_there(void **state)
{
    (void)state;
    assert_true(g_file_set_contents("token", "revokedtokenofanotherdays1\n", -1, NULL));
    assert_int_equal(chmod("token", 0600), 0);
    assert_true(g_file_set_contents("askwhy.conf", "MATTERMOST_TOKEN_FILE = token\n", -1, NULL));
    assert_int_equal(set_up(), 0);
    assert_said("made   token\n");
    g_autofree char *token = held("token"), *text = held("askwhy.conf");
    assert_true(g_str_has_prefix(token, world.bot_token));
    assert_true(g_str_has_prefix(text, "MATTERMOST_TOKEN_FILE = token\n"));
    assert_null(strstr(text, world.bot_token));
}

static void a_token_in_the_environment_cannot_be_renewed(void **state)
{
    (void)state;
    g_setenv("MATTERMOST_TOKEN", "revokedtokenofanotherdays1", TRUE);
    assert_int_equal(set_up(), 1);
    assert_said("wrong  MATTERMOST_TOKEN: is set in the environment, which wins over askwhy.conf");
    assert_true(world.token_revoked);
    assert_false(g_file_test("askwhy.conf", G_FILE_TEST_EXISTS));
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    wishes.dry_run = true;
    assert_int_equal(set_up(), 0);
    assert_said("would  make the bot account @askwhy and a token for it\n");
    assert_false(g_file_test("askwhy.conf", G_FILE_TEST_EXISTS));
    assert_string_equal(world.asked->str, "");
}

static void the_administrators_token_may_come_on_standard_input(void **state)
{
    (void)state;
    assert_true(g_file_set_contents("in", ADMIN_TOKEN "\n", -1, NULL));
    int before = dup(STDIN_FILENO), in = open("in", O_RDONLY | O_CLOEXEC);
    dup2(in, STDIN_FILENO);
    g_unsetenv("MATTERMOST_ADMIN_TOKEN");
    wishes.dry_run = true;
    assert_int_equal(listen_to(run_setup), 0);
    assert_said("ok     administrator: @rain\n");
    assert_int_equal(listen_to(run_setup), 2); /* there was but one line */
    assert_said("setup: no administrator's token");
    dup2(before, STDIN_FILENO);
    close(before);
    close(in);
}

static void what_cannot_be_meant_is_refused_before_anything_is_asked(void **state)
{
    (void)state;
    char *half[] = {(char *)"product", NULL};
    wishes.channels = half;
    assert_int_equal(set_up(), 2);
    assert_said("--channel product: write TEAM/NAME");
    wishes.channels = product;
    wishes.url = "http://chat.example.com";
    assert_int_equal(set_up(), 2);
    assert_said("--url is plain http to chat.example.com");
    wishes.url = NULL;
    assert_int_equal(set_up(), 2);
    assert_said("say which server with --url");
    wishes.url = url;
    g_setenv("ASKWHY_LISTEN", ":8600", TRUE);
    assert_int_equal(set_up(), 2);
    assert_said("ASKWHY_LISTEN (:8600) does not say how the server reaches askwhy: add --public-url");
    g_setenv("ASKWHY_LISTEN", "127.0.0.1:8600", TRUE);
    wishes.secrets = "nowhere";
    assert_int_equal(set_up(), 2);
    assert_said("cannot write in nowhere: No such file or directory; nothing was changed");
    assert_string_equal(world.asked->str, "");
}

/* ---- And check ---- */

static void check_finds_all_in_place_afterwards(void **state)
{
    (void)state;
    assert_int_equal(set_up(), 0);
    assert_int_equal(listen_to(run_check), 0);
    assert_said("ok     MATTERMOST_TOKEN: @askwhy at http://127.0.0.1:");
    assert_said("Mattermost 5.37.0, posts of 16383 characters\n");
    assert_said("ok     team acme: askwhy is in ~product\n");
    assert_said("ok     commands: /ask and /why are there");
    assert_said("ok     ASKWHY_LISTEN 127.0.0.1:");
}

static void check_says_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(set_up(), 0);
    world.in_channel = false;
    world.site_url = "";
    cJSON_DeleteItemFromArray(world.commands, 0);
    assert_int_equal(listen_to(run_check), 1);
    assert_said("wrong  team acme: askwhy is in no channel; in the one where asks shall live type /invite @askwhy\n");
    assert_said("wrong  team acme: has no /ask; make it with `askwhy setup mattermost --team acme`\n");
    assert_said("wrong  SiteURL: the server has none");
    world.in_team = false;
    assert_int_equal(listen_to(run_check), 1);
    assert_said("wrong  teams: askwhy is in none; add it with `askwhy setup mattermost --team NAME`\n");
    *world.bot_token = '\0';
    assert_int_equal(listen_to(run_check), 1);
    assert_said("wrong  MATTERMOST_TOKEN: is not accepted (HTTP 401)");
}

static void check_says_what_the_bot_may_not_see(void **state)
{
    (void)state;
    assert_int_equal(set_up(), 0);
    world.commands_hidden = true;
    assert_int_equal(listen_to(run_check), 0);
    assert_said("ok     team acme: askwhy is in ~product\n");
    assert_said("note   team acme: its commands could not be looked at, the server says: Not so. (HTTP 403");
}

static void check_tells_a_strange_listener_from_askwhys(void **state)
{
    (void)state;
    assert_int_equal(set_up(), 0);
    g_autofree char *same = g_strdup_printf("127.0.0.1:%d", world.port); /* Mattermost's own port: 404 there */
    g_setenv("ASKWHY_LISTEN", same, TRUE);
    assert_int_equal(listen_to(run_check), 1);
    assert_said("is taken by another program (HTTP ");
    g_autofree char *far = g_strdup_printf("%s/askwhy", url);
    g_setenv("ASKWHY_PUBLIC_URL", far, TRUE);
    assert_int_equal(listen_to(run_check), 1);
    assert_said("does not lead to askwhy (HTTP ");
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(from_nothing_a_configuration_is_made),
        STORY(run_again_it_leaves_the_file_alone),
        STORY(what_was_configured_stays),
        STORY(tokens_may_go_into_files_of_their_own),
        STORY(a_token_in_a_file_of_its_own_is_renewed_there),
        STORY(a_token_in_the_environment_cannot_be_renewed),
        STORY(a_dry_run_writes_nothing),
        STORY(the_administrators_token_may_come_on_standard_input),
        STORY(what_cannot_be_meant_is_refused_before_anything_is_asked),
        STORY(check_finds_all_in_place_afterwards),
        STORY(check_says_what_is_missing),
        STORY(check_says_what_the_bot_may_not_see),
        STORY(check_tells_a_strange_listener_from_askwhys),
    };
    return cmocka_run_group_tests_name("askwhy setup mattermost", tests, NULL, NULL);
}

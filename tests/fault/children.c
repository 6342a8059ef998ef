#include "tests/fault/children.h"

#include "bot/sandbox/workspace.h"
#include "tests/folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

bool like_read(const char *platform, const char *version, enum like *like)
{
    if (g_strcmp0(platform, "mattermost") != 0) {
        *like = LIKE_SLACK;
        return version == NULL && (platform == NULL || strcmp(platform, "slack") == 0);
    }
    *like = g_strcmp0(version, "5.37") == 0 ? LIKE_MATTERMOST_5_37 : LIKE_MATTERMOST_11;
    return version == NULL || *like == LIKE_MATTERMOST_5_37 || strcmp(version, "11") == 0;
}

void like_learn_people(enum like like)
{
    workspace_free(workspace_new(like == LIKE_SLACK ? CHAT_SLACK : CHAT_MATTERMOST));
}

/* A port nobody else is given: bound and never listened at, so that only who wants to reuse it may have it. */
static bool reserve_port(struct children *children)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int yes = 1;
    children->reserved = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (children->reserved < 0 || setsockopt(children->reserved, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(children->reserved, (struct sockaddr *)&address, size) != 0 ||
        getsockname(children->reserved, (struct sockaddr *)&address, &size) != 0)
        return false;
    children->hear_port = ntohs(address.sin_port);
    return true;
}

struct children *children_new(const char *programs, enum like like)
{
    struct children *children = g_new0(struct children, 1);
    g_autoptr(GError) error = NULL;
    children->like = like;
    children->programs = g_strdup(programs);
    children->reserved = children->ready = -1;
    children->folder = g_dir_make_tmp("askwhy-fault-XXXXXX", &error);
    if (children->folder == NULL || (like != LIKE_SLACK && !reserve_port(children))) {
        fprintf(stderr, "%s\n", error != NULL ? error->message : "no port can be had");
        exit(1);
    }
    children->link = g_build_filename(children->folder, "link", NULL);
    children->database = g_build_filename(children->folder, "askwhy.db", NULL);
    return children;
}

static void child_setup(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static pid_t spawn(char **arguments, char **environment, int *out, int *err)
{
    g_autoptr(GError) error = NULL;
    GPid pid = 0;
    if (g_spawn_async_with_pipes(NULL, arguments, environment, G_SPAWN_DO_NOT_REAP_CHILD, child_setup, NULL, &pid, NULL,
                                 out, err, &error))
        return pid;
    fprintf(stderr, "%s\n", error->message);
    return 0;
}

bool children_start_sandbox(struct children *children, int callback_port)
{
    g_autofree char *program = g_build_filename(children->programs, "askwhy-sandbox", NULL);
    g_autofree char *callback = g_strdup_printf("http://127.0.0.1:%d/mattermost", callback_port);
    const char *arguments[12] = {program, "--quiet", "--link", children->link};
    const char *mattermost[] = {"--platform", "mattermost", "--like",
                                children->like == LIKE_MATTERMOST_5_37 ? "5.37" : "11", "--callback", callback};
    if (children->like != LIKE_SLACK)
        memcpy(arguments + 4, mattermost, sizeof mattermost);
    children->sandbox = spawn((char **)arguments, NULL, &children->ready, NULL);
    g_autoptr(GString) line = g_string_new(NULL);
    char c;
    while (children->sandbox != 0 && read(children->ready, &c, 1) == 1 && c != '\n')
        g_string_append_c(line, c);
    const char *port = strrchr(line->str, ':');
    if (!g_str_has_prefix(line->str, "ready ") || port == NULL)
        return false;
    children->port = atoi(port + 1);
    return true;
}

/* ---- the bot ---- */

static char **without_chats(void)
{
    static const char *const names[] = {
        "SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_SOCKETS", "MATTERMOST_URL", "MATTERMOST_TOKEN",
        "MATTERMOST_COMMAND_TOKENS", "ASKWHY_LISTEN", "ASKWHY_PUBLIC_URL", "ASKWHY_LISTEN_CERTIFICATE",
        "ASKWHY_LISTEN_KEY", "ASKWHY_CRASH_AT", "ASKWHY_LOG", "CREDENTIALS_DIRECTORY"};
    char **environment = g_get_environ();
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_strconcat(names[i], "_FILE", NULL);
        environment = g_environ_unsetenv(environment, names[i]);
        environment = g_environ_unsetenv(environment, file);
    }
    return environment;
}

static char **with(char **environment, const char *const *pairs)
{
    for (; pairs != NULL && pairs[0] != NULL; pairs += 2)
        environment = g_environ_setenv(environment, pairs[0], pairs[1], TRUE);
    return environment;
}

bool children_start_bot(struct children *children, const char *url, int callback_port, const char *const *environment,
                        int *log)
{
    g_autofree char *program = g_build_filename(children->programs, "askwhy", NULL);
    g_autofree char *api = g_strconcat(url, "/api", NULL);
    g_autofree char *listen = g_strdup_printf("127.0.0.1:%d", children->hear_port);
    g_autofree char *called_at = g_strdup_printf("http://127.0.0.1:%d", callback_port);
    const char *const both[] = {"ASKWHY_SANDBOX", children->link, "ASKWHY_DATABASE", children->database, NULL};
    const char *const slack[] = {"SLACK_API_URL", api, "SLACK_APP_TOKEN", SANDBOX_APP_TOKEN, "SLACK_BOT_TOKEN",
                                 SANDBOX_BOT_TOKEN, "SLACK_POSTS_PER_MINUTE", "600", NULL};
    const char *const mattermost[] = {"MATTERMOST_URL", url, "MATTERMOST_TOKEN", SANDBOX_MATTERMOST_TOKEN,
                                      "MATTERMOST_COMMAND_TOKENS", SANDBOX_ASK_TOKEN "," SANDBOX_WHY_TOKEN,
                                      "ASKWHY_LISTEN", listen, "ASKWHY_PUBLIC_URL", called_at, NULL};
    g_auto(GStrv) all = with(without_chats(), both);
    all = with(all, children->like == LIKE_SLACK ? slack : mattermost);
    all = with(all, environment);
    char *arguments[] = {program, (char *)"run", (char *)"-c", (char *)"/dev/null", NULL};
    children->bot = spawn(arguments, all, NULL, log);
    return children->bot != 0;
}

int children_bury_bot(struct children *children)
{
    int status = 0;
    while (waitpid(children->bot, &status, 0) < 0 && errno == EINTR)
        continue;
    children->bot = 0;
    return status;
}

/* ---- the end ---- */

void children_kill(struct children *children)
{
    if (children->bot > 0)
        kill(children->bot, SIGKILL);
    if (children->sandbox > 0)
        kill(children->sandbox, SIGKILL);
    remove_folder(children->folder);
}

void children_free(struct children *children)
{
    int status = 0;
    kill(children->sandbox, SIGTERM);
    while (waitpid(children->sandbox, &status, 0) < 0 && errno == EINTR)
        continue;
    if (status != 0)
        fprintf(stderr, "the sandbox ended with status %d\n", status);
    close(children->ready);
    if (children->reserved >= 0)
        close(children->reserved);
    remove_folder(children->folder);
    g_free(children->programs);
    g_free(children->folder);
    g_free(children->link);
    g_free(children->database);
    g_free(children);
}

/* askwhy demo: the real bot over real sockets, and a workspace on loopback to try it in. */
#include "bot/base/log.h"
#include "bot/cli.h"
#include "bot/service.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SANDBOX_APP_TOKEN "xapp-1-A0SANDBOX-1-sandbox"
#define SANDBOX_BOT_TOKEN "xoxb-sandbox-bot"

static char *platform, *script;
static int port;
static gboolean no_browser, verbose;

static const GOptionEntry entries[] = {
    {"platform", 0, 0, G_OPTION_ARG_STRING, &platform, "which chat product the workspace is like: slack", "NAME"},
    {"port", 'p', 0, G_OPTION_ARG_INT, &port, "port of the chat page on 127.0.0.1 (default: any free one)", "N"},
    {"script", 0, 0, G_OPTION_ARG_FILENAME, &script, "play a written conversation and print what the chat shows", "FILE"},
    {"no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser, "do not open the chat page", NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "show the bot's log", NULL},
    G_OPTION_ENTRY_NULL,
};

struct demo {
    pid_t child;
    int out; /* the sandbox's standard output */
    char *folder, *link, *database;
    struct service *service;
    struct loop_fd *watch;
    int status;
};

static char *sandbox_program(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self != NULL ? self : "");
    return g_build_filename(folder, "askwhy-sandbox", NULL);
}

static bool start_sandbox(struct demo *demo)
{
    g_autofree char *program = sandbox_program();
    g_autofree char *number = g_strdup_printf("%d", port);
    char *arguments[10] = {program, "--link", demo->link, "--port", number};
    int count = 5;
    if (script != NULL) {
        arguments[count++] = "--script";
        arguments[count++] = script;
    }
    int ends[2];
    if (access(program, X_OK) != 0) {
        cli_complain("demo: %s: %s; it is built and installed beside askwhy", program, g_strerror(errno));
        return false;
    }
    if (pipe(ends) != 0)
        return false;
    demo->child = fork();
    if (demo->child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(program, arguments);
        _exit(127);
    }
    close(ends[1]);
    demo->out = ends[0];
    return demo->child > 0;
}

/* "ready http://127.0.0.1:PORT"; NULL when the sandbox ended instead. */
static char *wait_until_ready(struct demo *demo)
{
    g_autoptr(GString) line = g_string_new(NULL);
    char c;
    while (read(demo->out, &c, 1) == 1 && c != '\n')
        g_string_append_c(line, c);
    if (!g_str_has_prefix(line->str, "ready "))
        return NULL;
    return g_strdup(line->str + strlen("ready "));
}

static void relay(uint32_t events, void *data)
{
    (void)events;
    struct demo *demo = data;
    char buffer[4096];
    ssize_t got = read(demo->out, buffer, sizeof buffer);
    if (got > 0) {
        fwrite(buffer, 1, (size_t)got, stdout);
        fflush(stdout);
        return;
    }
    /* The sandbox has ended: a script that was played, or its window was closed for good. */
    loop_fd_remove(demo->watch);
    demo->watch = NULL;
    int status = 0;
    waitpid(demo->child, &status, 0);
    demo->child = 0;
    service_stop(demo->service, WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED);
}

static void open_browser(const char *url)
{
    if (no_browser || script != NULL || (g_getenv("DISPLAY") == NULL && g_getenv("WAYLAND_DISPLAY") == NULL))
        return;
    const char *arguments[] = {"xdg-open", url, NULL};
    g_spawn_async(NULL, (char **)arguments, NULL,
                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL);
}

static void greet(const struct demo *demo, const char *url)
{
    if (script != NULL)
        return;
    printf("askwhy is running in a workspace of its own.\n\n"
           "    Open %s in a browser and type, as Dana:\n"
           "    /ask Add SSO for Acme by June\n\n"
           "Data: %s\nCtrl-C ends it.\n",
           url, demo->database);
    fflush(stdout);
}

static void set_environment(struct demo *demo, const char *url)
{
    g_autofree char *api = g_strconcat(url, "/api", NULL);
    g_setenv("SLACK_API_URL", api, TRUE);
    g_setenv("SLACK_APP_TOKEN", SANDBOX_APP_TOKEN, TRUE);
    g_setenv("SLACK_BOT_TOKEN", SANDBOX_BOT_TOKEN, TRUE);
    g_unsetenv("SLACK_APP_TOKEN_FILE");
    g_unsetenv("SLACK_BOT_TOKEN_FILE");
    /* The sandbox keeps no pace a person would have to wait for. */
    g_setenv("SLACK_POSTS_PER_MINUTE", "600", TRUE);
    g_setenv("ASKWHY_SANDBOX", demo->link, TRUE);
    if (!verbose)
        g_setenv("ASKWHY_LOG", "error", FALSE);
    const char *database = g_getenv("ASKWHY_DATABASE");
    demo->database = database != NULL && *database != '\0' ? g_strdup(database)
                                                           : g_build_filename(demo->folder, "askwhy.db", NULL);
    g_setenv("ASKWHY_DATABASE", demo->database, TRUE);
}

static void remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
}

static int run_bot(struct demo *demo, const char *url)
{
    set_environment(demo, url);
    struct config *config = cli_config("/dev/null");
    if (config == NULL)
        return EXIT_USAGE;
    g_autoptr(GError) error = NULL;
    int status = EXIT_FAILED;
    demo->service = service_new(config, NULL, &error);
    if (demo->service == NULL) {
        cli_complain("%s", error->message);
    } else {
        demo->watch = loop_fd_add(service_loop(demo->service), demo->out, EPOLLIN, relay, demo);
        greet(demo, url);
        open_browser(url);
        status = service_run(demo->service);
        if (demo->watch != NULL)
            loop_fd_remove(demo->watch);
    }
    service_free(demo->service);
    config_free(config);
    return status;
}

int cli_demo(int argc, char **argv)
{
    if (!cli_options(argc, argv, "- try askwhy in a workspace of its own", entries, NULL))
        return EXIT_USAGE;
    if (platform != NULL && strcmp(platform, "slack") != 0) {
        cli_complain("demo: --platform %s: there is slack", platform);
        return EXIT_USAGE;
    }
    struct demo demo = {.out = -1};
    demo.folder = g_dir_make_tmp("askwhy-demo-XXXXXX", NULL);
    if (demo.folder == NULL) {
        cli_complain("demo: no temporary folder can be made in %s: %s", g_get_tmp_dir(), g_strerror(errno));
        return EXIT_FAILED;
    }
    demo.link = g_build_filename(demo.folder, "link", NULL);
    int status = EXIT_FAILED;
    if (start_sandbox(&demo)) {
        g_autofree char *url = wait_until_ready(&demo);
        if (url == NULL)
            cli_complain("demo: the workspace did not start%s", port != 0 ? "; is the port in use?" : "");
        else
            status = run_bot(&demo, url);
    }
    if (demo.child > 0) {
        kill(demo.child, SIGTERM);
        waitpid(demo.child, NULL, 0);
    }
    if (demo.out >= 0)
        close(demo.out);
    remove_folder(demo.folder);
    g_free(demo.folder);
    g_free(demo.link);
    g_free(demo.database);
    return status;
}

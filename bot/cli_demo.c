/* askwhy demo: the real bot over real sockets, and a workspace on loopback to try it in.
 *
 * Two children: askwhy-sandbox, and askwhy run with the sandbox's address and tokens in its
 * environment. A bot that is killed is started again, so that a conversation can try that too.
 */
#include "bot/cli.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
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
    pid_t sandbox, bot;
    int out; /* the sandbox's standard output */
    char *folder, *link, *database;
    bool stopping;
    int status;
};

/* Starts a program of ours; out: where its standard output goes, -1 for ours. */
static pid_t start(const char *const *arguments, int out)
{
    pid_t parent = getpid();
    fflush(NULL);
    pid_t child = fork();
    if (child != 0)
        return child;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EXIT_FAILED);
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    execv(arguments[0], (char **)arguments);
    _exit(127);
}

static bool start_sandbox(struct demo *demo)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self != NULL ? self : "");
    g_autofree char *program = g_build_filename(folder, "askwhy-sandbox", NULL);
    g_autofree char *number = g_strdup_printf("%d", port);
    const char *arguments[] = {program, "--link", demo->link, "--port", number, script != NULL ? "--script" : NULL, script, NULL};
    int ends[2];
    if (access(program, X_OK) != 0) {
        cli_complain("demo: %s: %s; it is built and installed beside askwhy", program, g_strerror(errno));
        return false;
    }
    if (!g_unix_open_pipe(ends, FD_CLOEXEC, NULL))
        return false;
    demo->sandbox = start(arguments, ends[1]);
    close(ends[1]);
    demo->out = ends[0];
    return demo->sandbox > 0;
}

static void start_bot(struct demo *demo)
{
    const char *arguments[] = {"/proc/self/exe", "run", "-c", "/dev/null", NULL};
    demo->bot = start(arguments, STDERR_FILENO);
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
    g_unsetenv("CREDENTIALS_DIRECTORY");
    /* The sandbox keeps no pace a person would have to wait for. */
    g_setenv("SLACK_POSTS_PER_MINUTE", "600", TRUE);
    g_setenv("ASKWHY_SANDBOX", demo->link, TRUE);
    g_setenv("ASKWHY_LOG", verbose ? "info" : "error", !verbose);
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

static void stop(struct demo *demo, int status)
{
    if (demo->stopping)
        return;
    demo->stopping = true;
    demo->status = status;
    if (demo->bot > 0)
        kill(demo->bot, SIGTERM);
    else if (demo->sandbox > 0)
        kill(demo->sandbox, SIGTERM);
}

static void reap(struct demo *demo)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
        if (pid == demo->bot) {
            demo->bot = 0;
            if (demo->stopping) {
                if (demo->sandbox > 0)
                    kill(demo->sandbox, SIGTERM);
                /* What a sanitizer found at its end counts too. */
                if (demo->status == EXIT_DONE)
                    demo->status = code;
            } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
                start_bot(demo);
            } else {
                stop(demo, code != EXIT_DONE ? code : EXIT_FAILED);
            }
        } else if (pid == demo->sandbox) {
            demo->sandbox = 0;
            stop(demo, code);
        }
    }
}

static void relay(struct demo *demo)
{
    char buffer[4096];
    ssize_t got = read(demo->out, buffer, sizeof buffer);
    if (got > 0) {
        fwrite(buffer, 1, (size_t)got, stdout);
        fflush(stdout);
    } else {
        close(demo->out);
        demo->out = -1;
    }
}

static void watch(struct demo *demo, int signals)
{
    while (demo->bot > 0 || demo->sandbox > 0 || demo->out >= 0) {
        struct pollfd fds[] = {{.fd = signals, .events = POLLIN}, {.fd = demo->out, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0)
            continue;
        struct signalfd_siginfo taken;
        if ((fds[0].revents & POLLIN) && read(signals, &taken, sizeof taken) == sizeof taken) {
            if (taken.ssi_signo == SIGCHLD)
                reap(demo);
            else
                stop(demo, EXIT_DONE);
        }
        if (fds[1].revents != 0)
            relay(demo);
    }
}

static int take_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

int cli_demo(int argc, char **argv)
{
    if (!cli_options(argc, argv, "- try askwhy in a workspace of its own", entries, NULL))
        return EXIT_USAGE;
    if (platform != NULL && strcmp(platform, "slack") != 0) {
        cli_complain("demo: --platform %s: there is slack", platform);
        return EXIT_USAGE;
    }
    struct demo demo = {.out = -1, .status = EXIT_FAILED};
    demo.folder = g_dir_make_tmp("askwhy-demo-XXXXXX", NULL);
    if (demo.folder == NULL) {
        cli_complain("demo: no temporary folder can be made in %s: %s", g_get_tmp_dir(), g_strerror(errno));
        return EXIT_FAILED;
    }
    demo.link = g_build_filename(demo.folder, "link", NULL);
    int signals = take_signals();
    if (start_sandbox(&demo)) {
        g_autofree char *url = wait_until_ready(&demo);
        if (url == NULL) {
            cli_complain("demo: the workspace did not start%s", port != 0 ? "; is the port in use?" : "");
            demo.stopping = true;
        } else {
            set_environment(&demo, url);
            start_bot(&demo);
            greet(&demo, url);
            open_browser(url);
        }
        reap(&demo);
        watch(&demo, signals);
    }
    close(signals);
    remove_folder(demo.folder);
    g_free(demo.folder);
    g_free(demo.link);
    g_free(demo.database);
    return demo.status;
}

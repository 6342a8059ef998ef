/* askwhy demo: the real bot over real sockets, and a workspace on loopback to try it in.
 *
 * Two children: askwhy-sandbox, and askwhy run with the sandbox's address and tokens in its
 * environment. A bot that is killed is started again, so that a conversation can try that too.
 */
#include "bot/cli.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SANDBOX_APP_TOKEN "xapp-1-A0SANDBOX-1-sandbox"
#define SANDBOX_BOT_TOKEN "xoxb-sandbox-bot"
#define SANDBOX_MATTERMOST_TOKEN "sandboxmattermostbottoken1"
#define SANDBOX_COMMAND_TOKENS "sandboxcommandtokenforask1,sandboxcommandtokenforwhy1"

static char *platform, *like, *script;
static int port;
static gboolean no_browser, verbose;

static const GOptionEntry entries[] = {
    {"platform", 0, 0, G_OPTION_ARG_STRING, &platform, "which chat product the workspace is like: slack (default) or mattermost",
     "NAME"},
    {"like", 0, 0, G_OPTION_ARG_STRING, &like, "with mattermost: like which version, 5.37 or 11 (default)", "VERSION"},
    {"port", 'p', 0, G_OPTION_ARG_INT, &port, "port of the chat page on 127.0.0.1 (default: any free one)", "N"},
    {"script", 0, 0, G_OPTION_ARG_FILENAME, &script, "play a written conversation and print what the chat shows", "FILE"},
    {"no-browser", 0, 0, G_OPTION_ARG_NONE, &no_browser, "do not open the chat page", NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "show the bot's log", NULL},
    G_OPTION_ENTRY_NULL,
};

struct demo {
    pid_t sandbox, bot;
    int out; /* the sandbox's standard output */
    int reserved; /* a socket that keeps hear_port for the bot, also while it is started again */
    int hear_port; /* where Mattermost's calls reach the bot */
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

static bool is_mattermost(void)
{
    return g_strcmp0(platform, "mattermost") == 0;
}

/* A port nobody else is given: it is bound here and never listened at, so that only who wants to reuse it may have it. */
static bool reserve_port(struct demo *demo)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int yes = 1;
    demo->reserved = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (demo->reserved < 0 || setsockopt(demo->reserved, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(demo->reserved, (struct sockaddr *)&address, size) != 0 ||
        getsockname(demo->reserved, (struct sockaddr *)&address, &size) != 0) {
        cli_complain("demo: no port for the workspace's calls can be had: %s", g_strerror(errno));
        return false;
    }
    demo->hear_port = ntohs(address.sin_port);
    return true;
}

static bool start_sandbox(struct demo *demo)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self != NULL ? self : "");
    g_autofree char *program = g_build_filename(folder, "askwhy-sandbox", NULL);
    g_autofree char *number = g_strdup_printf("%d", port);
    g_autofree char *callback = NULL;
    const char *arguments[16] = {program, "--link", demo->link, "--port", number};
    int count = 5;
    if (script != NULL) {
        arguments[count++] = "--script";
        arguments[count++] = script;
    }
    if (is_mattermost()) {
        if (!reserve_port(demo))
            return false;
        callback = g_strdup_printf("http://127.0.0.1:%d/mattermost", demo->hear_port);
        const char *more[] = {"--platform", "mattermost", "--callback", callback, "--like", like != NULL ? like : "11"};
        for (guint i = 0; i < G_N_ELEMENTS(more); i++)
            arguments[count++] = more[i];
    }
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

static void set_slack(const char *url)
{
    g_autofree char *api = g_strconcat(url, "/api", NULL);
    g_setenv("SLACK_API_URL", api, TRUE);
    g_setenv("SLACK_APP_TOKEN", SANDBOX_APP_TOKEN, TRUE);
    g_setenv("SLACK_BOT_TOKEN", SANDBOX_BOT_TOKEN, TRUE);
    /* The sandbox keeps no pace a person would have to wait for. */
    g_setenv("SLACK_POSTS_PER_MINUTE", "600", TRUE);
}

static void set_mattermost(const struct demo *demo, const char *url)
{
    g_autofree char *listen = g_strdup_printf("127.0.0.1:%d", demo->hear_port);
    g_setenv("MATTERMOST_URL", url, TRUE);
    g_setenv("MATTERMOST_TOKEN", SANDBOX_MATTERMOST_TOKEN, TRUE);
    g_setenv("MATTERMOST_COMMAND_TOKENS", SANDBOX_COMMAND_TOKENS, TRUE);
    g_setenv("ASKWHY_LISTEN", listen, TRUE);
}

/* Nothing of the operator's own chat may reach the demo's bot. */
static void forget_chats(void)
{
    static const char *const names[] = {"SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "MATTERMOST_URL",
                                        "MATTERMOST_TOKEN", "MATTERMOST_COMMAND_TOKENS", "ASKWHY_LISTEN",
                                        "ASKWHY_PUBLIC_URL", "ASKWHY_LISTEN_CERTIFICATE", "ASKWHY_LISTEN_KEY"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_strconcat(names[i], "_FILE", NULL);
        g_unsetenv(names[i]);
        g_unsetenv(file);
    }
    g_unsetenv("CREDENTIALS_DIRECTORY");
}

static void set_environment(struct demo *demo, const char *url)
{
    forget_chats();
    if (is_mattermost())
        set_mattermost(demo, url);
    else
        set_slack(url);
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
    if (platform != NULL && !is_mattermost() && strcmp(platform, "slack") != 0) {
        cli_complain("demo: --platform %s: there are slack and mattermost", platform);
        return EXIT_USAGE;
    }
    if (like != NULL && strcmp(like, "5.37") != 0 && strcmp(like, "11") != 0) {
        cli_complain("demo: --like %s: there are 5.37 and 11", like);
        return EXIT_USAGE;
    }
    struct demo demo = {.out = -1, .reserved = -1, .status = EXIT_FAILED};
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
    if (demo.reserved >= 0)
        close(demo.reserved);
    remove_folder(demo.folder);
    g_free(demo.folder);
    g_free(demo.link);
    g_free(demo.database);
    return demo.status;
}

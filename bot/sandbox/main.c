/* askwhy-sandbox: a small Slack or Mattermost workspace on loopback. See docs/sandbox.md. */
#include "bot/sandbox/sandbox.h"

#include "bot/base/log.h"
#include "bot/sandbox/face.h"
#include "bot/sandbox/link.h"
#include "bot/sandbox/misbehave.h"
#include "bot/sandbox/page_socket.h"
#include "bot/sandbox/script.h"
#include "bot/sandbox/server.h"
#include "bot/sandbox/views.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static void on_signal(int number, void *data)
{
    struct sandbox *sandbox = data;
    if (number != SIGHUP)
        loop_stop(sandbox->loop);
}

static void sandbox_done(struct sandbox *sandbox)
{
    sandbox->ending = true;
    script_free(sandbox->script);
    link_free(sandbox->link);
    sandbox->face->stop(sandbox);
    pages_free(sandbox->pages);
    views_free(sandbox->views);
    loop_free(sandbox->loop);
    misbehave_free(sandbox->misbehaviour);
    workspace_free(sandbox->workspace);
    g_free(sandbox->callback);
}

static bool sandbox_init(struct sandbox *sandbox, int port, const char *link, const char *script, GError **error)
{
    sandbox->loop = loop_new(NULL, error);
    if (sandbox->loop == NULL || !loop_signals(sandbox->loop, on_signal, sandbox, error))
        return false;
    sandbox->workspace = workspace_new(sandbox->face == &slack_face ? CHAT_SLACK : CHAT_MATTERMOST);
    if (script != NULL && (sandbox->script = script_new(sandbox, script, error)) == NULL)
        return false;
    sandbox->misbehaviour = misbehave_new();
    sandbox->pages = pages_new(sandbox);
    sandbox->views = views_new(sandbox);
    if (link != NULL && (sandbox->link = link_new(sandbox, link, error)) == NULL)
        return false;
    if (!server_start(sandbox, port, error))
        return false;
    sandbox->face->start(sandbox);
    return true;
}

static bool choose_face(struct sandbox *sandbox, const char *platform, const char *like)
{
    sandbox->old = g_strcmp0(like, "5.37") == 0;
    if (g_strcmp0(platform, mattermost_face.name) == 0)
        sandbox->face = &mattermost_face;
    else if (platform != NULL && strcmp(platform, slack_face.name) != 0)
        return false;
    return like == NULL || sandbox->old || strcmp(like, "11") == 0;
}

int main(int argc, char **argv)
{
    struct sandbox sandbox = {.face = &slack_face};
    gint port = 0;
    g_autofree char *link = NULL, *script = NULL, *platform = NULL, *like = NULL;
    const GOptionEntry options[] = {
        {"platform", 0, 0, G_OPTION_ARG_STRING, &platform, "Which chat it is like: slack (default) or mattermost", "NAME"},
        {"like", 0, 0, G_OPTION_ARG_STRING, &like, "Mattermost: which version, 5.37 or 11 (default)", "VERSION"},
        {"callback", 0, 0, G_OPTION_ARG_STRING, &sandbox.callback, "Mattermost: where the bot is called by commands", "URL"},
        {"port", 'p', 0, G_OPTION_ARG_INT, &port, "Port on 127.0.0.1 (0: any)", "N"},
        {"link", 0, 0, G_OPTION_ARG_FILENAME, &link, "Unix socket for the bot's clock and idleness", "PATH"},
        {"script", 0, 0, G_OPTION_ARG_FILENAME, &script, "Play a written conversation and end", "FILE"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &sandbox.quiet, "Print failures only", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_summary(context, "A small Slack or Mattermost workspace on loopback, to try askwhy in.");
    g_option_context_add_main_entries(context, options, NULL);
    g_autoptr(GError) error = NULL;
    bool parsed = g_option_context_parse(context, &argc, &argv, &error);
    g_option_context_free(context);
    if (!parsed || argc > 1 || port < 0 || port > 65535) {
        fprintf(stderr, "askwhy-sandbox: %s\n", error != NULL ? error->message : "unknown argument, see --help");
        return 2;
    }
    if (!choose_face(&sandbox, platform, like)) {
        fprintf(stderr, "askwhy-sandbox: there are --platform slack and mattermost, and --like 5.37 and 11\n");
        return 2;
    }
    if (sandbox.quiet)
        log_set_level(LOG_ERROR);
    if (!sandbox_init(&sandbox, port, link, script, &error)) {
        fprintf(stderr, "askwhy-sandbox: %s\n", error->message);
        sandbox_done(&sandbox);
        return 2;
    }
    printf("ready http://127.0.0.1:%d\n", sandbox.port);
    fflush(stdout);
    if (sandbox.script != NULL)
        script_start(sandbox.script);
    loop_run(sandbox.loop, NULL, NULL);
    sandbox_done(&sandbox);
    return sandbox.exit_status;
}

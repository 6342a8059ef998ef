/* Whether the server reaches askwhy: it is asked to run /ask, and setup itself listens for that moment. */
#include "bot/mattermost/setup_internal.h"

#include "bot/net/listener.h"

#include <string.h>

struct visit {
    struct setup *setup;
    struct listener *listener;
    bool came, known;
};

static void visited(const struct listener_request *request, void *data)
{
    struct visit *visit = data;
    const GPtrArray *tokens = visit->setup->tokens;
    visit->came = true;
    for (guint i = 0; i < tokens->len; i++) {
        g_autofree char *expected = g_strconcat("Token ", tokens->pdata[i], NULL);
        visit->known = visit->known || strcmp(request->authorization, expected) == 0;
    }
    /* Empty text: nothing is shown to the administrator. */
    listener_answer(visit->listener, request->id, 200, "text/plain", "");
}

static void tell_outcome(struct setup *setup, const struct visit *visit, const struct reply *ran)
{
    const char *url = setup->options->callback_url;
    bool refused = strcmp(ran->error, "api.command.execute_command.failed_resp.app_error") == 0;
    if (visit->came && !visit->known)
        setup_tell(setup, SETUP_WRONG, "listener: a call came to %s without the token of a command; does a proxy take the "
                                       "Authorization header away?", url);
    else if (visit->came && ran->good)
        setup_tell(setup, SETUP_OK, "listener: the server reaches %s", url);
    else if (visit->listener != NULL && (ran->good || refused))
        setup_tell(setup, SETUP_WRONG, "listener: something else than askwhy answers at %s; does --public-url lead to %s?",
                   url, setup->options->listen);
    else if (ran->good)
        setup_tell(setup, SETUP_OK, "listener: the server reaches the askwhy that runs, at %s", url);
    else if (refused)
        setup_tell(setup, SETUP_NOTE, "listener: the server reaches %s, and what runs there refuses the command; let askwhy "
                                      "read its configuration anew (kill -HUP), then look with `askwhy check`", url);
    else if (strcmp(ran->error, "api.command.execute_command.failed.app_error") == 0)
        setup_tell(setup, SETUP_WRONG, "listener: the server cannot call %s; is that how it reaches this machine "
                                       "(--public-url), is a firewall between, does it trust the certificate, and does "
                                       "AllowedUntrustedInternalConnections allow it? The server's log says which", url);
    else
        setup_tell(setup, SETUP_NOTE, "listener: whether the server reaches it could not be tried, the server %s", ran->why);
}

static struct listener *listen_for_a_moment(struct setup *setup, struct visit *visit)
{
    struct listener_options options = {
        .address = setup->options->listen,
        .certificate = setup->options->certificate,
        .key = setup->options->key,
    };
    g_autoptr(GError) error = NULL;
    struct listener *listener = listener_new(setup->admin.loop, &options, &error);
    if (listener != NULL)
        listener_route(listener, "/mattermost/", visited, visit);
    else
        setup_tell(setup, SETUP_NOTE, "listener: %s; asking whoever listens there, askwhy if it runs", error->message);
    return listener;
}

void setup_reach(struct setup *setup)
{
    if (setup->tokens->len == 0 || setup->wrong > 0)
        return;
    if (g_str_has_suffix(setup->options->listen, ":0")) {
        setup_tell(setup, SETUP_NOTE, "listener: not tried, as ASKWHY_LISTEN leaves the port open");
        return;
    }
    if (setup_would(setup, "let the server call %s to see that it reaches it", setup->options->callback_url))
        return;
    const struct setup_team *team = setup->teams->pdata[0];
    g_auto(reply) channel = setup_call(&setup->admin, "GET", NULL, "teams/%s/channels/name/town-square", team->id);
    if (!channel.good || setup_id(channel.body, "id") == NULL) {
        setup_tell(setup, SETUP_NOTE, "listener: not tried, team %s shows no channel town-square", team->name);
        return;
    }
    struct visit visit = {.setup = setup};
    visit.listener = listen_for_a_moment(setup, &visit);
    g_autofree char *line = g_strconcat(setup->options->command, " help", NULL);
    cJSON *body = json_object();
    json_put_str(body, "channel_id", setup_id(channel.body, "id"));
    json_put_str(body, "team_id", team->id);
    json_put_str(body, "command", line);
    g_auto(reply) ran = setup_call(&setup->admin, "POST", body, "commands/execute");
    tell_outcome(setup, &visit, &ran);
    listener_free(visit.listener);
}

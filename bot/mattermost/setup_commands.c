/* The slash-commands, in each team: found, made, or mended. */
#include "bot/mattermost/setup_internal.h"

#include "bot/base/log.h"

#include <string.h>

#define SHOWN_AS "askwhy"

struct wanted {
    const char *trigger; /* without slash */
    const char *option;
    const char *hint, *description;
};

static bool is_known_token(const struct setup *setup, const char *token)
{
    const char *const *known = setup->options->command_tokens;
    return token != NULL && *token != '\0' && known != NULL && g_strv_contains(known, token);
}

static bool is_ours(const struct setup *setup, const cJSON *command, const char *url)
{
    return strcmp(json_str0(command, "url"), url) == 0 || strcmp(json_str0(command, "display_name"), SHOWN_AS) == 0 ||
           is_known_token(setup, json_str(command, "token"));
}

static const cJSON *find_trigger(const cJSON *commands, const char *trigger)
{
    const cJSON *command;
    cJSON_ArrayForEach(command, commands)
    {
        if (strcmp(json_str0(command, "trigger"), trigger) == 0)
            return command;
    }
    return NULL;
}

static void set_text(cJSON *object, const char *name, const char *text)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    json_put_str(object, name, text);
}

/* How it shall be; base: how it is, NULL for a new one. */
static cJSON *describe(const struct wanted *wanted, const char *team, const char *url, const cJSON *base)
{
    cJSON *command = base != NULL ? cJSON_Duplicate(base, true) : json_object();
    set_text(command, "team_id", team);
    set_text(command, "trigger", wanted->trigger);
    set_text(command, "method", "P");
    set_text(command, "url", url);
    set_text(command, "display_name", SHOWN_AS);
    set_text(command, "description", wanted->description);
    set_text(command, "auto_complete_hint", wanted->hint);
    set_text(command, "auto_complete_desc", wanted->description);
    cJSON_DeleteItemFromObjectCaseSensitive(command, "auto_complete");
    json_put_bool(command, "auto_complete", true);
    return command;
}

static void tell_taken(struct setup *setup, const struct wanted *wanted, const struct setup_team *team)
{
    setup_tell(setup, SETUP_WRONG,
               "command /%s in team %s: another one has that name already; choose your own with %s = /name in askwhy's "
               "configuration and run this again, or remove the other one under Integrations → Slash Commands",
               wanted->trigger, team->name, wanted->option);
}

static void took_token(struct setup *setup, const cJSON *command)
{
    const char *token = json_str(command, "token");
    if (token == NULL || *token == '\0')
        return;
    log_secret(token); /* the server gets it back, and may quote it */
    g_ptr_array_add(setup->tokens, g_strdup(token));
}

static void make(struct setup *setup, const struct wanted *wanted, const struct setup_team *team, const char *url)
{
    if (setup_would(setup, "make the command /%s in team %s, calling %s", wanted->trigger, team->name, url))
        return;
    g_auto(reply) made = setup_call(&setup->admin, "POST", describe(wanted, team->id, url, NULL), "commands");
    if (strcmp(made.error, "api.command.duplicate_trigger.app_error") == 0) {
        tell_taken(setup, wanted, team);
    } else if (!made.good || json_str(made.body, "token") == NULL) {
        setup_tell(setup, SETUP_WRONG, "command /%s in team %s: could not be made, the server %s", wanted->trigger,
                   team->name, made.good ? "gives no token" : made.why);
    } else {
        took_token(setup, made.body);
        setup_tell(setup, SETUP_MADE, "command /%s in team %s", wanted->trigger, team->name);
    }
}

static void mend(struct setup *setup, const struct wanted *wanted, const struct setup_team *team, const char *url,
                 const cJSON *command)
{
    const char *id = setup_id(command, "id");
    cJSON *better = describe(wanted, team->id, url, command);
    took_token(setup, command);
    if (cJSON_Compare(better, command, true)) {
        setup_tell(setup, SETUP_OK, "command /%s in team %s", wanted->trigger, team->name);
    } else if (id != NULL && !setup_would(setup, "mend the command /%s in team %s, so that it calls %s", wanted->trigger,
                                          team->name, url)) {
        g_auto(reply) mended = setup_call(&setup->admin, "PUT", g_steal_pointer(&better), "commands/%s", id);
        if (mended.good)
            setup_tell(setup, SETUP_MADE, "command /%s in team %s: mended, calls %s", wanted->trigger, team->name, url);
        else
            setup_tell(setup, SETUP_WRONG, "command /%s in team %s: could not be mended, the server %s", wanted->trigger,
                       team->name, mended.why);
    }
    cJSON_Delete(better);
}

/* Made under a name that is configured no longer. */
static void tell_left_over(struct setup *setup, const struct wanted *wanted, const struct setup_team *team,
                           const char *url, const cJSON *commands)
{
    const cJSON *command;
    cJSON_ArrayForEach(command, commands)
    {
        const char *trigger = json_str0(command, "trigger");
        if (is_ours(setup, command, url) && strcmp(trigger, wanted[0].trigger) != 0 &&
            strcmp(trigger, wanted[1].trigger) != 0)
            setup_tell(setup, SETUP_NOTE, "command /%s in team %s: is left over from another name; remove it under "
                                          "Integrations → Slash Commands", trigger, team->name);
    }
}

/* False when it is not known which there are. */
static bool visit_team(struct setup *setup, const struct wanted *wanted, const struct setup_team *team, const char *url)
{
    g_auto(reply) custom = setup_call(&setup->admin, "GET", NULL, "commands?team_id=%s&custom_only=true", team->id);
    if (!custom.good) {
        setup_tell(setup, SETUP_WRONG, "commands of team %s: the server %s", team->name, custom.why);
        return false;
    }
    g_auto(reply) all = setup_call(&setup->admin, "GET", NULL, "commands?team_id=%s", team->id);
    for (int i = 0; i < 2; i++) {
        const cJSON *there = find_trigger(custom.body, wanted[i].trigger);
        const cJSON *of_plugin = find_trigger(all.body, wanted[i].trigger);
        if ((there != NULL && !is_ours(setup, there, url)) || *json_str0(of_plugin, "plugin_id") != '\0')
            tell_taken(setup, &wanted[i], team);
        else if (there != NULL)
            mend(setup, &wanted[i], team, url, there);
        else
            make(setup, &wanted[i], team, url);
    }
    tell_left_over(setup, wanted, team, url, custom.body);
    return true;
}

static bool are_configured(const struct setup *setup)
{
    const char *const *known = setup->options->command_tokens;
    guint count = known != NULL ? g_strv_length((char **)known) : 0;
    for (guint i = 0; i < setup->tokens->len; i++) {
        if (!is_known_token(setup, setup->tokens->pdata[i]))
            return false;
    }
    return count == setup->tokens->len;
}

static bool keep_tokens(struct setup *setup, bool complete)
{
    const char *const *known = setup->options->command_tokens;
    for (int i = 0; !complete && known != NULL && known[i] != NULL; i++) {
        if (!g_ptr_array_find_with_equal_func(setup->tokens, known[i], g_str_equal, NULL))
            g_ptr_array_add(setup->tokens, g_strdup(known[i]));
    }
    if (setup->tokens->len == 0)
        return true;
    if (are_configured(setup)) {
        setup_tell(setup, SETUP_OK, "MATTERMOST_COMMAND_TOKENS: those of all these commands");
        return true;
    }
    if (setup_would(setup, "write the tokens of these commands into the configuration"))
        return true;
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < setup->tokens->len; i++)
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", (const char *)setup->tokens->pdata[i]);
    bool kept = setup->host->keep("MATTERMOST_COMMAND_TOKENS", list->str, setup->host->data);
    explicit_bzero(list->str, list->len);
    g_string_free(list, TRUE);
    if (kept)
        setup_tell(setup, SETUP_MADE, "MATTERMOST_COMMAND_TOKENS: those of all these commands");
    else
        setup->wrong++;
    return kept;
}

bool setup_commands(struct setup *setup)
{
    const struct setup_options *options = setup->options;
    g_autofree char *about = g_strconcat("Raise an ask, with its why; ", options->command, " help tells what else there is",
                                         NULL);
    const struct wanted wanted[2] = {
        {options->command + 1, "ASKWHY_COMMAND", "[what you need, or help]", about},
        {options->why_command + 1, "ASKWHY_WHY_COMMAND", "[number] [the why]",
         "Show the why of an ask, or give it"},
    };
    g_autofree char *url = g_strconcat(options->callback_url, "/command", NULL);
    bool complete = setup->all_teams;
    for (guint i = 0; i < setup->teams->len; i++)
        complete = visit_team(setup, wanted, setup->teams->pdata[i], url) && complete;
    return keep_tokens(setup, complete);
}

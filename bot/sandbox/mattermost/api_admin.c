/* The server itself, slash-commands, bots and their tokens: what `askwhy setup` and `askwhy check` ask for. */
#include "bot/base/clock.h"
#include "bot/sandbox/mattermost/api.h"
#include "bot/sandbox/mattermost/call.h"
#include "bot/sandbox/mattermost/wire.h"
#include "bot/sandbox/views.h"

#include <string.h>

static bool is_admin(struct mm_call *call)
{
    if (!call->admin)
        mm_forbid(call);
    return call->admin;
}

static void ping(struct mm_call *call)
{
    call->answer = json_object();
    json_put_str(call->answer, "status", "OK");
}

static void get_client_config(struct mm_call *call)
{
    g_autofree char *url = mattermost_site_url(call->sandbox);
    call->answer = json_object();
    json_put_str(call->answer, "Version", mattermost_version(call->sandbox));
    json_put_str(call->answer, "BuildNumber", mattermost_version(call->sandbox));
    json_put_str(call->answer, "SiteURL", url);
    json_put_str(call->answer, "SiteName", "Sandbox");
    json_put_str(call->answer, "MaxPostSize", "16383");
    json_put_str(call->answer, "MaxFileSize", "52428800");
    json_put_str(call->answer, "EnableBotAccountCreation", "true");
    json_put_str(call->answer, "CollapsedThreads", call->mattermost->old ? "disabled" : "always_on");
    if (call->mattermost->old)
        json_put_str(call->answer, "EnableReliableWebSockets", "true");
}

static void get_config(struct mm_call *call)
{
    if (!is_admin(call))
        return;
    g_autofree char *url = mattermost_site_url(call->sandbox);
    cJSON *service = json_object();
    json_put_str(service, "SiteURL", url);
    json_put_bool(service, "EnableCommands", true);
    json_put_bool(service, "EnableBotAccountCreation", true);
    json_put_bool(service, "EnableUserAccessTokens", false);
    json_put_bool(service, "EnablePostUsernameOverride", false);
    json_put_str(service, "AllowedUntrustedInternalConnections",
                 call->mattermost->forbidden ? "" : "127.0.0.1/32 localhost");
    if (call->mattermost->old)
        json_put_bool(service, "EnableReliableWebSockets", true);
    call->answer = json_object();
    json_put(call->answer, "ServiceSettings", service);
}

/* ---- slash-commands ---- */

static cJSON *command_json(const struct slash_command *command, bool with_token)
{
    cJSON *json = json_object();
    json_put_str(json, "id", command->id);
    json_put_str(json, "token", with_token ? command->token : "");
    json_put_int(json, "create_at", command->at_ms);
    json_put_int(json, "update_at", command->at_ms);
    json_put_int(json, "delete_at", 0);
    json_put_str(json, "creator_id", command->creator);
    json_put_str(json, "team_id", MATTERMOST_TEAM);
    json_put_str(json, "trigger", command->trigger);
    json_put_str(json, "method", "P");
    json_put_str(json, "username", "");
    json_put_str(json, "icon_url", "");
    json_put_bool(json, "auto_complete", command->auto_complete);
    json_put_str(json, "auto_complete_desc", command->hint_text);
    json_put_str(json, "auto_complete_hint", command->hint);
    json_put_str(json, "display_name", command->display_name);
    json_put_str(json, "description", command->description);
    json_put_str(json, "url", command->url);
    json_put_str(json, "plugin_id", "");
    return json;
}

static void take_text(char **member, const cJSON *body, const char *name)
{
    if (json_str(body, name) == NULL)
        return;
    g_free(*member);
    *member = g_strdup(json_str(body, name));
}

static void take_description(struct slash_command *command, const cJSON *body)
{
    take_text(&command->url, body, "url");
    take_text(&command->hint, body, "auto_complete_hint");
    take_text(&command->hint_text, body, "auto_complete_desc");
    take_text(&command->display_name, body, "display_name");
    take_text(&command->description, body, "description");
    command->auto_complete = json_true(body, "auto_complete");
}

static void create_command(struct mm_call *call)
{
    if (!is_admin(call))
        return;
    g_autofree char *trigger = g_ascii_strdown(json_str0(call->body, "trigger"), -1);
    const char *url = json_str0(call->body, "url");
    if (trigger[0] == '\0' || trigger[0] == '/' || strpbrk(trigger, " \t\n") != NULL || strlen(trigger) > 128) {
        mm_fail(call, 400, "model.command.is_valid.trigger.app_error");
    } else if (!g_str_has_prefix(url, "http://") && !g_str_has_prefix(url, "https://")) {
        mm_fail(call, 400, "model.command.is_valid.url_http.app_error");
    } else if (mattermost_command(call->mattermost, trigger) != NULL) {
        mm_fail(call, 400, "api.command.duplicate_trigger.app_error");
    } else {
        g_autofree char *token = random_id();
        mattermost_add_command(call->mattermost, trigger, token, url, "");
        struct slash_command *command = mattermost_command(call->mattermost, trigger);
        take_description(command, call->body);
        call->answer = command_json(command, true);
        call->status = 201;
    }
}

static void list_commands(struct mm_call *call)
{
    if (!is_admin(call))
        return;
    call->answer = json_array();
    for (guint i = 0; i < call->mattermost->commands->len; i++)
        json_push(call->answer, command_json(g_ptr_array_index(call->mattermost->commands, i), true));
}

static struct slash_command *command_by_id(struct mm_call *call, guint *at)
{
    for (guint i = 0; i < call->mattermost->commands->len; i++) {
        struct slash_command *command = g_ptr_array_index(call->mattermost->commands, i);
        if (strcmp(command->id, call->parts[0]) == 0) {
            *at = i;
            return command;
        }
    }
    mm_fail(call, 404, "app.command.getcommand.missing.app_error");
    return NULL;
}

static void update_command(struct mm_call *call)
{
    guint at = 0;
    struct slash_command *command = is_admin(call) ? command_by_id(call, &at) : NULL;
    if (command == NULL)
        return;
    take_description(command, call->body);
    call->answer = command_json(command, true);
}

static void delete_command(struct mm_call *call)
{
    guint at = 0;
    if (is_admin(call) && command_by_id(call, &at) != NULL)
        g_ptr_array_remove_index(call->mattermost->commands, at);
}

static void renew_command_token(struct mm_call *call)
{
    guint at = 0;
    struct slash_command *command = is_admin(call) ? command_by_id(call, &at) : NULL;
    if (command == NULL)
        return;
    g_free(command->token);
    command->token = random_id();
    call->answer = json_object();
    json_put_str(call->answer, "token", command->token);
}

/* ---- bots ---- */

static cJSON *bot_json(void)
{
    cJSON *json = json_object();
    json_put_str(json, "user_id", bot_user());
    json_put_str(json, "username", SANDBOX_BOT_NAME);
    json_put_str(json, "display_name", SANDBOX_BOT_NAME);
    json_put_str(json, "owner_id", MATTERMOST_ADMIN);
    json_put_int(json, "delete_at", 0);
    return json;
}

/* There is one bot, and it is there already; as a server says it when the name is taken. */
static void create_bot(struct mm_call *call)
{
    if (is_admin(call))
        mm_fail(call, 400, "app.user.save.username_exists.app_error");
}

static void get_bots(struct mm_call *call)
{
    if (!is_admin(call))
        return;
    call->answer = json_array();
    json_push(call->answer, bot_json());
}

static void get_bot(struct mm_call *call)
{
    if (strcmp(call->parts[0], bot_user()) == 0)
        call->answer = bot_json();
    else
        mm_fail(call, 404, "store.sql_bot.get.missing.app_error");
}

static void enable_bot(struct mm_call *call)
{
    if (is_admin(call))
        get_bot(call);
}

static void list_tokens(struct mm_call *call)
{
    if (is_admin(call))
        call->answer = json_array();
}

static void create_token(struct mm_call *call)
{
    if (!is_admin(call))
        return;
    g_autofree char *id = random_id();
    call->answer = json_object();
    json_put_str(call->answer, "id", id);
    json_put_str(call->answer, "token", SANDBOX_MATTERMOST_TOKEN);
    json_put_str(call->answer, "user_id", call->parts[0]);
    json_put_str(call->answer, "description", json_str0(call->body, "description"));
    json_put_bool(call->answer, "is_active", true);
}

/* ---- dialogs ---- */

static void open_dialog(struct mm_call *call)
{
    const char *error = call_open_dialog(call->sandbox, call->body);
    if (error != NULL)
        mm_fail(call, 400, error);
}

const struct mm_route mm_admin_routes[] = {
    {"GET", "system/ping", ping, NULL, true},
    {"GET", "config/client", get_client_config, NULL, true},
    {"GET", "config", get_config, NULL, false},
    {"POST", "commands", create_command, NULL, false},
    {"GET", "commands", list_commands, NULL, false},
    {"PUT", "commands/*", update_command, NULL, false},
    {"DELETE", "commands/*", delete_command, NULL, false},
    {"PUT", "commands/*/regen_token", renew_command_token, NULL, false},
    {"POST", "bots", create_bot, NULL, false},
    {"GET", "bots", get_bots, NULL, false},
    {"GET", "bots/*", get_bot, NULL, false},
    {"POST", "bots/*/enable", enable_bot, NULL, false},
    {"GET", "users/*/tokens", list_tokens, NULL, false},
    {"POST", "users/*/tokens", create_token, NULL, false},
    {"POST", "actions/dialogs/open", open_dialog, "form", true},
    {NULL, NULL, NULL, NULL, false},
};

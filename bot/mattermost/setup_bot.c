/* The bot account, its token, and where it is a member. */
#include "bot/mattermost/setup_internal.h"

#include <string.h>

static bool make_account(struct setup *setup)
{
    const char *name = setup->bot_name;
    if (setup_would(setup, "make the bot account @%s and a token for it", name))
        return true;
    cJSON *body = json_object();
    json_put_str(body, "username", name);
    json_put_str(body, "display_name", "askwhy");
    json_put_str(body, "description", "Asks for the why behind every ask, and keeps what came of it.");
    g_auto(reply) made = setup_call(&setup->admin, "POST", body, "bots");
    if (strcmp(made.error, "api.bot.create_disabled") == 0) {
        setup_tell(setup, SETUP_WRONG, "setting EnableBotAccountCreation: is off; set System Console → Integrations → Bot "
                                       "Accounts → Enable Bot Account Creation to true and run this again");
    } else if (!made.good || setup_id(made.body, "user_id") == NULL) {
        setup_tell(setup, SETUP_WRONG, "bot account @%s: could not be made, the server %s", name,
                   made.good ? "names no id" : made.why);
    } else {
        setup->bot_id = g_strdup(setup_id(made.body, "user_id"));
        setup_tell(setup, SETUP_MADE, "bot account @%s", name);
    }
    return setup->bot_id != NULL;
}

static bool enable_account(struct setup *setup)
{
    const char *name = setup->bot_name;
    if (setup_would(setup, "enable the bot account @%s again", name))
        return true;
    g_auto(reply) enabled = setup_call(&setup->admin, "POST", NULL, "bots/%s/enable", setup->bot_id);
    if (enabled.good)
        setup_tell(setup, SETUP_MADE, "bot account @%s: enabled again", name);
    else
        setup_tell(setup, SETUP_WRONG, "bot account @%s: is disabled and could not be enabled, the server %s", name,
                   enabled.why);
    return enabled.good;
}

static bool find_account(struct setup *setup)
{
    const char *name = setup->bot_name;
    g_autofree char *escaped = setup_escape(name);
    g_auto(reply) user = setup_call(&setup->admin, "GET", NULL, "users/username/%s", escaped);
    if (user.status == 404)
        return make_account(setup);
    const char *id = setup_id(user.body, "id");
    if (!user.good || id == NULL) {
        setup_tell(setup, SETUP_WRONG, "bot account @%s: the server %s", name, user.good ? "names no id" : user.why);
        return false;
    }
    if (!json_true(user.body, "is_bot")) {
        setup_tell(setup, SETUP_WRONG, "bot account: @%s is a person's account; choose another name for the bot with "
                                       "--bot NAME", name);
        return false;
    }
    setup->bot_id = g_strdup(id);
    if (json_int(user.body, "delete_at", 0) != 0)
        return enable_account(setup);
    setup_tell(setup, SETUP_OK, "bot account @%s", name);
    return true;
}

/* ---- Its token ---- */

enum worth { WORTH_GOOD, WORTH_NOTHING, WORTH_UNKNOWN };

static enum worth look_at_token(struct setup *setup)
{
    if (setup->options->bot_token == NULL)
        return WORTH_NOTHING;
    struct caller bot = setup->admin;
    bot.token = setup->options->bot_token;
    g_auto(reply) me = setup_call(&bot, "GET", NULL, "users/me");
    if (me.good && g_strcmp0(setup_id(me.body, "id"), setup->bot_id) == 0)
        return WORTH_GOOD;
    if (me.good) {
        setup_tell(setup, SETUP_NOTE, "MATTERMOST_TOKEN: is that of @%s, not of @%s", json_str0(me.body, "username"),
                   setup->bot_name);
        return WORTH_NOTHING;
    }
    if (me.status == 401) {
        setup_tell(setup, SETUP_NOTE, "MATTERMOST_TOKEN: is not accepted any more");
        return WORTH_NOTHING;
    }
    setup_tell(setup, SETUP_WRONG, "MATTERMOST_TOKEN: could not be tried, the server %s", me.why);
    return WORTH_UNKNOWN;
}

static void tell_of_older_tokens(struct setup *setup, const char *own)
{
    g_auto(reply) tokens = setup_call(&setup->admin, "GET", NULL, "users/%s/tokens?per_page=200", setup->bot_id);
    int older = 0;
    const cJSON *token;
    cJSON_ArrayForEach(token, tokens.body)
        older += json_true(token, "is_active") && g_strcmp0(json_str(token, "id"), own) != 0;
    if (older > 0)
        setup_tell(setup, SETUP_NOTE, "@%s has %d older token%s that still work; revoke what nobody uses under Integrations "
                                      "→ Bot Accounts", setup->bot_name, older, older == 1 ? "" : "s");
}

static bool make_token(struct setup *setup)
{
    if (setup->bot_id == NULL) /* a dry run: told with the account */
        return true;
    if (setup_would(setup, "make a token for @%s and write it into the configuration", setup->bot_name))
        return true;
    cJSON *body = json_object();
    json_put_str(body, "description", "askwhy");
    g_auto(reply) made = setup_call(&setup->admin, "POST", body, "users/%s/tokens", setup->bot_id);
    const char *id = setup_id(made.body, "id"), *token = json_str(made.body, "token");
    if (!made.good || id == NULL || token == NULL) {
        setup_tell(setup, SETUP_WRONG, "token of @%s: could not be made, the server %s", setup->bot_name,
                   made.good ? "gives none" : made.why);
        return false;
    }
    if (!setup->host->keep("MATTERMOST_TOKEN", token, setup->host->data)) {
        setup->wrong++;
        body = json_object();
        json_put_str(body, "token_id", id);
        g_auto(reply) revoked = setup_call(&setup->admin, "POST", body, "users/tokens/revoke");
        setup_tell(setup, SETUP_NOTE, "the new token of @%s %s", setup->bot_name,
                   revoked.good ? "was revoked again" : "could not be revoked: do it under Integrations → Bot Accounts");
        return false;
    }
    setup_tell(setup, SETUP_MADE, "token of @%s", setup->bot_name);
    tell_of_older_tokens(setup, id);
    return true;
}

/* As it was said, else as it was last time. */
static void choose_name(struct setup *setup)
{
    setup->bot_name = g_strdup(setup->options->bot_name);
    if (setup->bot_name == NULL && setup->options->bot_token != NULL) {
        struct caller bot = setup->admin;
        bot.token = setup->options->bot_token;
        g_auto(reply) me = setup_call(&bot, "GET", NULL, "users/me");
        if (json_true(me.body, "is_bot"))
            setup->bot_name = g_strdup(json_str(me.body, "username"));
    }
    if (setup->bot_name == NULL)
        setup->bot_name = g_strdup("askwhy");
}

bool setup_bot(struct setup *setup)
{
    choose_name(setup);
    if (!find_account(setup))
        return false;
    if (setup->bot_id == NULL)
        return true;
    enum worth worth = look_at_token(setup);
    if (worth == WORTH_GOOD)
        setup_tell(setup, SETUP_OK, "MATTERMOST_TOKEN: works, and is that of @%s", setup->bot_name);
    return worth == WORTH_NOTHING ? make_token(setup) : worth == WORTH_GOOD;
}

/* ---- Membership ---- */

static void add_team(struct setup *setup, const char *id, const char *name)
{
    for (guint i = 0; i < setup->teams->len; i++) {
        if (strcmp(((struct setup_team *)setup->teams->pdata[i])->id, id) == 0)
            return;
    }
    struct setup_team *team = g_new0(struct setup_team, 1);
    team->id = g_strdup(id);
    team->name = g_strdup(name);
    g_ptr_array_add(setup->teams, team);
}

static bool is_archived(struct setup *setup, const char *kind, const char *name, const cJSON *body)
{
    bool archived = json_int(body, "delete_at", 0) != 0;
    if (archived)
        setup_tell(setup, SETUP_WRONG, "%s %s: is archived; name another one, or bring it back", kind, name);
    return archived;
}

static void find_team(struct setup *setup, const char *name)
{
    g_autofree char *escaped = setup_escape(name);
    g_auto(reply) team = setup_call(&setup->admin, "GET", NULL, "teams/name/%s", escaped);
    const char *id = setup_id(team.body, "id");
    if (team.status == 404)
        setup_tell(setup, SETUP_WRONG, "team %s: there is none of that name; it is the one in the team's address, after the "
                                       "server's", name);
    else if (!team.good || id == NULL)
        setup_tell(setup, SETUP_WRONG, "team %s: the server %s", name, team.good ? "names no id" : team.why);
    else if (!is_archived(setup, "team", name, team.body))
        add_team(setup, id, json_str0(team.body, "name"));
}

static void find_teams_of_bot(struct setup *setup)
{
    setup->all_teams = setup->bot_id == NULL;
    if (setup->bot_id == NULL)
        return;
    g_auto(reply) teams = setup_call(&setup->admin, "GET", NULL, "users/%s/teams", setup->bot_id);
    setup->all_teams = teams.good;
    const cJSON *team;
    cJSON_ArrayForEach(team, teams.body)
    {
        if (setup_id(team, "id") != NULL && json_int(team, "delete_at", 0) == 0)
            add_team(setup, setup_id(team, "id"), json_str0(team, "name"));
    }
}

/* Nobody said which: the server's only one, or a question. */
static void find_only_team(struct setup *setup)
{
    g_auto(reply) teams = setup_call(&setup->admin, "GET", NULL, "teams?per_page=200");
    if (!teams.good) {
        setup_tell(setup, SETUP_WRONG, "teams: the server %s", teams.why);
        return;
    }
    GString *names = g_string_new(NULL);
    const cJSON *team, *only = NULL;
    int count = 0;
    cJSON_ArrayForEach(team, teams.body)
    {
        if (setup_id(team, "id") == NULL || json_int(team, "delete_at", 0) != 0)
            continue;
        g_string_append_printf(names, "%s%s", count++ > 0 ? ", " : "", json_str0(team, "name"));
        only = team;
    }
    if (count == 1)
        add_team(setup, setup_id(only, "id"), json_str0(only, "name"));
    else
        setup_tell(setup, SETUP_WRONG, "teams: say which askwhy shall be in with --team NAME, once for each; there are %s",
                   count > 0 ? names->str : "none");
    g_string_free(names, TRUE);
}

static bool join_team(struct setup *setup, const struct setup_team *team)
{
    g_auto(reply) member = {0};
    if (setup->bot_id != NULL)
        member = setup_call(&setup->admin, "GET", NULL, "teams/%s/members/%s", team->id, setup->bot_id);
    if (member.good && json_int(member.body, "delete_at", 0) == 0) {
        setup_tell(setup, SETUP_OK, "team %s: @%s is in it", team->name, setup->bot_name);
        return true;
    }
    if (setup_would(setup, "add @%s to the team %s", setup->bot_name, team->name))
        return true;
    cJSON *body = json_object();
    json_put_str(body, "team_id", team->id);
    json_put_str(body, "user_id", setup->bot_id);
    g_auto(reply) added = setup_call(&setup->admin, "POST", body, "teams/%s/members", team->id);
    if (added.good)
        setup_tell(setup, SETUP_MADE, "team %s: @%s added", team->name, setup->bot_name);
    else
        setup_tell(setup, SETUP_WRONG, "team %s: @%s could not be added, the server %s", team->name,
                   setup->bot_name, added.why);
    return added.good;
}

static void join_channel(struct setup *setup, const char *which)
{
    g_auto(GStrv) parts = g_strsplit(which, "/", 2);
    g_autofree char *team = setup_escape(parts[0]), *name = setup_escape(parts[1]);
    g_auto(reply) channel = setup_call(&setup->admin, "GET", NULL, "teams/name/%s/channels/name/%s", team, name);
    const char *id = setup_id(channel.body, "id");
    if (channel.status == 404) {
        setup_tell(setup, SETUP_WRONG, "channel %s: there is none of that name; it is the one in the channel's address", which);
        return;
    }
    if (!channel.good || id == NULL) {
        setup_tell(setup, SETUP_WRONG, "channel %s: the server %s", which, channel.good ? "names no id" : channel.why);
        return;
    }
    if (is_archived(setup, "channel", which, channel.body))
        return;
    g_auto(reply) member = {0};
    if (setup->bot_id != NULL)
        member = setup_call(&setup->admin, "GET", NULL, "channels/%s/members/%s", id, setup->bot_id);
    if (member.good) {
        setup_tell(setup, SETUP_OK, "channel %s: @%s is in it", which, setup->bot_name);
        return;
    }
    if (setup_would(setup, "add @%s to the channel %s", setup->bot_name, which))
        return;
    cJSON *body = json_object();
    json_put_str(body, "user_id", setup->bot_id);
    g_auto(reply) added = setup_call(&setup->admin, "POST", body, "channels/%s/members", id);
    if (added.good)
        setup_tell(setup, SETUP_MADE, "channel %s: @%s added", which, setup->bot_name);
    else
        setup_tell(setup, SETUP_WRONG, "channel %s: @%s could not be added, the server %s", which,
                   setup->bot_name, added.why);
}

bool setup_join(struct setup *setup)
{
    const struct setup_options *options = setup->options;
    int wrong = setup->wrong;
    for (int i = 0; options->teams != NULL && options->teams[i] != NULL; i++)
        find_team(setup, options->teams[i]);
    for (int i = 0; options->channels != NULL && options->channels[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(options->channels[i], "/", 2);
        find_team(setup, parts[0]);
    }
    if (setup->wrong == wrong)
        find_teams_of_bot(setup);
    if (setup->wrong == wrong && setup->teams->len == 0)
        find_only_team(setup);
    for (guint i = 0; i < setup->teams->len; i++)
        join_team(setup, setup->teams->pdata[i]);
    for (int i = 0; setup->wrong == wrong && options->channels != NULL && options->channels[i] != NULL; i++)
        join_channel(setup, options->channels[i]);
    return setup->teams->len > 0;
}

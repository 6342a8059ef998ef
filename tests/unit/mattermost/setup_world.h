/* A Mattermost server as far as setup and check see it: accounts, a team, a channel, commands, settings. In a thread of
 * its own, as setup runs the loop itself; the stories look at it only while nothing is asked. */
#ifndef ASKWHY_TEST_SETUP_WORLD_H
#define ASKWHY_TEST_SETUP_WORLD_H

#include "bot/base/json.h"

#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define ADMIN_TOKEN "admintokenofthisstory12345"
#define ADMIN_ID "adminadminadminadminadmin1"
#define BOT_ID "botbotbotbotbotbotbotbot01"
#define TEAM_ID "teamteamteamteamteamteam01"
#define CHANNEL_ID "channelchannelchannelchan1"
#define OLD_COMMAND "askintheworldsincelongago1"

static struct world {
    int listener, port;
    pthread_t thread;
    GString *asked; /* "POST bots\n…", what changes something */
    const char *roles;
    const char *site_url, *allowed;
    bool bots_allowed, commands_allowed;
    enum { NO_BOT, BOT, DISABLED_BOT, PERSON } account;
    char bot_token[27]; /* "" for none */
    int tokens_made;
    bool token_revoked, in_team, in_channel, two_teams;
    char bot_name[64]; /* as it was made */
    int refusals;      /* so many requests come too fast */
    cJSON *commands;   /* as GET shows them to who may manage them */
    bool commands_hidden; /* from the bot */
    bool of_plugin;    /* a plugin has /why */
    enum { CALLS, CANNOT_CALL, CALLS_ANOTHER, CALLS_NAKED } reach;
} world;

G_GNUC_UNUSED static cJSON *world_add_command(const char *trigger, const char *display, const char *token, const char *url)
{
    cJSON *command = json_object();
    g_autofree char *id = g_strdup_printf("commandcommandcommandco%03d", cJSON_GetArraySize(world.commands));
    json_put_str(command, "id", id);
    json_put_str(command, "token", token);
    json_put_str(command, "team_id", TEAM_ID);
    json_put_str(command, "trigger", trigger);
    json_put_str(command, "display_name", display);
    json_put_str(command, "url", url);
    json_put_str(command, "creator_id", ADMIN_ID);
    json_push(world.commands, command);
    return command;
}

G_GNUC_UNUSED static const cJSON *world_command(const char *trigger)
{
    const cJSON *command;
    cJSON_ArrayForEach(command, world.commands)
    {
        if (strcmp(json_str0(command, "trigger"), trigger) == 0)
            return command;
    }
    return NULL;
}

static char *refusal(const char *id)
{
    return g_strdup_printf("{\"id\":\"%s\",\"message\":\"Not so.\",\"status_code\":400}", id);
}

/* What the real one does on commands/execute: it calls the command's URL. Its answer's status, 0 for none. */
static int call_back(const cJSON *command)
{
    int port = 0;
    if (sscanf(json_str0(command, "url"), "http://127.0.0.1:%d/mattermost/command", &port) != 1)
        return 0;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((guint16)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int status = 0;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
        g_autofree char *header = world.reach == CALLS_NAKED ? g_strdup("")
                                                             : g_strdup_printf("Authorization: Token %s\r\n",
                                                                               json_str0(command, "token"));
        g_autofree char *request = g_strdup_printf("POST /mattermost/command HTTP/1.1\r\nHost: bot\r\n%sContent-Type: "
                                                   "application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\ntext=help",
                                                   header);
        char answer[512] = "";
        if (send(fd, request, strlen(request), MSG_NOSIGNAL) > 0 && recv(fd, answer, sizeof answer - 1, 0) > 0)
            sscanf(answer, "HTTP/1.1 %d", &status);
    }
    close(fd);
    return status;
}

static char *serve_account(const char *method, const char *path, const cJSON *body, int *status)
{
    if (strcmp(path, "bots") == 0 && !world.bots_allowed) {
        *status = 403;
        return refusal("api.bot.create_disabled");
    }
    if (strcmp(path, "bots") == 0) {
        world.account = BOT;
        g_strlcpy(world.bot_name, json_str0(body, "username"), sizeof world.bot_name);
        *status = 201;
        return g_strdup("{\"user_id\":\"" BOT_ID "\"}");
    }
    if (strcmp(path, "bots/" BOT_ID "/enable") == 0) {
        world.account = BOT;
        return g_strdup("{\"user_id\":\"" BOT_ID "\"}");
    }
    if (strcmp(path, "users/" BOT_ID "/tokens") == 0 && strcmp(method, "POST") == 0) {
        g_snprintf(world.bot_token, sizeof world.bot_token, "bottokenofthisstory%07d", ++world.tokens_made);
        return g_strdup_printf("{\"id\":\"tokenidtokenidtokenidtok%02d\",\"token\":\"%s\"}", world.tokens_made,
                               world.bot_token);
    }
    if (strcmp(path, "users/tokens/revoke") == 0) {
        world.token_revoked = true;
        return g_strdup("{\"status\":\"OK\"}");
    }
    if (g_str_has_prefix(path, "users/" BOT_ID "/tokens"))
        return g_strdup("[]");
    g_autofree char *asked_for = g_strconcat("users/username/", world.bot_name, NULL);
    if (world.account == NO_BOT || strcmp(path, asked_for) != 0) {
        *status = 404;
        return refusal("app.user.missing_account.const");
    }
    return g_strdup_printf("{\"id\":\"" BOT_ID "\",\"username\":\"%s\"%s%s}", world.bot_name,
                           world.account == PERSON ? "" : ",\"is_bot\":true",
                           world.account == DISABLED_BOT ? ",\"delete_at\":1795000000000" : "");
}

static char *serve_member(const char *method, const char *path, int *status)
{
    bool *in = g_str_has_prefix(path, "teams/") ? &world.in_team : &world.in_channel;
    if (strcmp(method, "POST") == 0)
        *in = true;
    if (*in)
        return g_strdup("{\"user_id\":\"" BOT_ID "\",\"delete_at\":0}");
    *status = 404;
    return refusal("store.sql_team.get_member.missing.app_error");
}

static char *serve_commands(const char *method, const char *path, const cJSON *body, int *status)
{
    if (strcmp(path, "commands/execute") == 0) {
        const cJSON *command = world_command("ask");
        int answered = world.reach == CALLS || world.reach == CALLS_NAKED ? call_back(command) : 0;
        *status = world.reach == CALLS_ANOTHER || answered == 200 ? 200 : 500;
        return *status == 200 ? g_strdup("{\"response_type\":\"ephemeral\"}")
                              : refusal(answered != 0 ? "api.command.execute_command.failed_resp.app_error"
                                                      : "api.command.execute_command.failed.app_error");
    }
    if (strcmp(method, "POST") == 0) {
        const char *trigger = json_str0(body, "trigger");
        if (world_command(trigger) != NULL) {
            *status = 400;
            return refusal("api.command.duplicate_trigger.app_error");
        }
        g_autofree char *token = g_strdup_printf("%sintheworldofthisstory%03d", trigger, cJSON_GetArraySize(world.commands));
        cJSON *command = cJSON_Duplicate(body, true);
        g_autofree char *id = g_strdup_printf("commandcommandcommandco%03d", cJSON_GetArraySize(world.commands));
        json_put_str(command, "id", id);
        json_put_str(command, "token", token);
        json_push(world.commands, command);
        *status = 201;
        return json_text(command);
    }
    if (strcmp(method, "PUT") == 0) {
        for (int i = 0; i < cJSON_GetArraySize(world.commands); i++) {
            if (strcmp(json_str0(cJSON_GetArrayItem(world.commands, i), "id"), path + strlen("commands/")) == 0)
                cJSON_ReplaceItemInArray(world.commands, i, cJSON_Duplicate(body, true));
        }
        return json_text(body);
    }
    if (strstr(path, "custom_only=true") != NULL || !world.of_plugin)
        return json_text(world.commands);
    return g_strdup("[{\"id\":\"\",\"trigger\":\"why\",\"plugin_id\":\"com.example.why\"}]");
}

static char *serve_settings(void)
{
    return g_strdup_printf("{\"ServiceSettings\":{\"SiteURL\":\"%s\",\"EnableCommands\":%s,"
                           "\"AllowedUntrustedInternalConnections\":\"%s\",\"EnableBotAccountCreation\":%s}}",
                           world.site_url, world.commands_allowed ? "true" : "false", world.allowed,
                           world.bots_allowed ? "true" : "false");
}

/* authorization: the token. */
static char *serve_world(const char *method, const char *path, const char *token, const cJSON *body, int *status)
{
    bool admin = strcmp(token, ADMIN_TOKEN) == 0, bot = *world.bot_token != '\0' && strcmp(token, world.bot_token) == 0;
    if (strcmp(path, "config/client?format=old") == 0)
        return g_strdup_printf("{\"Version\":\"5.37.0\",\"SiteURL\":\"%s\",\"MaxPostSize\":\"16383\"}", world.site_url);
    if (!admin && !bot) {
        *status = 401;
        return refusal("api.context.session_expired.app_error");
    }
    if (strcmp(path, "users/me") == 0 && admin)
        return g_strdup_printf("{\"id\":\"" ADMIN_ID "\",\"username\":\"rain\",\"roles\":\"%s\"}", world.roles);
    if (strcmp(path, "users/me") == 0)
        return g_strdup_printf("{\"id\":\"" BOT_ID "\",\"username\":\"%s\",\"is_bot\":true,\"roles\":\"system_user\"}",
                               world.bot_name);
    if (strcmp(path, "config") == 0)
        return serve_settings();
    if (strcmp(path, "users/" BOT_ID "/teams") == 0 || strcmp(path, "users/me/teams") == 0)
        return g_strdup(world.in_team ? "[{\"id\":\"" TEAM_ID "\",\"name\":\"acme\"}]" : "[]");
    if (g_str_has_prefix(path, "teams?"))
        return g_strdup_printf("[{\"id\":\"" TEAM_ID "\",\"name\":\"acme\",\"delete_at\":0},"
                               "{\"id\":\"teamteamteamteamteamteam03\",\"name\":\"closed\",\"delete_at\":1795000000000}%s]",
                               world.two_teams ? ",{\"id\":\"teamteamteamteamteamteam02\",\"name\":\"globex\"}" : "");
    if (strcmp(path, "teams/name/acme") == 0)
        return g_strdup("{\"id\":\"" TEAM_ID "\",\"name\":\"acme\"}");
    if (strcmp(path, "teams/name/closed") == 0)
        return g_strdup("{\"id\":\"teamteamteamteamteamteam03\",\"name\":\"closed\",\"delete_at\":1795000000000}");
    if (strcmp(path, "teams/name/acme/channels/name/done") == 0)
        return g_strdup("{\"id\":\"" CHANNEL_ID "\",\"name\":\"done\",\"delete_at\":1795000000000}");
    if (strcmp(path, "teams/name/acme/channels/name/product") == 0 ||
        strcmp(path, "teams/" TEAM_ID "/channels/name/town-square") == 0)
        return g_strdup("{\"id\":\"" CHANNEL_ID "\",\"name\":\"product\"}");
    if (strcmp(path, "users/me/teams/" TEAM_ID "/channels") == 0)
        return g_strdup(world.in_channel ? "[{\"name\":\"product\",\"type\":\"O\"},{\"name\":\"old\",\"type\":\"O\","
                                           "\"delete_at\":1},{\"name\":\"a__b\",\"type\":\"D\"}]"
                                         : "[]");
    if (strcmp(path, "teams/" TEAM_ID "/commands/autocomplete") == 0 && world.commands_hidden) {
        *status = 403;
        return refusal("api.context.permissions.app_error");
    }
    if (strcmp(path, "teams/" TEAM_ID "/commands/autocomplete") == 0 || g_str_has_prefix(path, "commands"))
        return serve_commands(method, path, body, status);
    if (strstr(path, "/members") != NULL)
        return serve_member(method, path, status);
    if (g_str_has_prefix(path, "bots") || g_str_has_prefix(path, "users/"))
        return serve_account(method, path, body, status);
    *status = 404;
    return refusal("api.context.404.app_error");
}

static void world_answer(int peer, const char *request)
{
    char method[8] = "", path[512] = "", token[64] = "";
    sscanf(request, "%7s /api/v4/%511s", method, path);
    const char *bearer = strstr(request, "\r\nAuthorization: Bearer "), *end = strstr(request, "\r\n\r\n");
    if (bearer != NULL)
        sscanf(bearer + 24, "%63[^\r]", token);
    g_autoptr(cJSON) body = end != NULL ? json_parse(end + 4, strlen(end + 4), NULL) : NULL;
    if (strcmp(method, "GET") != 0 && strcmp(path, "commands/execute") != 0)
        g_string_append_printf(world.asked, "%s %s\n", method, path);
    int status = 200;
    bool refused = world.refusals > 0 && world.refusals-- > 0;
    g_autofree char *answer = refused ? g_strdup("limit exceeded") : serve_world(method, path, token, body, &status);
    g_autofree char *text = g_strdup_printf("HTTP/1.1 %d X\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s",
                                            refused ? 429 : status, refused ? "Retry-After: 0\r\n" : "", strlen(answer),
                                            answer);
    send(peer, text, strlen(text), MSG_NOSIGNAL);
}

static void *world_serve(void *data)
{
    (void)data;
    int peer;
    while ((peer = accept(world.listener, NULL, NULL)) >= 0) {
        GString *request = g_string_new(NULL);
        char buffer[4096];
        for (;;) {
            ssize_t got = recv(peer, buffer, sizeof buffer, 0);
            if (got <= 0)
                break;
            g_string_append_len(request, buffer, got);
            const char *end = strstr(request->str, "\r\n\r\n"), *length = strcasestr(request->str, "\r\nContent-Length: ");
            gsize size = length != NULL ? strtoul(length + 18, NULL, 10) : 0;
            if (end != NULL && request->len >= (gsize)(end + 4 - request->str) + size) {
                world_answer(peer, request->str);
                break;
            }
        }
        g_string_free(request, TRUE);
        close(peer);
    }
    return NULL;
}

static int listen_anywhere(int *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 16), 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    *port = ntohs(address.sin_port);
    return fd;
}

/* A server as it comes, with its settings made for us, and nothing of askwhy's. */
static void world_begin(void)
{
    world = (struct world){
        .asked = g_string_new(NULL), .roles = "system_user system_admin", .site_url = "http://chat.example",
        .bot_name = "askwhy", .allowed = "127.0.0.1/32", .bots_allowed = true, .commands_allowed = true, .commands = json_array(),
    };
    world.listener = listen_anywhere(&world.port);
    assert_int_equal(pthread_create(&world.thread, NULL, world_serve, NULL), 0);
}

static void world_end(void)
{
    shutdown(world.listener, SHUT_RDWR);
    pthread_join(world.thread, NULL);
    close(world.listener);
    cJSON_Delete(world.commands);
    g_string_free(world.asked, TRUE);
}

#endif

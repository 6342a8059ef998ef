/* The ways in which what is between the bot and Slack breaks. */
#include "tests/fault/reconnect/reconnect.h"

static void breaks_no_hello(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"no_hello\",\"count\":1000}");
    front_cut(run->front);
}

static void breaks_ticket(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"refuse_tickets\",\"count\":1000}");
    front_cut(run->front);
}

static void breaks_switched_off(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"disconnect\",\"reason\":\"link_disabled\"}");
    stage_misbehave(run->stage, "{\"how\":\"api\",\"method\":\"apps.connections.open\",\"answer\":\"link_disabled\",\"count\":1000}");
    run_settle(run);
    front_cut(run->front);
}

static void breaks_limited(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"api\",\"method\":\"apps.connections.open\",\"answer\":\"ratelimited\","
                                "\"retry_after\":90,\"count\":1000}");
    front_cut(run->front);
}

static void breaks_500(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"api\",\"method\":\"apps.connections.open\",\"answer\":\"http_500\",\"count\":1000}");
    front_cut(run->front);
}

static void breaks_token(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"api\",\"method\":\"apps.connections.open\",\"answer\":\"token_revoked\",\"count\":1000}");
    front_cut(run->front);
}

static void breaks_socket_name(struct run *run)
{
    front_names_socket(run->front, true);
    run_fail_name(run, FRONT_SOCKET_NAME);
}

static void breaks_strange_socket(struct run *run)
{
    front_names_socket(run->front, true);
    front_goes(run->front, FRONT_STRANGE_SOCKETS);
}

static const struct scenario scenarios[] = {
    {.name = "drop", .short_lived = true, .breaks = breaks_drop, .away_s = 0, .attempts = {1, 2}, .says = {"socket.lost", "the server closed"}},
    {.name = "every connection reset", .monday = true, .breaks = breaks_resets, .away_s = 300, .attempts = {8, 40},
     .says = {"socket.lost", "socket.problem", "SLACK_API_URL"}},
    {.name = "half-open", .short_lived = true, .breaks = breaks_half_open, .away_s = 60, .attempts = {1, 4}, .says = {"socket.lost", "silence"}},
    {.name = "silent handshake", .breaks = breaks_silent, .away_s = 600, .attempts = {5, 30},
     .says = {"the handshake took too long", "socket.problem", "proxy"}},
    {.name = "no hello", .breaks = breaks_no_hello, .away_s = 600, .attempts = {5, 30}, .says = {"no hello came", "socket.problem", "nothing comes through", "status.slack.com"}},
    {.name = "socket forbidden", .breaks = breaks_forbidden, .away_s = 600, .attempts = {8, 40},
     .says = {"HTTP status 403", "socket.problem", "proxy"}},
    {.name = "ticket refused", .breaks = breaks_ticket, .away_s = 600, .attempts = {8, 40}, .says = {"the handshake was cut", "socket.problem", "wss://"}},
    {.name = "link_disabled", .breaks = breaks_switched_off, .away_s = 900, .attempts = {2, 8},
     .says = {"link_disabled", "socket.problem", "turn it on", "Socket Mode"}},
    {.name = "429 on open", .breaks = breaks_limited, .away_s = 600, .attempts = {4, 16},
     .says = {"socket.lost", "limits how often connections may be opened", "Slack asked for time"}},
    {.name = "5xx on open", .breaks = breaks_500, .away_s = 600, .attempts = {8, 40}, .says = {"socket.lost", "internal_error", "socket.problem", "status.slack.com"}},
    {.name = "502 of a proxy", .monday = true, .breaks = breaks_gateway, .away_s = 300, .attempts = {8, 40}, .says = {"socket.lost", "http_502", "socket.problem", "a proxy between"}},
    {.name = "token revoked", .breaks = breaks_token, .away_s = 900, .attempts = {2, 8},
     .says = {"socket.problem", "SLACK_APP_TOKEN", "connections:write", "token_revoked"}},
    {.name = "name does not resolve", .named = true, .from_start = true, .breaks = breaks_name, .away_s = 300,
     .attempts = {0, 0}, .says = {"slack.problem", "resolve", FRONT_API_NAME, "DNS"}},
    {.name = "socket's name does not resolve", .named = true, .from_start = true, .breaks = breaks_socket_name,
     .away_s = 300, .attempts = {5, 30}, .says = {FRONT_SOCKET_NAME, "resolve", "socket.problem", "DNS"}},
    {.name = "certificate of a stranger", .tls = true, .breaks = breaks_stranger, .away_s = 600, .attempts = {8, 40},
     .says = {"socket.problem", "certificate", "ASKWHY_CA_FILE"}},
    {.name = "certificate for another name", .tls = true, .breaks = breaks_other_name, .away_s = 600, .attempts = {8, 40},
     .says = {"socket.problem", "somebody else's", "SLACK_API_URL"}},
    {.name = "certificate expired", .tls = true, .breaks = breaks_expired, .away_s = 600, .attempts = {8, 40},
     .says = {"socket.problem", "has expired", "clock"}},
    {.name = "socket's certificate of a stranger", .tls = true, .named = true, .from_start = true,
     .breaks = breaks_strange_socket, .away_s = 300, .attempts = {5, 30},
     .says = {"socket.lost", "socket.problem", "certificate", "ASKWHY_CA_FILE"}},
    {.name = "certificate of a stranger from the start", .tls = true, .from_start = true, .breaks = breaks_stranger,
     .away_s = 300, .attempts = {0, 0}, .says = {"slack.problem", "certificate", "ASKWHY_CA_FILE"}},
    {.name = NULL},
};

const struct talk slack_talk = {
    .opens = "socket.open ",
    .lives = {"socket.live"},
    .ends = {"socket.lost"},
    .trouble = "mia: /ask failed",
    .heard = " Export to a sheet (",
    .typed = "Typed into nothing (",
    .scenarios = scenarios,
};

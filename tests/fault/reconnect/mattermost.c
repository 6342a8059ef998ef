/* The ways in which what is between the bot and Mattermost breaks. */
#include "tests/fault/reconnect/reconnect.h"

/* After 100 s without a pong the server gives up, too. Before that it counts the dead one as there. */
static void then_noticed(struct run *run)
{
    front_bury(run->front);
}

static void breaks_restart(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"restart\"}");
}

static void breaks_resume(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"refuse_resume\",\"count\":1}");
    stage_misbehave(run->stage, "{\"how\":\"drop\"}");
}

/* The first event that does not come is seen by the next one. */
static void breaks_sequence(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"skip\",\"count\":1}");
}

/* The open socket goes on to tell everything. */
static void breaks_token(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"revoke\"}");
}

static void breaks_token_and_socket(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"revoke\"}");
    front_cut(run->front);
    run_wait_for(run, "mattermost.auth problem");
}

static void breaks_limited(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"api\",\"method\":\"*\",\"answer\":\"ratelimited\",\"retry_after\":60,"
                                "\"count\":100000}");
}

static void breaks_500(struct run *run)
{
    stage_misbehave(run->stage, "{\"how\":\"api\",\"method\":\"*\",\"answer\":\"http_500\",\"count\":100000}");
}

static const struct scenario scenarios[] = {
    {.name = "drop", .short_lived = true, .breaks = breaks_drop, .attempts = {1, 2}, .says = {"mattermost.lost", "mattermost.resumed"}},
    {.name = "every connection reset", .monday = true, .breaks = breaks_resets, .away_s = 300, .attempts = {5, 14},
     .says = {"mattermost.lost", "mattermost.problem", "MATTERMOST_URL"}},
    {.name = "half-open", .short_lived = true, .breaks = breaks_half_open, .then = then_noticed, .away_s = 100, .attempts = {1, 4},
     .says = {"mattermost.lost", "no sign of life"}},
    {.name = "silent handshake", .breaks = breaks_silent, .away_s = 900, .attempts = {8, 24},
     .says = {"the handshake took too long", "mattermost.problem", "proxy", "upgrades"}},
    {.name = "socket forbidden", .breaks = breaks_forbidden, .away_s = 600, .attempts = {8, 18},
     .says = {"HTTP status 403", "mattermost.problem", "proxy", "upgrades"}},
    {.name = "server restarted", .short_lived = true, .breaks = breaks_restart, .attempts = {1, 2},
     .says = {"mattermost.lost", "mattermost.gap", "is read from the channels"}},
    {.name = "resume refused", .short_lived = true, .breaks = breaks_resume, .attempts = {1, 2},
     .says = {"mattermost.lost", "mattermost.gap", "is read from the channels"}},
    {.name = "an event is missing", .short_lived = true, .breaks = breaks_sequence, .attempts = {1, 2},
     .says = {"mattermost.lost", "in place of", "mattermost.resumed"}},
    {.name = "token revoked", .breaks = breaks_token, .away_s = 900, .attempts = {0, 1},
     .says = {"mattermost.auth", "does not accept MATTERMOST_TOKEN", "again_in_s=60"}},
    {.name = "token revoked, socket cut", .breaks = breaks_token_and_socket, .away_s = 900, .attempts = {1, 2},
     .says = {"mattermost.auth", "does not accept MATTERMOST_TOKEN", "again_in_s=60"}},
    {.name = "429 on everything", .stays_live = true, .breaks = breaks_limited, .away_s = 600, .attempts = {0, 0},
     .says = {"429"}},
    {.name = "5xx on everything", .stays_live = true, .breaks = breaks_500, .away_s = 600, .attempts = {0, 0},
     .says = {"mattermost.problem", "app_error", "its log tells more"}},
    {.name = "502 of a proxy", .monday = true, .breaks = breaks_gateway, .away_s = 300, .attempts = {5, 14},
     .says = {"mattermost.lost", "HTTP status 502", "mattermost.problem", "proxy"}},
    {.name = "name does not resolve", .named = true, .from_start = true, .breaks = breaks_name, .away_s = 300,
     .attempts = {0, 0}, .says = {"mattermost.problem", "resolve", FRONT_API_NAME, "DNS"}},
    {.name = "certificate of a stranger", .tls = true, .breaks = breaks_stranger, .away_s = 600, .attempts = {8, 18},
     .says = {"mattermost.problem", "certificate", "ASKWHY_CA_FILE"}},
    {.name = "certificate for another name", .tls = true, .breaks = breaks_other_name, .away_s = 600, .attempts = {8, 18},
     .says = {"mattermost.problem", "another name", "MATTERMOST_URL"}},
    {.name = "certificate expired", .tls = true, .breaks = breaks_expired, .away_s = 600, .attempts = {8, 18},
     .says = {"mattermost.problem", "out of date", "clock"}},
    {.name = "certificate of a stranger from the start", .tls = true, .from_start = true, .breaks = breaks_stranger,
     .away_s = 300, .attempts = {0, 0}, .says = {"mattermost.problem", "certificate", "ASKWHY_CA_FILE"}},
    {.name = NULL},
};

const struct talk mattermost_talk = {
    .opens = "mattermost.open ",
    .lives = {"mattermost.live", "mattermost.resumed"},
    .ends = {"mattermost.lost", "mattermost.auth problem"},
    .trouble = "mia: Command with a trigger of 'ask'",
    .heard = "  Export to a sheet**",
    .typed = "  Typed into nothing**",
    .scenarios = scenarios,
};

/* Any bytes as what the Web API answers. The first letter says to what: p users.info, c conversations.info,
 * h conversations.history, s the search for a post of ours, and a digit for each kind of outgoing; the second one
 * of the ways an answer can come. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/slack/api.h"
#include "bot/slack/errors.h"

#include <curl/curl.h>

static const struct slack_self self = {.user = "U0ASKWHY", .bot = "B0ASKWHY", .app = "A0ASKWHY"};

static bool is_id_or_none(const char *id)
{
    return id == NULL || slack_is_id(id);
}

static void check_event(struct event *event)
{
    if (event == NULL)
        return;
    need(is_id_or_none(event->user) && is_id_or_none(event->channel) && is_id_or_none(event->message) &&
         is_id_or_none(event->thread) && is_id_or_none(event->revision));
    need(event->kind != EVENT_PERSON || event->user != NULL);
    need(event->kind != EVENT_CHANNEL || event->channel != NULL);
    const char *const lines[] = {event->profile.name, event->profile.zone, event->profile.locale,
                                 event->channel_name, event->user_name};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (lines[i] == NULL)
            continue;
        need(g_utf8_validate(lines[i], -1, NULL) && g_utf8_strlen(lines[i], -1) <= 255);
        need_no_controls(lines[i]);
    }
    if (event->text != NULL) {
        g_autofree char *said = slack_rich_to_mrkdwn(event->text);
        need_harmless(said, true);
        need_quiet(said);
        need_no_controls(said);
    }
    event_free(event);
}

static void check_verdict(struct verdict *verdict)
{
    need(is_id_or_none(verdict->message) && is_id_or_none(verdict->channel));
    need(verdict->why == NULL || (g_utf8_validate(verdict->why, -1, NULL) && strlen(verdict->why) < 1000));
    for (const char *c = verdict->why; c != NULL && *c != '\0'; c++)
        need((guchar)*c >= ' ');
    need(verdict->kind == VERDICT_SENT || verdict->kind == VERDICT_ABSENT || verdict->kind == VERDICT_MORE ||
         verdict->why != NULL);
    need((verdict->kind == VERDICT_MORE) == (verdict->cursor != NULL));
    need(verdict->retry_after_ms >= 0 && verdict->retry_after_ms <= 86400 * 1000);
    verdict_done(verdict);
}

static void read_history(const cJSON *answer)
{
    const cJSON *message;
    cJSON_ArrayForEach(message, json_get(answer, "messages"))
    {
        check_event(slack_decode_history(message, "C1", "T1", &self));
        check_event(slack_decode_history_edit(message, "D1", "T1", &self));
    }
}

/* The way the answer came: whole, refused, limited, cut, not at all. */
static struct rest_response response_of(char way, const char *body, gsize size)
{
    struct rest_response response = {.outcome = REST_ANSWERED, .status = 200, .body = body, .body_size = size,
                                     .retry_after_s = -1};
    switch (way) {
    case 'l':
        response.status = 429;
        response.retry_after_s = (int64_t)size * 7919;
        break;
    case 'L':
        response.status = 429;
        break;
    case 'r':
        response.status = 404;
        break;
    case 'e':
        response.status = 503;
        break;
    case 'b':
        response.status = 413;
        break;
    case 'n':
        response = (struct rest_response){.outcome = REST_NOT_SENT, .body = "", .retry_after_s = -1};
        break;
    case 'u':
        response = (struct rest_response){.outcome = REST_UNKNOWN, .body = "", .error = "cut", .retry_after_s = -1};
        break;
    default:
        break;
    }
    return response;
}

static void read_verdict(char kind, const struct rest_response *response)
{
    static const struct slack_options options = {.api_url = "https://slack.com/api", .bot_token = "xoxb-1"};
    struct codec *codec = slack_codec_new(&options, &self);
    struct message *content = message_text("x");
    struct outgoing out = {.kind = OUT_POST, .op = "00ff00ff00ff00ff", .channel = "C1", .thread = "1.1", .message = "1.2",
                           .user = "U1", .emoji = "eyes", .content = content};
    struct verdict verdict = {0};
    if (kind == 's') {
        codec->decode_search(codec, &out, response, &verdict);
    } else {
        out.kind = (enum outgoing_kind)((guchar)kind % OUT_KINDS);
        codec->decode(codec, &out, response, &verdict);
        /* Where a post went must be known, or it is looked for. */
        need(out.kind != OUT_POST || verdict.kind != VERDICT_SENT || verdict.message != NULL);
    }
    check_verdict(&verdict);
    message_free(content);
    slack_codec_free(codec);
}

/* Where private words may go, as libcurl, which sends them, reads the address. */
static void answer_at(const char *url)
{
    static const struct slack_options options = {.api_url = "https://slack.example/api", .bot_token = "xoxb-1"};
    struct codec *codec = slack_codec_new(&options, &self);
    struct message *content = message_text("x");
    struct outgoing out = {.kind = OUT_RESPONSE, .url = url, .content = content};
    struct rest_request request = {0};
    if (codec->encode(codec, &out, &request)) {
        char *host = NULL, *scheme = NULL, *user = NULL;
        CURLU *read = curl_url();
        if (curl_url_set(read, CURLUPART_URL, request.url, 0) == CURLUE_OK) {
            need(curl_url_get(read, CURLUPART_HOST, &host, CURLU_URLDECODE) == CURLUE_OK);
            need(curl_url_get(read, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && strcmp(scheme, "https") == 0);
            need(curl_url_get(read, CURLUPART_USER, &user, 0) != CURLUE_OK);
            need(g_ascii_strcasecmp(host, "hooks.slack.com") == 0 || strcmp(host, "slack.example") == 0);
        }
        curl_free(host);
        curl_free(scheme);
        curl_free(user);
        curl_url_cleanup(read);
        rest_request_done(&request);
    }
    message_free(content);
    slack_codec_free(codec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    g_autofree char *body = g_strndup((const char *)data + 2, size - 2);
    if (strchr("pch", data[0]) != NULL) {
        g_autoptr(cJSON) answer = json_parse(body, size - 2, NULL);
        if (answer == NULL)
            return 0;
        check_event(slack_decode_person(answer));
        check_event(slack_decode_channel(answer));
        read_history(answer);
        return 0;
    }
    if (data[0] == 'u') {
        answer_at(body);
        return 0;
    }
    struct rest_response response = response_of((char)data[1], body, size - 2);
    if (data[0] == 'g') {
        g_autofree char *missing = slack_scopes_missing(body);
        need(missing == NULL || *missing != '\0');
        return 0;
    }
    read_verdict((char)data[0], &response);
    return 0;
}

/* Any bytes at all as a Socket Mode frame; whatever comes out must be whole and safe to say again. */
#include "bot/base/json.h"
#include "bot/chat/richtext.h"
#include "bot/slack/slack.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool held)
{
    if (!held)
        __builtin_trap();
}

/* What a person said can be written to Slack again, without a token in it that would ping a group. */
static void say_again(const char *rich)
{
    need(g_utf8_validate(rich, -1, NULL));
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich), *plain = slack_rich_to_plain(rich);
    need(g_utf8_validate(mrkdwn, -1, NULL) && g_utf8_validate(plain, -1, NULL));
    need(strstr(mrkdwn, "<!") == NULL);
    for (const char *c = mrkdwn; *c != '\0'; c++)
        need((guchar)*c >= ' ' || *c == '\n' || *c == '\t');
    struct message *message = message_text(rich);
    cJSON *blocks = slack_blocks(message);
    need(cJSON_GetArraySize(blocks) <= 50);
    cJSON_Delete(blocks);
    message_free(message);
}

static void check(const struct event *event)
{
    if (event->text != NULL)
        say_again(event->text);
    for (int i = 0; i < event->n_fields; i++) {
        if (event->fields[i].value != NULL)
            say_again(event->fields[i].value);
    }
    const char *const ids[] = {event->user,   event->channel, event->message,  event->thread,
                               event->author, event->trigger, event->revision, event->envelope};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        need(ids[i] == NULL || (strlen(ids[i]) <= 128 && strpbrk(ids[i], " <>|&\n\"") == NULL));
    struct message *answer_text = message_text(event->text != NULL ? event->text : "x");
    struct answer answer = {.message = answer_text, .errors = event->fields, .n_errors = event->n_fields};
    bool left_out;
    g_autofree char *ack = slack_ack(event, &answer, &left_out);
    g_autoptr(cJSON) parsed = json_parse(ack, strlen(ack), NULL);
    need(parsed != NULL && strlen(ack) <= 20479);
    message_free(answer_text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slack_self self = {.user = "U0ASKWHY", .bot = "B0ASKWHY", .app = "A0ASKWHY"};
    struct slack_frame frame;
    slack_decode((const char *)data, size, &self, &frame);
    if (frame.kind == SLACK_ENVELOPE) {
        need(frame.event != NULL && frame.envelope != NULL);
        check(frame.event);
    } else {
        need(frame.event == NULL);
    }
    slack_frame_done(&frame);

    /* The same bytes as an answer of the Web API. */
    g_autoptr(cJSON) json = json_parse((const char *)data, size, NULL);
    struct event *(*const readers[])(const cJSON *) = {slack_decode_person, slack_decode_channel};
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++)
        event_free(readers[i](json));
    if (json != NULL)
        event_free(slack_decode_history(json, "C1", "T1", &self));
    return 0;
}

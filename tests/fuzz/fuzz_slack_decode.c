/* Any bytes at all as a Socket Mode frame; whatever comes out must be whole and safe to say again. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/slack/decode.h"

static bool is_kept_id(const char *id)
{
    return id == NULL || (strlen(id) <= 128 && strpbrk(id, " <>|&\n\"") == NULL);
}

/* What a person said can be written to Slack again, without a token in it that would ping a group. */
static void say_again(const char *rich)
{
    need(g_utf8_validate(rich, -1, NULL));
    need(strchr(rich, RICH_PING) == NULL);
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich), *plain = slack_rich_to_plain(rich);
    need(g_utf8_validate(plain, -1, NULL));
    need_harmless(mrkdwn, true);
    need_quiet(mrkdwn);
    need_no_controls(mrkdwn);
    struct message *message = message_text(rich);
    g_autofree char *json = slack_blocks(message);
    g_autoptr(cJSON) blocks = json_parse(json, strlen(json), NULL);
    need(cJSON_GetArraySize(blocks) <= 50);
    message_free(message);
}

static void check_lines(const struct event *event)
{
    const char *const lines[] = {event->user_name, event->channel_name, event->command, event->form,
                                 event->action,    event->profile.name, event->profile.zone};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (lines[i] == NULL)
            continue;
        need(g_utf8_validate(lines[i], -1, NULL) && g_utf8_strlen(lines[i], -1) <= 255);
        need_no_controls(lines[i]);
    }
    need_no_controls(event->state != NULL ? event->state : "");
}

static void check_ids(const struct event *event)
{
    const char *const ids[] = {event->user,   event->channel, event->message,  event->thread, event->author,
                               event->trigger, event->revision, event->envelope, event->view, event->workspace};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        need(is_kept_id(ids[i]));
    need(event->thread == NULL || event->message == NULL || strcmp(event->thread, event->message) != 0);
    for (gsize i = 0; i < G_N_ELEMENTS(event->keys); i++)
        need(event->keys[i] == NULL || strlen(event->keys[i]) <= 600);
}

/* What each kind promises (bot/chat/event.h). */
static void check_kind(const struct event *event)
{
    switch (event->kind) {
    case EVENT_COMMAND:
        need(event->user != NULL && event->channel != NULL && event->command != NULL && event->text != NULL);
        break;
    case EVENT_MENTION:
    case EVENT_MESSAGE:
    case EVENT_EDITED:
        need(event->user != NULL && event->channel != NULL && event->message != NULL && event->text != NULL);
        break;
    case EVENT_DELETED:
    case EVENT_UNPOSTED:
        need(event->channel != NULL && event->message != NULL);
        break;
    case EVENT_BUTTON:
        need(event->user != NULL && event->action != NULL);
        break;
    case EVENT_FORM:
        need(event->user != NULL && event->view != NULL);
        break;
    case EVENT_MESSAGE_SHORTCUT:
        need(event->user != NULL && event->channel != NULL && event->message != NULL);
        break;
    default:
        break;
    }
}

static void acknowledge(const struct event *event)
{
    struct message *text = message_text(event->text != NULL ? event->text : "x");
    struct answer answer = {.message = text, .errors = event->fields, .n_errors = event->n_fields};
    bool left_out;
    g_autofree char *ack = slack_ack(event, &answer, &left_out);
    g_autoptr(cJSON) parsed = json_parse(ack, strlen(ack), NULL);
    need(parsed != NULL && strlen(ack) <= 20479);
    message_free(text);
}

static void check(const struct event *event)
{
    if (event->text != NULL)
        say_again(event->text);
    need(event->text == NULL || g_utf8_strlen(event->text, -1) <= SLACK_TEXT_MAX);
    for (int i = 0; i < event->n_fields; i++) {
        if (event->fields[i].value != NULL)
            say_again(event->fields[i].value);
    }
    if (event->value != NULL)
        say_again(event->value);
    check_lines(event);
    check_ids(event);
    check_kind(event);
    acknowledge(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slack_self known = {.user = "U0ASKWHY", .bot = "B0ASKWHY", .app = "A0ASKWHY"},
                                   unknown = {.user = "", .bot = "", .app = ""};
    const struct slack_self *const selves[] = {&known, &unknown};
    for (gsize i = 0; i < G_N_ELEMENTS(selves); i++) {
        struct slack_frame frame;
        slack_decode((const char *)data, size, selves[i], &frame);
        need(is_kept_id(frame.envelope));
        if (frame.kind == SLACK_ENVELOPE) {
            need(frame.event != NULL && frame.envelope != NULL);
            check(frame.event);
        } else {
            need(frame.event == NULL);
        }
        need(frame.kind != SLACK_UNUSABLE || frame.reason != NULL);
        need(frame.kind != SLACK_HELLO || frame.lifetime_s >= 0);
        slack_frame_done(&frame);
    }
    return 0;
}

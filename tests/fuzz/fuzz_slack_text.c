/* Any text as Slack's mrkdwn, and any text as rich text, markers and all. */
#include "bot/chat/richtext.h"
#include "bot/slack/slack.h"
#include "bot/slack/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool held)
{
    if (!held)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    g_autofree char *rich = slack_text_to_rich(text);
    g_autofree char *said = slack_rich_to_mrkdwn(rich);
    need(strstr(said, "<!") == NULL);
    g_autofree char *raw = slack_rich_to_mrkdwn(text);
    need(g_utf8_validate(raw, -1, NULL));
    g_auto(GStrv) pieces = slack_split(raw, 30);
    for (char **piece = pieces; *piece != NULL; piece++)
        need(slack_length(*piece) <= 30 && g_utf8_validate(*piece, -1, NULL));
    g_autofree char *cut = slack_cut(text, 10, true), *cut_mrkdwn = slack_cut_mrkdwn(raw, 30);
    need(slack_length(cut) <= 10 && slack_length(cut_mrkdwn) <= 30);
    struct message *message = message_new(text);
    message_add(message, PART_HEADING, text);
    message_add(message, PART_NOTE, text);
    message_add_button(message, "go", text, text, BUTTON_PLAIN);
    cJSON_Delete(slack_blocks(message));
    message_free(message);
    return 0;
}

/* Messages and acknowledgements → Block Kit (docs.slack.dev, "Reference: blocks"). Forms: modal.c. */
#include "bot/slack/slack.h"
#include "bot/slack/encode.h"
#include "bot/slack/text.h"

#include "bot/base/json.h"

#include <string.h>

enum {
    BLOCKS_MAX = 50,
    HOME_BLOCKS_MAX = 100,
    SECTION_MAX = 3000,
    HEADER_MAX = 150,
    BUTTONS_MAX = 25,
    LABEL_MAX = 75,
    BUTTON_VALUE_MAX = 2000,
    ACK_MAX = 20479,
};

cJSON *slack_plain_object(const char *rich, gsize max)
{
    g_autofree char *plain = slack_rich_to_plain(rich);
    g_autofree char *cut = slack_pair_bidi(slack_cut(plain, max, true));
    g_strstrip(cut);
    cJSON *text = json_object();
    json_put_str(text, "type", "plain_text");
    json_put_str(text, "text", *cut != '\0' ? cut : "…");
    json_put_bool(text, "emoji", true);
    return text;
}

static cJSON *mrkdwn_object(char *mrkdwn)
{
    cJSON *text = json_object();
    json_put_str(text, "type", "mrkdwn");
    json_put_str(text, "text", slack_pair_bidi(mrkdwn));
    /* Else Slack would make links and mentions of a person's words by itself. */
    json_put_bool(text, "verbatim", true);
    return text;
}

static cJSON *block_of(const char *type)
{
    cJSON *block = json_object();
    json_put_str(block, "type", type);
    return block;
}

static void push_section(cJSON *blocks, char *mrkdwn)
{
    cJSON *block = block_of("section");
    json_put(block, "text", mrkdwn_object(mrkdwn));
    json_push(blocks, block);
}

static void push_note(cJSON *blocks, char *mrkdwn)
{
    cJSON *block = block_of("context"), *elements = json_array();
    json_push(elements, mrkdwn_object(mrkdwn));
    json_put(block, "elements", elements);
    json_push(blocks, block);
}

static void push_pieces(cJSON *blocks, const char *rich, void (*push)(cJSON *blocks, char *mrkdwn))
{
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich);
    g_auto(GStrv) pieces = slack_split(mrkdwn, SECTION_MAX);
    for (char **piece = pieces; *piece != NULL; piece++) {
        /* Slack refuses a text of nothing, which one of signs without their pair becomes. */
        slack_pair_bidi(*piece);
        if ((*piece)[strspn(*piece, " \t\n")] != '\0')
            push(blocks, *piece);
    }
}

void slack_push_text(cJSON *blocks, const char *rich)
{
    push_pieces(blocks, rich, push_section);
}

static void push_heading(cJSON *blocks, const char *rich)
{
    g_autofree char *plain = slack_rich_to_plain(rich);
    g_strstrip(plain);
    if (*plain == '\0')
        return;
    /* A header holds no mentions or links and little text; a bold paragraph does. */
    bool fits = slack_length(plain) <= HEADER_MAX && strchr(plain, '\n') == NULL;
    for (const char *c = rich; fits && *c != '\0'; c++)
        fits = *c != RICH_PING && *c != RICH_PERSON && *c != RICH_CHANNEL && *c != RICH_LINK;
    if (fits) {
        cJSON *block = block_of("header");
        json_put(block, "text", slack_plain_object(rich, HEADER_MAX));
        json_push(blocks, block);
    } else {
        g_autofree char *bold = g_strdup_printf("%c%s%c", RICH_BOLD, rich, RICH_END);
        push_pieces(blocks, bold, push_section);
    }
}

static cJSON *button_object(const struct button *button, GHashTable *used)
{
    static const char *const styles[] = {NULL, "primary", "danger"};
    /* Slack wants an id once in a message; the decoder takes off what stands behind the colon. */
    g_autofree char *id = g_strdup(button->action);
    for (int n = 2; g_hash_table_contains(used, id); n++) {
        g_free(id);
        id = g_strdup_printf("%s:%d", button->action, n);
    }
    cJSON *object = block_of("button");
    json_put_str(object, "action_id", id);
    json_put(object, "text", slack_plain_object(button->label, LABEL_MAX));
    if (button->value != NULL && *button->value != '\0') {
        g_autofree char *carried = slack_rich_to_value(button->value);
        g_autofree char *value = slack_cut(carried, BUTTON_VALUE_MAX, false);
        json_put_str(object, "value", value);
    }
    if ((gsize)button->style < G_N_ELEMENTS(styles))
        json_put_str(object, "style", styles[button->style]);
    g_hash_table_add(used, g_steal_pointer(&id));
    return object;
}

static void push_buttons(cJSON *blocks, const struct part *part, GHashTable *used)
{
    for (int first = 0; first < part->n_buttons; first += BUTTONS_MAX) {
        cJSON *block = block_of("actions"), *elements = json_array();
        for (int i = first; i < MIN(first + BUTTONS_MAX, part->n_buttons); i++)
            json_push(elements, button_object(&part->buttons[i], used));
        json_put(block, "elements", elements);
        json_push(blocks, block);
    }
}

static const char *section_text(const cJSON *block)
{
    return strcmp(json_str0(block, "type"), "section") == 0 ? json_str(block, "text.text") : NULL;
}

/* Neighbouring paragraphs become one where that fits, until at most max blocks are left;
 * what is too much even so gives way to a sign that something is missing. */
static void keep_to(cJSON *blocks, int max)
{
    int count = cJSON_GetArraySize(blocks);
    for (int i = 0; i + 1 < count && count > max;) {
        const char *first = section_text(cJSON_GetArrayItem(blocks, i));
        const char *second = section_text(cJSON_GetArrayItem(blocks, i + 1));
        if (first == NULL || second == NULL || slack_length(first) + slack_length(second) + 2 > SECTION_MAX) {
            i++;
            continue;
        }
        g_autofree char *joined = g_strconcat(first, "\n\n", second, NULL);
        cJSON *block = block_of("section");
        json_put(block, "text", mrkdwn_object(joined));
        cJSON_ReplaceItemInArray(blocks, i, block);
        cJSON_DeleteItemFromArray(blocks, i + 1);
        count--;
    }
    if (count <= max)
        return;
    for (; count >= max; count--)
        cJSON_DeleteItemFromArray(blocks, count - 1);
    g_autofree char *missing = g_strdup("…");
    push_note(blocks, missing);
}

static cJSON *blocks_of(const struct message *message, int max)
{
    cJSON *blocks = json_array();
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        const char *text = part->text != NULL ? part->text : "";
        switch (part->kind) {
        case PART_TEXT:
            push_pieces(blocks, text, push_section);
            break;
        case PART_NOTE:
            push_pieces(blocks, text, push_note);
            break;
        case PART_HEADING:
            push_heading(blocks, text);
            break;
        case PART_BUTTONS:
            push_buttons(blocks, part, used);
            break;
        case PART_DIVIDER:
            json_push(blocks, block_of("divider"));
            break;
        }
    }
    keep_to(blocks, max);
    return blocks;
}

cJSON *slack_blocks(const struct message *message)
{
    return blocks_of(message, BLOCKS_MAX);
}

cJSON *slack_home(const struct message *message)
{
    cJSON *view = block_of("home");
    json_put(view, "blocks", blocks_of(message, HOME_BLOCKS_MAX));
    return view;
}

char *slack_fallback(const struct message *message)
{
    const char *rich = message->fallback;
    for (int i = 0; i < message->n_parts && (rich == NULL || *rich == '\0'); i++)
        rich = message->parts[i].text;
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich != NULL ? rich : "");
    g_autofree char *cut = slack_pair_bidi(slack_cut_mrkdwn(mrkdwn, SLACK_FALLBACK_MAX));
    return g_strdup(*g_strstrip(cut) != '\0' ? cut : "…");
}

cJSON *slack_private_answer(const struct message *message)
{
    cJSON *payload = json_object();
    g_autofree char *text = slack_fallback(message);
    json_put_str(payload, "response_type", "ephemeral");
    json_put_str(payload, "text", text);
    json_put(payload, "blocks", slack_blocks(message));
    if (message->quiet_links) {
        json_put_bool(payload, "unfurl_links", false);
        json_put_bool(payload, "unfurl_media", false);
    }
    return payload;
}

static cJSON *form_errors(const struct answer *answer)
{
    cJSON *payload = json_object(), *errors = json_object();
    for (int i = 0; i < answer->n_errors; i++) {
        g_autofree char *plain =
            slack_rich_to_plain(answer->errors[i].value != NULL ? answer->errors[i].value : "");
        g_autofree char *cut = slack_pair_bidi(slack_cut(plain, 150, true));
        json_put_str(errors, answer->errors[i].name, cut);
    }
    json_put_str(payload, "response_action", "errors");
    json_put(payload, "errors", errors);
    return payload;
}

char *slack_ack(const struct event *event, const struct answer *answer, bool *left_out)
{
    *left_out = false;
    g_autoptr(cJSON) frame = json_object();
    json_put_str(frame, "envelope_id", event->envelope != NULL ? event->envelope : "");
    g_autofree char *bare = json_text(frame);
    cJSON *payload = NULL;
    if (answer != NULL && event->kind == EVENT_COMMAND && answer->message != NULL)
        payload = slack_private_answer(answer->message);
    else if (answer != NULL && event->kind == EVENT_FORM && answer->n_errors > 0)
        payload = form_errors(answer);
    if (payload == NULL)
        return g_steal_pointer(&bare);
    if (!event->accepts_reply) {
        cJSON_Delete(payload);
        *left_out = true;
        return g_steal_pointer(&bare);
    }
    json_put(frame, "payload", payload);
    g_autofree char *full = json_text(frame);
    *left_out = strlen(full) > ACK_MAX;
    return *left_out ? g_steal_pointer(&bare) : g_steal_pointer(&full);
}

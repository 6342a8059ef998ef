/* Messages and acknowledgements → Block Kit (docs.slack.dev, "Reference: blocks"). Forms: modal.c. */
#include "bot/slack/slack.h"
#include "bot/slack/encode.h"
#include "bot/slack/text.h"

#include "bot/base/json_write.h"

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
    JSON_USUAL = 1024,
};

/* What begins to be a message's blocks: one a text or row of buttons, as Slack's limits divide them. */
struct block {
    enum { SECTION, NOTE, HEADER, ACTIONS, DIVIDER } kind;
    char *text; /* of the first three: mrkdwn, mrkdwn, rich */
    const struct button *buttons;
    int n_buttons;
};

static void block_clear(gpointer block)
{
    g_free(((struct block *)block)->text);
}

static void push(GArray *blocks, struct block block)
{
    g_array_append_val(blocks, block);
}

static void push_pieces(GArray *blocks, const char *rich, bool note)
{
    g_autofree char *mrkdwn = slack_rich_to_mrkdwn(rich);
    g_autofree GStrv pieces = slack_split(mrkdwn, SECTION_MAX);
    for (char **piece = pieces; *piece != NULL; piece++) {
        /* Slack refuses a text of nothing, which one of signs without their pair becomes. */
        slack_pair_bidi(*piece);
        if ((*piece)[strspn(*piece, " \t\n")] != '\0')
            push(blocks, (struct block){.kind = note ? NOTE : SECTION, .text = *piece});
        else
            g_free(*piece);
    }
}

/* What stands open would be closed by what is put around it, and name somebody. */
static bool is_closed(const char *rich)
{
    bool closed = true;
    for (const char *c = rich; *c != '\0'; c++) {
        if (*c == RICH_PING || *c == RICH_PERSON || *c == RICH_CHANNEL || *c == RICH_LINK)
            closed = false;
        else if (*c == RICH_END)
            closed = true;
    }
    return closed;
}

static void push_heading(GArray *blocks, const char *rich)
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
        push(blocks, (struct block){.kind = HEADER, .text = g_strdup(rich)});
    } else {
        g_autofree char *bold = g_strdup_printf("%c%s%c", RICH_BOLD, is_closed(rich) ? rich : plain, RICH_END);
        push_pieces(blocks, bold, false);
    }
}

static void push_buttons(GArray *blocks, const struct part *part)
{
    for (int first = 0; first < part->n_buttons; first += BUTTONS_MAX)
        push(blocks, (struct block){.kind = ACTIONS,
                                    .buttons = part->buttons + first,
                                    .n_buttons = MIN(BUTTONS_MAX, part->n_buttons - first)});
}

/* Neighbouring paragraphs become one where that fits, until at most max blocks are left;
 * what is too much even so gives way to a sign that something is missing. */
static void keep_to(GArray *blocks, guint max)
{
    for (guint i = 0; i + 1 < blocks->len && blocks->len > max;) {
        struct block *first = &g_array_index(blocks, struct block, i), *second = first + 1;
        if (first->kind != SECTION || second->kind != SECTION ||
            slack_length(first->text) + slack_length(second->text) + 2 > SECTION_MAX) {
            i++;
            continue;
        }
        char *joined = g_strconcat(first->text, "\n\n", second->text, NULL);
        g_free(first->text);
        first->text = joined;
        g_array_remove_index(blocks, i + 1);
    }
    if (blocks->len > max) {
        g_array_set_size(blocks, max - 1);
        push(blocks, (struct block){.kind = NOTE, .text = g_strdup("…")});
    }
}

static GArray *blocks_of(const struct message *message, guint max)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(struct block));
    g_array_set_clear_func(blocks, block_clear);
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        const char *text = part->text != NULL ? part->text : "";
        switch (part->kind) {
        case PART_TEXT:
        case PART_NOTE:
            push_pieces(blocks, text, part->kind == PART_NOTE);
            break;
        case PART_HEADING:
            push_heading(blocks, text);
            break;
        case PART_BUTTONS:
            push_buttons(blocks, part);
            break;
        case PART_DIVIDER:
            push(blocks, (struct block){.kind = DIVIDER});
            break;
        }
    }
    keep_to(blocks, max);
    return blocks;
}

void slack_write_plain(GString *json, const char *name, const char *rich, gsize max)
{
    g_autofree char *plain = slack_rich_to_plain(rich);
    g_autofree char *cut = slack_pair_bidi(slack_cut(plain, max, true));
    g_strstrip(cut);
    json_write_open(json, name, '{');
    json_write_str(json, "type", "plain_text");
    json_write_str(json, "text", *cut != '\0' ? cut : "…");
    json_write_bool(json, "emoji", true);
    json_write_close(json, '}');
}

static void write_mrkdwn(GString *json, const char *name, const char *mrkdwn)
{
    json_write_open(json, name, '{');
    json_write_str(json, "type", "mrkdwn");
    json_write_str(json, "text", mrkdwn);
    /* Else Slack would make links and mentions of a person's words by itself. */
    json_write_bool(json, "verbatim", true);
    json_write_close(json, '}');
}

static void write_button(GString *json, const struct button *button, GHashTable *used)
{
    static const char *const styles[] = {NULL, "primary", "danger"};
    /* Slack wants an id once in a message; the decoder takes off what stands behind the colon. */
    g_autofree char *id = g_strdup(button->action);
    for (int n = 2; g_hash_table_contains(used, id); n++) {
        g_free(id);
        id = g_strdup_printf("%s:%d", button->action, n);
    }
    json_write_open(json, NULL, '{');
    json_write_str(json, "type", "button");
    json_write_str(json, "action_id", id);
    slack_write_plain(json, "text", button->label, LABEL_MAX);
    if (button->value != NULL && *button->value != '\0') {
        g_autofree char *carried = slack_rich_to_value(button->value);
        g_autofree char *value = slack_cut(carried, BUTTON_VALUE_MAX, false);
        json_write_str(json, "value", value);
    }
    if ((gsize)button->style < G_N_ELEMENTS(styles))
        json_write_str(json, "style", styles[button->style]);
    json_write_close(json, '}');
    g_hash_table_add(used, g_steal_pointer(&id));
}

static void write_block(GString *json, const struct block *block, GHashTable *used)
{
    static const char *const types[] = {
        [SECTION] = "section", [NOTE] = "context", [HEADER] = "header", [ACTIONS] = "actions", [DIVIDER] = "divider"};
    json_write_open(json, NULL, '{');
    json_write_str(json, "type", types[block->kind]);
    if (block->kind == SECTION) {
        write_mrkdwn(json, "text", block->text);
    } else if (block->kind == HEADER) {
        slack_write_plain(json, "text", block->text, HEADER_MAX);
    } else if (block->kind != DIVIDER) {
        json_write_open(json, "elements", '[');
        if (block->kind == NOTE)
            write_mrkdwn(json, NULL, block->text);
        for (int i = 0; i < block->n_buttons; i++)
            write_button(json, &block->buttons[i], used);
        json_write_close(json, ']');
    }
    json_write_close(json, '}');
}

static void write_blocks(GString *json, const char *name, const struct message *message, guint max)
{
    g_autoptr(GArray) blocks = blocks_of(message, max);
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    json_write_open(json, name, '[');
    for (guint i = 0; i < blocks->len; i++)
        write_block(json, &g_array_index(blocks, struct block, i), used);
    json_write_close(json, ']');
}

guint slack_write_text(GString *json, const char *rich)
{
    g_autoptr(GArray) blocks = g_array_new(FALSE, FALSE, sizeof(struct block));
    g_array_set_clear_func(blocks, block_clear);
    push_pieces(blocks, rich, false);
    for (guint i = 0; i < blocks->len; i++)
        write_block(json, &g_array_index(blocks, struct block, i), NULL);
    return blocks->len;
}

char *slack_blocks(const struct message *message)
{
    GString *json = g_string_sized_new(JSON_USUAL);
    write_blocks(json, NULL, message, BLOCKS_MAX);
    return g_string_free(json, FALSE);
}

char *slack_home(const struct message *message)
{
    GString *json = g_string_sized_new(JSON_USUAL);
    json_write_open(json, NULL, '{');
    json_write_str(json, "type", "home");
    write_blocks(json, "blocks", message, HOME_BLOCKS_MAX);
    json_write_close(json, '}');
    return g_string_free(json, FALSE);
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

void slack_write_private_answer(GString *json, const struct message *message)
{
    g_autofree char *text = slack_fallback(message);
    json_write_str(json, "response_type", "ephemeral");
    json_write_str(json, "text", text);
    write_blocks(json, "blocks", message, BLOCKS_MAX);
    if (message->quiet_links) {
        json_write_bool(json, "unfurl_links", false);
        json_write_bool(json, "unfurl_media", false);
    }
}

static void write_errors(GString *json, const struct answer *answer)
{
    json_write_str(json, "response_action", "errors");
    json_write_open(json, "errors", '{');
    for (int i = 0; i < answer->n_errors; i++) {
        g_autofree char *plain =
            slack_rich_to_plain(answer->errors[i].value != NULL ? answer->errors[i].value : "");
        g_autofree char *cut = slack_pair_bidi(slack_cut(plain, 150, true));
        json_write_str(json, answer->errors[i].name, cut);
    }
    json_write_close(json, '}');
}

char *slack_ack(const struct event *event, const struct answer *answer, bool *left_out)
{
    bool told = answer != NULL && event->kind == EVENT_COMMAND && answer->message != NULL;
    bool wrong = answer != NULL && event->kind == EVENT_FORM && answer->n_errors > 0;
    *left_out = (told || wrong) && !event->accepts_reply;
    GString *frame = g_string_sized_new(JSON_USUAL);
    json_write_open(frame, NULL, '{');
    json_write_str(frame, "envelope_id", event->envelope != NULL ? event->envelope : "");
    gsize bare = frame->len;
    if ((told || wrong) && !*left_out) {
        json_write_open(frame, "payload", '{');
        if (told)
            slack_write_private_answer(frame, answer->message);
        else
            write_errors(frame, answer);
        json_write_close(frame, '}');
        *left_out = frame->len + 1 > ACK_MAX;
    }
    if (*left_out)
        g_string_truncate(frame, bare);
    json_write_close(frame, '}');
    return g_string_free(frame, FALSE);
}

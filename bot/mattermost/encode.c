/* Messages → posts: Markdown, and attachments for buttons (developers.mattermost.com, "Message attachments" and
 * "Interactive messages"). Forms: dialog.c. */
#include "bot/mattermost/text.h"

#include "bot/base/json_write.h"
#include "bot/chat/richtext.h"

#include <string.h>

enum {
    /* Characters of a post's props that a server before 6.0 takes, written as Go does (model/post.go). */
    PROPS_MAX = 7950,
    PROPS_FRAME = 60,       /* the other props */
    ATTACHMENT_FRAME = 220, /* what the server itself puts into each attachment */
    FALLBACK_MAX = 200,
    LABEL_MAX = 75,
    ACTION_ID_MAX = 60,
    TEXT_MIN = 40, /* of an attachment: shorter, it says nothing */
    JSON_USUAL = 2048,
};

/* ---- Texts ---- */

/* A part as rich text; freed with g_free(). NULL: it says nothing. */
static char *rich_of(const struct part *part)
{
    const char *text = part->text != NULL ? part->text : "";
    if (part->kind == PART_HEADING && *text != '\0')
        return g_strdup_printf("%c%s%c", RICH_BOLD, text, RICH_END);
    if (part->kind == PART_NOTE && *text != '\0')
        return g_strdup_printf("%c%s%c", RICH_ITALIC, text, RICH_END);
    return part->kind == PART_TEXT ? g_strdup(text) : NULL;
}

/* The parts' texts as Markdown of at most max characters: whole paragraphs, the one that does not fit cut, and none
 * behind it. */
static char *markdown_of(const struct part *parts, int n_parts, glong max, const struct mattermost_options *options)
{
    GString *out = g_string_new(NULL);
    glong used = 0;
    for (int i = 0; i < n_parts; i++) {
        g_autofree char *rich = rich_of(&parts[i]);
        g_autofree char *whole = parts[i].kind == PART_DIVIDER ? g_strdup("---")
                                 : rich != NULL                ? mattermost_rich_to_markdown(rich, options)
                                                               : NULL;
        if (whole == NULL || *whole == '\0')
            continue;
        glong gap = used > 0 ? 2 : 0, length = g_utf8_strlen(whole, -1), room = max - used - gap;
        /* Of what is cut the beginning of one more paragraph says little without some room. */
        if (length > room && (rich == NULL || (room < TEXT_MIN && used > 0) || room < 1)) {
            if (room >= 1)
                g_string_append(out, gap > 0 ? "\n\n…" : "…");
            break;
        }
        g_autofree char *cut = length > room ? mattermost_markdown_within(rich, room, options) : NULL;
        g_string_append_printf(out, "%s%s", gap > 0 ? "\n\n" : "", cut != NULL ? cut : whole);
        used += gap + length;
        if (cut != NULL)
            break;
    }
    return g_string_free(out, FALSE);
}

/* ---- Attachments ---- */

struct section {
    const struct part *parts; /* texts, and the buttons behind them when they have any */
    int n_parts;
    const struct part *buttons;
};

static void section_done(GArray *sections, struct section *section, const struct part *buttons)
{
    if (section->n_parts == 0 && buttons == NULL)
        return;
    section->buttons = buttons;
    g_array_append_val(sections, *section);
}

/* The message in pieces that end with buttons; the first one's texts are the post's own. */
static GArray *sections_of(const struct message *message)
{
    GArray *sections = g_array_new(FALSE, TRUE, sizeof(struct section));
    int from = 0;
    while (from < message->n_parts && message->parts[from].kind != PART_BUTTONS)
        from++;
    for (int i = from; i < message->n_parts; i++) {
        if (message->parts[i].kind != PART_BUTTONS)
            continue;
        struct section section = {.parts = message->parts + from, .n_parts = i - from};
        section_done(sections, &section, &message->parts[i]);
        from = i + 1;
    }
    if (sections->len > 0) {
        struct section rest = {.parts = message->parts + from, .n_parts = message->n_parts - from};
        section_done(sections, &rest, NULL);
    }
    return sections;
}

static int leading_parts(const struct message *message)
{
    int n = 0;
    while (n < message->n_parts && message->parts[n].kind != PART_BUTTONS)
        n++;
    return n;
}

/* Letters and digits only, once in a post: the server finds the pressed one by it. */
static char *action_id(const struct button *button, int number)
{
    GString *id = g_string_new(NULL);
    for (const char *c = button->action != NULL ? button->action : ""; *c != '\0' && id->len < ACTION_ID_MAX; c++) {
        if (g_ascii_isalnum(*c))
            g_string_append_c(id, *c);
    }
    g_string_append_printf(id, "%d", number);
    return g_string_free(id, FALSE);
}

/* What all buttons of a post have in common. */
struct maker {
    const char *fallback, *channel;
    const struct mattermost_options *options;
    struct signer *signer;
    char *url;
    int number; /* of the last button */
};

static void write_action(GString *json, const struct button *button, struct maker *maker)
{
    static const char *const styles[] = {"default", "primary", "danger"};
    g_autofree char *id = action_id(button, ++maker->number);
    g_autofree char *label = mattermost_line_within(button->label != NULL ? button->label : "", LABEL_MAX, maker->options);
    g_autofree char *value = button->value != NULL ? rich_unping(button->value) : NULL;
    json_write_open(json, NULL, '{');
    json_write_str(json, "id", id);
    json_write_str(json, "type", "button");
    json_write_str(json, "name", *label != '\0' ? label : "…");
    if ((gsize)button->style < G_N_ELEMENTS(styles))
        json_write_str(json, "style", styles[button->style]);
    json_write_open(json, "integration", '{');
    json_write_str(json, "url", maker->url);
    sign_button(maker->signer, maker->channel, button->action != NULL ? button->action : "", value, json);
    json_write_close(json, '}');
    json_write_close(json, '}');
}

static void write_attachment(GString *json, const struct section *section, glong max, struct maker *maker)
{
    g_autofree char *text = markdown_of(section->parts, section->n_parts, max, maker->options);
    json_write_open(json, NULL, '{');
    json_write_str(json, "fallback", maker->fallback);
    json_write_str(json, "text", text);
    if (section->buttons != NULL) {
        json_write_open(json, "actions", '[');
        for (int i = 0; i < section->buttons->n_buttons; i++)
            write_action(json, &section->buttons->buttons[i], maker);
        json_write_close(json, ']');
    }
    json_write_close(json, '}');
}

/* Characters as the server counts them: Go writes <, > and & as \u003c, and so the signs of a line's and a paragraph's
 * end. */
static glong counted(const GString *json)
{
    glong length = 0;
    for (gsize i = 0; i < json->len; i++) {
        guchar c = (guchar)json->str[i];
        length += (c & 0xc0) != 0x80;
        if (c == '<' || c == '>' || c == '&' ||
            (c == 0xe2 && (strncmp(json->str + i, "\xe2\x80\xa8", 3) == 0 || strncmp(json->str + i, "\xe2\x80\xa9", 3) == 0)))
            length += 5;
    }
    return length;
}

/* Attachments with texts of at most max characters each; *size: what the server counts of them. */
static GString *attachments_of(const GArray *sections, glong max, struct maker *maker, glong *size)
{
    GString *json = g_string_sized_new(JSON_USUAL);
    maker->number = 0;
    json_write_open(json, NULL, '[');
    for (guint i = 0; i < sections->len; i++)
        write_attachment(json, &g_array_index(sections, struct section, i), max, maker);
    json_write_close(json, ']');
    *size = counted(json) + (glong)sections->len * ATTACHMENT_FRAME;
    return json;
}

/* Within what an old server takes, where that can be: texts are cut, all to the same length, buttons never. What is
 * too much even so goes whole: newer servers take a hundred times as much. */
static GString *fitting_attachments(const GArray *sections, glong max, glong room, struct maker *maker)
{
    glong size = 0;
    GString *whole = attachments_of(sections, max, maker, &size);
    if (size <= room)
        return whole;
    GString *best = NULL;
    for (glong low = TEXT_MIN, high = MIN(max, size); low <= high;) {
        glong middle = low + (high - low) / 2;
        GString *cut = attachments_of(sections, middle, maker, &size);
        if (size <= room) {
            if (best != NULL)
                g_string_free(best, TRUE);
            best = cut;
            low = middle + 1;
        } else {
            g_string_free(cut, TRUE);
            high = middle - 1;
        }
    }
    if (best == NULL)
        return whole;
    g_string_free(whole, TRUE);
    return best;
}

/* ---- The post ---- */

/* What stands before the first buttons, or else the fallback: a post without words notifies and reads as nothing. */
static char *words_of(const struct message *message, glong room, const struct mattermost_options *options)
{
    g_autofree char *text = markdown_of(message->parts, leading_parts(message), room, options);
    if (*text == '\0') {
        g_free(text);
        text = mattermost_markdown_within(message->fallback != NULL ? message->fallback : "", room, options);
    }
    return *text != '\0' ? g_steal_pointer(&text) : g_strdup("…");
}

/* Writes the attachments as name; taken: what the server counts beside them. Also when there are none: props are
 * replaced as a whole, and a client may look for the list. */
static void write_attachments(GString *json, const char *name, const struct message *message, const char *channel,
                              glong room, glong taken, const struct mattermost_options *options)
{
    g_autoptr(GArray) sections = sections_of(message);
    if (sections->len == 0) {
        json_write_raw(json, name, "[]");
        return;
    }
    g_autofree char *line =
        mattermost_line_within(message->fallback != NULL ? message->fallback : "", FALLBACK_MAX, options);
    g_autofree char *url = g_strconcat(options->callback_url != NULL ? options->callback_url : "", "/action", NULL);
    struct maker maker = {.fallback = line, .channel = channel != NULL ? channel : "", .options = options, .url = url};
    maker.signer = signer_new(options->signing_key != NULL ? options->signing_key : "");
    GString *attachments = fitting_attachments(sections, room, PROPS_MAX - taken, &maker);
    json_write_raw(json, name, attachments->str);
    g_string_free(attachments, TRUE);
    signer_free(maker.signer);
}

void mattermost_write_post(GString *json, const struct message *message, const char *channel, const char *op, int max,
                           const struct mattermost_options *options)
{
    glong room = max > 0 ? max : 4000;
    g_autofree char *text = words_of(message, room, options);
    json_write_str(json, "message", text);
    json_write_open(json, "props", '{');
    json_write_str(json, MATTERMOST_MARK, op);
    /* The server says so of each new post, and forgets it with a change. */
    json_write_str(json, "from_bot", "true");
    write_attachments(json, "attachments", message, channel, room, PROPS_FRAME, options);
    json_write_close(json, '}');
}

void mattermost_write_private(GString *json, const char *text, const char *attachments, const struct message *message,
                              const char *channel, int max, const struct mattermost_options *options)
{
    glong room = max > 0 ? max : 4000;
    g_autofree char *words = words_of(message, room, options);
    json_write_str(json, text, words);
    if (attachments != NULL && leading_parts(message) < message->n_parts)
        write_attachments(json, attachments, message, channel, room, 0, options);
    /* Else what looks like Slack's notation in it would be made links and names. */
    json_write_bool(json, "skip_slack_parsing", true);
}

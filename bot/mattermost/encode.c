/* Messages → posts: Markdown, and attachments for buttons (developers.mattermost.com, "Message attachments" and
 * "Interactive messages"). Forms: dialog.c. */
#include "bot/mattermost/text.h"

#include "bot/base/json.h"
#include "bot/chat/richtext.h"

#include <string.h>

enum {
    /* Characters of a post's props that a server before 6.0 takes, written as Go does (model/post.go). */
    PROPS_MAX = 7950,
    ATTACHMENT_FRAME = 220, /* what the server itself puts into each attachment */
    FALLBACK_MAX = 200,
    LABEL_MAX = 75,
    ACTION_ID_MAX = 60,
    TEXT_MIN = 40, /* of an attachment: shorter, it says nothing */
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

static cJSON *action_of(const struct button *button, int number, const char *channel,
                        const struct mattermost_options *options)
{
    static const char *const styles[] = {"default", "primary", "danger"};
    g_autofree char *id = action_id(button, number);
    g_autofree char *url = g_strconcat(options->callback_url != NULL ? options->callback_url : "", "/action", NULL);
    g_autofree char *label = mattermost_line_within(button->label != NULL ? button->label : "", LABEL_MAX, options);
    g_autofree char *value = button->value != NULL ? rich_unping(button->value) : NULL;
    cJSON *action = json_object(), *integration = json_object();
    json_put_str(action, "id", id);
    json_put_str(action, "type", "button");
    json_put_str(action, "name", *label != '\0' ? label : "…");
    if ((gsize)button->style < G_N_ELEMENTS(styles))
        json_put_str(action, "style", styles[button->style]);
    json_put_str(integration, "url", url);
    json_put(integration, "context",
             sign_button(options->signing_key != NULL ? options->signing_key : "", channel != NULL ? channel : "",
                         button->action != NULL ? button->action : "", value));
    json_put(action, "integration", integration);
    return action;
}

static cJSON *attachment_of(const struct section *section, glong max, int *number, const char *fallback,
                            const char *channel, const struct mattermost_options *options)
{
    cJSON *attachment = json_object();
    g_autofree char *text = markdown_of(section->parts, section->n_parts, max, options);
    json_put_str(attachment, "fallback", fallback);
    json_put_str(attachment, "text", text);
    if (section->buttons == NULL)
        return attachment;
    cJSON *actions = json_array();
    for (int i = 0; i < section->buttons->n_buttons; i++)
        json_push(actions, action_of(&section->buttons->buttons[i], ++*number, channel, options));
    json_put(attachment, "actions", actions);
    return attachment;
}

/* Characters as the server counts them: Go writes <, > and & as \u003c, and so the signs of a line's and a paragraph's
 * end. */
static glong counted(const cJSON *value)
{
    g_autofree char *text = json_text(value);
    glong length = g_utf8_strlen(text, -1);
    for (const char *c = strpbrk(text, "<>&\xe2"); c != NULL; c = strpbrk(c + 1, "<>&\xe2")) {
        bool end = g_str_has_prefix(c, "\xe2\x80\xa8") || g_str_has_prefix(c, "\xe2\x80\xa9");
        length += *c != '\xe2' || end ? 5 : 0;
    }
    return length;
}

static cJSON *attachments_of(const GArray *sections, glong max, const char *fallback, const char *channel,
                             const struct mattermost_options *options, glong *size)
{
    cJSON *attachments = json_array();
    int number = 0;
    for (guint i = 0; i < sections->len; i++)
        json_push(attachments, attachment_of(&g_array_index(sections, struct section, i), max, &number, fallback, channel,
                                             options));
    *size = counted(attachments) + (glong)sections->len * ATTACHMENT_FRAME;
    return attachments;
}

/* Within what an old server takes, where that can be: texts are cut, all to the same length, buttons never. What is
 * too much even so goes whole: newer servers take a hundred times as much. */
static cJSON *fitting_attachments(const GArray *sections, glong max, glong room, const char *fallback,
                                  const char *channel, const struct mattermost_options *options)
{
    glong size = 0;
    cJSON *whole = attachments_of(sections, max, fallback, channel, options, &size);
    if (size <= room)
        return whole;
    cJSON *best = NULL;
    for (glong low = TEXT_MIN, high = MIN(max, size); low <= high;) {
        glong middle = low + (high - low) / 2;
        cJSON *cut = attachments_of(sections, middle, fallback, channel, options, &size);
        if (size <= room) {
            cJSON_Delete(best);
            best = cut;
            low = middle + 1;
        } else {
            cJSON_Delete(cut);
            high = middle - 1;
        }
    }
    if (best == NULL)
        return whole;
    cJSON_Delete(whole);
    return best;
}

/* ---- The post ---- */

void mattermost_put_post(cJSON *body, const struct message *message, const char *channel, const char *op, int max,
                         const struct mattermost_options *options)
{
    glong room = max > 0 ? max : 4000;
    g_autofree char *text = markdown_of(message->parts, leading_parts(message), room, options);
    const char *fallback = message->fallback != NULL ? message->fallback : "";
    /* A post without words notifies and reads as nothing. */
    if (*text == '\0') {
        g_free(text);
        text = mattermost_markdown_within(fallback, room, options);
    }
    json_put_str(body, "message", *text != '\0' ? text : "…");
    cJSON *props = json_object();
    if (op != NULL)
        json_put_str(props, MATTERMOST_MARK, op);
    /* The server says so of each new post, and forgets it with a change. */
    json_put_str(props, "from_bot", "true");
    g_autofree char *line = mattermost_line_within(fallback, FALLBACK_MAX, options);
    GArray *sections = sections_of(message);
    /* Also when there are none: props are replaced as a whole, and a client may look for the list. */
    json_put(props, "attachments",
             fitting_attachments(sections, room, PROPS_MAX - counted(props), line, channel, options));
    g_array_unref(sections);
    json_put(body, "props", props);
}

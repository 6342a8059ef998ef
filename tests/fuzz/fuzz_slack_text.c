/* Any text as Slack's mrkdwn, and any text as rich text, markers and all. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"

/* Bytes that show something: neither blanks nor the invisible sign that keeps a > from quoting. */
static gsize shown(const char *text)
{
    gsize count = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (strncmp(c, "\xe2\x80\x8b", 3) == 0)
            c += 2;
        else
            count += !g_ascii_isspace(*c);
    }
    return count;
}

/* Cuts are within their limits, and nothing is lost between the pieces. */
static void cut(const char *text, const char *mrkdwn)
{
    g_auto(GStrv) pieces = slack_split(mrkdwn, 30);
    gsize kept = 0;
    for (char **piece = pieces; *piece != NULL; piece++) {
        need(slack_length(*piece) <= 30 && g_utf8_validate(*piece, -1, NULL));
        kept += shown(*piece);
    }
    need(kept == shown(mrkdwn));
    g_autofree char *plain = slack_cut(text, 10, true), *notation = slack_cut_mrkdwn(mrkdwn, 30);
    need(slack_length(plain) <= 10 && strchr(plain, '\n') == NULL);
    need(slack_length(notation) <= 30 && g_utf8_validate(notation, -1, NULL));
}

static void shorten(const char *rich)
{
    for (int max = 0; max <= 40; max += 8) {
        g_autofree char *few = rich_shorten(rich, max, max % 16 == 0);
        g_autofree char *plain = rich_plain(few, NULL, NULL);
        need(g_utf8_validate(few, -1, NULL) && g_utf8_validate(plain, -1, NULL));
        need(max % 16 != 0 || strchr(few, '\n') == NULL);
        int open = 0;
        struct rich_span span;
        for (const char *at = few; rich_next(&at, &span);) {
            open += span.marker == RICH_BOLD || span.marker == RICH_ITALIC || span.marker == RICH_CODE;
            open -= span.marker == RICH_END;
            need(open >= 0);
        }
        need(open == 0);
    }
    g_autofree char *quiet = rich_unping(rich);
    need(strchr(quiet, RICH_PING) == NULL);
}

static void show(const char *rich)
{
    struct message *message = message_new(rich);
    message_add(message, PART_TEXT, rich);
    message_add(message, PART_HEADING, rich);
    message_add(message, PART_NOTE, rich);
    message_add_button(message, "go", rich, rich, BUTTON_PLAIN);
    g_autofree char *json = slack_blocks(message);
    g_autoptr(cJSON) blocks = json_parse(json, strlen(json), NULL);
    need(blocks != NULL);
    const cJSON *block;
    cJSON_ArrayForEach(block, blocks)
    {
        const char *text = json_str(block, "text.text");
        need(text == NULL || (*text != '\0' && slack_length(text) <= 3000));
    }
    message_free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL))
        return 0;
    g_autofree char *clean = rich_clean(text), *cleaner = rich_clean(clean);
    need(strcmp(clean, cleaner) == 0);

    /* As a person typed it. */
    g_autofree char *rich = slack_text_to_rich(text);
    need(strchr(rich, RICH_PING) == NULL);
    g_autofree char *said = slack_rich_to_mrkdwn(rich);
    need_harmless(said, true);
    need_quiet(said);
    need_no_controls(said);

    /* With all the markers askwhy's own texts may have, in any disorder. */
    g_autofree char *raw = slack_rich_to_mrkdwn(text);
    need(g_utf8_validate(raw, -1, NULL) && strstr(raw, "<!") == NULL);
    cut(text, raw);
    shorten(text);
    show(text);
    return 0;
}

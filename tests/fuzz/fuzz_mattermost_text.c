/* Any text as a person's Markdown, and any text as rich text, markers and all, in every place of a post and a dialog. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/base/json_write.h"
#include "bot/mattermost/text.h"
#include "tests/unit/mattermost/reader.h"

#define DANA "wgjubda6atn3befh4c6ehsm7ir"
#define CHANNEL "7gd3m1po43gnieiw1m6ceow39w"

/* One name that would do harm if it were taken as it is. */
static const char *name_of(const char *id, void *data)
{
    (void)data;
    return id[0] == 'w' ? "Eve @here **x** [y](http://evil.example) \x11w\x1e" : NULL;
}

static const char *handle_of(const char *id, void *data)
{
    (void)data;
    return strcmp(id, DANA) == 0 ? "dana_k" : NULL;
}

static const struct mattermost_options options = {.url = "https://chat.example", .name = name_of, .handle = handle_of,
                                                  .callback_url = "http://bot:8600/mattermost", .signing_key = "00ff"};

static char *visible(const char *text)
{
    GString *out = g_string_new(NULL);
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_isspace(c) && c != 0x200b)
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* Names that are notified are the one that may be. */
static void need_only_dana(const struct reading *reading, bool at_all)
{
    g_autofree char *names = notified(reading);
    need(at_all || *names == '\0');
    g_auto(GStrv) each = g_strsplit(names, " ", -1);
    for (char **name = each; *name != NULL && **name != '\0'; name++)
        need(g_str_has_prefix(*name, "@dana_k") && strspn(*name + 7, "_.-:") == strlen(*name + 7));
}

/* As a person typed it: read as typed, calling nobody. */
static void say(const char *typed)
{
    g_autofree char *clean = rich_clean(typed), *markdown = mattermost_rich_to_markdown(clean, &options);
    struct reading reading = read_markdown(markdown);
    g_autofree char *seen = visible(reading.text->str), *meant = visible(clean);
    need(reading.broken == NULL);
    need(strcmp(seen, meant) == 0);
    need_only_dana(&reading, false);
    reading_done(&reading);
}

static void repeat(const char *typed)
{
    struct names *names = names_new();
    names_learn(names, DANA, "dana", "Dana");
    g_autofree char *rich = mattermost_text_to_rich(typed, names);
    g_autoptr(GPtrArray) unknown = mattermost_unknown_names(typed, names);
    need(strchr(rich, RICH_PING) == NULL && g_utf8_validate(rich, -1, NULL));
    need(unknown->len <= 60);
    for (guint i = 0; i < unknown->len; i++)
        need(mattermost_is_handle(unknown->pdata[i]));
    g_autofree char *markdown = mattermost_rich_to_markdown(rich, &options);
    struct reading reading = read_markdown(markdown);
    need(reading.broken == NULL);
    need_only_dana(&reading, false);
    reading_done(&reading);
    names_free(names);
}

static void cut(const char *rich)
{
    for (glong max = 1; max <= 64; max *= 4) {
        g_autofree char *markdown = mattermost_markdown_within(rich, max, &options);
        g_autofree char *line = mattermost_line_within(rich, max, &options);
        need(g_utf8_strlen(markdown, -1) <= max && g_utf8_validate(markdown, -1, NULL));
        need(g_utf8_strlen(line, -1) <= max && strchr(line, '\n') == NULL);
        need_no_controls(markdown);
    }
}

static void post(const char *rich)
{
    struct message *message = message_new(rich);
    message_add(message, PART_TEXT, rich);
    message_add(message, PART_HEADING, rich);
    message_add_button(message, rich, rich, rich, BUTTON_PLAIN);
    message_add(message, PART_NOTE, rich);
    message_add_button(message, "go", rich, rich, BUTTON_DANGER);
    g_autoptr(GString) body = g_string_new("{");
    mattermost_write_post(body, message, CHANNEL, "0123456789abcdef", 300, &options);
    json_write_close(body, '}');
    cJSON *again = json_parse(body->str, body->len, NULL);
    need(again != NULL);
    const char *said = json_str0(again, "message"), *action, *value;
    need(*said != '\0' && g_utf8_strlen(said, -1) <= 300);
    struct reading reading = read_markdown(said);
    need_only_dana(&reading, strchr(rich, RICH_PING) != NULL);
    reading_done(&reading);
    need(sign_check_button("00ff", CHANNEL, json_get(again, "props.attachments.1.actions.0.integration.context"), &action, &value));
    need(strcmp(action, "go") == 0 && strchr(value, RICH_PING) == NULL);
    cJSON_Delete(again);
    message_free(message);
}

static void ask(const char *rich)
{
    struct form *form = form_new("edit", rich, rich, rich, rich);
    struct field *field = form_add(form, FIELD_TEXT, "text", rich, true);
    field->hint = g_strdup(rich);
    field->initial = g_strdup(rich);
    form->intro = g_strdup(rich);
    cJSON *body = mattermost_dialog(form, "trigger", DANA, "0123456789abcdef", 0, &options);
    struct signed_form back;
    need(g_utf8_strlen(json_str0(body, "dialog.title"), -1) <= 24);
    need(g_utf8_strlen(json_str0(body, "dialog.elements.0.display_name"), -1) <= 24);
    need(g_utf8_strlen(json_str0(body, "dialog.elements.0.help_text"), -1) <= 150);
    need(sign_check_form("00ff", DANA, json_str(body, "dialog.state"), 1, &back) == SIGN_GOOD);
    need(strcmp(back.state, rich) == 0);
    signed_form_done(&back);
    cJSON_Delete(body);
    form_free(form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = text_of(data, size);
    say(text);
    repeat(text);
    /* With all the markers askwhy's own texts may have, in any disorder. */
    g_autofree char *raw = mattermost_rich_to_markdown(text, &options);
    need(g_utf8_validate(raw, -1, NULL));
    need_no_controls(raw);
    struct reading reading = read_markdown(raw);
    need_only_dana(&reading, strchr(text, RICH_PING) != NULL);
    reading_done(&reading);
    cut(text);
    post(text);
    ask(text);
    return 0;
}

#include "bot/sandbox/slack/text.h"

#include <string.h>

static bool is_name_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.';
}

static void append_escaped(GString *out, char c)
{
    if (c == '&')
        g_string_append(out, "&amp;");
    else if (c == '<')
        g_string_append(out, "&lt;");
    else if (c == '>')
        g_string_append(out, "&gt;");
    else
        g_string_append_c(out, c);
}

/* The mention that begins at `at` (behind its sign); how many bytes of name it takes, 0 for none. */
static size_t append_mention(const struct workspace *workspace, GString *out, char sign, const char *at, bool labelled)
{
    size_t longest = 0;
    while (is_name_char(at[longest]))
        longest++;
    for (size_t length = longest; length > 0; length--) {
        if (length < longest && g_ascii_isalnum(at[length]))
            continue;
        g_autofree char *name = g_strndup(at, length);
        if (sign == '#') {
            const struct channel *channel = channel_by_name(workspace, name);
            if (channel == NULL)
                continue;
            g_string_append_printf(out, "<#%s|%s>", channel->id, channel->name);
            return length;
        }
        if (strcmp(name, "channel") == 0 || strcmp(name, "here") == 0 || strcmp(name, "everyone") == 0) {
            g_string_append_printf(out, "<!%s>", name);
            return length;
        }
        const struct person *person = person_by_name(name);
        const char *id = person != NULL ? person->id : strcmp(name, SANDBOX_BOT_NAME) == 0 ? SANDBOX_BOT_USER : NULL;
        if (id == NULL)
            continue;
        if (labelled)
            g_string_append_printf(out, "<@%s|%s>", id, name);
        else
            g_string_append_printf(out, "<@%s>", id);
        return length;
    }
    return 0;
}

static size_t address_length(const char *at)
{
    if (!g_str_has_prefix(at, "https://") && !g_str_has_prefix(at, "http://"))
        return 0;
    size_t length = strcspn(at, " \t\r\n<>|\"");
    while (length > 0 && strchr(".,;:!?)'", at[length - 1]) != NULL)
        length--;
    return length > strlen("https://") ? length : 0;
}

char *text_from_typed(const struct workspace *workspace, const char *typed, bool labelled)
{
    GString *out = g_string_new(NULL);
    for (const char *at = typed; *at != '\0';) {
        bool begins = at == typed || !is_name_char(at[-1]);
        size_t taken = 0;
        if (begins && (*at == '@' || *at == '#')) {
            taken = append_mention(workspace, out, *at, at + 1, labelled);
            if (taken > 0)
                taken++;
        } else if (begins && (taken = address_length(at)) > 0) {
            g_string_append_c(out, '<');
            for (size_t i = 0; i < taken; i++)
                append_escaped(out, at[i]);
            g_string_append_c(out, '>');
        }
        if (taken == 0) {
            append_escaped(out, *at);
            taken = 1;
        }
        at += taken;
    }
    return g_string_free(out, FALSE);
}

char *text_link_addresses(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0';) {
        size_t taken = 1;
        if (*at == '<') {
            taken = strcspn(at, ">");
            if (at[taken] == '>')
                taken++;
            g_string_append_len(out, at, (gssize)taken);
        } else if ((at == text || !is_name_char(at[-1])) && (taken = address_length(at)) > 0) {
            g_string_append_printf(out, "<%.*s>", (int)taken, at);
        } else {
            taken = 1;
            g_string_append_c(out, *at);
        }
        at += taken;
    }
    return g_string_free(out, FALSE);
}

/* What stands between < and >. */
static void append_token(const struct workspace *workspace, GString *out, const char *token)
{
    const char *label = strrchr(token, '|');
    g_autofree char *id = label != NULL ? g_strndup(token, (gsize)(label - token)) : g_strdup(token);
    if (id[0] == '@') {
        g_string_append_printf(out, "@%s", user_name(id + 1));
    } else if (id[0] == '#') {
        const struct channel *channel = channel_by_id(workspace, id + 1);
        g_string_append_printf(out, "#%s", channel != NULL ? channel->name : label != NULL ? label + 1 : id + 1);
    } else if (id[0] == '!') {
        if (label != NULL)
            g_string_append(out, label + 1);
        else
            g_string_append_printf(out, "@%s", id + 1);
    } else {
        g_string_append(out, label != NULL ? label + 1 : id);
    }
}

static const struct {
    const char *entity;
    char c;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

static size_t append_entity(GString *out, const char *at)
{
    for (guint i = 0; i < G_N_ELEMENTS(entities); i++) {
        if (g_str_has_prefix(at, entities[i].entity)) {
            g_string_append_c(out, entities[i].c);
            return strlen(entities[i].entity);
        }
    }
    return 0;
}

/* *bold* and the like: the sign opens at a word's start and closes at a word's end of the same line. */
static bool is_opening(const char *text, const char *at)
{
    char sign = *at;
    if (at > text && (g_ascii_isalnum(at[-1]) || (signed char)at[-1] < 0))
        return false;
    if (at[1] == '\0' || g_ascii_isspace(at[1]) || at[1] == sign)
        return false;
    for (const char *end = at + 2; *end != '\0' && *end != '\n'; end++) {
        if (*end == sign && !g_ascii_isspace(end[-1]) && !g_ascii_isalnum(end[1]))
            return true;
    }
    return false;
}

char *text_to_plain(const struct workspace *workspace, const char *text)
{
    GString *out = g_string_new(NULL);
    char open[4] = {0};
    static const char signs[] = "*_~`";
    for (const char *at = text; *at != '\0';) {
        size_t taken = 1;
        const char *end = *at == '<' ? strchr(at, '>') : NULL;
        const char *sign = strchr(signs, *at);
        if (*at == '\n')
            memset(open, 0, sizeof open);
        if (end != NULL) {
            g_autofree char *token = g_strndup(at + 1, (gsize)(end - at - 1));
            GString *plain = g_string_new(NULL);
            append_token(workspace, plain, token);
            for (const char *c = plain->str; *c != '\0';) {
                size_t entity = append_entity(out, c);
                if (entity == 0)
                    g_string_append_c(out, *c);
                c += entity > 0 ? entity : 1;
            }
            g_string_free(plain, TRUE);
            taken = (size_t)(end - at) + 1;
        } else if (*at == '&' && (taken = append_entity(out, at)) > 0) {
            ;
        } else if (sign != NULL && open[sign - signs] != 0 && !g_ascii_isspace(at[-1]) && !g_ascii_isalnum(at[1])) {
            open[sign - signs] = 0;
            taken = 1;
        } else if (sign != NULL && open[sign - signs] == 0 && is_opening(text, at)) {
            open[sign - signs] = 1;
            taken = 1;
        } else {
            g_string_append_c(out, *at);
            taken = 1;
        }
        at += taken;
    }
    return g_string_free(out, FALSE);
}

char *text_object_plain(const struct workspace *workspace, const cJSON *object)
{
    const char *text = json_str0(object, "text");
    if (strcmp(json_str0(object, "type"), "mrkdwn") == 0)
        return text_to_plain(workspace, text);
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0';) {
        size_t taken = *at == '&' ? append_entity(out, at) : 0;
        if (taken == 0)
            g_string_append_c(out, *at);
        at += taken > 0 ? taken : 1;
    }
    return g_string_free(out, FALSE);
}

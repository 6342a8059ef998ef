/* Several things in one command, by their labels: "because it pays options: buy, build reopen if prices fall". */
#include <string.h>

#include "commands/understand/parts.h"

/* A label at token i, of those wanted: its length with the colon, 0 for none. */
static gsize label_at(const struct tokens *tokens, gsize i, unsigned wanted, enum said_part *part)
{
    const struct phrase *label = NULL;
    gsize n = phrase_at(tokens, i, MEANS_PART, &label);
    bool within_word = i > 0 && tokens->at[i].glued && tokens->at[i - 1].kind == TOKEN_WORD;
    if (n == 0 || within_word || !(wanted >> (int)label->value & 1))
        return 0;
    *part = (enum said_part)label->value;
    if (token_is_mark(&tokens->at[i + n], ':'))
        return n + 1;
    return label->name != NULL ? n : 0;
}

/* What parts two of them does not belong to the first. */
static char *without_joint(char *text)
{
    if (text == NULL)
        return NULL;
    gsize length = strlen(text);
    while (length > 0 && strchr(" ,;\n", text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    if (length > 0)
        return text;
    g_free(text);
    return NULL;
}

static void keep(struct said *said, int part, char *text)
{
    char **place = part < 0 ? &said->lead : &said->parts[part];
    text = without_joint(text);
    if (text == NULL)
        return;
    char *both = *place != NULL ? g_strconcat(*place, "\n", text, NULL) : g_strdup(text);
    g_free(*place);
    g_free(text);
    *place = both;
}

void said_split(const char *text, unsigned wanted, struct said *said)
{
    *said = (struct said){0};
    struct tokens tokens;
    tokens_cut(&tokens, text, -1);
    int part = -1;
    gsize start = 0;
    for (gsize i = 0; i < tokens.count; i++) {
        enum said_part next;
        gsize n = label_at(&tokens, i, wanted, &next);
        if (n == 0)
            continue;
        keep(said, part, parts_cut(&tokens, start, i));
        part = (int)next;
        start = i + n;
        i = start - 1;
    }
    keep(said, part, parts_cut(&tokens, start, tokens.count));
    tokens_done(&tokens);
    if (said->lead == NULL)
        said->lead = g_strdup("");
}

void said_done(struct said *said)
{
    g_free(said->lead);
    for (int i = 0; i < SAID_PARTS; i++)
        g_free(said->parts[i]);
    *said = (struct said){0};
}

static bool is_denied(const struct tokens *tokens, gsize i)
{
    for (gsize back = 1; back <= 4 && back <= i && !token_ends_sentence(tokens, i - back); back++) {
        if (phrase_at(tokens, i - back, MEANS_NOT, NULL) > 0 || phrase_at(tokens, i - back, MEANS_NO, NULL) > 0)
            return true;
    }
    return false;
}

char *said_talk(const char *text)
{
    struct tokens tokens;
    char *whom = NULL;
    tokens_cut(&tokens, text, -1);
    for (gsize i = 0; i < tokens.count && whom == NULL; i++) {
        enum said_part part;
        gsize n = label_at(&tokens, i, 1u << SAID_TALK, &part), end = i + n;
        if (n == 0 || is_denied(&tokens, i))
            continue;
        while (end < tokens.count && !token_ends_sentence(&tokens, end))
            end++;
        whom = without_joint(parts_cut(&tokens, i + n, end));
    }
    tokens_done(&tokens);
    return whom;
}

static gsize commits_at(const struct tokens *tokens, gsize i)
{
    struct captured captured = {0};
    gsize n = pattern_at(tokens, i, tokens->count, "but|and i|we|i'll|we'll will|do? commit", &captured);
    if (n == 0)
        n = pattern_at(tokens, i, tokens->count, "but|and i|we|i'll|we'll commit", &captured);
    if (n == 0)
        n = pattern_at(tokens, i, tokens->count, "i? disagree and commit", &captured);
    return n > 0 ? n : pattern_at(tokens, i, tokens->count, "but commit", &captured);
}

char *said_dissent(const char *text, bool *commits)
{
    struct tokens tokens;
    GString *reason = g_string_new(NULL);
    tokens_cut(&tokens, text, -1);
    *commits = false;
    gsize start = 0;
    for (gsize i = 0; i <= tokens.count; i++) {
        gsize n = i < tokens.count && !*commits ? commits_at(&tokens, i) : 0;
        if (n == 0 && i < tokens.count)
            continue;
        g_autofree char *part = without_joint(parts_cut(&tokens, start, i));
        const char *words = part != NULL ? words_reason(part + strspn(part, " .,;:!")) : "";
        if (*words != '\0')
            g_string_append_printf(reason, "%s%s", reason->len > 0 ? " " : "", words);
        *commits = *commits || n > 0;
        start = i + n;
        if (n > 0)
            i = start - 1;
    }
    tokens_done(&tokens);
    return g_string_free(reason, reason->len == 0);
}

#include <string.h>

#include "bot/chat/richtext.h"
#include "commands/understand/dates.h"
#include "commands/understand/parts.h"

/* The tail "for @ceo" (with its date: "for @ceo by June"), as tokens. */
struct tail {
    gsize first, end;
    const char *person;
};

static bool only_date_follows(const struct tokens *tokens, gsize i, const GDate *today)
{
    struct date_match match;
    while (i < tokens->count && (token_is_mark(&tokens->at[i], '.') || token_is_mark(&tokens->at[i], ',') ||
                                 token_is_mark(&tokens->at[i], '!')))
        i++;
    return i == tokens->count || (date_whole(tokens, i, tokens->count, today, &match) && match.introduced);
}

static bool tail_find(const struct tokens *tokens, const GDate *today, struct tail *tail)
{
    for (gsize i = tokens->count; i-- > 0;) {
        if (tokens->at[i].kind != TOKEN_PERSON)
            continue;
        gsize n = phrase_before(tokens, i, MEANS_ASKER, NULL);
        if (n == 0 || !only_date_follows(tokens, i + 1, today))
            return false;
        gsize first = i - n;
        while (first > 0 &&
               (token_is_mark(&tokens->at[first - 1], ',') || token_is_dash(&tokens->at[first - 1])) &&
               !tokens->at[first].glued)
            first--;
        *tail = (struct tail){first, i + 1, tokens->at[i].word};
        return true;
    }
    return false;
}

/* "For @ceo: dark mode" */
static bool head_find(const struct tokens *tokens, struct tail *head)
{
    gsize n = phrase_at(tokens, 0, MEANS_ASKER, NULL);
    if (n == 0 || tokens->at[n].kind != TOKEN_PERSON ||
        !(token_is_mark(&tokens->at[n + 1], ':') || token_is_mark(&tokens->at[n + 1], ',')))
        return false;
    *head = (struct tail){0, n + 2, tokens->at[n].word};
    return true;
}

static char *without(const char *text, const struct tokens *tokens, const struct tail *part)
{
    const char *start = tokens->at[part->first].start;
    const struct token *last = &tokens->at[part->end - 1];
    g_autofree char *before = g_strndup(text, (gsize)(start - text));
    g_autofree char *after = g_strdup(last->start + last->length);
    g_strstrip(before);
    g_strstrip(after);
    const char *between =
        *before == '\0' || *after == '\0' || g_unichar_ispunct(g_utf8_get_char(after)) ? "" : " ";
    g_autofree char *both = g_strconcat(before, between, after, NULL);
    char *balanced = rich_part(both, both + strlen(both));
    return balanced != NULL ? balanced : g_strdup("");
}

void raise_understand(const char *text, const GDate *today, struct raise *raise)
{
    static const char people[] = {RICH_PING, RICH_PERSON, '\0'};
    struct tokens tokens;
    struct tail part;
    *raise = (struct raise){0};
    if (strpbrk(text, people) == NULL) {
        raise->title = g_strstrip(g_strdup(text));
        return;
    }
    tokens_cut(&tokens, text, -1);
    if (tail_find(&tokens, today, &part) || head_find(&tokens, &part)) {
        raise->asker = g_strdup(part.person);
        raise->title = without(text, &tokens, &part);
    } else {
        raise->title = g_strstrip(g_strdup(text));
    }
    tokens_done(&tokens);
}

char *for_whom_first(const char *text, const char **rest)
{
    struct tokens tokens;
    char *person = NULL;
    tokens_cut(&tokens, text, -1);
    gsize n = phrase_at(&tokens, 0, MEANS_ASKER, NULL);
    if (n > 0 && tokens.at[n].kind == TOKEN_PERSON &&
        (n + 1 == tokens.count || phrase_at(&tokens, n + 1, MEANS_REASON, NULL) > 0)) {
        person = g_strdup(tokens.at[n].word);
        *rest = tokens.at[n].start + tokens.at[n].length;
        *rest += strspn(*rest, " \n\t");
    }
    tokens_done(&tokens);
    return person;
}

bool raise_deadline(const char *title, const GDate *today, struct when *found)
{
    struct tokens tokens;
    struct date_match match;
    bool any = false;
    *found = (struct when){0};
    tokens_cut(&tokens, title, -1);
    for (gsize i = 0; !any && date_next(&tokens, i, tokens.count, today, &match); i = match.first + match.count) {
        any = !match.past && match.when.deadline;
        if (any)
            *found = match.when;
    }
    tokens_done(&tokens);
    return any;
}

void raise_done(struct raise *raise)
{
    g_free(raise->title);
    g_free(raise->asker);
    *raise = (struct raise){0};
}

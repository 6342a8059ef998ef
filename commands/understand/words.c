#include <string.h>

#include "bot/chat/richtext.h"
#include "commands/understand/phrases.h"
#include "commands/understand/understand.h"

#define LONGEST_WORD 40

/* ---- normalising ---- */

static gunichar straight(gunichar c)
{
    if (c == 0x2018 || c == 0x2019 || c == 0x201a || c == 0x201b || c == 0x2032)
        return '\'';
    if (c == 0x201c || c == 0x201d || c == 0x201e || c == 0x201f || c == 0x2033)
        return '"';
    return c;
}

static bool is_blank(gunichar c)
{
    return c != '\n' && g_unichar_isspace(c);
}

static bool is_nothing(gunichar c)
{
    return c == 0x200b || c == 0x2060 || c == 0xfeff || c == 0x00ad;
}

static bool holds_id(gunichar c)
{
    return c == RICH_PING || c == RICH_PERSON || c == RICH_CHANNEL || c == RICH_LINK;
}

char *words_normalise(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    bool blank = false, inside = false;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (inside || holds_id(c)) {
            inside = c != RICH_END;
        } else if (is_nothing(c)) {
            continue;
        } else if (is_blank(c)) {
            blank = true;
            continue;
        } else {
            c = straight(c);
        }
        bool line_starts = out->len == 0 || out->str[out->len - 1] == '\n';
        if (blank && c != '\n' && !line_starts)
            g_string_append_c(out, ' ');
        blank = false;
        g_string_append_unichar(out, c);
    }
    return g_strstrip(g_string_free(out, FALSE));
}

/* ---- the nearest word ---- */

/* Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours. */
static int edit_distance(const gunichar *a, int la, const gunichar *b, int lb)
{
    int rows[3][LONGEST_WORD + 1];
    for (int j = 0; j <= lb; j++)
        rows[0][j] = j;
    for (int i = 1; i <= la; i++) {
        int *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= lb; j++) {
            int cost = a[i - 1] != b[j - 1];
            now[j] = MIN(MIN(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = MIN(now[j], before[j - 2] + 1);
        }
    }
    return rows[la % 3][lb];
}

static gunichar *folded(const char *word, int *length)
{
    g_autofree char *lower = g_utf8_casefold(word, -1);
    glong characters = 0;
    gunichar *letters = g_utf8_to_ucs4_fast(lower, -1, &characters);
    *length = (int)MIN(characters, LONGEST_WORD + 1);
    return letters;
}

/* How many slips a word of that length may have. */
static int slips_allowed(int length)
{
    return length <= 2 ? 0 : length <= 4 ? 1 : length <= 8 ? 2 : 3;
}

const char *words_nearest(const char *word, const char *const *names)
{
    int length = 0, best = LONGEST_WORD, best_first = 0;
    const char *nearest = NULL;
    if (strlen(word) > 4 * LONGEST_WORD)
        return NULL;
    g_autofree gunichar *letters = folded(word, &length);
    for (gsize i = 0; length <= LONGEST_WORD && names[i] != NULL; i++) {
        int other = 0;
        g_autofree gunichar *candidate = folded(names[i], &other);
        if (other > LONGEST_WORD)
            continue;
        int distance = edit_distance(letters, length, candidate, other);
        int same_first = length > 0 && other > 0 && letters[0] == candidate[0];
        /* "no" is not "now": a slip must leave more than half of the shorter word. */
        bool near = distance == 0 ||
                    (distance <= slips_allowed(MAX(length, other)) && 2 * distance < MIN(length, other));
        if (near && (distance < best || (distance == best && same_first > best_first))) {
            best = distance;
            best_first = same_first;
            nearest = names[i];
        }
    }
    return nearest;
}

/* ---- numbers and reasons ---- */

static const char *skip_blanks(const char *at)
{
    while (g_unichar_isspace(g_utf8_get_char(at)))
        at = g_utf8_next_char(at);
    return at;
}

int64_t words_ask_number(const char **at)
{
    const char *p = *at;
    if (*p == '#')
        p++;
    int64_t number = 0;
    int digits = 0;
    for (; g_ascii_isdigit(*p); p++) {
        if (++digits > 15)
            return 0;
        number = number * 10 + (*p - '0');
    }
    bool marked = (*p == ':' || *p == ',' || *p == '.' || *p == ')') && !g_ascii_isdigit(p[1]);
    if (marked)
        p++;
    if (digits == 0 || number == 0 || (*p != '\0' && !g_unichar_isspace(g_utf8_get_char(p))))
        return 0;
    *at = skip_blanks(p);
    return number;
}

bool words_is_yes(const char *text)
{
    static const char *const yes[] = {"yes",         "that is it",   "yes, that is it",   "yes that is it", "that's it",
                                      "yes, that's it", "confirmed", "that is why", "yes, that is why", "i confirm", NULL};
    g_autofree char *folded = g_utf8_casefold(text, -1);
    gsize length = strlen(folded);
    while (length > 0 && strchr(" .!", folded[length - 1]) != NULL)
        folded[--length] = '\0';
    return g_strv_contains(yes, folded);
}

const char *words_reason(const char *text)
{
    struct tokens tokens;
    text = skip_blanks(text);
    /* The longest opening phrase stands within the first few words. */
    const char *end = text;
    for (int i = 0; i < 60 && *end != '\0'; i++)
        end = g_utf8_next_char(end);
    tokens_cut(&tokens, text, end - text);
    gsize n = 0;
    for (int turn = 0; turn < 2; turn++) {
        gsize more = phrase_at(&tokens, n, MEANS_REASON, NULL);
        if (more == 0 || (turn > 0 && tokens.at[n - 1].kind == TOKEN_WORD))
            break;
        n += more;
    }
    if (n > 0 && token_is_mark(&tokens.at[n], ':'))
        n++;
    const char *reason = n > 0 ? skip_blanks(tokens.at[n].start) : text;
    /* The bold or mention right behind it begins with its marker. */
    if (n > 0) {
        const struct token *last = &tokens.at[n - 1];
        reason = skip_blanks(last->start + last->length);
    }
    /* "because." gives no reason. */
    if (reason[strspn(reason, " .,;:!?-")] == '\0')
        reason += strlen(reason);
    tokens_done(&tokens);
    return reason;
}

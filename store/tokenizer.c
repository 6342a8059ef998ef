/* Terms: what texts are found by.
 *
 * Words are folded: lower case, without the accents of Latin, Greek and Cyrillic letters. Scripts that write no
 * spaces, or hang particles on their words (Hangul, CJK ideographs, kana), are cut into overlapping pairs, so that a
 * word is found with whatever stands around it; the last sign of a run stands alone too, for searches by one sign.
 */
#include "store/tokenizer.h"

#include "bot/chat/richtext.h"

#include <string.h>

enum { TERM_MAX = 64 /* bytes; of a longer word what comes first */, TERM_ROOM = TERM_MAX + 8 };

typedef int term_fn(void *data, int flags, const char *term, int length, int start, int end);

enum sign { SIGN_BREAK, SIGN_LETTER, SIGN_PAIRED, SIGN_ACCENT };

static bool between(gunichar c, gunichar first, gunichar last)
{
    return c >= first && c <= last;
}

static enum sign sign_of(gunichar c)
{
    if (c < 0x80)
        return g_ascii_isalnum((char)c) ? SIGN_LETTER : SIGN_BREAK;
    if (between(c, 0x300, 0x36f))
        return SIGN_ACCENT;
    if (between(c, 0xac00, 0xd7a3) || between(c, 0x3400, 0x9fff) || between(c, 0x3041, 0x30ff) ||
        between(c, 0xf900, 0xfaff) || between(c, 0x20000, 0x323af))
        return SIGN_PAIRED;
    return g_unichar_isalnum(c) || g_unichar_ismark(c) ? SIGN_LETTER : SIGN_BREAK;
}

/* The character at *at, which moves behind it; Hangul that came in letters is put together. Bytes that are no UTF-8
 * break words. */
static gunichar take(const char **at, const char *end)
{
    gunichar c = (guchar)**at;
    if (c < 0x80) {
        (*at)++;
        return c;
    }
    c = g_utf8_get_char_validated(*at, end - *at);
    if (c >= (gunichar)-2) {
        (*at)++;
        return 0;
    }
    *at = g_utf8_next_char(*at);
    while (between(c, 0x1100, 0x1112) || between(c, 0xac00, 0xd7a3)) {
        gunichar next = *at < end ? g_utf8_get_char_validated(*at, end - *at) : 0, whole;
        if (!between(next, 0x1161, 0x11c2) || !g_unichar_compose(c, next, &whole))
            break;
        c = whole;
        *at = g_utf8_next_char(*at);
    }
    return c;
}

/* Appends the folded letter while there is room. */
static int fold(gunichar c, char *term, int length)
{
    if (c < 0x80) {
        if (length < TERM_MAX)
            term[length++] = g_ascii_tolower((char)c);
        return length;
    }
    gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    gsize count = g_unichar_fully_decompose(g_unichar_tolower(c), TRUE, parts, G_N_ELEMENTS(parts));
    for (gsize i = 0; i < count && length < TERM_MAX; i++) {
        if (sign_of(parts[i]) != SIGN_ACCENT)
            length += g_unichar_to_utf8(g_unichar_tolower(parts[i]), term + length);
    }
    return length;
}

/* The ids of people and channels are no words. */
static bool skip_marker(const char **at, const char *end)
{
    if (**at != RICH_PING && **at != RICH_PERSON && **at != RICH_CHANNEL)
        return false;
    const char *behind = memchr(*at, RICH_END, (gsize)(end - *at));
    *at = behind != NULL ? behind + 1 : *at + 1;
    return true;
}

static int word(const char **at, const char *end, const char *begin, void *data, term_fn *emit)
{
    char term[TERM_ROOM];
    const char *start = *at, *next = *at;
    int length = 0;
    while (next < end) {
        gunichar c = take(&next, end);
        enum sign sign = sign_of(c);
        if (sign != SIGN_LETTER && sign != SIGN_ACCENT)
            break;
        if (sign == SIGN_LETTER)
            length = fold(c, term, length);
        *at = next;
    }
    return length > 0 ? emit(data, 0, term, length, (int)(start - begin), (int)(*at - begin)) : SQLITE_OK;
}

static int pairs(const char **at, const char *end, const char *begin, bool query, void *data, term_fn *emit)
{
    char term[TERM_ROOM];
    const char *before = NULL, *next = *at;
    int length = 0, count = 0, result = SQLITE_OK; /* length: of the sign before, in term */
    while (next < end && result == SQLITE_OK) {
        const char *start = next;
        gunichar c = take(&next, end);
        if (sign_of(c) != SIGN_PAIRED)
            break;
        int more = g_unichar_to_utf8(c, term + length);
        if (count++ > 0)
            result = emit(data, 0, term, length + more, (int)(before - begin), (int)(next - begin));
        memmove(term, term + length, (gsize)more);
        length = more;
        before = start;
        *at = next;
    }
    if (result == SQLITE_OK && (count == 1 || (count > 1 && !query)))
        result = emit(data, 0, term, length, (int)(before - begin), (int)(*at - begin));
    return result;
}

static int each_term(const char *text, int size, bool query, void *data, term_fn *emit)
{
    const char *at = text, *end = text + size;
    int result = SQLITE_OK;
    while (at < end && result == SQLITE_OK) {
        if (skip_marker(&at, end))
            continue;
        const char *next = at;
        switch (sign_of(take(&next, end))) {
        case SIGN_LETTER:
            result = word(&at, end, text, data, emit);
            break;
        case SIGN_PAIRED:
            result = pairs(&at, end, text, query, data, emit);
            break;
        default:
            at = next;
        }
    }
    return result;
}

/* ---- for FTS5 ---- */

static int create(void *context, const char **arguments, int count, Fts5Tokenizer **tokenizer)
{
    static char none;
    (void)context;
    (void)arguments;
    (void)count;
    *tokenizer = (Fts5Tokenizer *)&none; /* keeps no state */
    return SQLITE_OK;
}

static void delete(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *data, int flags, const char *text, int size, term_fn *emit)
{
    (void)tokenizer;
    return each_term(text, size, flags & FTS5_TOKENIZE_QUERY, data, emit);
}

bool store_register_tokenizer(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *row = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &row, NULL) == SQLITE_OK &&
        sqlite3_bind_pointer(row, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK)
        sqlite3_step(row);
    sqlite3_finalize(row);
    fts5_tokenizer functions = {.xCreate = create, .xDelete = delete, .xTokenize = tokenize};
    return api != NULL && api->xCreateTokenizer(api, "terms", NULL, &functions, NULL) == SQLITE_OK;
}

/* ---- for similar asks ---- */

static int add_term(void *data, int flags, const char *term, int length, int start, int end)
{
    (void)flags;
    (void)start;
    (void)end;
    GPtrArray *terms = data;
    for (guint i = 0; i < terms->len; i++) {
        const char *known = g_ptr_array_index(terms, i);
        if (strncmp(known, term, (gsize)length) == 0 && known[length] == '\0')
            return SQLITE_OK;
    }
    g_ptr_array_add(terms, g_strndup(term, (gsize)length));
    return terms->len < STORE_TERMS_MOST ? SQLITE_OK : SQLITE_DONE;
}

GPtrArray *store_terms(const char *text)
{
    GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
    each_term(text, (int)MIN(strlen(text), 4096), true, terms, add_term);
    return terms;
}

/* ---- for showing where a search found something ---- */

struct look {
    GPtrArray *typed;
    GArray *ranges;
};

static int add_range(void *data, int flags, const char *term, int length, int start, int end)
{
    (void)flags;
    struct look *look = data;
    g_autofree char *whole = g_strndup(term, (gsize)length);
    for (guint i = 0; i < look->typed->len; i++) {
        if (!g_str_has_prefix(whole, g_ptr_array_index(look->typed, i)))
            continue;
        struct term_range range = {start, end};
        g_array_append_val(look->ranges, range);
        break;
    }
    return SQLITE_OK;
}

GArray *store_find_terms(const char *text, const char *typed)
{
    g_autoptr(GPtrArray) terms = store_terms(typed);
    struct look look = {terms, g_array_new(FALSE, FALSE, sizeof(struct term_range))};
    each_term(text, (int)strlen(text), false, &look, add_range);
    return look.ranges;
}

/* Slack's notation of texts → ours, and cuts within Slack's limits
 * (docs.slack.dev, "Formatting message text"). */
#include "bot/slack/slack.h"
#include "bot/slack/text.h"

#include "bot/chat/richtext.h"

#include <string.h>

bool slack_is_id(const char *text)
{
    gsize length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");
    return length > 0 && length <= 128 && text[length] == '\0';
}

/* ---- Slack → rich text ---- */

static void append_unescaped(GString *out, const char *text, gsize length)
{
    static const struct {
        const char *entity;
        char sign;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
    for (gsize i = 0; i < length;) {
        gsize step = 1;
        char sign = text[i];
        for (gsize e = 0; sign == '&' && e < G_N_ELEMENTS(entities); e++) {
            gsize size = strlen(entities[e].entity);
            if (length - i >= size && memcmp(text + i, entities[e].entity, size) == 0) {
                sign = entities[e].sign;
                step = size;
                break;
            }
        }
        g_string_append_c(out, sign);
        i += step;
    }
}

/* The token's own words: label when there is one, else the part before it. */
static void append_label(GString *out, const char *body, gsize body_size, const char *label, gsize label_size)
{
    if (label_size > 0)
        append_unescaped(out, label, label_size);
    else
        append_unescaped(out, body, body_size);
}

static bool is_web(const char *url)
{
    return g_ascii_strncasecmp(url, "http://", 7) == 0 || g_ascii_strncasecmp(url, "https://", 8) == 0;
}

/* Whether words look like the address of another place than url's: "bank.com", "https://bank.com/login". */
static bool names_another_place(const char *words, const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_PARSE_RELAXED, NULL);
    const char *host = uri != NULL && g_uri_get_host(uri) != NULL ? g_uri_get_host(uri) : "";
    for (const char *at = words; *at != '\0';) {
        gsize size = 0;
        while ((guchar)at[size] >= 0x80 || g_ascii_isalnum(at[size]) || at[size] == '.' || at[size] == '-')
            size++;
        g_autofree char *name = g_strndup(at, size);
        const char *dot = strrchr(name, '.');
        bool is_host = dot != NULL && dot > name && g_ascii_isalpha(dot[1]) && g_ascii_isalpha(dot[2]);
        const char *bare = g_ascii_strncasecmp(name, "www.", 4) == 0 ? name + 4 : name;
        gsize rest = strlen(host) >= strlen(bare) ? strlen(host) - strlen(bare) : 0;
        bool same = g_ascii_strcasecmp(host + rest, bare) == 0 && (rest == 0 || host[rest - 1] == '.');
        if (is_host && !same)
            return true;
        at += MAX(size, 1);
    }
    return false;
}

static void append_link(GString *out, const char *body, gsize body_size, const char *label, gsize label_size)
{
    GString *url = g_string_new(NULL), *words = g_string_new(NULL);
    append_unescaped(url, body, body_size);
    append_unescaped(words, label, label_size);
    const char *bare = strstr(url->str, "://");
    bare = bare != NULL ? bare + 3 : url->str;
    if (g_str_has_prefix(url->str, "mailto:") || g_str_has_prefix(url->str, "tel:"))
        bare = strchr(url->str, ':') + 1;
    if (words->len == 0 || strcmp(words->str, url->str) == 0 || !is_web(url->str) ||
        (strcmp(words->str, bare) != 0 && names_another_place(words->str, url->str))) {
        /* As typed; of addresses nobody can follow safely, or that are not what the words say, both. */
        if (words->len == 0 || strcmp(words->str, url->str) == 0)
            g_string_append(out, g_str_has_prefix(url->str, "mailto:") ? bare : url->str);
        else if (strcmp(words->str, bare) == 0)
            g_string_append(out, words->str);
        else
            g_string_append_printf(out, "%s (%s)", words->str, url->str);
    } else if (strcmp(words->str, bare) == 0) {
        g_string_append(out, words->str);
    } else {
        g_string_append_printf(out, "%c%s%c%s%c", RICH_LINK, url->str, RICH_SEP, words->str, RICH_END);
    }
    g_string_free(url, TRUE);
    g_string_free(words, TRUE);
}

/* What stands between < and >. */
static void append_token(GString *out, const char *token, gsize size)
{
    const char *bar = memchr(token, '|', size);
    gsize body_size = bar != NULL ? (gsize)(bar - token) : size;
    const char *label = bar != NULL ? bar + 1 : token + size;
    gsize label_size = (gsize)(token + size - label);
    g_autofree char *id = body_size > 1 ? g_strndup(token + 1, body_size - 1) : g_strdup("");

    if (token[0] == '@' && slack_is_id(id)) {
        rich_append_person(out, RICH_PERSON, id);
    } else if (token[0] == '#' && slack_is_id(id)) {
        rich_append_person(out, RICH_CHANNEL, id);
    } else if (token[0] == '!') {
        /* <!here>, <!subteam^S1|@crew>, <!date^…|9:00>: words, never again a ping. */
        bool broadcast = strcmp(id, "here") == 0 || strcmp(id, "channel") == 0 || strcmp(id, "everyone") == 0;
        if (broadcast)
            g_string_append_printf(out, "@%s", id);
        else if (label_size == 0 && g_str_has_prefix(id, "subteam^"))
            g_string_append_printf(out, "@%s", id + strlen("subteam^"));
        else
            append_label(out, token + 1, body_size - 1, label, label_size);
    } else if (token[0] == '@' || token[0] == '#') {
        append_label(out, token, body_size, label, label_size);
    } else {
        append_link(out, token, body_size, label, label_size);
    }
}

char *slack_text_to_rich(const char *mrkdwn)
{
    /* Control characters go first: from here on each one in the text is a marker of ours. */
    g_autofree char *clean = rich_clean(mrkdwn);
    GString *out = g_string_sized_new(strlen(clean));
    for (const char *at = clean; *at != '\0';) {
        if (*at != '<') {
            gsize run = strcspn(at, "<");
            append_unescaped(out, at, run);
            at += run;
            continue;
        }
        gsize size = strcspn(at + 1, "<>\n");
        if (at[1 + size] == '>' && size > 0) {
            append_token(out, at + 1, size);
            at += size + 2;
        } else {
            g_string_append_c(out, *at++);
        }
    }
    return g_string_free(out, FALSE);
}

/* ---- Values of buttons ---- */

#define PICTURES 0x2400u /* Unicode's pictures of control characters: the one of c is PICTURES + c */
#define LITERAL 0x241bu  /* the picture behind it is meant as such */

static bool is_picture(gunichar c)
{
    return c >= PICTURES && c < PICTURES + ' ';
}

/* Whom a button's words name; nothing else of our markup stands in words. */
static bool stands_in_words(gunichar c)
{
    return c == RICH_PERSON || c == RICH_CHANNEL || c == RICH_LINK || c == RICH_SEP || c == RICH_END;
}

char *slack_rich_to_value(const char *rich)
{
    GString *out = g_string_sized_new(strlen(rich));
    for (; *rich != '\0'; rich = g_utf8_next_char(rich)) {
        gunichar c = g_utf8_get_char(rich) == RICH_PING ? (gunichar)RICH_PERSON : g_utf8_get_char(rich);
        if (is_picture(c))
            g_string_append_unichar(out, LITERAL);
        if (c >= ' ' || c == '\n' || c == '\t')
            g_string_append_unichar(out, c);
        else if (stands_in_words(c))
            g_string_append_unichar(out, PICTURES + c);
    }
    return g_string_free(out, FALSE);
}

char *slack_value_to_rich(const char *value)
{
    GString *out = g_string_sized_new(strlen(value));
    for (; *value != '\0'; value = g_utf8_next_char(value)) {
        gunichar c = g_utf8_get_char(value);
        if (c == LITERAL && is_picture(g_utf8_get_char(g_utf8_next_char(value)))) {
            value = g_utf8_next_char(value);
            c = g_utf8_get_char(value);
        } else if (is_picture(c) && stands_in_words(c - PICTURES)) {
            c -= PICTURES;
        }
        g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

/* ---- Writing direction ---- */

/* What begins here: 'e' an embedding or override, 'i' an isolate, 'E' and 'I' what closes them, 0 anything else. */
static char bidi_at(const char *text)
{
    if ((guchar)text[0] != 0xe2)
        return 0;
    guchar second = (guchar)text[1], third = second != 0 ? (guchar)text[2] : 0;
    if (second == 0x80 && third >= 0xaa && third <= 0xae)
        return third == 0xac ? 'E' : 'e';
    if (second == 0x81 && third >= 0xa6 && third <= 0xa9)
        return third == 0xa9 ? 'I' : 'i';
    return 0;
}

struct bidi_sign {
    char *at;
    char kind;
    bool paired;
};

/* The nearest open sign that this one closes; what stands open behind it stays unpaired. */
static void pair_with_open(GArray *signs, guint line, guint closer)
{
    struct bidi_sign *last = &g_array_index(signs, struct bidi_sign, closer);
    for (guint i = closer; i-- > line;) {
        struct bidi_sign *sign = &g_array_index(signs, struct bidi_sign, i);
        bool open = !sign->paired && g_ascii_islower(sign->kind);
        if (open && sign->kind == g_ascii_tolower(last->kind)) {
            sign->paired = last->paired = true;
            return;
        }
        /* What is embedded ends within its isolate. */
        if (open && last->kind == 'E')
            return;
    }
}

char *slack_pair_bidi(char *text)
{
    GArray *signs = NULL;
    guint line = 0;
    if (strchr(text, '\xe2') == NULL) /* as most are: no such sign begins otherwise */
        return text;
    for (char *at = text; *at != '\0'; at++) {
        struct bidi_sign sign = {.at = at, .kind = bidi_at(at)};
        if (*at == '\n' && signs != NULL)
            line = signs->len;
        if (sign.kind == 0)
            continue;
        if (signs == NULL)
            signs = g_array_new(FALSE, FALSE, sizeof sign);
        g_array_append_val(signs, sign);
        if (g_ascii_isupper(sign.kind))
            pair_with_open(signs, line, signs->len - 1);
    }
    for (guint i = signs != NULL ? signs->len : 0; i-- > 0;) {
        const struct bidi_sign *sign = &g_array_index(signs, struct bidi_sign, i);
        if (!sign->paired)
            memmove(sign->at, sign->at + 3, strlen(sign->at + 3) + 1);
    }
    if (signs != NULL)
        g_array_unref(signs);
    return text;
}

/* ---- Lengths and cuts ---- */

/* UTF-16 units of the character that begins here. */
static gsize units_at(const char *text)
{
    return (guchar)*text >= 0xf0 ? 2 : 1;
}

gsize slack_length(const char *text)
{
    gsize units = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        units += units_at(text);
    return units;
}

/* Cheaply: no text has more units than bytes. False: perhaps all the same. */
static bool surely_fits(const char *text, gsize max)
{
    return strnlen(text, max + 1) <= max;
}

char *slack_cut(const char *text, gsize max, bool one_line)
{
    gsize units = 0;
    const char *fits = text, *at = text; /* up to fits there is room left for the ellipsis */
    while (*at != '\0') {
        units += units_at(at);
        if (units > max)
            break;
        at = g_utf8_next_char(at);
        if (units < max)
            fits = at;
    }
    char *cut = *at == '\0' ? g_strdup(text) : g_strdup_printf("%.*s…", (int)(fits - text), text);
    for (char *c = cut; one_line && *c != '\0'; c++) {
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    }
    return cut;
}

/* The end of what may not be torn apart at text: an entity, a <…> token, a character. */
static const char *next_whole(const char *text)
{
    if (*text == '&' || *text == '<') {
        gsize size = strcspn(text, *text == '&' ? "; \n" : ">\n");
        if (text[size] == (*text == '&' ? ';' : '>'))
            return text + size + 1;
    }
    return g_utf8_next_char(text);
}

/* How many bytes of text make a piece of at most max units. */
static gsize piece_size(const char *text, gsize max)
{
    gsize units = 0;
    const char *at = text, *line = NULL, *word = NULL;
    if (surely_fits(text, max))
        return strlen(text);
    while (*at != '\0') {
        const char *next = next_whole(at);
        for (const char *sign = at; sign < next; sign = g_utf8_next_char(sign))
            units += units_at(sign);
        if (units > max)
            break;
        if (*at == '\n')
            line = next;
        else if (*at == ' ')
            word = next;
        at = next;
    }
    if (*at == '\0')
        return (gsize)(at - text);
    if (line != NULL)
        return (gsize)(line - text);
    if (word != NULL)
        return (gsize)(word - text);
    if (at > text)
        return (gsize)(at - text);
    /* One token longer than a whole piece: it cannot stand as a token. */
    gsize room = 0;
    for (units = 0; text[room] != '\0' && units + 2 <= max;) {
        units += units_at(text + room);
        room += (gsize)(g_utf8_next_char(text + room) - (text + room));
    }
    return room;
}

char **slack_split(const char *mrkdwn, gsize max)
{
    GPtrArray *pieces = g_ptr_array_new();
    while (*mrkdwn != '\0') {
        /* A > that comes to stand at the beginning would make a quotation: an invisible sign goes before it. */
        const char *before = pieces->len > 0 && g_str_has_prefix(mrkdwn, "&gt;") ? "\xe2\x80\x8b" : "";
        gsize size = piece_size(mrkdwn, *before != '\0' ? max - 1 : max);
        char *piece = *before != '\0' ? g_strdup_printf("%s%.*s", before, (int)size, mrkdwn) : g_strndup(mrkdwn, size);
        g_strchomp(piece);
        if (*piece != '\0')
            g_ptr_array_add(pieces, piece);
        else
            g_free(piece);
        mrkdwn += size;
    }
    g_ptr_array_add(pieces, NULL);
    return (char **)g_ptr_array_free(pieces, FALSE);
}

char *slack_cut_mrkdwn(const char *mrkdwn, gsize max)
{
    if (surely_fits(mrkdwn, max) || slack_length(mrkdwn) <= max)
        return g_strdup(mrkdwn);
    g_auto(GStrv) pieces = slack_split(mrkdwn, max - 1);
    return g_strconcat(pieces[0] != NULL ? pieces[0] : "", "…", NULL);
}

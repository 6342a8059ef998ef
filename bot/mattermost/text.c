/* Mattermost's Markdown → rich text, who is named in it, and cuts within limits
 * (docs.mattermost.com, "Format messages"; app/notification.go for what names somebody). */
#include "bot/mattermost/text.h"

#include <string.h>

enum {
    POST_MAX = 16383, /* characters: model/post.go */
    NAMES_MAX = 50,   /* asked for because of one post */
    HANDLE_MAX = 64,
    LABEL_MAX = 1000, /* bytes: of a link that is read as one */
    URL_MAX = 4000,
};

bool mattermost_is_id(const char *text)
{
    gsize size = 0;
    while (size < 27 && g_ascii_isalnum(text[size]))
        size++;
    return size == 26 && text[26] == '\0';
}

/* ---- Names ---- */

static bool is_name_sign(char c)
{
    return g_ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
}

/* The size of what may be a user name behind the @ at at; 0 for none: an address of mail, @here. */
static gsize name_size(const char *text, const char *at)
{
    static const char *const everybody[] = {"all", "channel", "here"};
    if (at > text && (is_name_sign(at[-1]) || (guchar)at[-1] >= 0x80)) {
        const char *before = g_utf8_find_prev_char(text, at);
        /* _@name_ is formatting; in "한@name" and "a@name" the sign stands inside a word. */
        if (before != NULL && g_unichar_isalnum(g_utf8_get_char(before)))
            return 0;
    }
    gsize size = 0;
    while (is_name_sign(at[1 + size]))
        size++;
    if (size > HANDLE_MAX || !g_ascii_isalnum(at[1]))
        return 0;
    gsize bare = size;
    while (bare > 0 && !g_ascii_isalnum(at[bare]))
        bare--;
    for (gsize i = 0; i < G_N_ELEMENTS(everybody); i++) {
        if (bare == strlen(everybody[i]) && g_ascii_strncasecmp(at + 1, everybody[i], bare) == 0)
            return 0;
    }
    return size;
}

/* Who is meant by the name of this size behind the @, which a sentence's signs may follow: the longest that is known.
 * *size becomes what of it is the name. NULL: nobody known. */
static const char *find_person(const char *name, gsize *size, struct names *names)
{
    for (gsize length = *size; length > 0; length--) {
        g_autofree char *handle = g_strndup(name, length);
        const char *user = names_find(names, handle);
        if (user != NULL) {
            *size = length;
            return user;
        }
        if (g_ascii_isalnum(name[length - 1]))
            return NULL;
    }
    return NULL;
}

static bool begins_address(const char *text, const char *at)
{
    if (at > text && g_ascii_isalnum(at[-1]))
        return false;
    return g_ascii_strncasecmp(at, "http://", 7) == 0 || g_ascii_strncasecmp(at, "https://", 8) == 0;
}

/* ---- Links ---- */

struct link {
    const char *label, *url;
    gsize label_size, url_size, size;
};

/* [label](address), or ![label](address "title"), at at. */
static bool find_link(const char *at, struct link *link)
{
    const char *from = at + (*at == '!');
    if (*from != '[')
        return false;
    link->label = from + 1;
    int depth = 1;
    const char *c = link->label;
    for (; *c != '\0' && *c != '\n' && c - link->label < LABEL_MAX; c++) {
        depth += (*c == '[') - (*c == ']');
        if (depth == 0)
            break;
    }
    if (*c != ']' || c[1] != '(')
        return false;
    link->label_size = (gsize)(c - link->label);
    link->url = c + 2;
    for (c = link->url, depth = 1; *c != '\0' && *c != '\n' && c - link->url < URL_MAX; c++) {
        depth += (*c == '(') - (*c == ')');
        if (depth == 0)
            break;
    }
    if (*c != ')')
        return false;
    /* A title may stand behind the address. */
    link->url_size = MIN((gsize)(c - link->url), strcspn(link->url, " "));
    link->size = (gsize)(c + 1 - at);
    return link->url_size > 0;
}

/* Whether words look like an address: "bank.com", "https://bank.com/login". */
static bool looks_like_address(const char *words)
{
    if (strstr(words, "://") != NULL)
        return true;
    for (const char *dot = strchr(words, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        if (dot > words && g_ascii_isalnum(dot[-1]) && g_ascii_isalpha(dot[1]) && g_ascii_isalpha(dot[2]))
            return true;
    }
    return false;
}

/* As a link; of addresses nobody can follow safely, or that are not what the words say, both as words. */
static void append_link(GString *out, const struct link *link)
{
    g_autofree char *label = g_strndup(link->label, link->label_size);
    g_autofree char *url = g_strndup(link->url, link->url_size);
    bool web = g_ascii_strncasecmp(url, "http://", 7) == 0 || g_ascii_strncasecmp(url, "https://", 8) == 0;
    g_strstrip(label);
    if (*label == '\0' || strcmp(label, url) == 0)
        g_string_append(out, url);
    else if (web && !looks_like_address(label))
        g_string_append_printf(out, "%c%s%c%s%c", RICH_LINK, url, RICH_SEP, label, RICH_END);
    else
        g_string_append_printf(out, "%s (%s)", label, url);
}

/* ---- Markdown → rich text ---- */

static char *bounded(const char *markdown)
{
    glong length = g_utf8_strlen(markdown, -1);
    g_autofree char *cut = length > POST_MAX ? g_utf8_substring(markdown, 0, POST_MAX) : NULL;
    /* Control characters go first: from here on each one in the text is a marker of ours. */
    return rich_clean(cut != NULL ? cut : markdown);
}

char *mattermost_text_to_rich(const char *markdown, struct names *names)
{
    g_autofree char *clean = bounded(markdown);
    GString *out = g_string_sized_new(strlen(clean));
    for (const char *at = clean; *at != '\0';) {
        gsize step = 1;
        struct link link;
        if ((*at == '[' || *at == '!') && (at == clean || at[-1] != '\\') && find_link(at, &link)) {
            append_link(out, &link);
            at += link.size;
            continue;
        }
        if ((*at == 'h' || *at == 'H') && begins_address(clean, at)) {
            step = strcspn(at, " \t\n");
        } else if (*at == '@') {
            gsize size = name_size(clean, at);
            const char *user = size > 0 ? find_person(at + 1, &size, names) : NULL;
            if (user != NULL) {
                rich_append_person(out, RICH_PERSON, user);
                at += 1 + size;
                continue;
            }
        }
        g_string_append_len(out, at, (gssize)step);
        at += step;
    }
    return g_string_free(out, FALSE);
}

/* What the name behind an @ may be, with the signs behind it or without; nothing once one of them is known. */
static void want_names(const char *name, gsize size, struct names *names, GHashTable *wanted)
{
    gsize known = size;
    if (find_person(name, &known, names) != NULL)
        return;
    for (; size > 0; size--) {
        g_autofree char *handle = g_ascii_strdown(name, (gssize)size);
        if (!names_is_nobody(names, handle))
            g_hash_table_add(wanted, g_steal_pointer(&handle));
        if (g_ascii_isalnum(name[size - 1]))
            return;
    }
}

GPtrArray *mattermost_unknown_names(const char *markdown, struct names *names)
{
    g_autofree char *clean = bounded(markdown);
    GPtrArray *unknown = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *at = clean; *at != '\0' && g_hash_table_size(wanted) < NAMES_MAX; at++) {
        if ((*at == 'h' || *at == 'H') && begins_address(clean, at))
            at += strcspn(at, " \t\n") - 1;
        else if (*at == '@') {
            gsize size = name_size(clean, at);
            want_names(at + 1, size, names, wanted);
            at += size;
        }
    }
    GHashTableIter iter;
    void *handle;
    g_hash_table_iter_init(&iter, wanted);
    while (g_hash_table_iter_next(&iter, &handle, NULL))
        g_ptr_array_add(unknown, g_strdup(handle));
    return unknown;
}

/* ---- Control characters and the writing direction ---- */

static bool is_control(gunichar c)
{
    bool ours = (c >= RICH_BOLD && c <= RICH_QUOTE) || c == RICH_SEP || c == RICH_END || c == '\n' || c == '\t';
    return (c < ' ' && !ours) || (c >= 0x7f && c < 0xa0);
}

enum bidi { BIDI_NONE, BIDI_EMBEDS, BIDI_ISOLATES, BIDI_ENDS_EMBEDDING, BIDI_ENDS_ISOLATE };

static enum bidi bidi_of(gunichar c)
{
    if (c == 0x202c || c == 0x2069)
        return c == 0x202c ? BIDI_ENDS_EMBEDDING : BIDI_ENDS_ISOLATE;
    if (c >= 0x202a && c <= 0x202e)
        return BIDI_EMBEDS;
    return c >= 0x2066 && c <= 0x2068 ? BIDI_ISOLATES : BIDI_NONE;
}

struct opened {
    const char *at;
    enum bidi kind;
};

/* The pair of a closing sign, which is taken off the stack with all that was opened in it; NULL: it has none. */
static const char *close_bidi(GArray *open, guint *isolates, enum bidi kind)
{
    if (kind == BIDI_ENDS_ISOLATE && *isolates == 0)
        return NULL;
    while (open->len > 0) {
        struct opened last = g_array_index(open, struct opened, open->len - 1);
        if (kind == BIDI_ENDS_EMBEDDING && last.kind == BIDI_ISOLATES)
            return NULL;
        g_array_set_size(open, open->len - 1);
        *isolates -= last.kind == BIDI_ISOLATES;
        if (kind == BIDI_ENDS_EMBEDDING || last.kind == BIDI_ISOLATES)
            return last.at;
    }
    return NULL;
}

/* Where the signs of direction stand that have a pair; NULL when there are no such signs at all. */
static GHashTable *paired_bidi(const char *text)
{
    if (strstr(text, "\xe2\x80") == NULL && strstr(text, "\xe2\x81") == NULL)
        return NULL;
    GHashTable *paired = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(struct opened));
    guint isolates = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        struct opened sign = {.at = at, .kind = bidi_of(g_utf8_get_char(at))};
        if (*at == '\n') {
            g_array_set_size(open, 0);
            isolates = 0;
        } else if (sign.kind == BIDI_EMBEDS || sign.kind == BIDI_ISOLATES) {
            g_array_append_val(open, sign);
            isolates += sign.kind == BIDI_ISOLATES;
        } else if (sign.kind != BIDI_NONE) {
            const char *pair = close_bidi(open, &isolates, sign.kind);
            if (pair == NULL)
                continue;
            g_hash_table_add(paired, (void *)at);
            g_hash_table_add(paired, (void *)pair);
        }
    }
    return paired;
}

char *mattermost_tidy(const char *rich)
{
    GString *out = g_string_sized_new(strlen(rich));
    GHashTable *paired = paired_bidi(rich);
    for (const char *at = rich, *next;; at = next) {
        gsize run = rich_plain_run(at);
        g_string_append_len(out, at, (gssize)run);
        at += run;
        if (*at == '\0')
            break;
        next = g_utf8_next_char(at);
        gunichar c = g_utf8_get_char(at);
        bool unpaired = bidi_of(c) != BIDI_NONE && !g_hash_table_contains(paired, at);
        if (!is_control(c) && !unpaired)
            g_string_append_len(out, at, next - at);
    }
    if (paired != NULL)
        g_hash_table_unref(paired);
    return g_string_free(out, FALSE);
}

/* ---- Cuts ---- */

char *mattermost_rich_to_plain(const char *rich, const struct mattermost_options *options)
{
    g_autofree char *plain = rich_plain(rich, options->name, options->name_data);
    return rich_clean(plain);
}

static glong length_of(const char *text)
{
    return g_utf8_strlen(text, -1);
}

static bool is_longer(const char *text, glong max)
{
    return (glong)strlen(text) > max && length_of(text) > max;
}

char *mattermost_markdown_within(const char *rich, glong max, const struct mattermost_options *options)
{
    char *markdown = mattermost_rich_to_markdown(rich, options);
    if (!is_longer(markdown, max))
        return markdown;
    g_autofree char *plain = mattermost_rich_to_plain(rich, options);
    glong room = MAX(length_of(plain), 1);
    /* Escapes and names take room of which a cut of rich text knows nothing. */
    for (glong length = length_of(markdown); length > max && room > 0; length = length_of(markdown)) {
        room = MIN(room * max / length, room - 1);
        g_autofree char *cut = rich_shorten(rich, MAX(room, 1), false);
        g_free(markdown);
        markdown = mattermost_rich_to_markdown(cut, options);
    }
    if (length_of(markdown) > max) {
        g_free(markdown);
        markdown = g_strdup("…");
    }
    return markdown;
}

char *mattermost_line_within(const char *rich, glong max, const struct mattermost_options *options)
{
    g_autofree char *plain = mattermost_rich_to_plain(rich, options);
    glong room = max;
    for (;;) {
        g_autofree char *cut = rich_shorten(plain, room, true);
        g_autofree char *line = rich_clean(cut); /* which closes what the cut left open, and takes room for it */
        glong length = length_of(line);
        if (length <= max || room <= 1)
            return length <= max ? g_steal_pointer(&line) : g_strdup("…");
        room = MAX(room - (length - max), 1);
    }
}

#include "commands/say.h"

#include "bot/base/embed.h"
#include "bot/base/log.h"
#include "bot/chat/richtext.h"

#include <pthread.h>
#include <stdarg.h>
#include <string.h>

/* An entry is compiled once: runs of text with placeholders between. */
struct piece {
    char *text; /* a run of rich text, or the placeholder's name */
    bool placeholder;
    bool in_code; /* no marker may stand there: the value goes in as plain text */
};

struct catalogue {
    char *language;
    GHashTable *entries; /* name → GArray of struct piece */
};

static GPtrArray *catalogues; /* English first */
static GPtrArray *offered;    /* their languages, NULL-terminated */
static pthread_mutex_t complaints_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *complaints;

#define COMPLAINTS_MAX 200

static void piece_clear(gpointer data)
{
    g_free(((struct piece *)data)->text);
}

static void catalogue_free(gpointer data)
{
    struct catalogue *catalogue = data;
    g_hash_table_unref(catalogue->entries);
    g_free(catalogue->language);
    g_free(catalogue);
}

/* ---- Compiling a text ---- */

struct compiler {
    GArray *pieces;
    GString *run;
    const char *start, *end; /* of the whole text */
    const char *why;
};

static bool is_sign(char c)
{
    return c == '*' || c == '_' || c == '`';
}

static bool is_word(const char *at)
{
    /* A placeholder stands for a word. */
    return (unsigned char)*at >= 0x80 || g_ascii_isalnum(*at) || *at == '{' || *at == '}';
}

/* Behind one unit of text: an escape, a placeholder or a character. */
static const char *unit_end(const char *at, const char *end)
{
    if (*at == '\\' && at + 1 < end)
        return at + 2;
    if (*at == '{') {
        const char *close = memchr(at, '}', (size_t)(end - at));
        return close != NULL ? close + 1 : end;
    }
    return at + 1;
}

/* The sign closing the one at open, on the same line; NULL when it opens nothing. */
static const char *closing_sign(const struct compiler *compiler, const char *open, const char *end)
{
    if (open > compiler->start && is_word(open - 1) && !(open >= compiler->start + 2 && open[-2] == '\\'))
        return NULL;
    if (open + 1 >= end || open[1] == ' ' || open[1] == *open)
        return NULL;
    for (const char *at = unit_end(open + 1, end); at < end; at = unit_end(at, end)) {
        if (at[0] == '\\' && at + 1 < end && at[1] == 'n')
            return NULL;
        if (*at == *open && at[-1] != ' ' && (at + 1 == compiler->end || !is_word(at + 1)))
            return at;
    }
    return NULL;
}

static void flush_run(struct compiler *compiler)
{
    if (compiler->run->len == 0)
        return;
    struct piece piece = {.text = g_strndup(compiler->run->str, compiler->run->len)};
    g_array_append_val(compiler->pieces, piece);
    g_string_truncate(compiler->run, 0);
}

/* Takes the escape at *at; false when there is no such escape. */
static bool compile_escape(struct compiler *compiler, const char **at, const char *end)
{
    const char *c = *at + 1;
    if (c == end || strchr("n\\{}*_`>#", *c) == NULL) {
        compiler->why = "unknown escape";
        return false;
    }
    g_string_append_c(compiler->run, *c == 'n' ? '\n' : *c);
    *at = c + 1;
    return true;
}

static bool compile_placeholder(struct compiler *compiler, const char **at, const char *end, bool in_code)
{
    const char *name = *at + 1;
    gsize length = 0;
    while (name + length < end && (g_ascii_isalnum(name[length]) || name[length] == '_'))
        length++;
    if (length == 0 || name + length == end || name[length] != '}') {
        compiler->why = "malformed placeholder";
        return false;
    }
    flush_run(compiler);
    struct piece piece = {.text = g_strndup(name, length), .placeholder = true, .in_code = in_code};
    g_array_append_val(compiler->pieces, piece);
    *at = name + length + 1;
    return true;
}

static bool compile(struct compiler *compiler, const char *at, const char *end, bool in_code)
{
    bool line_start = at == compiler->start;
    while (at < end) {
        bool first = line_start;
        line_start = false;
        if (first && end - at >= 2 && at[0] == '>' && at[1] == ' ') {
            g_string_append_c(compiler->run, RICH_QUOTE);
            at += 2;
        } else if (*at == '\\') {
            line_start = at + 1 < end && at[1] == 'n';
            if (!compile_escape(compiler, &at, end))
                return false;
        } else if (*at == '{') {
            if (!compile_placeholder(compiler, &at, end, in_code))
                return false;
        } else if (*at == '}') {
            compiler->why = "a } that closes nothing";
            return false;
        } else {
            const char *close = !in_code && is_sign(*at) ? closing_sign(compiler, at, end) : NULL;
            if (close == NULL) {
                g_string_append_c(compiler->run, *at++);
                continue;
            }
            g_string_append_c(compiler->run, *at == '*' ? RICH_BOLD : *at == '_' ? RICH_ITALIC : RICH_CODE);
            if (!compile(compiler, at + 1, close, *at == '`'))
                return false;
            g_string_append_c(compiler->run, RICH_END);
            at = close + 1;
        }
    }
    return true;
}

/* The pieces of a text; NULL and *why (a constant) when it is malformed. */
static GArray *compile_text(const char *text, const char **why)
{
    struct compiler compiler = {.pieces = g_array_new(FALSE, FALSE, sizeof(struct piece)),
                                .run = g_string_new(NULL),
                                .start = text,
                                .end = text + strlen(text)};
    g_array_set_clear_func(compiler.pieces, piece_clear);
    bool good = compile(&compiler, compiler.start, compiler.end, false);
    flush_run(&compiler);
    g_string_free(compiler.run, TRUE);
    if (good)
        return compiler.pieces;
    *why = compiler.why;
    g_array_unref(compiler.pieces);
    return NULL;
}

/* ---- Reading catalogues ---- */

static bool is_entry_name(const char *name)
{
    return *name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == strlen(name);
}

/* Takes one line into entries; NULL or what is wrong with it. */
static const char *read_line(GHashTable *entries, char *line)
{
    g_strstrip(line);
    if (*line == '\0' || *line == '#')
        return NULL;
    for (const char *c = line; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return "control character";
    }
    char *equals = strchr(line, '=');
    if (equals == NULL)
        return "no \"=\"";
    *equals = '\0';
    const char *name = g_strstrip(line), *text = g_strstrip(equals + 1);
    if (!is_entry_name(name))
        return "malformed name";
    if (g_hash_table_contains(entries, name))
        return "name given twice";
    const char *why = NULL;
    GArray *pieces = compile_text(text, &why);
    if (pieces == NULL)
        return why;
    g_hash_table_insert(entries, g_strdup(name), pieces);
    return NULL;
}

static struct catalogue *read_catalogue(const struct embedded_file *file, char **why)
{
    const char *dot = strchr(file->name, '.');
    if (dot == NULL || dot == file->name) {
        *why = g_strdup_printf("%s: not named after a language", file->name);
        return NULL;
    }
    if (!g_utf8_validate(file->data, (gssize)file->size, NULL)) {
        *why = g_strdup_printf("%s: not valid UTF-8", file->name);
        return NULL;
    }
    struct catalogue *catalogue = g_new0(struct catalogue, 1);
    catalogue->language = g_strndup(file->name, (gsize)(dot - file->name));
    catalogue->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    g_autofree char *copy = g_strndup(file->data, file->size);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        const char *wrong = read_line(catalogue->entries, lines[i]);
        if (wrong != NULL) {
            *why = g_strdup_printf("%s:%d: %s", file->name, i + 1, wrong);
            catalogue_free(catalogue);
            return NULL;
        }
    }
    return catalogue;
}

bool say_init_from(const struct embedded_file *files, char **why)
{
    say_done();
    char *unused = NULL;
    g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func(catalogue_free);
    bool english = false;
    for (; files->name != NULL; files++) {
        struct catalogue *catalogue = read_catalogue(files, why != NULL ? why : &unused);
        if (catalogue == NULL) {
            g_free(unused);
            return false;
        }
        bool is_english = strcmp(catalogue->language, "en") == 0;
        g_ptr_array_insert(read, is_english ? 0 : -1, catalogue);
        english = english || is_english;
    }
    if (!english) {
        if (why != NULL)
            *why = g_strdup("no English catalogue");
        return false;
    }
    offered = g_ptr_array_new();
    for (guint i = 0; i < read->len; i++)
        g_ptr_array_add(offered, ((struct catalogue *)g_ptr_array_index(read, i))->language);
    g_ptr_array_add(offered, NULL);
    catalogues = g_steal_pointer(&read);
    return true;
}

bool say_init(char **why)
{
    return say_init_from(language_files, why);
}

void say_done(void)
{
    g_clear_pointer(&catalogues, g_ptr_array_unref);
    g_clear_pointer(&offered, g_ptr_array_unref);
    pthread_mutex_lock(&complaints_lock);
    g_clear_pointer(&complaints, g_hash_table_unref);
    pthread_mutex_unlock(&complaints_lock);
}

/* ---- Saying ---- */

/* A mistake in the program, logged once however often it is met. */
static void complain(const char *what, const char *entry, const char *placeholder)
{
    char *key = g_strdup_printf("%s %s %s", what, entry, placeholder);
    pthread_mutex_lock(&complaints_lock);
    if (complaints == NULL)
        complaints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool first = g_hash_table_size(complaints) < COMPLAINTS_MAX && !g_hash_table_contains(complaints, key);
    if (first)
        g_hash_table_add(complaints, g_steal_pointer(&key));
    pthread_mutex_unlock(&complaints_lock);
    g_free(key);
    if (first)
        log_warning(what, "entry=%s%s%s", entry, *placeholder ? " placeholder=" : "", placeholder);
}

static const struct catalogue *catalogue_of(const char *language)
{
    for (guint i = 0; catalogues != NULL && i < catalogues->len; i++) {
        const struct catalogue *catalogue = g_ptr_array_index(catalogues, i);
        if (g_strcmp0(catalogue->language, language) == 0)
            return catalogue;
    }
    return catalogues != NULL ? g_ptr_array_index(catalogues, 0) : NULL;
}

static const char *plural_form(const char *language, int64_t n)
{
    if (strcmp(language, "ko") == 0)
        return "other";
    return n == 1 ? "one" : "other";
}

static const GArray *find_counted(const struct catalogue *catalogue, const char *entry, int64_t n)
{
    g_autofree char *exact = g_strdup_printf("%s.%s", entry, plural_form(catalogue->language, n));
    const GArray *pieces = g_hash_table_lookup(catalogue->entries, exact);
    if (pieces == NULL) {
        g_autofree char *other = g_strdup_printf("%s.other", entry);
        pieces = g_hash_table_lookup(catalogue->entries, other);
    }
    return pieces != NULL ? pieces : g_hash_table_lookup(catalogue->entries, entry);
}

static const GArray *find_entry(const char *language, const char *entry, const int64_t *n)
{
    const struct catalogue *tried[] = {catalogue_of(language), catalogue_of("en")};
    for (guint i = 0; i < G_N_ELEMENTS(tried) && tried[i] != NULL; i++) {
        const GArray *pieces = n != NULL ? find_counted(tried[i], entry, *n)
                                         : g_hash_table_lookup(tried[i]->entries, entry);
        if (pieces != NULL)
            return pieces;
    }
    return NULL;
}

/* The value given for a placeholder. */
static bool find_value(const char *wanted, const char **value, va_list args)
{
    va_list walk;
    va_copy(walk, args);
    bool found = false;
    for (const char *name; !found && (name = va_arg(walk, const char *)) != NULL;) {
        *value = va_arg(walk, const char *);
        found = strcmp(name, wanted) == 0;
    }
    va_end(walk);
    return found;
}

static void append_value(GString *out, const struct piece *piece, const char *value)
{
    if (value == NULL)
        return;
    if (!piece->in_code) {
        g_string_append(out, value);
        return;
    }
    g_autofree char *plain = rich_plain(value, NULL, NULL);
    g_string_append(out, plain);
}

static char *say_args(const char *language, const char *entry, const int64_t *n, va_list args)
{
    const GArray *pieces = find_entry(language, entry, n);
    if (pieces == NULL) {
        complain("say.unknown", entry, "");
        return g_strdup_printf("[%s]", entry);
    }
    char count[24] = "";
    if (n != NULL)
        g_snprintf(count, sizeof count, "%" G_GINT64_FORMAT, *n);
    GString *out = g_string_sized_new(128);
    for (guint i = 0; i < pieces->len; i++) {
        const struct piece *piece = &g_array_index(pieces, struct piece, i);
        const char *value = NULL;
        if (!piece->placeholder) {
            g_string_append(out, piece->text);
        } else if (find_value(piece->text, &value, args)) {
            append_value(out, piece, value);
        } else if (n != NULL && strcmp(piece->text, "n") == 0) {
            g_string_append(out, count);
        } else {
            complain("say.value_missing", entry, piece->text);
            g_string_append_printf(out, "{%s}", piece->text);
        }
    }
    return g_string_free(out, FALSE);
}

char *say(const char *language, const char *entry, ...)
{
    va_list args;
    va_start(args, entry);
    char *text = say_args(language, entry, NULL, args);
    va_end(args);
    return text;
}

char *say_n(const char *language, const char *entry, int64_t n, ...)
{
    va_list args;
    va_start(args, n);
    char *text = say_args(language, entry, &n, args);
    va_end(args);
    return text;
}

const char *say_language(const char *locale)
{
    gsize length = locale != NULL ? strcspn(locale, "-_.@") : 0;
    for (guint i = 0; catalogues != NULL && length > 0 && i < catalogues->len; i++) {
        const struct catalogue *catalogue = g_ptr_array_index(catalogues, i);
        if (strlen(catalogue->language) == length && g_ascii_strncasecmp(catalogue->language, locale, length) == 0)
            return catalogue->language;
    }
    return "en";
}

const char *const *say_languages(void)
{
    static const char *const english_only[] = {"en", NULL};
    return offered != NULL ? (const char *const *)offered->pdata : english_only;
}

/* The catalogues and the code agree: what the code says exists, with the placeholders it fills,
 * and nothing lies in a catalogue unsaid. Reads the source tree; names every disagreement at once.
 *
 * An entry whose name the code puts together is marked in en.catalogue: "# dynamic" on the line
 * before it, or "# dynamic help." anywhere for all entries that begin so.
 */
#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- A catalogue, read without the program's own reader ---- */

struct entry {
    char *name;
    int line;
    bool dynamic;
    GHashTable *placeholders;
};

struct catalogue {
    char *file;
    GPtrArray *entries;  /* struct entry, in order */
    GHashTable *by_name; /* the same */
    GPtrArray *dynamic;  /* prefixes */
};

static void entry_free(gpointer data)
{
    struct entry *entry = data;
    g_hash_table_unref(entry->placeholders);
    g_free(entry->name);
    g_free(entry);
}

static void catalogue_free(gpointer data)
{
    struct catalogue *catalogue = data;
    g_hash_table_unref(catalogue->by_name);
    g_ptr_array_unref(catalogue->entries);
    g_ptr_array_unref(catalogue->dynamic);
    g_free(catalogue->file);
    g_free(catalogue);
}

static GHashTable *set_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void set_add_all(GHashTable *set, GHashTable *from)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, from);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_hash_table_add(set, g_strdup(key));
}

static GHashTable *placeholders_of(const char *text)
{
    GHashTable *found = set_new();
    for (const char *at = text; *at != '\0'; at++) {
        const char *close = *at == '{' ? strchr(at, '}') : NULL;
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (close != NULL)
            g_hash_table_add(found, g_strndup(at + 1, (gsize)(close - at - 1)));
    }
    return found;
}

static struct catalogue *catalogue_read(const char *file, const char *text)
{
    struct catalogue *catalogue = g_new0(struct catalogue, 1);
    catalogue->file = g_strdup(file);
    catalogue->entries = g_ptr_array_new_with_free_func(entry_free);
    catalogue->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    catalogue->dynamic = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool dynamic = false;
    for (int i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]), *equals = strchr(line, '=');
        if (g_str_has_prefix(line, "# dynamic")) {
            char *prefix = g_strstrip(line + strlen("# dynamic"));
            dynamic = *prefix == '\0';
            if (!dynamic)
                g_ptr_array_add(catalogue->dynamic, g_strdup(prefix));
        } else if (*line != '#' && equals != NULL) {
            struct entry *entry = g_new0(struct entry, 1);
            entry->name = g_strchomp(g_strndup(line, (gsize)(equals - line)));
            entry->line = i + 1;
            entry->dynamic = dynamic;
            entry->placeholders = placeholders_of(equals + 1);
            g_ptr_array_add(catalogue->entries, entry);
            g_hash_table_insert(catalogue->by_name, entry->name, entry);
            dynamic = false;
        } else if (*line == '\0') {
            dynamic = false;
        }
    }
    return catalogue;
}

static const char *const plural_forms[] = {".one", ".few", ".many", ".other"};

/* "asks" of "asks.one"; the name itself when it ends otherwise. */
static char *base_of(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(plural_forms); i++) {
        if (g_str_has_suffix(name, plural_forms[i]))
            return g_strndup(name, strlen(name) - strlen(plural_forms[i]));
    }
    return g_strdup(name);
}

static struct entry *form_of(const struct catalogue *catalogue, const char *base, const char *form)
{
    g_autofree char *name = g_strconcat(base, form, NULL);
    return g_hash_table_lookup(catalogue->by_name, name);
}

/* What the entry's texts ask for, all plural forms together; false when there is none. */
static bool wanted_of(const struct catalogue *catalogue, const char *name, GHashTable *wanted)
{
    struct entry *plain = g_hash_table_lookup(catalogue->by_name, name);
    bool found = plain != NULL;
    if (plain != NULL)
        set_add_all(wanted, plain->placeholders);
    for (guint i = 0; i < G_N_ELEMENTS(plural_forms); i++) {
        struct entry *form = form_of(catalogue, name, plural_forms[i]);
        if (form != NULL)
            set_add_all(wanted, form->placeholders);
        found = found || form != NULL;
    }
    return found;
}

/* ---- C source, as far as calls and literals go ---- */

struct call {
    char *place; /* file:line */
    bool counted;
    GPtrArray *entries; /* literals the entry may be; empty when it is put together */
    GHashTable *given;  /* names of the values */
    char *wrong;        /* NULL when the call could be read */
};

struct code {
    GHashTable *literals;
    GPtrArray *calls;
};

static void call_free(gpointer data)
{
    struct call *call = data;
    g_ptr_array_unref(call->entries);
    g_hash_table_unref(call->given);
    g_free(call->place);
    g_free(call->wrong);
    g_free(call);
}

static const char *behind_quoted(const char *at)
{
    char quote = *at++;
    for (; *at != '\0' && *at != quote; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
    }
    return *at != '\0' ? at + 1 : at;
}

static bool is_name_char(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

/* Comments blanked, line ends kept. */
static char *without_comments(const char *source)
{
    char *text = g_strdup(source);
    for (char *at = text; *at != '\0';) {
        char *end = at;
        if (*at == '"' || (*at == '\'' && (at == text || !is_name_char(at[-1])))) {
            at = text + (behind_quoted(at) - text);
            continue;
        } else if (at[0] == '/' && at[1] == '*') {
            char *close = strstr(at + 2, "*/");
            end = close != NULL ? close + 2 : at + strlen(at);
        } else if (at[0] == '/' && at[1] == '/') {
            end = at + strcspn(at, "\n");
        } else {
            at++;
        }
        for (; at < end; at++) {
            if (*at != '\n')
                *at = ' ';
        }
    }
    return text;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* The literal at *at with those pasted to it. */
static char *take_literal(const char **at)
{
    GString *text = g_string_new(NULL);
    const char *end;
    do {
        end = behind_quoted(*at);
        g_string_append_len(text, *at + 1, MAX(end - *at - 2, 0));
        *at = skip_blanks(end);
    } while (**at == '"');
    *at = end;
    return g_string_free(text, FALSE);
}

/* The arguments of a call, from behind its opening bracket. */
static GPtrArray *arguments_at(const char *at)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
    int depth = 0;
    const char *start = at;
    for (; *at != '\0'; at++) {
        bool closes = *at == ')' && depth == 0;
        if (closes || (*at == ',' && depth == 0)) {
            g_ptr_array_add(arguments, g_strstrip(g_strndup(start, (gsize)(at - start))));
            start = at + 1;
        }
        if (closes)
            break;
        if (*at == '"' || *at == '\'')
            at = behind_quoted(at) - 1;
        else if (strchr("([{", *at) != NULL)
            depth++;
        else if (strchr(")]}", *at) != NULL)
            depth--;
    }
    return arguments;
}

/* "a" → a; c ? "a" : "b" → a, b; what stands in the brackets of a further call does not count. */
static GPtrArray *entries_of(const char *argument)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *bare = g_strdup(argument);
    if (*bare == '(' && g_str_has_suffix(bare, ")")) {
        bare[0] = ' ';
        bare[strlen(bare) - 1] = '\0';
    }
    int depth = 0;
    for (const char *at = bare; *at != '\0';) {
        if (*at == '"') {
            char *literal = take_literal(&at);
            g_ptr_array_add(found, depth == 0 ? literal : NULL);
            if (depth != 0)
                g_free(literal);
            continue;
        }
        if (*at == '?' && depth == 0)
            g_ptr_array_set_size(found, 0); /* they belonged to the condition */
        depth += *at == '(' || *at == '[';
        depth -= *at == ')' || *at == ']';
        at++;
    }
    while (g_ptr_array_remove(found, NULL))
        continue;
    return found;
}

static char *read_values(const GPtrArray *arguments, guint from, GHashTable *given)
{
    for (guint i = from; i < arguments->len; i += 2) {
        const char *name = g_ptr_array_index(arguments, i);
        if (strcmp(name, "NULL") == 0)
            return i + 1 == arguments->len ? NULL : g_strdup("arguments behind the closing NULL");
        if (*name != '"')
            return g_strdup_printf("the name of a value is not a literal: %s", name);
        const char *at = name;
        char *literal = take_literal(&at);
        if (!g_hash_table_add(given, literal))
            return g_strdup_printf("the value %s is given twice", name);
    }
    return g_strdup("no closing NULL");
}

static void read_call(struct code *code, const char *file, int line, const char *arguments_start, bool counted)
{
    g_autoptr(GPtrArray) arguments = arguments_at(arguments_start);
    struct call *call = g_new0(struct call, 1);
    call->place = g_strdup_printf("%s:%d", file, line);
    call->counted = counted;
    call->given = set_new();
    call->entries = entries_of(arguments->len > 1 ? g_ptr_array_index(arguments, 1) : "");
    bool declared = arguments->len > 0 && strstr(g_ptr_array_index(arguments, arguments->len - 1), "...") != NULL;
    if (!declared && call->entries->len > 0)
        call->wrong = read_values(arguments, counted ? 3 : 2, call->given);
    g_ptr_array_add(code->calls, call);
}

/* say(), say_n() and what is wrapped about them, as answer_say(). */
static bool is_say(const char *name)
{
    return strcmp(name, "say") == 0 || strcmp(name, "say_n") == 0 || g_str_has_suffix(name, "_say") ||
           g_str_has_suffix(name, "_say_n");
}

static void code_read(struct code *code, const char *file, const char *source)
{
    g_autofree char *text = without_comments(source);
    int line = 1;
    for (const char *at = text; *at != '\0';) {
        const char *start = at;
        if (*at == '"') {
            g_hash_table_add(code->literals, take_literal(&at));
        } else if (*at == '\'') {
            at = behind_quoted(at);
        } else if (is_name_char(*at)) {
            while (is_name_char(*at))
                at++;
            g_autofree char *name = g_strndup(start, (gsize)(at - start));
            const char *bracket = skip_blanks(at);
            if (*bracket == '(' && is_say(name))
                read_call(code, file, line, bracket + 1, g_str_has_suffix(name, "_n"));
        } else {
            at++;
        }
        for (; start < at; start++)
            line += *start == '\n';
    }
}

/* ---- Do they agree? ---- */

static void check_call(const struct call *call, const struct catalogue *english, GString *problems)
{
    if (call->wrong != NULL)
        g_string_append_printf(problems, "%s: %s\n", call->place, call->wrong);
    g_autoptr(GHashTable) wanted_anywhere = set_new();
    GHashTableIter iter;
    gpointer name;
    bool unknown = false;
    for (guint i = 0; i < call->entries->len; i++) {
        const char *entry = g_ptr_array_index(call->entries, i);
        g_autoptr(GHashTable) wanted = set_new();
        bool plain = g_hash_table_contains(english->by_name, entry);
        bool found = wanted_of(english, entry, wanted);
        set_add_all(wanted_anywhere, wanted);
        if (!found || (!call->counted && !plain)) {
            g_string_append_printf(problems, "%s: %s%s is not in %s\n", call->place, entry,
                                   found ? " without a count" : "", english->file);
            unknown = true;
            continue;
        }
        if (call->counted && !plain &&
            (form_of(english, entry, ".one") == NULL || form_of(english, entry, ".other") == NULL))
            g_string_append_printf(problems, "%s: %s has not both .one and .other\n", call->place, entry);
        g_hash_table_iter_init(&iter, wanted);
        while (call->wrong == NULL && g_hash_table_iter_next(&iter, &name, NULL)) {
            if (!g_hash_table_contains(call->given, name) && !(call->counted && strcmp(name, "n") == 0))
                g_string_append_printf(problems, "%s: %s wants {%s}, which is not given\n", call->place, entry,
                                       (char *)name);
        }
    }
    g_hash_table_iter_init(&iter, call->given);
    while (call->entries->len > 0 && !unknown && g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_hash_table_contains(wanted_anywhere, name))
            g_string_append_printf(problems, "%s: %s has no {%s}\n", call->place,
                                   (char *)g_ptr_array_index(call->entries, 0), (char *)name);
    }
}

static bool begins_some_literal(const struct code *code, const char *prefix)
{
    GHashTableIter iter;
    gpointer literal;
    g_hash_table_iter_init(&iter, code->literals);
    while (g_hash_table_iter_next(&iter, &literal, NULL)) {
        if (g_str_has_prefix(literal, prefix))
            return true;
    }
    return false;
}

static void check_use(const struct code *code, const struct catalogue *english, GString *problems)
{
    for (guint p = 0; p < english->dynamic->len; p++) {
        const char *prefix = g_ptr_array_index(english->dynamic, p);
        if (!begins_some_literal(code, prefix))
            g_string_append_printf(problems, "%s: no code puts \"%s…\" together\n", english->file, prefix);
    }
    for (guint i = 0; i < english->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(english->entries, i);
        g_autofree char *base = base_of(entry->name);
        bool used = entry->dynamic || g_hash_table_contains(code->literals, entry->name) ||
                    g_hash_table_contains(code->literals, base);
        for (guint p = 0; p < english->dynamic->len; p++)
            used = used || g_str_has_prefix(entry->name, g_ptr_array_index(english->dynamic, p));
        if (!used)
            g_string_append_printf(problems, "%s:%d: nobody says %s\n", english->file, entry->line, entry->name);
        if (g_hash_table_lookup(english->by_name, entry->name) != entry)
            g_string_append_printf(problems, "%s:%d: %s stands there twice\n", english->file, entry->line,
                                   entry->name);
    }
}

static void check_translation(const struct catalogue *other, const struct catalogue *english, GString *problems)
{
    for (guint i = 0; i < other->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(other->entries, i);
        g_autofree char *base = base_of(entry->name);
        g_autoptr(GHashTable) wanted = set_new();
        bool exact = g_hash_table_contains(english->by_name, entry->name);
        if (!wanted_of(english, exact ? entry->name : base, wanted)) {
            g_string_append_printf(problems, "%s:%d: %s is not in %s\n", other->file, entry->line, entry->name,
                                   english->file);
            continue;
        }
        if (strcmp(base, entry->name) != 0)
            wanted_of(english, base, wanted); /* any form's placeholders will do */
        GHashTableIter iter;
        gpointer name;
        g_hash_table_iter_init(&iter, entry->placeholders);
        while (g_hash_table_iter_next(&iter, &name, NULL)) {
            if (!g_hash_table_contains(wanted, name))
                g_string_append_printf(problems, "%s:%d: %s has no {%s}\n", other->file, entry->line, entry->name,
                                       (char *)name);
        }
    }
}

/* Everything that does not agree, a line each. */
static char *check_all(const struct code *code, const GPtrArray *catalogues)
{
    GString *problems = g_string_new(NULL);
    const struct catalogue *english = NULL;
    for (guint i = 0; i < catalogues->len; i++) {
        const struct catalogue *catalogue = g_ptr_array_index(catalogues, i);
        if (strcmp(catalogue->file, "en.catalogue") == 0)
            english = catalogue;
    }
    assert_non_null(english);
    for (guint i = 0; i < code->calls->len; i++)
        check_call(g_ptr_array_index(code->calls, i), english, problems);
    check_use(code, english, problems);
    for (guint i = 0; i < catalogues->len; i++) {
        if (g_ptr_array_index(catalogues, i) != english)
            check_translation(g_ptr_array_index(catalogues, i), english, problems);
    }
    return g_string_free(problems, FALSE);
}

static struct code code_new(void)
{
    return (struct code){.literals = set_new(), .calls = g_ptr_array_new_with_free_func(call_free)};
}

static void code_done(struct code *code)
{
    g_hash_table_unref(code->literals);
    g_ptr_array_unref(code->calls);
}

/* ---- The stories ---- */

static void assert_problems(const char *source, const char *english, const char *estonian, const char *expected)
{
    struct code code = code_new();
    code_read(&code, "a.c", source);
    g_autoptr(GPtrArray) catalogues = g_ptr_array_new_with_free_func(catalogue_free);
    g_ptr_array_add(catalogues, catalogue_read("en.catalogue", english));
    g_ptr_array_add(catalogues, catalogue_read("et.catalogue", estonian));
    g_autofree char *problems = check_all(&code, catalogues);
    code_done(&code);
    assert_string_equal(problems, expected);
}

static void test_agreement_has_no_problems(void **state)
{
    (void)state;
    assert_problems("char *say(const char *language, const char *entry, ...);\n"
                    "/* say(x, \"not.there\", NULL) */ // say(x, \"nor.this\")\n"
                    "say(x, \"a\", \"name\", f(\"b, c\", ')', \"d\"), NULL);\n"
                    "say_n (g(x, y),\n    \"count\", (int64_t)n,\n    \"name\", y, NULL);\n"
                    "say(x, strcmp(y, \"z\") == 0 ? \"yes\" : \"no.other\", \"who\", w, NULL);\n"
                    "say(x, g_strdup_printf(\"help.%s\", y), NULL); say(x, made, NULL); essay(1, \"none\");\n"
                    "say(x, \"a\" /* in two */ \"b\", NULL);",
                    "a = {name} \\{brace\\}\ncount.one = {n}\ncount.other = {n} {name}\nyes = {who}\nno.other = no\n"
                    "# dynamic help.\nhelp.one = 1\nhelp.two = {any}\n# dynamic\nput.together = here\nab = here\n",
                    "a = siin\ncount.few = {n} {name}\n", "");
}

static void test_every_disagreement_is_named(void **state)
{
    (void)state;
    assert_problems("say(x, \"gone\", NULL);\n"
                    "say(x, \"a\", \"wrong\", y, NULL);\n\n"
                    "say(x, \"count\", NULL);\n"
                    "say_n(x, \"half\", 3, NULL);\n"
                    "say(x, \"bare\", name, y, NULL);\n"
                    "say(x, \"bare\", \"more\", y, NULL);\n"
                    "say(x, \"bare\", \"open\", y);\n"
                    "answer_say(ctx, \"gone.too\", NULL);\n",
                    "a = {name}\ncount.one = 1\ncount.other = {n}\nhalf.other = {n}\nbare = b\n"
                    "# dynamic help.\nunsaid = u\n",
                    "unknown = u\na = {name} {else}\n",
                    "a.c:1: gone is not in en.catalogue\n"
                    "a.c:2: a wants {name}, which is not given\n"
                    "a.c:2: a has no {wrong}\n"
                    "a.c:4: count without a count is not in en.catalogue\n"
                    "a.c:5: half has not both .one and .other\n"
                    "a.c:6: the name of a value is not a literal: name\n"
                    "a.c:7: bare has no {more}\n"
                    "a.c:8: no closing NULL\n"
                    "a.c:8: bare has no {open}\n"
                    "a.c:9: gone.too is not in en.catalogue\n"
                    "en.catalogue: no code puts \"help.…\" together\n"
                    "en.catalogue:7: nobody says unsaid\n"
                    "et.catalogue:1: unknown is not in en.catalogue\n"
                    "et.catalogue:2: a has no {else}\n");
}

static char *file_text(const char *path)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    return text;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files of a folder of the project by ending, in name order, as paths from its root. */
static GPtrArray *files_in(const char *folder, const char *ending)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = g_build_filename(TESTS_DIR, "..", folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ending))
            g_ptr_array_add(found, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(found, by_name);
    return found;
}

static void read_folder(struct code *code, const char *folder)
{
    g_autoptr(GPtrArray) files = files_in(folder, ".c");
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_build_filename(TESTS_DIR, "..", g_ptr_array_index(files, i), NULL);
        g_autofree char *source = file_text(path);
        code_read(code, g_ptr_array_index(files, i), source);
    }
}

static void test_the_code_and_its_catalogues_agree(void **state)
{
    (void)state;
    struct code code = code_new();
    read_folder(&code, "bot");
    read_folder(&code, "commands");
    g_autofree char *commands = g_build_filename(TESTS_DIR, "..", "commands", NULL);
    g_autoptr(GDir) dir = g_dir_open(commands, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *folder = g_build_filename("commands", name, NULL);
        read_folder(&code, folder);
    }
    g_autoptr(GPtrArray) catalogues = g_ptr_array_new_with_free_func(catalogue_free);
    g_autoptr(GPtrArray) files = files_in("commands/languages", ".catalogue");
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_build_filename(TESTS_DIR, "..", g_ptr_array_index(files, i), NULL);
        g_autofree char *text = file_text(path);
        g_autofree char *file = g_path_get_basename(path);
        g_ptr_array_add(catalogues, catalogue_read(file, text));
    }
    g_autofree char *problems = check_all(&code, catalogues);
    code_done(&code);
    if (*problems != '\0') {
        fputs(problems, stderr); /* fail_msg() cuts long texts */
        fail_msg("code and catalogues disagree");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agreement_has_no_problems),
        cmocka_unit_test(test_every_disagreement_is_named),
        cmocka_unit_test(test_the_code_and_its_catalogues_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The catalogues and the code agree: what the code says exists, with the placeholders it fills,
 * and nothing lies in a catalogue unsaid. Reads the source tree; names every disagreement at once.
 *
 * An entry whose name the code puts together where this check cannot follow is marked in en.catalogue:
 * "# dynamic" on the line before it, or "# dynamic help." anywhere for all entries that begin so.
 * What it follows: literals, choices of them, g_strdup_printf("help.%s", …), and a variable given these.
 */
#include "tests/unit/commands/source_code.h"

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

/* ---- Do they agree? ---- */

/* " (given: a, b)": what the text that is missing may use. */
static char *given_of(const struct call *call)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(call->given), (GCompareFunc)strcmp);
    GString *text = g_string_new(NULL);
    for (GList *name = names; name != NULL; name = name->next)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : " (given: ", (char *)name->data);
    if (call->counted)
        g_string_append(text, text->len > 0 ? ", n" : " (given: n");
    if (text->len > 0)
        g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

/* One entry a call may say; false when it is not there. */
static bool check_said(const struct call *call, const char *entry, const struct catalogue *english,
                       GHashTable *wanted_anywhere, GString *problems)
{
    g_autoptr(GHashTable) wanted = set_new();
    bool plain = g_hash_table_contains(english->by_name, entry);
    bool found = wanted_of(english, entry, wanted);
    set_add_all(wanted_anywhere, wanted);
    if (!found || (!call->counted && !plain)) {
        g_autofree char *given = given_of(call);
        g_string_append_printf(problems, "%s: %s%s is not in %s%s\n", call->place, entry,
                               found ? " without a count" : "", english->file, given);
        return false;
    }
    if (call->counted && !plain &&
        (form_of(english, entry, ".one") == NULL || form_of(english, entry, ".other") == NULL))
        g_string_append_printf(problems, "%s: %s has not both .one and .other\n", call->place, entry);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, wanted);
    while (call->wrong == NULL && g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_hash_table_contains(call->given, name) && !(call->counted && strcmp(name, "n") == 0))
            g_string_append_printf(problems, "%s: %s wants {%s}, which is not given\n", call->place, entry,
                                   (char *)name);
    }
    return true;
}

/* The entries a call may say by a pattern; what is counted goes by its base name, and what
 * is written out elsewhere is not meant. */
static GPtrArray *matching(const struct code *code, const struct catalogue *english, const char *pattern,
                           bool counted)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    if (strchr(pattern, '*') == NULL)
        g_ptr_array_add(names, g_strdup(pattern));
    for (guint i = 0; strchr(pattern, '*') != NULL && i < english->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(english->entries, i);
        g_autofree char *name = counted ? base_of(entry->name) : g_strdup(entry->name);
        if (g_pattern_match_simple(pattern, name) && !g_hash_table_contains(code->literals, name) &&
            !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_ptr_array_add(names, g_steal_pointer(&name));
    }
    if (names->len == 0)
        g_ptr_array_add(names, g_strdup(pattern));
    return names;
}

static void check_call(const struct code *code, const struct call *call, const struct catalogue *english, GString *problems)
{
    if (call->wrong != NULL)
        g_string_append_printf(problems, "%s: %s\n", call->place, call->wrong);
    g_autoptr(GHashTable) wanted_anywhere = set_new();
    bool known = call->entries->len > 0;
    for (guint i = 0; i < call->entries->len; i++) {
        g_autoptr(GPtrArray) names = matching(code, english, g_ptr_array_index(call->entries, i),
                                                call->counted);
        for (guint j = 0; j < names->len; j++)
            known = check_said(call, g_ptr_array_index(names, j), english, wanted_anywhere, problems) && known;
    }
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, call->given);
    while (known && g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_hash_table_contains(wanted_anywhere, name))
            g_string_append_printf(problems, "%s: %s has no {%s}\n", call->place,
                                   (char *)g_ptr_array_index(call->entries, 0), (char *)name);
    }
}

static bool is_called(const struct code *code, const char *name)
{
    for (guint i = 0; i < code->calls->len; i++) {
        const struct call *call = g_ptr_array_index(code->calls, i);
        for (guint e = 0; e < call->entries->len; e++) {
            if (g_pattern_match_simple(g_ptr_array_index(call->entries, e), name))
                return true;
        }
    }
    return false;
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
        bool used = entry->dynamic || is_called(code, entry->name) || is_called(code, base) ||
                    g_hash_table_contains(code->literals, entry->name) ||
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
        check_call(code, g_ptr_array_index(code->calls, i), english, problems);
    check_use(code, english, problems);
    for (guint i = 0; i < catalogues->len; i++) {
        if (g_ptr_array_index(catalogues, i) != english)
            check_translation(g_ptr_array_index(catalogues, i), english, problems);
    }
    return g_string_free(problems, FALSE);
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
                    "say(x, \"a\" /* in two */ \"b\", NULL);\n"
                    "void f(void)\n{\n    char *e = g_strdup_printf(\"state.%s.%d\", s, 1);\n"
                    "    say(x, e, \"w\", w, NULL);\n    const char *e = \"ab\";\n"
                    "    if (y == 1)\n        e = z ? \"cd\" : \"ef\";\n    say(x, e, NULL);\n}\nsay(x, \"state.z.1\", \"else\", e, NULL);\n",
                    "a = {name} \\{brace\\}\ncount.one = {n}\ncount.other = {n} {name}\nyes = {who}\nno.other = no\n"
                    "# dynamic help.\nhelp.one = 1\nhelp.two = 2\n# dynamic\nput.together = here\nab = here\n"
                    "state.a.1 = {w}\nstate.b.1 = b\nstate.z.1 = {else}\ncd = c\nef = e\n",
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
                    "answer_say(ctx, a == b ? \"gone.too\" : is(c, \"d\") ? \"bare\" : \"e\", \"w\", w, \"v\", v, NULL);\n"
                    "void f(void)\n{\n    char *e = g_strconcat(\"many.\", s, NULL);\n"
                    "    say(x, e, \"w\", w, NULL);\n    const char *e = \"lost\";\n    say_n(x, e, 1, NULL);\n"
                    "    say(x, g_strdup_printf(\"none.%s\", s), NULL);\n}\n",
                    "a = {name}\ncount.one = 1\ncount.other = {n}\nhalf.other = {n}\nbare = b\n"
                    "many.a = {v} {w}\n"
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
                    "a.c:9: gone.too is not in en.catalogue (given: v, w)\n"
                    "a.c:9: e is not in en.catalogue (given: v, w)\n"
                    "a.c:13: many.a wants {v}, which is not given\n"
                    "a.c:15: lost is not in en.catalogue (given: n)\n"
                    "a.c:16: none.* is not in en.catalogue\n"
                    "en.catalogue: no code puts \"help.…\" together\n"
                    "en.catalogue:8: nobody says unsaid\n"
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

static char *problems_of_the_project(void)
{
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
    char *problems = check_all(&code, catalogues);
    code_done(&code);
    return problems;
}

static void test_the_code_and_its_catalogues_agree(void **state)
{
    (void)state;
    char *problems = problems_of_the_project();
    bool agree = *problems == '\0';
    fputs(problems, stderr); /* fail_msg() cuts long texts */
    g_free(problems);
    if (!agree)
        fail_msg("code and catalogues disagree");
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

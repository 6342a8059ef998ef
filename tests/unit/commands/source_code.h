/* C source, as far as literals and the calls of say() go: what test_catalogues.c checks. */
#ifndef ASKWHY_TESTS_SOURCE_CODE_H
#define ASKWHY_TESTS_SOURCE_CODE_H

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static GHashTable *set_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

struct call {
    char *place; /* file:line */
    bool counted;
    GPtrArray *entries; /* what the entry may be, "*" for parts put in; empty when that is not known here */
    GHashTable *given;  /* names of the values */
    char *wrong;        /* NULL when the call could be read */
};

struct code {
    GHashTable *literals;
    GPtrArray *calls;
    const char *body; /* where the function being read begins */
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

/* "help.%s" → help.* */
static char *pattern_of(const char *format)
{
    GString *pattern = g_string_new(NULL);
    for (const char *at = format; *at != '\0'; at++) {
        g_string_append_c(pattern, *at == '%' ? '*' : *at);
        if (*at == '%')
            at += strcspn(at, "diouxXcsp") - (at[strcspn(at, "diouxXcsp")] == '\0');
    }
    return g_string_free(pattern, FALSE);
}

/* The literal at at as an entry: NULL when it is the argument of some other call. */
static char *entry_of(const char *expression, const char *at, char *literal, int depth)
{
    g_autofree char *taken = literal;
    g_autofree char *before = g_strchomp(g_strndup(expression, (gsize)(at - expression)));
    if (g_str_has_suffix(before, "g_strdup_printf("))
        return pattern_of(taken);
    if (g_str_has_suffix(before, "g_strconcat("))
        return g_strconcat(taken, "*", NULL);
    return depth == 0 ? g_steal_pointer(&taken) : NULL;
}

/* "a" → a; c ? "a" : "b" → a, b; g_strdup_printf("a.%s", x) → a.*; arguments of other calls do not count. */
static void add_entries(GPtrArray *found, const char *expression)
{
    g_autofree char *bare = g_strdup(expression);
    if (*bare == '(' && g_str_has_suffix(bare, ")")) {
        bare[0] = ' ';
        bare[strlen(bare) - 1] = '\0';
    }
    int depth = 0;
    gint kept = (gint)found->len; /* those before it are certain */
    for (const char *at = bare; *at != '\0';) {
        if (*at == '"') {
            const char *start = at;
            char *entry = entry_of(bare, start, take_literal(&at), depth);
            if (entry != NULL)
                g_ptr_array_add(found, entry);
            continue;
        }
        if (*at == '?' && depth == 0)
            g_ptr_array_set_size(found, kept); /* the others belonged to the condition */
        if (*at == ':' && depth == 0)
            kept = (gint)found->len;
        depth += *at == '(' || *at == '[';
        depth -= *at == ')' || *at == ']';
        at++;
    }
}

/* What a variable was given between from and to, since it was declared with a value. */
static void add_assigned(GPtrArray *found, const char *name, const char *from, const char *to)
{
    gsize length = strlen(name);
    for (const char *at = from; at != NULL && (at = strstr(at, name)) != NULL && at < to; at += length) {
        const char *equals = skip_blanks(at + length);
        if (is_name_char(at[-1]) || at[-1] == '.' || at[-1] == '>' || *equals != '=' || equals[1] == '=')
            continue;
        if (at[-1] == '*')
            g_ptr_array_set_size(found, 0);
        const char *end = equals + 1;
        while (*end != '\0' && *end != ';')
            end = *end == '"' || *end == '\'' ? behind_quoted(end) : end + 1;
        g_autofree char *value = g_strstrip(g_strndup(equals + 1, (gsize)(end - equals - 1)));
        add_entries(found, value);
    }
}

static bool is_variable(const char *argument)
{
    return *argument != '\0' && strspn(argument, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == strlen(argument);
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
    call->entries = g_ptr_array_new_with_free_func(g_free);
    const char *entry = arguments->len > 1 ? g_ptr_array_index(arguments, 1) : "";
    if (is_variable(entry) && code->body != NULL)
        add_assigned(call->entries, entry, code->body, arguments_start);
    else
        add_entries(call->entries, entry);
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
    code->body = NULL;
    for (const char *at = text; *at != '\0';) {
        const char *start = at;
        if (at[0] == '\n' && at[1] == '{')
            code->body = at;
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
    code->body = NULL;
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

#endif

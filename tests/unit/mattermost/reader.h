/* A small reader of Markdown, written apart from what writes it: what a person sees of a post, and whom the server would
 * notify. It knows as much of Markdown as askwhy writes, and stops at what askwhy must never write. */
#ifndef READER_H
#define READER_H

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ZW "\xe2\x80\x8b"

struct reading {
    GString *text;      /* what is seen, without what is invisible */
    GPtrArray *links;   /* targets */
    GString *plain;     /* what the server looks for names in: code spans, links' targets left out */
    const char *broken; /* NULL, or what stands in the Markdown that must not */
};

G_GNUC_UNUSED static void reading_done(struct reading *reading)
{
    g_string_free(reading->text, TRUE);
    g_string_free(reading->plain, TRUE);
    g_ptr_array_unref(reading->links);
}

static void see(struct reading *reading, gunichar c, bool code)
{
    if (c != 0x200b)
        g_string_append_unichar(reading->text, c);
    g_string_append_unichar(reading->plain, code ? ' ' : c);
}

/* A character that stands for itself, or one written as an entity or behind a backslash. */
static const char *read_sign(struct reading *reading, const char *at)
{
    static const struct {
        const char *entity;
        gunichar c;
    } entities[] = {{"&lt;", '<'}, {"&amp;", '&'}};
    if (*at == '\\' && g_ascii_ispunct(at[1])) {
        see(reading, (gunichar)at[1], false);
        return at + 2;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(entities); i++) {
        if (g_str_has_prefix(at, entities[i].entity)) {
            see(reading, entities[i].c, false);
            return at + strlen(entities[i].entity);
        }
    }
    if (g_str_has_prefix(at, "&#") && g_ascii_isdigit(at[2])) {
        char *end;
        see(reading, (gunichar)strtoul(at + 2, &end, 10), false);
        return end + (*end == ';');
    }
    if (strchr("`|~[]<", *at) != NULL && !(*at == '<' && (strchr(" \n=", at[1]) != NULL || at[1] == '-' || g_ascii_isdigit(at[1]))))
        reading->broken = "a bare sign";
    see(reading, g_utf8_get_char(at), false);
    return g_utf8_next_char(at);
}

static const char *read_code(struct reading *reading, const char *at)
{
    gsize fence = strspn(at, "`");
    const char *from = at + fence, *end = from;
    while (*end != '\0' && strspn(end, "`") != fence)
        end += MAX(strspn(end, "`"), 1);
    if (*end == '\0') {
        reading->broken = "code without an end";
        return end;
    }
    bool padded = fence > 1 && *from == ' ';
    for (const char *c = from + padded; c < end - padded; c = g_utf8_next_char(c))
        see(reading, g_utf8_get_char(c), true);
    see(reading, 0x200b, false);
    return end + fence;
}

/* An address is seen as it is written: clients find it themselves. */
static const char *read_address(struct reading *reading, const char *at)
{
    gsize size = strcspn(at, " \n\t");
    while (strchr(".,;:!?)'\"", at[size - 1]) != NULL)
        size--;
    g_ptr_array_add(reading->links, g_strndup(at, size));
    g_string_append_len(reading->text, at, (gssize)size);
    g_string_append_c(reading->plain, ' ');
    return at + size;
}

static const char *read_inline(struct reading *reading, const char *at, bool in_label);

static const char *read_link(struct reading *reading, const char *at)
{
    g_string_append_c(reading->plain, ' ');
    for (at++; *at != ']' && *at != '\0' && *at != '\n';)
        at = read_inline(reading, at, true);
    gsize size = at[0] == ']' && at[1] == '(' ? strcspn(at + 2, " ()\n") : 0;
    if (size == 0 || at[2 + size] != ')') {
        reading->broken = "a link without a target";
        return at + (*at != '\0');
    }
    g_ptr_array_add(reading->links, g_strndup(at + 2, size));
    g_string_append_c(reading->plain, ' '); /* what stands in a link is looked at apart */
    return at + 3 + size;
}

static const char *read_inline(struct reading *reading, const char *at, bool in_label)
{
    gsize stars = strspn(at, "*"), lines = strspn(at, "_");
    /* Every star of a person's own is escaped. The server knows nothing of formatting: to it they are text. */
    if (stars > 0) {
        g_string_append_len(reading->plain, at, (gssize)stars);
        return at + stars;
    }
    char before = reading->text->len > 0 ? reading->text->str[reading->text->len - 1] : ' ';
    if (lines > 0 && (!g_ascii_isalnum(before) || !g_ascii_isalnum(at[lines]))) {
        g_string_append_len(reading->plain, at, (gssize)lines);
        return at + lines;
    }
    if (*at == '`')
        return read_code(reading, at);
    if (*at == '!' && at[1] == '[')
        reading->broken = "a picture";
    if (*at == '[' && !in_label)
        return read_link(reading, at);
    bool address = g_str_has_prefix(at, "http://") || g_str_has_prefix(at, "https://") || g_str_has_prefix(at, "www.");
    if (address && !in_label && !g_ascii_isalnum(before) && at[strcspn(at, ".")] != '\0' && strspn(at, "htps:/w.") < strcspn(at, " \n\t"))
        return read_address(reading, at);
    return read_sign(reading, at);
}

/* What would make something else than a paragraph of a line. */
static const char *block_at(const char *line)
{
    gsize spaces = strspn(line, " \t"), digits = strspn(line, "0123456789"), signs = strspn(line, "#");
    gsize rule = strspn(line, "-= \t");
    if (spaces > 0 && line[spaces] != '\n' && line[spaces] != '\0')
        return "an indented line";
    if (signs > 0 && strchr(" \t\n", line[signs]) != NULL)
        return "a heading";
    if ((*line == '-' || *line == '+') && strchr(" \t\n", line[1]) != NULL)
        return "a list";
    if (digits > 0 && (line[digits] == '.' || line[digits] == ')') && strchr(" \t\n", line[digits + 1]) != NULL)
        return "a numbered list";
    if (rule > 0 && *line != ' ' && (line[rule] == '\n' || line[rule] == '\0') && *line != '\n')
        return "a rule";
    return NULL;
}

G_GNUC_UNUSED static struct reading read_markdown(const char *markdown)
{
    struct reading reading = {.text = g_string_new(NULL), .plain = g_string_new(NULL),
                              .links = g_ptr_array_new_with_free_func(g_free)};
    for (const char *at = markdown; *at != '\0' && reading.broken == NULL;) {
        bool begins = at == markdown || at[-1] == '\n';
        if (begins && g_str_has_prefix(at, "> "))
            at += 2;
        else if (begins && *at == '>')
            reading.broken = "a quotation";
        if (begins && reading.broken == NULL)
            reading.broken = block_at(at);
        if (*at != '\0' && reading.broken == NULL)
            at = read_inline(&reading, at, false);
    }
    return reading;
}

static bool is_name_part(gunichar c)
{
    return c == ':' || c == '.' || c == '-' || c == '_' || c == '@' || g_unichar_isalnum(c);
}

/* The names the server would look up, separated by spaces (app/notification.go: processText). */
G_GNUC_UNUSED static char *notified(const struct reading *reading)
{
    GString *names = g_string_new(NULL);
    for (const char *at = reading->plain->str; *at != '\0';) {
        const char *end = at;
        while (*end != '\0' && is_name_part(g_utf8_get_char(end)))
            end = g_utf8_next_char(end);
        g_autofree char *word = g_strndup(at, (gsize)(end - at));
        g_auto(GStrv) pieces = g_strsplit_set(word, ".-:", -1);
        const char *trimmed = word + strspn(word, ":.-_");
        if (*trimmed == '@' && trimmed[1 + strspn(trimmed + 1, "._-:")] != '\0')
            g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", trimmed);
        for (char **piece = pieces; *piece != NULL; piece++) {
            if (**piece == '@' && (*piece)[1] != '\0' && *trimmed != '@')
                g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", *piece);
        }
        at = *end == '\0' ? end : end > at ? end : g_utf8_next_char(at);
    }
    return g_string_free(names, FALSE);
}

#endif

#include "commands/csv.h"

#include <string.h>

static bool looks_like_formula(const char *cell)
{
    const char *at = cell + strspn(cell, " \t\r\n");
    return *cell == '\t' || *cell == '\r' || (*at != '\0' && strchr("=+-@", *at) != NULL);
}

void csv_put(GString *out, const char *cell)
{
    if (out->len > 0 && out->str[out->len - 1] != '\n')
        g_string_append_c(out, ',');
    cell = cell != NULL ? cell : "";
    bool formula = looks_like_formula(cell);
    if (!formula && strpbrk(cell, ",;\"\r\n") == NULL && *cell != '\0') {
        g_string_append(out, cell);
        return;
    }
    /* Always quoted when empty: a line's first cell would be none. */
    g_string_append(out, formula ? "\"'" : "\"");
    for (const char *at = cell; *at != '\0'; at++) {
        if (*at == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}

void csv_end_line(GString *out)
{
    g_string_append(out, "\r\n");
}

void csv_begin(struct csv *csv, const char *text)
{
    if (g_str_has_prefix(text, "\xef\xbb\xbf"))
        text += 3;
    int commas = 0, semicolons = 0;
    for (const char *at = text; *at != '\0' && *at != '\n'; at++) {
        commas += *at == ',';
        semicolons += *at == ';';
    }
    *csv = (struct csv){.at = text, .separator = semicolons > commas ? ';' : ',', .next_line = 1};
}

/* Behind the opening quote, up to behind the closing one. */
static bool read_quoted(struct csv *csv, GString *cell)
{
    for (; *csv->at != '\0'; csv->at++) {
        if (*csv->at == '"' && *++csv->at != '"')
            return true;
        csv->next_line += *csv->at == '\n';
        g_string_append_c(cell, *csv->at);
    }
    return false;
}

static char *read_cell(struct csv *csv, const char **why)
{
    GString *cell = g_string_new(NULL);
    if (*csv->at == '"') {
        csv->at++;
        if (!read_quoted(csv, cell))
            *why = "a quoted cell never ends";
        else if (*csv->at != '\0' && *csv->at != csv->separator && *csv->at != '\r' && *csv->at != '\n')
            *why = "something stands behind a cell's closing quote";
    } else {
        gsize length = 0;
        while (csv->at[length] != '\0' && csv->at[length] != csv->separator && csv->at[length] != '\n' && csv->at[length] != '\r')
            length++;
        g_string_append_len(cell, csv->at, (gssize)length);
        csv->at += length;
    }
    if (cell->str[0] == '\'' && looks_like_formula(cell->str + 1))
        g_string_erase(cell, 0, 1);
    return g_string_free(cell, FALSE);
}

static GPtrArray *read_record(struct csv *csv, const char **why)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    csv->line = csv->next_line;
    while (*why == NULL) {
        g_ptr_array_add(cells, read_cell(csv, why));
        if (*csv->at != csv->separator)
            break;
        csv->at++;
    }
    if (*csv->at == '\r')
        csv->at++;
    if (*csv->at == '\n')
        csv->at++;
    csv->next_line++;
    return cells;
}

GPtrArray *csv_next(struct csv *csv, const char **why)
{
    *why = NULL;
    while (*csv->at != '\0') {
        GPtrArray *cells = read_record(csv, why);
        bool empty = true;
        for (guint i = 0; i < cells->len; i++)
            empty = empty && *(const char *)g_ptr_array_index(cells, i) == '\0';
        if (*why == NULL && !empty)
            return cells;
        g_ptr_array_free(cells, TRUE);
        if (*why != NULL)
            return NULL;
    }
    return NULL;
}

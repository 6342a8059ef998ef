#include "bot/base/json_skim.h"

#include <string.h>

enum { DIGITS_MAX = 15 };

struct skim {
    const char *at, *end;
    struct json_want *wants;
    int n, missing;
};

static char next_sign(struct skim *skim)
{
    while (skim->at < skim->end && (*skim->at == ' ' || *skim->at == '\t' || *skim->at == '\n' || *skim->at == '\r'))
        skim->at++;
    return skim->at < skim->end ? *skim->at : '\0';
}

/* At a quotation mark: *from and *size become what stands within. */
static bool take_string(struct skim *skim, const char **from, gsize *size)
{
    const char *at = skim->at + 1;
    for (*from = at; at < skim->end && *at != '"'; at++)
        at += *at == '\\';
    if (at >= skim->end)
        return false;
    *size = (gsize)(at - *from);
    skim->at = at + 1;
    return true;
}

/* An object or array with all that is in it. */
static bool skip_nested(struct skim *skim)
{
    const char *from;
    gsize size;
    int depth = 0;
    while (skim->at < skim->end) {
        if (*skim->at == '"') {
            if (!take_string(skim, &from, &size))
                return false;
            continue;
        }
        depth += (*skim->at == '{' || *skim->at == '[') - (*skim->at == '}' || *skim->at == ']');
        skim->at++;
        if (depth == 0)
            return true;
    }
    return false;
}

static bool take_value(struct skim *skim, struct json_want *value)
{
    char sign = next_sign(skim);
    value->at = skim->at;
    value->string = sign == '"';
    if (value->string)
        return take_string(skim, &value->at, &value->size);
    if (sign == '{' || sign == '[') {
        if (!skip_nested(skim))
            return false;
    } else {
        while (skim->at < skim->end && (g_ascii_isalnum(*skim->at) || memchr("+-.", *skim->at, 3) != NULL))
            skim->at++;
    }
    value->size = (gsize)(skim->at - value->at);
    return value->size > 0;
}

/* The want whose path goes on from parent, of this length, with name; *inner: that it goes on behind it. */
static struct json_want *find_want(struct skim *skim, const char *parent, gsize length, const char *name, gsize size,
                                   bool *inner)
{
    for (int i = 0; i < skim->n && memchr(name, '.', size) == NULL; i++) {
        const char *path = skim->wants[i].path;
        /* A name may hold any byte, also the one that ends the path. */
        if (skim->wants[i].at != NULL || strlen(path) < length + size || memcmp(path, parent, length) != 0 ||
            memcmp(path + length, name, size) != 0)
            continue;
        char behind = path[length + size];
        *inner = behind == '.';
        if (behind == '.' || behind == '\0')
            return &skim->wants[i];
    }
    return NULL;
}

/* The object of this path, which ends in a point unless it is empty. Also true once nothing is missing any more. */
static bool skim_object(struct skim *skim, const char *parent, gsize length)
{
    if (next_sign(skim) != '{')
        return false;
    skim->at++;
    while (next_sign(skim) == '"') {
        const char *name;
        gsize size;
        if (!take_string(skim, &name, &size) || next_sign(skim) != ':')
            return false;
        skim->at++;
        bool inner = false;
        struct json_want *want = find_want(skim, parent, length, name, size, &inner), skipped;
        if (want != NULL && inner && next_sign(skim) == '{') {
            if (!skim_object(skim, want->path, length + size + 1))
                return false;
        } else {
            bool wanted = want != NULL && !inner;
            if (!take_value(skim, wanted ? want : &skipped))
                return false;
            skim->missing -= wanted;
        }
        if (skim->missing == 0)
            return true;
        char sign = next_sign(skim);
        if (sign != ',' && sign != '}')
            return false;
        skim->at++;
        if (sign == '}')
            return true;
    }
    return false;
}

bool json_skim(const char *text, gsize size, struct json_want *wants, int n)
{
    for (int i = 0; i < n; i++)
        wants[i].at = NULL;
    if (size == 0) /* text may be NULL */
        return false;
    struct skim skim = {.at = text, .end = text + size, .wants = wants, .n = n, .missing = n};
    return skim_object(&skim, "", 0) && skim.missing == 0;
}

char *json_want_text(const struct json_want *want)
{
    bool plain = want->at != NULL && want->string && memchr(want->at, '\\', want->size) == NULL;
    return plain ? g_strndup(want->at, want->size) : NULL;
}

int64_t json_want_int(const struct json_want *want)
{
    int64_t number = 0;
    if (want->at == NULL || want->string || want->size > DIGITS_MAX)
        return -1;
    for (gsize i = 0; i < want->size; i++) {
        if (!g_ascii_isdigit(want->at[i]))
            return -1;
        number = number * 10 + g_ascii_digit_value(want->at[i]);
    }
    return number;
}

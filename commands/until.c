#include "commands/until.h"

#include "commands/understand/understand.h"

#include <string.h>

enum { NINE = 9 * 60, LEAD_MAX = 12 };

/* "2 weeks because …": the two words. */
static bool take_duration(const char *text, int *days, const char **behind)
{
    gsize number = strcspn(text, " "), blanks = strspn(text + number, " ");
    gsize length = number + blanks + strcspn(text + number + blanks, " ,.:;");
    g_autofree char *words = g_strndup(text, length);
    if (blanks == 0 || !duration_parse(words, days) || *days <= 0)
        return false;
    *behind = text + length;
    return true;
}

bool until_parse(struct context *ctx, const char *text, int64_t *until, const char **behind)
{
    GDate now = today(ctx), day = now;
    struct when when;
    const char *at = text, *end = NULL;
    int days = 0;
    if (g_str_has_prefix(at, "until "))
        at += strlen("until ");
    const char *length = g_str_has_prefix(at, "for ") ? at + strlen("for ") : at;
    if (take_duration(length, &days, &end)) {
        g_date_add_days(&day, (guint)days);
    } else if (when_find(at, &now, &when) && when.start - at <= LEAD_MAX) {
        g_autofree char *lead = g_strndup(at, (gsize)(when.start - at));
        if (*g_strstrip(lead) != '\0')
            return false;
        day = when.last;
        end = when.start + when.length;
    } else {
        return false;
    }
    *until = calendar_moment(&day, NINE, ctx->who.zone);
    if (*until <= ctx->now)
        return false;
    *behind = end + strspn(end, " ,.");
    return true;
}

#include "bot/base/crash.h"

#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

static struct {
    bool known;
    char *name; /* NULL: inert */
    guint64 left;
} plan;

static void read_plan(void)
{
    plan.known = true;
    const char *at = g_getenv("ASKWHY_CRASH_AT"), *sandbox = g_getenv("ASKWHY_SANDBOX");
    const char *colon = at != NULL ? strchr(at, ':') : NULL;
    if (colon == NULL || sandbox == NULL || *sandbox == '\0')
        return;
    if (g_ascii_string_to_unsigned(colon + 1, 10, 1, G_MAXUINT32, &plan.left, NULL))
        plan.name = g_strndup(at, (gsize)(colon - at));
}

void crash_point(const char *name)
{
    if (!plan.known)
        read_plan();
    if (plan.name == NULL || (strcmp(plan.name, name) != 0 && strcmp(plan.name, "any") != 0))
        return;
    if (--plan.left == 0)
        raise(SIGKILL);
}

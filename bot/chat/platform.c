#include "bot/chat/platform.h"

void chat_file_free(struct chat_file *file)
{
    if (file == NULL)
        return;
    g_free(file->name);
    g_free(file->data);
    g_free(file);
}

void verdict_done(struct verdict *verdict)
{
    g_free(verdict->message);
    g_free(verdict->channel);
    g_free(verdict->url);
    g_free(verdict->cursor);
    g_free(verdict->why);
    *verdict = (struct verdict){0};
}

void platform_status_done(struct platform_status *status)
{
    g_free(status->problem);
    g_free(status->self_user);
    g_free(status->workspace);
    *status = (struct platform_status){0};
}

void verdict_never_twice(struct verdict *verdict)
{
    if (verdict->kind != VERDICT_UNKNOWN)
        return;
    verdict->kind = VERDICT_FAILED;
    g_autofree char *why = verdict->why;
    verdict->why = g_strdup_printf("%s; it may have arrived and is not repeated", why);
}

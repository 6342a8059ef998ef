/* Mattermost's text notation: Markdown. Pure. */
#ifndef ASKWHY_SANDBOX_MATTERMOST_MARKDOWN_H
#define ASKWHY_SANDBOX_MATTERMOST_MARKDOWN_H

#include <glib.h>

/* What a person reads: no formatting characters, links as their label. Free with g_free(). */
char *markdown_to_plain(const char *text);

#endif

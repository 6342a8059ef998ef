/* What the encoders share about Mattermost's texts. Pure; any thread. Results are freed with g_free(). */
#ifndef ASKWHY_MATTERMOST_TEXT_H
#define ASKWHY_MATTERMOST_TEXT_H

#include "bot/mattermost/mattermost.h"

/* Rich text as Markdown of at most max characters, closed with "…" when cut; max is at least 1. */
char *mattermost_markdown_within(const char *rich, glong max, const struct mattermost_options *options);
/* The same as one line of plain text, where no Markdown is read. */
char *mattermost_line_within(const char *rich, glong max, const struct mattermost_options *options);
/* Rich text without control characters that are no markers of ours, and without overrides of the writing direction that
 * are not closed in their line: a cut, or a word taken from a text, may have left them so. Before anything is escaped, for
 * what is taken out afterwards brings together what was kept apart. */
char *mattermost_tidy(const char *rich);
/* Letters, digits and .-_ as user names and channels' names in addresses are written; at most 64. */
bool mattermost_is_handle(const char *text);

#endif

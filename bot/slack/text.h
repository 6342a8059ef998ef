/* What the encoders share about Slack's texts: lengths as Slack counts them, cuts that never
 * fall into an entity or a <…> token. Pure; any thread. All results are freed with g_free().
 */
#ifndef ASKWHY_SLACK_TEXT_H
#define ASKWHY_SLACK_TEXT_H

#include <glib.h>
#include <stdbool.h>

/* Length in UTF-16 units, the largest of the ways Slack might count characters. */
gsize slack_length(const char *text);
/* A plain text of at most max units, closed with "…" when cut; line ends become spaces when one_line. */
char *slack_cut(const char *text, gsize max, bool one_line);
/* mrkdwn in pieces of at most max units each, cut at line ends where possible; NULL-terminated, g_strfreev(). */
char **slack_split(const char *mrkdwn, gsize max);
/* The first such piece, closed with "…" when there was more. */
char *slack_cut_mrkdwn(const char *mrkdwn, gsize max);
/* A button's value as it travels, and as it was: nobody promises that control characters survive the way, and from
 * outside none is taken. */
char *slack_rich_to_value(const char *rich);
char *slack_value_to_rich(const char *value);
/* Takes out overrides of the writing direction that are not closed in their line, and what closes nothing: a cut, or a
 * word taken from a text, may have left them so. In place; returns text. */
char *slack_pair_bidi(char *text);
/* True when text may stand as an id in <@…>, in a key, in a marker: letters, digits and -_.: only, at most 128. */
bool slack_is_id(const char *text);

#endif

/* Slack's text notation, both ways. Pure.
 *
 * docs.slack.dev, "Formatting message text": & < > are escaped; mentions and links stand in <…>.
 */
#ifndef ASKWHY_SANDBOX_TEXT_H
#define ASKWHY_SANDBOX_TEXT_H

#include "bot/sandbox/workspace.h"

/* What a person typed, as Slack hands it on. labelled: <@U1|name> instead of <@U1> (slash-commands). */
char *text_from_typed(const struct workspace *workspace, const char *typed, bool labelled);
/* Bare addresses in an app's text become links, as Slack does on posting. */
char *text_link_addresses(const char *text);
/* What a person reads: mentions as @name, links as their label, no formatting characters. */
char *text_to_plain(const struct workspace *workspace, const char *text);
/* A text object of Block Kit as a person reads it; "" when it is none. */
char *text_object_plain(const struct workspace *workspace, const cJSON *object);

#endif

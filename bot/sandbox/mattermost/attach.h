/* Message attachments: as the server keeps them, as clients see them, as the page shows them. Pure.
 *
 * developers.mattermost.com, "Message attachments" and "Interactive messages"; server/public/model/slack_attachment.go.
 */
#ifndef ASKWHY_SANDBOX_MATTERMOST_ATTACH_H
#define ASKWHY_SANDBOX_MATTERMOST_ATTACH_H

#include "bot/base/json.h"

/* props as the server keeps them: every member of an attachment there, buttons without an id given one. NULL: {}.
 * Free with cJSON_Delete(). */
cJSON *attach_complete(const cJSON *props);
/* props as anybody else sees them: where a button leads is not told. */
cJSON *attach_stripped(const cJSON *props);
/* Characters of props as the server writes them, which its limit counts. */
glong attach_length(const cJSON *props);
/* The button or select with this id; NULL when there is none. */
const cJSON *attach_find(const cJSON *props, const char *id);
/* What the page shows: blocks.h. NULL when there are no attachments: the message alone. */
cJSON *attach_blocks(const char *message, const cJSON *props);
/* {"type":type,"text":text} */
cJSON *attach_text(const char *type, const char *text);

#endif

/* What an app wants to say, read from a method's arguments, a response or an acknowledgement. */
#ifndef ASKWHY_SANDBOX_CONTENT_H
#define ASKWHY_SANDBOX_CONTENT_H

#include "bot/sandbox/sandbox.h"

struct content {
    char *text;
    cJSON *blocks;   /* NULL: none given, or given empty */
    bool has_blocks; /* blocks were among the arguments */
    cJSON *metadata;
    bool has_metadata;
};

enum { TEXT_TRUNCATED = 40000, TEXT_UPDATE = 4000 };

/* A member that is JSON, or JSON within a string (form encoding). Free with cJSON_Delete(); NULL when absent;
 * *bad when it cannot be read. */
cJSON *content_json(const cJSON *args, const char *name, bool *bad);
/* NULL, or Slack's error code with what is wrong in errors. max_text: characters (TEXT_…). */
const char *content_read(const cJSON *args, glong max_text, struct content *content, GPtrArray *errors);
void content_done(struct content *content);
/* The content becomes the post's; content is empty afterwards, but for content_done(). */
void content_write(struct post *post, struct content *content);

#endif

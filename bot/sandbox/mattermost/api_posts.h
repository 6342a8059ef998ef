/* Posts made, changed and removed, by the API or by what the bot answered. */
#ifndef ASKWHY_SANDBOX_MATTERMOST_API_POSTS_H
#define ASKWHY_SANDBOX_MATTERMOST_API_POSTS_H

#include "bot/sandbox/sandbox.h"

struct pending_post {
    char *post;
    int64_t at_ms;
};
void pending_post_free(void *pending);

/* A post's words and props are replaced as a full update does it, and everybody is told. props NULL: they stay. */
void posts_rewrite(struct sandbox *sandbox, struct channel *channel, struct post *post, const char *message,
                   const cJSON *props);

#endif

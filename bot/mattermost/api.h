/* Inside the codec: api.c and search.c. Pure; any thread. */
#ifndef ASKWHY_MATTERMOST_API_H
#define ASKWHY_MATTERMOST_API_H

#include "bot/mattermost/mattermost.h"

struct mattermost_codec {
    struct codec base;
    struct mattermost_options options; /* its strings are the codec's own */
    const struct mattermost_self *self;
    int max_post;
    bool limited;
};
const struct mattermost_codec *mattermost_codec_of(const struct codec *codec);

/* A call of api/v4/path with body, which it frees; NULL for none. */
void mattermost_request(const struct mattermost_options *options, const char *method, const char *path, cJSON *body,
                        bool idempotent, struct rest_request *request);

bool mattermost_encode_search(const struct codec *base, const struct outgoing *out, const char *cursor,
                              struct rest_request *request);
void mattermost_decode_search(const struct codec *base, const struct outgoing *out,
                              const struct rest_response *response, struct verdict *verdict);

#endif

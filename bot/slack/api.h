/* Inside the codec: api.c, search.c and the adapter's own calls. Pure; any thread. */
#ifndef ASKWHY_SLACK_API_H
#define ASKWHY_SLACK_API_H

#include "bot/slack/slack.h"

#define SLACK_MARK "askwhy" /* metadata.event_type of everything askwhy posts */

struct slack_codec {
    struct codec base;
    char *api_url, *token;
    int posts_per_minute;
    rich_name_fn *name;
    void *name_data;
    const struct slack_self *self;
};
const struct slack_codec *slack_codec_of(const struct codec *codec);

/* name=value appended to a form-encoded body; NULL adds nothing. */
void slack_param(GString *body, const char *name, const char *value);
/* A call of method; takes body. */
void slack_request(const char *api_url, const char *token, const char *method, GString *body, bool idempotent,
                   struct rest_request *request);

bool slack_encode_search(const struct codec *base, const struct outgoing *out, const char *cursor,
                         struct rest_request *request);
void slack_decode_search(const struct codec *base, const struct outgoing *out, const struct rest_response *response,
                         struct verdict *verdict);
/* file.c: OUT_RESERVE, OUT_UPLOAD and OUT_FILE */
bool slack_encode_file(const struct slack_codec *codec, const struct outgoing *out, struct rest_request *request);
void slack_decode_file(const struct slack_codec *codec, const struct outgoing *out, const struct rest_response *response,
                       struct verdict *verdict);
/* Milliseconds as a ts, not before 0; g_free(). */
char *slack_ts_of(int64_t ms);

#endif

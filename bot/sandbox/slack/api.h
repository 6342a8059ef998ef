/* The Web API's methods: arguments in, answer out, no HTTP.
 *
 * docs.slack.dev, each method's page.
 */
#ifndef ASKWHY_SANDBOX_API_H
#define ASKWHY_SANDBOX_API_H

#include "bot/sandbox/sandbox.h"

struct api_call {
    struct sandbox *sandbox;
    const cJSON *args; /* an object; form-encoded values are strings */
    cJSON *answer;     /* members are added; "ok" is not theirs */
    GPtrArray *errors; /* char *, become response_metadata.messages */
};

/* NULL, or Slack's error code. */
typedef const char *api_method(struct api_call *call);

/* Arguments of either encoding. */
const char *api_text(const struct api_call *call, const char *name); /* "" when absent */
bool api_true(const struct api_call *call, const char *name);
int64_t api_int(const struct api_call *call, const char *name, int64_t fallback);
/* The conversation of an argument, also by a person's id; NULL and the error's code. */
struct channel *api_channel(const struct api_call *call, const char *name, const char **error);

struct api_entry {
    const char *name;
    api_method *method;
    bool form_only; /* reading methods take no JSON body */
};
/* Each ends with an entry without a name. */
extern const struct api_entry api_chat_methods[];
extern const struct api_entry api_conversation_methods[];
extern const struct api_entry api_people_methods[];
extern const struct api_entry api_view_methods[];
extern const struct api_entry api_file_methods[];
/* A user object; NULL: askwhy's own. */
cJSON *user_json(const struct person *person, bool with_locale);

/* One request. content_type and token may be NULL; bearer: the token came in the header.
 * Returns the answer, to be freed; http_status and retry_after (-1: none) for the reply's head;
 * NULL: no answer at all. */
cJSON *api_handle(struct sandbox *sandbox, const char *method, const char *token, const char *content_type,
                  const char *query, const char *body, gsize size, int *http_status, int *retry_after);
/* The x-oauth-scopes header's value. */
extern const char api_scopes[];

#endif

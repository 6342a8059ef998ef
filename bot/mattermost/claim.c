/* A dialog's channel is whatever a client sends (5.37 passes it on unseen): before askwhy says anything there, the
 * server is asked whether the person who sends the form is in it. A public channel is anybody's to ask in. */
#include "bot/mattermost/adapter.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/errors.h"

#include "bot/base/json.h"

enum { CLAIM_MS = 2000 }; /* the person looks at an open dialog meanwhile */

struct claim {
    struct mattermost *mattermost;
    struct event *event;
    int field;
};

static void claim_free(void *data)
{
    struct claim *claim = data;
    event_free(claim->event);
    g_free(claim);
}

static void refuse(struct claim *claim, enum platform_words what)
{
    struct mattermost *mattermost = claim->mattermost;
    g_autofree char *why = mattermost->given_words(what, claim->event->user, mattermost->given_data);
    struct form_value error = {.name = claim->event->fields[claim->field].name, .value = why};
    struct answer answer = {.errors = &error, .n_errors = 1};
    mattermost_listen_answer(mattermost->listen, claim->event, &answer);
}

static void answered(const struct rest_response *response, void *data)
{
    struct claim *claim = data;
    struct mattermost *mattermost = claim->mattermost;
    struct form_value *field = &claim->event->fields[claim->field];
    struct verdict verdict;
    g_autoptr(cJSON) member = mattermost_rest_answer("channels.members", response, &verdict);
    verdict_done(&verdict);
    bool said_no = response->outcome == REST_ANSWERED && (response->status == 403 || response->status == 404);
    bool in_it = g_strcmp0(json_str(member, "user_id"), claim->event->user) == 0 &&
                 g_strcmp0(json_str(member, "channel_id"), field->value) == 0;
    if (in_it || (said_no && mattermost_kind_of(mattermost, field->value) == CHANNEL_PUBLIC)) {
        field->claimed = false;
        mattermost_take_form(mattermost, g_steal_pointer(&claim->event));
    } else {
        refuse(claim, said_no ? WORDS_NOT_IN_CHANNEL : WORDS_CHANNEL_NOT_SEEN);
    }
    g_ptr_array_remove(mattermost->claims, claim);
}

void mattermost_take_form(struct mattermost *mattermost, struct event *event)
{
    int field = 0;
    while (field < event->n_fields && !event->fields[field].claimed)
        field++;
    if (field == event->n_fields) {
        mattermost_give(mattermost, event);
        return;
    }
    struct claim *claim = g_new0(struct claim, 1);
    *claim = (struct claim){.mattermost = mattermost, .event = event, .field = field};
    g_ptr_array_add(mattermost->claims, claim);
    g_autofree char *path = g_strdup_printf("channels/%s/members/%s", event->fields[field].value, event->user);
    struct rest_request request;
    mattermost_request(&mattermost->options, "GET", path, NULL, true, &request);
    request.timeout_ms = CLAIM_MS;
    rest_send(mattermost->rest, &request, answered, claim);
    rest_request_done(&request);
}

void mattermost_claims_begin(struct mattermost *mattermost)
{
    mattermost->claims = g_ptr_array_new_with_free_func(claim_free);
}

void mattermost_claims_end(struct mattermost *mattermost)
{
    for (guint i = 0; i < mattermost->claims->len; i++)
        rest_forget(mattermost->rest, mattermost->claims->pdata[i]);
    g_ptr_array_unref(mattermost->claims);
}

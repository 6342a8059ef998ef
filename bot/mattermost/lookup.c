/* What the adapter asks the REST API: people, channels, and whose a name behind @ is. */
#include "bot/mattermost/adapter.h"
#include "bot/mattermost/api.h"
#include "bot/mattermost/decode.h"
#include "bot/mattermost/errors.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"

#include <string.h>

enum {
    TRIES = 5,
    TOGETHER_MOST = 100, /* ids or names in one call */
    KINDS_MOST = 20000,
    NAMES_MS = 1000,     /* what comes over the WebSocket waits no longer for names */
    NAMES_FAIL_US = 10 * 1000 * 1000, /* and after that did not help, not at all */
};

/* ---- People ---- */

struct people {
    struct mattermost *mattermost;
    GPtrArray *ids;
};

static void people_ended(void *data)
{
    struct people *people = data;
    for (guint i = 0; i < people->ids->len; i++)
        g_hash_table_remove(people->mattermost->looked_up, people->ids->pdata[i]);
    g_ptr_array_unref(people->ids);
    g_free(people);
}

static void people_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct people *people = data;
    if (!cJSON_IsArray(answer)) {
        log_warning("mattermost.lookup", "people=%u why=\"%s\"", people->ids->len,
                    why != NULL ? why : "an answer without what was asked for");
        return;
    }
    const cJSON *user;
    cJSON_ArrayForEach(user, answer)
    {
        struct event *event = mattermost_decode_person(user, people->mattermost->names);
        if (event != NULL)
            mattermost_give(people->mattermost, event);
    }
}

/* Those asked for in one round of the loop are one call. */
static void gather_fired(void *data)
{
    struct mattermost *mattermost = data;
    struct people *people = g_new0(struct people, 1);
    people->mattermost = mattermost;
    people->ids = g_ptr_array_new_with_free_func(g_free);
    cJSON *body = json_array();
    while (mattermost->people->len > 0 && people->ids->len < TOGETHER_MOST) {
        char *id = g_ptr_array_steal_index(mattermost->people, 0);
        json_push_str(body, id);
        g_ptr_array_add(people->ids, id);
    }
    if (mattermost->people->len > 0)
        loop_timer_set_ms(mattermost->gather, 0);
    struct lane_call call = {
        .method = "users.ids", .tries = TRIES, .answered = people_came, .ended = people_ended, .data = people};
    mattermost_lane_add(mattermost, mattermost->lookups, &call, "POST", "users/ids", body);
}

static bool may_look_up(struct mattermost *mattermost, const char *id)
{
    return !mattermost->stopping && id != NULL && mattermost_is_id(id) &&
           g_hash_table_add(mattermost->looked_up, g_strdup(id));
}

void mattermost_look_up_person(struct platform *platform, const char *user)
{
    struct mattermost *mattermost = (struct mattermost *)platform;
    if (!may_look_up(mattermost, user))
        return;
    if (mattermost->people->len == 0)
        loop_timer_set_ms(mattermost->gather, 0);
    g_ptr_array_add(mattermost->people, g_strdup(user));
}

const char *mattermost_name_of(const char *id, void *data)
{
    struct mattermost *mattermost = data;
    const char *name = mattermost->given_name != NULL ? mattermost->given_name(id, mattermost->given_data) : NULL;
    if (name == NULL)
        name = names_name(mattermost->names, id);
    if (name == NULL)
        mattermost_look_up_person(&mattermost->base, id);
    return name;
}

const char *mattermost_handle_of(const char *id, void *data)
{
    struct mattermost *mattermost = data;
    const char *handle = mattermost->given_handle != NULL ? mattermost->given_handle(id, mattermost->given_data) : NULL;
    if (handle == NULL)
        handle = names_handle(mattermost->names, id);
    if (handle == NULL)
        mattermost_look_up_person(&mattermost->base, id);
    return handle;
}

/* ---- Channels ---- */

struct look_up {
    struct mattermost *mattermost;
    char *id;
};

static void look_up_ended(void *data)
{
    struct look_up *look_up = data;
    g_hash_table_remove(look_up->mattermost->looked_up, look_up->id);
    g_free(look_up->id);
    g_free(look_up);
}

static void channel_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    (void)response;
    struct look_up *look_up = data;
    struct event *event = answer != NULL ? mattermost_decode_channel(answer) : NULL;
    if (event == NULL) {
        log_warning("mattermost.lookup", "id=%s why=\"%s\"", look_up->id,
                    why != NULL ? why : "an answer without what was asked for");
        return;
    }
    mattermost_note_kind(look_up->mattermost, event->channel, event->channel_kind);
    mattermost_give(look_up->mattermost, event);
}

void mattermost_look_up_channel(struct platform *platform, const char *channel)
{
    struct mattermost *mattermost = (struct mattermost *)platform;
    if (!may_look_up(mattermost, channel))
        return;
    struct look_up *look_up = g_new0(struct look_up, 1);
    *look_up = (struct look_up){.mattermost = mattermost, .id = g_strdup(channel)};
    struct lane_call call = {
        .method = "channels.get", .tries = TRIES, .answered = channel_came, .ended = look_up_ended, .data = look_up};
    g_autofree char *path = g_strconcat("channels/", channel, NULL);
    mattermost_lane_add(mattermost, mattermost->lookups, &call, "GET", path, NULL);
}

/* ---- Who administers a channel ---- */

struct rights {
    struct mattermost *mattermost;
    char *user, *channel, *team; /* team: to be asked next; NULL: it was, or there is none */
    bool told;
};

static void ask_rights(struct rights *rights, const char *path_of, const char *id);

static void rights_free(struct rights *rights)
{
    g_free(rights->user);
    g_free(rights->channel);
    g_free(rights->team);
    g_free(rights);
}

static void rights_ended(void *data)
{
    struct rights *rights = data;
    g_autofree char *team = g_steal_pointer(&rights->team);
    if (rights->told || team == NULL || rights->mattermost->stopping)
        rights_free(rights);
    else
        ask_rights(rights, "teams", team);
}

/* A member of a channel or of a team; not to be one is an answer as good as any. */
static void rights_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    struct rights *rights = data;
    bool told = answer != NULL || response->status == 403 || response->status == 404;
    bool admin = answer != NULL && (json_true(answer, "scheme_admin") ||
                                    mattermost_has_word(json_str0(answer, "roles"), "channel_admin") ||
                                    mattermost_has_word(json_str0(answer, "roles"), "team_admin"));
    if (!told)
        log_warning("mattermost.lookup", "member=%s why=\"%s\"", rights->user, why != NULL ? why : "");
    if (!told || (!admin && rights->team != NULL))
        return;
    struct event *event = event_new(EVENT_MEMBER, "mattermost");
    event->user = g_strdup(rights->user);
    event->channel = g_strdup(rights->channel);
    event->profile.admin = admin;
    rights->told = true;
    mattermost_give(rights->mattermost, event);
}

static void ask_rights(struct rights *rights, const char *path_of, const char *id)
{
    struct lane_call call = {
        .method = "members.get", .tries = 1, .answered = rights_came, .ended = rights_ended, .data = rights};
    g_autofree char *path = g_strdup_printf("%s/%s/members/%s", path_of, id, rights->user);
    mattermost_lane_add(rights->mattermost, rights->mattermost->lookups, &call, "GET", path, NULL);
}

void mattermost_look_up_member(struct platform *platform, const char *user, const char *channel, const char *workspace)
{
    struct mattermost *mattermost = (struct mattermost *)platform;
    if (mattermost->stopping || !mattermost_is_id(user) || !mattermost_is_id(channel))
        return;
    struct rights *rights = g_new0(struct rights, 1);
    rights->mattermost = mattermost;
    rights->user = g_strdup(user);
    rights->channel = g_strdup(channel);
    rights->team = workspace != NULL && mattermost_is_id(workspace) ? g_strdup(workspace) : NULL;
    ask_rights(rights, "channels", channel);
}

/* ---- Roles ---- */

/* Who has it is told by people's own profiles; here alone that there is such a role. */
static void role_came(const cJSON *answer, const char *why, const struct rest_response *response, void *data)
{
    struct look_up *look_up = data;
    struct event *event = event_new(EVENT_GROUP, "mattermost");
    event->sought = g_strdup(look_up->id);
    if (answer != NULL && strcmp(json_str0(answer, "name"), look_up->id) == 0) {
        event->group = g_strdup(look_up->id);
        event->group_name = g_strdup(look_up->id);
    } else if (answer == NULL && response->status == 404) {
        event->group = g_strdup("");
    } else {
        event->text = rich_clean(why != NULL ? why : "roles.name: an answer without what was asked for");
        log_warning("mattermost.lookup", "role=%s why=\"%s\"", look_up->id, event->text);
    }
    mattermost_give(look_up->mattermost, event);
}

static void give_no_role(struct mattermost *mattermost, const char *sought)
{
    struct event *event = event_new(EVENT_GROUP, "mattermost");
    event->sought = g_strdup(sought);
    event->group = g_strdup("");
    mattermost_give(mattermost, event);
}

void mattermost_look_up_role(struct platform *platform, const char *sought)
{
    struct mattermost *mattermost = (struct mattermost *)platform;
    if (mattermost->stopping)
        return;
    /* Those within a team or channel are not an account's. */
    if (!mattermost_is_role(sought) || g_str_has_prefix(sought, "team_") || g_str_has_prefix(sought, "channel_")) {
        give_no_role(mattermost, sought);
        return;
    }
    if (!g_hash_table_add(mattermost->looked_up, g_strdup(sought)))
        return;
    struct look_up *look_up = g_new0(struct look_up, 1);
    *look_up = (struct look_up){.mattermost = mattermost, .id = g_strdup(sought)};
    struct lane_call call = {
        .method = "roles.name", .tries = TRIES, .answered = role_came, .ended = look_up_ended, .data = look_up};
    g_autofree char *path = g_strconcat("roles/name/", sought, NULL);
    mattermost_lane_add(mattermost, mattermost->lookups, &call, "GET", path, NULL);
}

void mattermost_note_kind(struct mattermost *mattermost, const char *channel, enum channel_kind kind)
{
    if (channel == NULL || kind == CHANNEL_UNKNOWN)
        return;
    if (g_hash_table_size(mattermost->kinds) >= KINDS_MOST)
        g_hash_table_remove_all(mattermost->kinds);
    g_hash_table_replace(mattermost->kinds, g_strdup(channel), GINT_TO_POINTER(kind));
}

enum channel_kind mattermost_kind_of(struct mattermost *mattermost, const char *channel)
{
    return (enum channel_kind)GPOINTER_TO_INT(g_hash_table_lookup(mattermost->kinds, channel));
}

/* ---- Names behind @ ---- */

cJSON *mattermost_names_body(const GPtrArray *names)
{
    cJSON *body = json_array();
    for (guint i = 0; i < names->len && i < TOGETHER_MOST; i++)
        json_push_str(body, names->pdata[i]);
    return body;
}

void mattermost_names_learn(struct mattermost *mattermost, const cJSON *answer, const GPtrArray *names)
{
    const cJSON *user;
    cJSON_ArrayForEach(user, answer)
    {
        struct event *event = mattermost_decode_person(user, mattermost->names);
        if (event != NULL)
            mattermost_give(mattermost, event);
    }
    for (guint i = 0; i < names->len && i < TOGETHER_MOST; i++) {
        if (names_find(mattermost->names, names->pdata[i]) == NULL)
            names_learn_nobody(mattermost->names, names->pdata[i]);
    }
}

static void names_came(const struct rest_response *response, void *data)
{
    struct mattermost *mattermost = data;
    g_autoptr(GPtrArray) names = g_steal_pointer(&mattermost->asked_names);
    struct verdict verdict;
    g_autoptr(cJSON) answer = mattermost_rest_answer("users.usernames", response, &verdict);
    if (answer != NULL) {
        mattermost_names_learn(mattermost, answer, names);
    } else {
        mattermost->names_fail_until_us = clock_monotonic_us() + NAMES_FAIL_US;
        log_warning("mattermost.lookup", "names=%u why=\"%s\" note=\"these names are taken as words\"", names->len, verdict.why);
        if (response->status == 401)
            mattermost_doubt(mattermost);
    }
    verdict_done(&verdict);
    mattermost->names_known = true;
    mattermost_socket_go_on(mattermost->socket);
}

bool mattermost_names_ready(struct mattermost *mattermost, const char *text)
{
    if (mattermost->names_known || clock_monotonic_us() < mattermost->names_fail_until_us) {
        mattermost->names_known = false;
        return true;
    }
    if (mattermost->asked_names != NULL)
        return false;
    g_autoptr(GPtrArray) names = mattermost_unknown_names(text, mattermost->names);
    if (names->len == 0)
        return true;
    mattermost->asked_names = g_steal_pointer(&names);
    struct rest_request request;
    mattermost_request(&mattermost->options, "POST", "users/usernames", mattermost_names_body(mattermost->asked_names), true,
                       &request);
    request.timeout_ms = NAMES_MS;
    rest_send(mattermost->rest, &request, names_came, mattermost);
    rest_request_done(&request);
    return false;
}

/* ---- Beginning and end ---- */

void mattermost_lookup_begin(struct mattermost *mattermost)
{
    mattermost->looked_up = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    mattermost->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    mattermost->people = g_ptr_array_new_with_free_func(g_free);
    mattermost->gather = loop_timer_new(mattermost->loop, gather_fired, mattermost);
}

void mattermost_lookup_stop(struct mattermost *mattermost)
{
    loop_timer_clear(mattermost->gather);
    rest_forget(mattermost->rest, mattermost);
    g_clear_pointer(&mattermost->asked_names, g_ptr_array_unref);
}

void mattermost_lookup_end(struct mattermost *mattermost)
{
    g_hash_table_destroy(mattermost->looked_up);
    g_hash_table_destroy(mattermost->kinds);
    g_ptr_array_unref(mattermost->people);
    loop_timer_free(mattermost->gather);
}

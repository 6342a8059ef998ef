/* Error ids and statuses of the REST API (the server's i18n/en.json and api4; developers.mattermost.com/api-documentation).
 * The status says most; an id, where it says more. */
#include "bot/mattermost/errors.h"

#include "bot/base/json.h"

#include <string.h>

static const char TOKEN[] = "make a new token for askwhy's bot account and put it into MATTERMOST_TOKEN";
static const char MEMBER[] = "invite askwhy to the channel: /invite @askwhy";
static const char GONE[] = "nothing to do: it is no longer there";
static const char LATE[] = "the person has to press again; forms open within seconds only";
static const char ADMIN[] = "ask a system administrator to allow it";
static const char BUG[] = "askwhy built a request Mattermost refuses: please report it";

static const struct {
    const char *id; /* or its beginning, where it ends in a point */
    enum verdict_kind kind;
    const char *advice;
} errors[] = {
    /* The same post is being created by an earlier request. */
    {"api.post.deduplicate_create_post.pending", VERDICT_RETRY, NULL},
    /* It was created by an earlier request, and deleted since. */
    {"api.post.deduplicate_create_post.failed_to_get", VERDICT_GONE, GONE},

    {"api.context.session_expired.app_error", VERDICT_STOPPED, TOKEN},
    {"api.context.token_provided.app_error", VERDICT_STOPPED, TOKEN},
    {"api.context.mfa_required.app_error", VERDICT_STOPPED, "exempt the bot account from multi-factor authentication"},
    {"api.context.permissions.app_error", VERDICT_FAILED, MEMBER},

    {"api.post.create_post.root_id.app_error", VERDICT_ROOT_GONE, "the thread's first post was deleted"},
    {"api.post.create_post.channel_root_id.app_error", VERDICT_FAILED, "the thread's first post was moved elsewhere"},
    {"api.post.create_post.can_not_post_to_deleted.error", VERDICT_FAILED,
     "the channel is archived; unarchive it to go on there"},
    {"api.post.create_post.town_square_read_only", VERDICT_FAILED, "only administrators may post there"},
    {"api.post.patch_post.can_not_update_post_in_deleted.error", VERDICT_FAILED,
     "the channel is archived; unarchive it to go on there"},
    {"api.post.update_post.permissions_time_limit.app_error", VERDICT_FAILED,
     "the server forbids late edits: set PostEditTimeLimit to -1"},
    {"api.post.update_post.permissions_details.app_error", VERDICT_FAILED, GONE},
    {"api.post.update_post.find.app_error", VERDICT_GONE, GONE},
    {"app.post.get.app_error", VERDICT_GONE, GONE},
    {"model.post.is_valid.", VERDICT_FAILED, BUG},

    {"api.file.attachments.disabled.app_error", VERDICT_FAILED, "turn EnableFileAttachments on in the server's settings"},

    {"api.reaction.save.archived_channel.app_error", VERDICT_FAILED, "the channel is archived"},
    {"api.emoji.", VERDICT_FAILED, "the server has no such emoji"},

    {"interactive_message.decode_trigger_id.", VERDICT_FAILED, LATE},
    {"interactive_message.generate_trigger_id.", VERDICT_FAILED, LATE},
    {"app.command_webhook.", VERDICT_FAILED, "such an address works five times within 30 minutes"},

    {"api.channel.add_user.to.channel.failed.app_error", VERDICT_FAILED, MEMBER},
    {"api.channel.add_user_to_channel.type.app_error", VERDICT_FAILED,
     "nobody can be added to a group message; begin one with askwhy in it"},
    {"api.channel.add_members.user_denied", VERDICT_FAILED, "the channel is for members of groups alone; add askwhy to one"},
    {"api.user.add_user_to_group_failed.app_error", VERDICT_FAILED, ADMIN},
    {"app.channel.create_direct_channel.", VERDICT_FAILED, "the server allows no direct messages to this person"},

    {"api.command.disabled.app_error", VERDICT_FAILED, "turn EnableCommands on in the server's settings"},
    {"api.bot.create_disabled", VERDICT_FAILED, "turn EnableBotAccountCreation on in the server's settings"},
};

static gsize index_of(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(errors); i++) {
        const char *known = errors[i].id;
        if (g_str_has_suffix(known, ".") ? g_str_has_prefix(id, known) : strcmp(id, known) == 0)
            return i;
    }
    return G_N_ELEMENTS(errors);
}

const char *mattermost_error_advice(const char *id)
{
    gsize i = id != NULL ? index_of(id) : G_N_ELEMENTS(errors);
    return i < G_N_ELEMENTS(errors) ? errors[i].advice : NULL;
}

/* An error's id as the server writes them; anything else is not shown. */
static const char *error_id(const cJSON *answer)
{
    const char *id = json_str0(answer, "id");
    gsize size = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
    return size > 0 && size <= 120 && id[size] == '\0' ? id : "";
}

static enum verdict_kind kind_of_status(int status, const char **advice)
{
    switch (status) {
    case 401:
        *advice = TOKEN;
        return VERDICT_STOPPED;
    case 403:
        *advice = MEMBER;
        return VERDICT_FAILED;
    case 404:
        *advice = GONE;
        return VERDICT_FAILED;
    case 400:
    case 413:
        *advice = BUG;
        return VERDICT_FAILED;
    case 429:
        return VERDICT_RETRY;
    case 501:
        *advice = "it is turned off in the server's settings";
        return VERDICT_FAILED;
    default:
        if (status >= 500 || status == 408 || (status >= 200 && status < 300))
            return VERDICT_UNKNOWN;
        /* Neither success nor one of its errors: another server, or a proxy, on the way. */
        *advice = "check MATTERMOST_URL and the proxy settings";
        return VERDICT_STOPPED;
    }
}

static void sort(const char *method, const struct rest_response *response, const cJSON *answer, struct verdict *verdict)
{
    const char *id = error_id(answer), *advice = NULL;
    int status = response->status;
    gsize known = index_of(id);
    verdict->kind = kind_of_status(status, &advice);
    /* Without its JSON a 404 is not the server's: its address is wrong. */
    if (*id == '\0' && (status == 404 || status == 403)) {
        verdict->kind = VERDICT_STOPPED;
        advice = "check MATTERMOST_URL and the proxy settings";
    }
    /* An id alone does not make of a server's trouble something else, but for what comes as such and is none. */
    if (known < G_N_ELEMENTS(errors) && (status < 500 || g_str_has_prefix(id, "api.post.deduplicate"))) {
        verdict->kind = errors[known].kind;
        advice = errors[known].advice;
    }
    /* The server says the same of what is not there. */
    if (advice == MEMBER && strcmp(method, "posts.patch") == 0)
        advice = "the post was deleted, or askwhy removed from the channel";
    g_autofree char *said = *id != '\0' ? g_strdup(id) : g_strdup_printf("HTTP status %d", status);
    verdict->why = g_strdup_printf("%s: %s%s%s", method, said, advice != NULL ? "; " : "", advice != NULL ? advice : "");
    if (verdict->kind != VERDICT_RETRY)
        return;
    /* Of two waits the longer one: a request before its end would only be refused, too. */
    int64_t wait_s = MAX(response->retry_after_s, response->reset_after_s > 0 && status == 429 ? response->reset_after_s : -1);
    if (wait_s >= 0)
        verdict->retry_after_ms = MAX(MIN(wait_s, 86400) * 1000, 1000);
    else
        verdict->retry_after_ms = status == 429 ? 5000 : 1000;
}

cJSON *mattermost_rest_answer(const char *method, const struct rest_response *response, struct verdict *verdict)
{
    *verdict = (struct verdict){.kind = VERDICT_UNKNOWN};
    if (response->outcome != REST_ANSWERED) {
        verdict->kind = response->outcome == REST_NOT_SENT ? VERDICT_RETRY : VERDICT_UNKNOWN;
        verdict->why = g_strdup_printf("%s: %s", method, response->error != NULL ? response->error : "no answer");
        return NULL;
    }
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, NULL);
    bool good = response->status == 200 || response->status == 201;
    if (good && answer != NULL)
        return g_steal_pointer(&answer);
    sort(method, response, answer, verdict);
    return NULL;
}

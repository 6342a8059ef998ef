/* Error codes of the Web API (docs.slack.dev, each method's list of errors). */
#include "bot/slack/errors.h"

#include "bot/base/json.h"

#include <string.h>

static const char INVITE[] = "invite askwhy to the channel: /invite @askwhy";
static const char NEW_TOKEN[] = "reinstall the app and put its new bot token into SLACK_BOT_TOKEN";
static const char ADMIN[] = "ask an administrator of the workspace to allow it";
static const char GONE[] = "nothing to do: it is no longer there";
static const char LATE[] = "the person has to press again; forms must open within 3 seconds";
static const char BUG[] = "askwhy built a request Slack refuses: please report it";

static const struct {
    const char *code;
    enum verdict_kind kind;
    const char *advice;
} errors[] = {
    {"already_reacted", VERDICT_SENT, NULL},
    {"duplicate_external_id", VERDICT_SENT, NULL},
    {"already_in_channel", VERDICT_SENT, NULL},

    {"not_authed", VERDICT_STOPPED, NEW_TOKEN},
    {"invalid_auth", VERDICT_STOPPED, NEW_TOKEN},
    {"account_inactive", VERDICT_STOPPED, NEW_TOKEN},
    {"token_revoked", VERDICT_STOPPED, NEW_TOKEN},
    {"token_expired", VERDICT_STOPPED, "turn token rotation off for the app, then reinstall it"},
    {"not_allowed_token_type", VERDICT_STOPPED, "SLACK_BOT_TOKEN must be a bot token (xoxb-)"},
    {"missing_scope", VERDICT_STOPPED, "add it to the app's bot token scopes and reinstall the app"},
    {"no_permission", VERDICT_STOPPED, INVITE},
    {"org_login_required", VERDICT_STOPPED,
     "the workspace is being moved to an organisation; wait for its end"},
    {"ekm_access_denied", VERDICT_STOPPED, ADMIN},
    {"access_denied", VERDICT_STOPPED, ADMIN},
    {"accesslimited", VERDICT_STOPPED, ADMIN},
    {"two_factor_setup_required", VERDICT_STOPPED, ADMIN},
    {"team_access_not_granted", VERDICT_STOPPED, ADMIN},
    {"enterprise_is_restricted", VERDICT_STOPPED, ADMIN},
    {"method_deprecated", VERDICT_STOPPED, "update askwhy"},
    {"deprecated_endpoint", VERDICT_STOPPED, "update askwhy"},
    {"user_removed_from_team", VERDICT_STOPPED, NEW_TOKEN},
    {"team_disabled", VERDICT_STOPPED, ADMIN},
    {"unknown_method", VERDICT_STOPPED, "check SLACK_API_URL"},

    {"channel_not_found", VERDICT_FAILED, INVITE},
    {"not_in_channel", VERDICT_FAILED, INVITE},
    {"is_archived", VERDICT_FAILED, "the channel is archived; unarchive it to go on there"},
    {"is_inactive", VERDICT_FAILED, "the channel is frozen by an administrator"},
    {"plan_upgrade_required", VERDICT_FAILED, "user groups are not part of the workspace's plan"},
    {"no_such_subteam", VERDICT_FAILED, GONE},
    {"message_not_found", VERDICT_GONE, GONE},
    {"thread_not_found", VERDICT_ROOT_GONE, "the thread's first message was deleted"},
    {"cant_update_message", VERDICT_FAILED, GONE},
    {"cant_delete_message", VERDICT_FAILED, GONE},
    {"edit_window_closed", VERDICT_FAILED, "the workspace forbids late edits: ask an administrator"},
    {"no_text", VERDICT_FAILED, BUG},
    {"msg_too_long", VERDICT_FAILED, BUG},
    {"msg_blocks_too_long", VERDICT_FAILED, BUG},
    {"invalid_blocks", VERDICT_FAILED, BUG},
    {"invalid_blocks_format", VERDICT_FAILED, BUG},
    {"invalid_attachments", VERDICT_FAILED, BUG},
    {"too_many_attachments", VERDICT_FAILED, BUG},
    {"attachment_payload_limit_exceeded", VERDICT_FAILED, BUG},
    {"invalid_arguments", VERDICT_FAILED, BUG},
    {"invalid_arg_name", VERDICT_FAILED, BUG},
    {"invalid_array_arg", VERDICT_FAILED, BUG},
    {"invalid_charset", VERDICT_FAILED, BUG},
    {"invalid_form_data", VERDICT_FAILED, BUG},
    {"invalid_post_type", VERDICT_FAILED, BUG},
    {"missing_post_type", VERDICT_FAILED, BUG},
    {"invalid_json", VERDICT_FAILED, BUG},
    {"json_not_object", VERDICT_FAILED, BUG},
    {"cannot_reply_to_message", VERDICT_FAILED, GONE},
    {"markdown_text_conflict", VERDICT_FAILED, BUG},
    {"metadata_too_large", VERDICT_FAILED, BUG},
    {"invalid_metadata_format", VERDICT_FAILED, BUG},
    {"invalid_metadata_schema", VERDICT_FAILED, BUG},
    {"metadata_must_be_sent_from_app", VERDICT_FAILED, BUG},
    {"messages_tab_disabled", VERDICT_FAILED, "turn the Messages tab on in the app's App Home settings"},
    {"user_not_in_channel", VERDICT_FAILED, "private answers reach members of the channel only"},
    {"user_not_found", VERDICT_FAILED, GONE},
    {"user_not_visible", VERDICT_FAILED, GONE},
    {"user_disabled", VERDICT_FAILED, GONE},
    {"cannot_dm_bot", VERDICT_FAILED, NULL},
    {"no_reaction", VERDICT_FAILED, GONE},
    {"invalid_name", VERDICT_FAILED, "the workspace has no such emoji"},
    {"too_many_emoji", VERDICT_FAILED, NULL},
    {"too_many_reactions", VERDICT_FAILED, NULL},
    {"not_reactable", VERDICT_FAILED, NULL},
    {"thread_locked", VERDICT_FAILED, "the thread is locked; unlock it to go on there"},
    {"bad_timestamp", VERDICT_FAILED, BUG},
    {"expired_trigger_id", VERDICT_FAILED, LATE},
    {"exchanged_trigger_id", VERDICT_FAILED, LATE},
    {"invalid_trigger_id", VERDICT_FAILED, LATE},
    {"view_too_large", VERDICT_FAILED, BUG},
    {"push_limit_reached", VERDICT_FAILED, BUG},
    {"not_found", VERDICT_FAILED, GONE},
    {"not_enabled", VERDICT_FAILED, "turn the Home tab on in the app's App Home settings"},
    {"block_mismatch", VERDICT_FAILED, BUG},
    {"method_not_supported_for_channel_type", VERDICT_FAILED,
     "only public channels can be joined; invite askwhy"},
    {"file_not_found", VERDICT_GONE, GONE},
    {"file_deleted", VERDICT_GONE, GONE},
    {"file_uploads_disabled", VERDICT_FAILED, ADMIN},
    {"file_uploads_except_images_disabled", VERDICT_FAILED, ADMIN},
    {"file_type_not_allowed", VERDICT_FAILED, ADMIN},
    {"file_upload_size_restricted", VERDICT_FAILED, ADMIN},
    {"storage_limit_reached", VERDICT_FAILED, ADMIN},

    {"hash_conflict", VERDICT_RETRY, NULL},
    {"invalid_cursor", VERDICT_RETRY, NULL},
    {"ratelimited", VERDICT_RETRY, NULL},
    {"rate_limited", VERDICT_RETRY, NULL},
    {"message_limit_exceeded", VERDICT_RETRY, "the workspace's limit of messages is reached"},
    {"request_timeout", VERDICT_RETRY, NULL},
    {"team_added_to_org", VERDICT_RETRY, NULL},
    {"external_channel_migrating", VERDICT_RETRY, NULL},
    {"update_failed", VERDICT_RETRY, NULL},
    {"streaming_state_conflict", VERDICT_RETRY, NULL},

    /* "Some aspect of the operation may have succeeded." */
    {"internal_error", VERDICT_UNKNOWN, NULL},
    {"fatal_error", VERDICT_UNKNOWN, NULL},
    {"service_unavailable", VERDICT_UNKNOWN, NULL},
};

enum verdict_kind slack_error_kind(const char *code)
{
    for (gsize i = 0; code != NULL && i < G_N_ELEMENTS(errors); i++) {
        if (strcmp(code, errors[i].code) == 0)
            return errors[i].kind;
    }
    return VERDICT_FAILED;
}

const char *slack_error_advice(const char *code)
{
    for (gsize i = 0; code != NULL && i < G_N_ELEMENTS(errors); i++) {
        if (strcmp(code, errors[i].code) == 0)
            return errors[i].advice;
    }
    return code != NULL && g_str_has_prefix(code, "restricted_action") ? ADMIN : NULL;
}

/* An error code as Slack writes them; anything else is not shown. */
static const char *error_code(const cJSON *answer)
{
    const char *code = json_str0(answer, "error");
    gsize size = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return size > 0 && size <= 80 && code[size] == '\0' ? code : "unknown_error";
}

static void sort_error(const char *method, const cJSON *answer, struct verdict *verdict)
{
    const char *code = error_code(answer), *advice = slack_error_advice(code);
    verdict->kind = slack_error_kind(code);
    GString *why = g_string_new(NULL);
    g_string_append_printf(why, "%s: %s", method, code);
    const char *needed = json_str0(answer, "needed");
    gsize size = strspn(needed, "abcdefghijklmnopqrstuvwxyz.:_,-");
    if (size > 0 && size <= 200 && needed[size] == '\0')
        g_string_append_printf(why, " (needs %s)", needed);
    if (advice != NULL)
        g_string_append_printf(why, "; %s", advice);
    verdict->why = g_string_free(why, FALSE);
}

static void sort_status(const char *method, const struct rest_response *response, struct verdict *verdict)
{
    int status = response->status;
    const char *advice = "";
    if (status == 429) {
        verdict->kind = VERDICT_RETRY;
    } else if (status >= 500 || status == 408 || (status >= 200 && status < 300)) {
        verdict->kind = VERDICT_UNKNOWN;
    } else if (status == 413) {
        verdict->kind = VERDICT_FAILED;
    } else {
        /* Slack itself answers 200; this is another server, or a proxy, on the way. */
        verdict->kind = VERDICT_STOPPED;
        advice = "; check SLACK_API_URL and the proxy settings";
    }
    verdict->why = g_strdup_printf("%s: HTTP status %d%s", method, status, advice);
}

cJSON *slack_answer(const char *method, const struct rest_response *response, struct verdict *verdict)
{
    *verdict = (struct verdict){.kind = VERDICT_UNKNOWN};
    if (response->outcome != REST_ANSWERED) {
        verdict->kind = response->outcome == REST_NOT_SENT ? VERDICT_RETRY : VERDICT_UNKNOWN;
        verdict->why =
            g_strdup_printf("%s: %s", method, response->error != NULL ? response->error : "no answer");
        return NULL;
    }
    g_autoptr(cJSON) answer = json_parse(response->body, response->body_size, NULL);
    const cJSON *ok = json_get(answer, "ok");
    if (response->status == 200 && cJSON_IsTrue(ok))
        return g_steal_pointer(&answer);
    if (response->status < 500 && response->status != 429 && cJSON_IsFalse(ok))
        sort_error(method, answer, verdict);
    else
        sort_status(method, response, verdict);
    if (verdict->kind == VERDICT_RETRY && response->retry_after_s >= 0)
        verdict->retry_after_ms = MIN(response->retry_after_s, 86400) * 1000;
    else if (verdict->kind == VERDICT_RETRY && response->status == 429)
        verdict->retry_after_ms = 30000; /* Slack did not say; its own clients wait as long */
    return NULL;
}

/* What travels back in the answer to a callback. Mattermost wants HTTP status 200 and JSON, never an empty body.
 *
 * A pressed button's post is not changed in the answer: an "update" is laid over what the post was before it was
 * pressed, and is refused for a post that only one person sees (tried with 5.37). */
#include "bot/mattermost/decode.h"

#include <string.h>

/* Private answers are not stored, so the limit of a post is not theirs; an answer may have a megabyte. */
enum { ANSWER_MAX = 100000, CARRIED_MAX = 40000 };

/* Private Markdown and, for its buttons, attachments, under these names. */
static void put_private(cJSON *body, const char *text, const char *attachments, const struct event *event,
                        const struct message *message, const struct mattermost_options *options)
{
    g_autoptr(cJSON) post = json_object();
    mattermost_put_post(post, message, event->channel, NULL, ANSWER_MAX, options);
    json_put(body, text, cJSON_CreateString(json_str0(post, "message")));
    g_autoptr(cJSON) props = cJSON_DetachItemFromObjectCaseSensitive(post, "props");
    cJSON *found = cJSON_DetachItemFromObjectCaseSensitive(props, "attachments");
    if (attachments != NULL && cJSON_GetArraySize(found) > 0)
        json_put(body, attachments, found);
    else
        cJSON_Delete(found);
    /* Else what looks like Slack's notation in it would be made links and names. */
    json_put_bool(body, "skip_slack_parsing", true);
}

/* ---- Dialogs ---- */

/* Nothing closes the dialog; what is wrong with a field is shown below it, as plain text. */
static void answer_form(cJSON *body, const struct answer *answer, const struct mattermost_options *options)
{
    if (answer->n_errors == 0)
        return;
    cJSON *errors = json_object();
    for (int i = 0; i < answer->n_errors; i++) {
        const struct form_value *error = &answer->errors[i];
        g_autofree char *text = mattermost_rich_to_plain(error->value != NULL ? error->value : "", options);
        if (json_get(errors, error->name) == NULL)
            json_put(errors, error->name, cJSON_CreateString(*text != '\0' ? text : "?"));
    }
    json_put(body, "errors", errors);
}

char *mattermost_answer(const struct event *event, const struct answer *answer,
                        const struct mattermost_options *options)
{
    static const struct answer nothing = {0};
    g_autoptr(cJSON) body = json_object();
    if (answer == NULL)
        answer = &nothing;
    if (event->kind == EVENT_COMMAND)
        json_put_str(body, "response_type", "ephemeral"); /* alone it shows nothing */
    if (event->kind == EVENT_COMMAND && answer->message != NULL)
        put_private(body, "text", "attachments", event, answer->message, options);
    else if (event->kind == EVENT_BUTTON && answer->message != NULL)
        put_private(body, "ephemeral_text", NULL, event, answer->message, options);
    else if (event->kind == EVENT_FORM)
        answer_form(body, answer, options);
    return json_text(body);
}

bool mattermost_carries(const struct event *event, const struct message *message)
{
    if (event->kind != EVENT_COMMAND && event->kind != EVENT_BUTTON)
        return false;
    glong length = g_utf8_strlen(message->fallback != NULL ? message->fallback : "", -1);
    bool buttons = false;
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        length += part->text != NULL ? g_utf8_strlen(part->text, -1) + 2 : 0;
        buttons = buttons || part->n_buttons > 0;
    }
    return length <= CARRIED_MAX && (event->kind == EVENT_COMMAND || !buttons);
}

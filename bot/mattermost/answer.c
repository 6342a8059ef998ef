/* What travels back in the answer to a callback. Mattermost wants HTTP status 200 and JSON, never an empty body.
 *
 * A pressed button's post is not changed in the answer: an "update" is laid over what the post was before it was
 * pressed, and is refused for a post that only one person sees (tried with 5.37). */
#include "bot/mattermost/decode.h"

#include "bot/base/json_write.h"

#include <string.h>

/* Private answers are not stored, so the limit of a post is not theirs; an answer may have a megabyte. */
enum { ANSWER_MAX = 100000, CARRIED_MAX = 40000 };

/* ---- Dialogs ---- */

/* Nothing closes the dialog; what is wrong with a field is shown below it, as plain text. */
static void answer_form(GString *json, const struct answer *answer, const struct mattermost_options *options)
{
    if (answer->n_errors == 0)
        return;
    g_autoptr(cJSON) errors = json_object();
    for (int i = 0; i < answer->n_errors; i++) {
        const struct form_value *error = &answer->errors[i];
        g_autofree char *text = mattermost_rich_to_plain(error->value != NULL ? error->value : "", options);
        if (json_get(errors, error->name) == NULL)
            json_put(errors, error->name, cJSON_CreateString(*text != '\0' ? text : "?"));
    }
    g_autofree char *text = json_text(errors);
    json_write_raw(json, "errors", text);
}

char *mattermost_answer(const struct event *event, const struct answer *answer,
                        const struct mattermost_options *options)
{
    static const struct answer nothing = {0};
    GString *json = g_string_new(NULL);
    json_write_open(json, NULL, '{');
    if (answer == NULL)
        answer = &nothing;
    if (event->kind == EVENT_COMMAND)
        json_write_str(json, "response_type", "ephemeral"); /* alone it shows nothing */
    if (event->kind == EVENT_COMMAND && answer->message != NULL)
        mattermost_write_private(json, "text", "attachments", answer->message, event->channel, ANSWER_MAX, options);
    else if (event->kind == EVENT_BUTTON && answer->message != NULL)
        mattermost_write_private(json, "ephemeral_text", NULL, answer->message, event->channel, ANSWER_MAX, options);
    else if (event->kind == EVENT_FORM)
        answer_form(json, answer, options);
    json_write_close(json, '}');
    return g_string_free(json, FALSE);
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

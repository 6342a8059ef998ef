/* What travels back in the answer to a callback. Mattermost wants HTTP status 200 and JSON, never an empty body. */
#include "bot/mattermost/decode.h"

#include "bot/chat/richtext.h"

#include <string.h>

/* Characters of rich text, which escaping may double. */
enum { CARRIED_MAX = 7000 };

/* ---- Slash-commands ---- */

static void answer_command(cJSON *body, const struct event *event, const struct message *message,
                           const struct mattermost_options *options)
{
    json_put_str(body, "response_type", "ephemeral");
    if (message == NULL)
        return; /* nothing is shown */
    g_autoptr(cJSON) post = json_object();
    mattermost_put_post(post, message, event->channel, NULL, MATTERMOST_TEXT_MAX, options);
    const char *text = json_str0(post, "message");
    json_put(body, "text", cJSON_CreateString(text));
    cJSON *props = cJSON_DetachItemFromObjectCaseSensitive(post, "props"),
          *attachments = cJSON_DetachItemFromObjectCaseSensitive(props, "attachments");
    if (attachments != NULL)
        json_put(body, "attachments", attachments);
    cJSON_Delete(props);
    /* Else what looks like Slack's notation in it would be made links and names. */
    json_put_bool(body, "skip_slack_parsing", true);
}

/* ---- Buttons ---- */

/* Beside a pressed button stands text alone. */
static char *markdown_of(const struct message *message, const struct mattermost_options *options)
{
    g_autoptr(GString) rich = g_string_new(NULL);
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        if (part->text == NULL || *part->text == '\0')
            continue;
        if (rich->len > 0)
            g_string_append(rich, "\n\n");
        if (part->kind == PART_HEADING)
            g_string_append_printf(rich, "%c%s%c", RICH_BOLD, part->text, RICH_END);
        else
            g_string_append(rich, part->text);
    }
    const char *words = rich->len > 0 ? rich->str : message->fallback;
    return mattermost_rich_to_markdown(words != NULL ? words : "", options);
}

static void answer_button(cJSON *body, const struct message *message, const struct mattermost_options *options)
{
    if (message == NULL)
        return;
    g_autofree char *markdown = markdown_of(message, options), *text = mattermost_cut(markdown, MATTERMOST_TEXT_MAX);
    if (*text == '\0')
        return;
    json_put(body, "ephemeral_text", cJSON_CreateString(text));
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

char *mattermost_answer(const struct event *event, const struct answer *answer, const struct mattermost_options *options)
{
    static const struct answer nothing = {0};
    g_autoptr(cJSON) body = json_object();
    if (answer == NULL)
        answer = &nothing;
    if (event->kind == EVENT_COMMAND)
        answer_command(body, event, answer->message, options);
    else if (event->kind == EVENT_BUTTON)
        answer_button(body, answer->message, options);
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

/* Any bytes as what is posted to the listener. The first letter says as what: c a command, a a button, d a dialog. As
 * they stand none may be believed; then with askwhy's own token and signatures put in. What is believed is answered.
 */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/mattermost/decode.h"
#include "bot/mattermost/text.h"
#include "tests/unit/mattermost/signed.h"

#define TOKEN "qj7d5kzt9pbn8mrex1ucwyhgfo"
#define KEY "5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d5f2b8c0d"
#define NOW INT64_C(1795280976000)

static const char *const tokens[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaa", TOKEN, NULL};
static char *words_of(enum platform_words what, const char *user, void *data)
{
    (void)data;
    return g_strdup_printf("%d %s", (int)what, user);
}

static const struct mattermost_options options = {.url = "https://chat.example.com",
                                                  .command_tokens = tokens,
                                                  .callback_url = "http://bot:8600/mattermost",
                                                  .signing_key = KEY,
                                                  .words = words_of};

static bool is_id_or_none(const char *id)
{
    return id == NULL || mattermost_is_id(id);
}

static void check_event(const struct event *event)
{
    need(mattermost_is_id(event->user) && event->accepts_reply && !event->replay);
    need(is_id_or_none(event->channel) && is_id_or_none(event->message) && is_id_or_none(event->thread) &&
         is_id_or_none(event->workspace));
    need(event->user_name == NULL || mattermost_is_handle(event->user_name));
    const char *const lines[] = {event->channel_name, event->command, event->trigger};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (lines[i] == NULL)
            continue;
        need(*lines[i] != '\0' && g_utf8_validate(lines[i], -1, NULL) && g_utf8_strlen(lines[i], -1) <= 1000);
        need_no_controls(lines[i]);
        need(strpbrk(lines[i], "\n\t") == NULL);
    }
    need(event->response_url == NULL ||
         g_str_has_prefix(event->response_url, "https://chat.example.com/hooks/commands/"));
    if (event->kind == EVENT_COMMAND) {
        need(event->channel != NULL && event->command[0] == '/' && event->text != NULL && event->trigger != NULL);
        need(g_utf8_validate(event->text, -1, NULL) && strchr(event->text, RICH_PING) == NULL);
    } else if (event->kind == EVENT_BUTTON) {
        need(event->channel != NULL && event->message != NULL && event->action != NULL && event->trigger != NULL);
    } else {
        need(event->kind == EVENT_FORM || event->kind == EVENT_FORM_CLOSED);
        need(event->form != NULL && event->view != NULL);
        need(event->kind == EVENT_FORM || event->n_fields == 0);
    }
    need((event->kind == EVENT_FORM) == (event->keys[0] == NULL));
    const char *asker = event_field(event, "asker");
    need(asker == NULL || mattermost_is_id(asker));
    for (int i = 0; i < event->n_fields; i++) {
        const char *value = event->fields[i].value;
        need(value == NULL || (g_utf8_validate(value, -1, NULL) && g_utf8_strlen(value, -1) <= MATTERMOST_VALUE_MAX));
        need_no_controls(value != NULL ? value : "");
    }
}

static void check_answer(const struct event *event)
{
    struct message *message = message_text(event->text != NULL ? event->text : "done");
    if (event->kind == EVENT_COMMAND)
        message_add_button(message, "why", "1", "Why?", BUTTON_PLAIN);
    need(mattermost_carries(event, message) == (event->kind == EVENT_COMMAND || event->kind == EVENT_BUTTON));
    struct answer answer = {.message = message, .errors = event->fields, .n_errors = event->n_fields};
    const struct answer *const answers[] = {&answer, NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *body = mattermost_answer(event, answers[i], &options);
        g_autoptr(cJSON) json = json_parse(body, strlen(body), NULL);
        need(cJSON_IsObject(json) && strlen(body) < 1024 * 1024);
        need(json_get(json, "update") == NULL);
    }
    message_free(message);
}

/* Whether it was believed. */
static bool offer(enum callback_kind kind, const char *body, gsize size)
{
    struct names *names = names_new();
    struct callback_verdict verdict;
    mattermost_decode_callback(kind, body, size, "", &options, names, NOW, &verdict);
    bool believed = verdict.event != NULL;
    if (believed) {
        need(verdict.answer == NULL && verdict.why == NULL);
        check_event(verdict.event);
        check_answer(verdict.event);
    } else {
        need(verdict.why != NULL && (verdict.status == 200 || (verdict.status >= 400 && verdict.status < 500)));
        g_autoptr(cJSON) json = json_parse(verdict.answer, strlen(verdict.answer), NULL);
        need(json_get(json, "error") != NULL);
        need_no_controls(verdict.why);
    }
    callback_verdict_done(&verdict);
    names_free(names);
    return believed;
}

static void offer_command(const char *body, gsize size)
{
    g_autoptr(GString) with_token = g_string_new("token=" TOKEN "&");
    g_string_append_len(with_token, body, (gssize)size);
    offer(CALLBACK_COMMAND, with_token->str, with_token->len);
}

/* The same with the signatures askwhy would have put on it. */
static void offer_signed(enum callback_kind kind, const char *body, gsize size)
{
    g_autoptr(cJSON) json = json_parse(body, size, NULL);
    if (!cJSON_IsObject(json))
        return;
    const char *user = json_str0(json, "user_id"), *channel = json_str0(json, "channel_id");
    if (kind == CALLBACK_ACTION) {
        cJSON *context = signed_button(KEY, channel, json_str0(json, "context.a"), json_str(json, "context.v"));
        const char *chosen = json_str(json, "context.selected_option");
        json_put_str(context, "selected_option", chosen);
        cJSON_DeleteItemFromObjectCaseSensitive(json, "context");
        json_put(json, "context", context);
    } else {
        struct form *form = form_new("reason", "12", "Why", "Save", "Cancel");
        form_add(form, FIELD_PERSON, "asker", "Who", true);
        g_autofree char *state = sign_form(KEY, user, form, "00000000000000aa", NOW + 1);
        form_free(form);
        cJSON_DeleteItemFromObjectCaseSensitive(json, "state");
        json_put(json, "state", cJSON_CreateString(state));
    }
    g_autofree char *text = json_text(json);
    offer(kind, text, strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || strchr("cad", *data) == NULL || *data == '\0')
        return 0;
    enum callback_kind kind = *data == 'c' ? CALLBACK_COMMAND : *data == 'a' ? CALLBACK_ACTION : CALLBACK_DIALOG;
    const char *body = (const char *)data + 1;
    need(!offer(kind, body, size - 1));
    if (kind == CALLBACK_COMMAND)
        offer_command(body, size - 1);
    else
        offer_signed(kind, body, size - 1);
    return 0;
}

/* Commands, pressed buttons and submitted dialogs → events (developers.mattermost.com: "Custom slash commands",
 * "Interactive messages", "Interactive dialogs"). None of them is signed by the server: a command shows its token,
 * buttons and dialogs bring back what askwhy signed itself. */
#include "bot/mattermost/decode.h"
#include "bot/mattermost/text.h"

#include "bot/chat/richtext.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

enum { BODY_MAX = 1024 * 1024, PAIRS_MAX = 4000, LEARNT_MAX = 100, FIELDS_MAX = 100, TRIGGER_MAX = 1000 };

/* ---- Refusals ---- */

/* text: what a person reads where the status is 200; else the server shows words of its own. */
static void refuse(struct callback_verdict *verdict, enum callback_kind kind, int status, const char *why,
                   const char *text)
{
    g_autoptr(cJSON) body = json_object();
    if (kind == CALLBACK_ACTION) {
        cJSON *error = json_object();
        json_put_str(error, "message", text);
        json_put(body, "error", error);
    } else {
        json_put_str(body, "error", text);
    }
    verdict->status = status;
    verdict->why = g_strdup(why);
    verdict->answer = json_text(body);
}

char *mattermost_words(const struct mattermost_options *options, enum platform_words what, const char *user)
{
    g_autofree char *rich = options->words(what, user, options->name_data);
    return mattermost_rich_to_plain(rich, options);
}

/* The person is told why, in the form. */
static void refuse_form(struct callback_verdict *verdict, const char *why, enum platform_words what, const char *user,
                        const struct mattermost_options *options)
{
    g_autofree char *text = mattermost_words(options, what, user);
    refuse(verdict, CALLBACK_DIALOG, 200, why, text);
}

static void refuse_malformed(struct callback_verdict *verdict, enum callback_kind kind, const char *bad)
{
    g_autofree char *why = g_strdup_printf("\"%s\" is missing or of a wrong type", bad);
    refuse(verdict, kind, 400, why, "This request cannot be understood.");
}

/* ---- What the three have in common ---- */

/* A trigger's signature differs each time, so its digest names the request. */
static void take_trigger(struct source *source, struct event *event)
{
    const char *trigger = source_want_string(source, "trigger_id");
    gsize length = strlen(trigger);
    for (gsize i = 0; i < length && source->bad == NULL; i++) {
        if (!g_ascii_isalnum(trigger[i]) && strchr("+/=-_:", trigger[i]) == NULL)
            source_complain(source, "trigger_id");
    }
    if (length == 0 || length > TRIGGER_MAX)
        source_complain(source, "trigger_id");
    if (source->bad != NULL)
        return;
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, trigger, -1);
    event->trigger = g_strdup(trigger);
    event->keys[0] = g_strdup_printf("trigger:%.32s", digest);
}

static void take_person(struct source *source, struct event *event)
{
    event->user = source_need_id(source, "user_id");
    event->workspace = source_want_id(source, "team_id");
    g_autofree char *handle = source_want_line(source, "user_name", MATTERMOST_NAME_MAX);
    if (handle != NULL && mattermost_is_handle(handle))
        event->user_name = g_ascii_strdown(handle, -1);
}

static void take_channel(struct source *source, struct event *event)
{
    event->channel = source_need_id(source, "channel_id");
    g_autofree char *name = source_want_line(source, "channel_name", MATTERMOST_NAME_MAX);
    event->channel_name = mattermost_channel_name(name, NULL, &event->channel_kind);
}

/* ---- Commands ---- */

static int hex_digit(char c)
{
    return g_ascii_xdigit_value(c);
}

/* One name or value of a form; NULL when it is not well written. */
static char *unescape(const char *text, gsize size)
{
    g_autoptr(GString) out = g_string_sized_new(size);
    for (gsize i = 0; i < size; i++) {
        char c = text[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            if (size - i < 3 || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
                return NULL;
            c = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        if (c == '\0')
            return NULL;
        g_string_append_c(out, c);
    }
    return g_utf8_validate_len(out->str, out->len, NULL) ? g_strdup(out->str) : NULL;
}

struct mentions {
    GPtrArray *handles, *ids; /* of char *; the same number of each, where all is well */
};

static bool is_single(const char *name)
{
    static const char *const names[] = {"token",   "team_id", "channel_id", "channel_name", "user_id", "user_name",
                                        "command", "text",    "trigger_id", "response_url", "root_id", NULL};
    return g_strv_contains(names, name);
}

/* The value is taken over. False: told twice. */
static bool take_pair(const char *name, char *value, cJSON *form, struct mentions *mentions)
{
    g_autofree char *mine = value;
    if (strcmp(name, "user_mentions") == 0 || strcmp(name, "user_mentions_ids") == 0) {
        GPtrArray *list = strcmp(name, "user_mentions") == 0 ? mentions->handles : mentions->ids;
        g_ptr_array_add(list, g_steal_pointer(&mine));
        return true;
    }
    if (!is_single(name))
        return true;
    if (json_get(form, name) != NULL)
        return false;
    json_put(form, name, cJSON_CreateString(mine));
    return true;
}

/* application/x-www-form-urlencoded → an object of strings; NULL and *why otherwise. */
static cJSON *parse_form(const char *body, gsize size, struct mentions *mentions, const char **why)
{
    g_autoptr(cJSON) form = json_object();
    const char *end = body + size;
    int pairs = 0;
    while (body < end) {
        const char *next = memchr(body, '&', (gsize)(end - body));
        const char *stop = next != NULL ? next : end;
        const char *equals = memchr(body, '=', (gsize)(stop - body));
        const char *split = equals != NULL ? equals : stop;
        g_autofree char *name = unescape(body, (gsize)(split - body)),
                        *value = equals != NULL ? unescape(equals + 1, (gsize)(stop - equals - 1)) : g_strdup("");
        *why = "not a form of UTF-8";
        if (name == NULL || value == NULL)
            return NULL;
        *why = "a field is there twice";
        if (!take_pair(name, g_steal_pointer(&value), form, mentions))
            return NULL;
        *why = "too many fields";
        if (++pairs > PAIRS_MAX)
            return NULL;
        body = next != NULL ? next + 1 : end;
    }
    return g_steal_pointer(&form);
}

/* All tokens are compared, by digests of one length, so that the time taken tells nothing. */
static bool is_command_token(const char *given, const struct mattermost_options *options)
{
    guchar of_given[SHA256_DIGEST_LENGTH], of_token[SHA256_DIGEST_LENGTH];
    bool good = false;
    SHA256((const guchar *)given, strlen(given), of_given);
    for (const char *const *token = options->command_tokens; token != NULL && *token != NULL; token++) {
        SHA256((const guchar *)*token, strlen(*token), of_token);
        bool same = CRYPTO_memcmp(of_given, of_token, sizeof of_given) == 0;
        good = (same && **token != '\0') || good;
    }
    return good;
}

static bool is_from_server(const cJSON *form, const char *authorization, const struct mattermost_options *options)
{
    const char *token = json_str0(form, "token");
    if (*token == '\0' && g_ascii_strncasecmp(authorization, "Token ", 6) == 0)
        token = authorization + 6;
    return is_command_token(token, options);
}

/* Private answers go nowhere but to the server itself. */
static char *response_url(struct source *source, const struct mattermost_options *options)
{
    const char *url = source_want_string(source, "response_url");
    g_autofree char *prefix = g_strconcat(options->url, "/hooks/commands/", NULL);
    return g_str_has_prefix(url, prefix) && mattermost_is_id(url + strlen(prefix)) ? g_strdup(url) : NULL;
}

static void learn_mentions(const struct mentions *mentions, struct names *names)
{
    if (mentions->handles->len != mentions->ids->len)
        return;
    for (guint i = 0; i < mentions->ids->len && i < LEARNT_MAX; i++) {
        const char *id = g_ptr_array_index(mentions->ids, i);
        if (mattermost_is_id(id))
            mattermost_learn_handle(names, id, g_ptr_array_index(mentions->handles, i));
    }
}

static struct event *take_command(struct source *source, const struct mattermost_options *options)
{
    struct event *event = event_new(EVENT_COMMAND, "mattermost");
    take_person(source, event);
    take_channel(source, event);
    take_trigger(source, event);
    event->command = source_want_line(source, "command", 129);
    event->thread = source_want_id(source, "root_id");
    event->response_url = response_url(source, options);
    event->accepts_reply = true;
    if (event->command == NULL || event->command[0] != '/' || event->command[1] == '\0')
        source_complain(source, "command");
    return event;
}

static void decode_command(const char *body, gsize size, const char *authorization,
                           const struct mattermost_options *options, struct names *names,
                           struct callback_verdict *verdict)
{
    g_autoptr(GPtrArray) handles = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    struct mentions mentions = {.handles = handles, .ids = ids};
    const char *why = NULL;
    g_autoptr(cJSON) form = parse_form(body, size, &mentions, &why);
    if (form == NULL) {
        refuse(verdict, CALLBACK_COMMAND, 400, why, "This request cannot be understood.");
        return;
    }
    if (!is_from_server(form, authorization, options)) {
        bool none = options->command_tokens == NULL || options->command_tokens[0] == NULL;
        refuse(verdict, CALLBACK_COMMAND, 401, none ? "no token of a command is configured" : "not a command's token",
               "This command is not known here.");
        return;
    }
    struct source source = {.json = form};
    struct event *event = take_command(&source, options);
    if (source.bad != NULL) {
        refuse_malformed(verdict, CALLBACK_COMMAND, source.bad);
        event_free(event);
        return;
    }
    mattermost_learn_handle(names, event->user, event->user_name);
    learn_mentions(&mentions, names);
    g_autofree char *words = mattermost_cut(json_str0(form, "text"), MATTERMOST_TEXT_MAX);
    event->text = mattermost_text_to_rich(words, names);
    verdict->event = event;
}

/* ---- Buttons ---- */

static void decode_action(const cJSON *json, const struct mattermost_options *options, struct names *names,
                          struct callback_verdict *verdict)
{
    struct source source = {.json = json};
    struct event *event = event_new(EVENT_BUTTON, "mattermost");
    take_person(&source, event);
    take_channel(&source, event);
    take_trigger(&source, event);
    event->message = source_need_id(&source, "post_id");
    event->accepts_reply = true;
    bool is_menu = strcmp(source_want_string(&source, "type"), "select") == 0;
    const char *action = NULL, *value = NULL, *chosen = is_menu ? json_str(json, "context.selected_option") : NULL;
    if (source.bad != NULL) {
        refuse_malformed(verdict, CALLBACK_ACTION, source.bad);
    } else if (!sign_check_button(options->signing_key, event->channel, json_get(json, "context"), &action, &value)) {
        refuse(verdict, CALLBACK_ACTION, 403, "a button that is not askwhy's, altered, or of another channel",
               "This button is not askwhy's.");
    } else {
        event->action = g_strdup(action);
        g_autofree char *clean = chosen != NULL ? rich_clean(chosen) : NULL;
        event->value = clean != NULL ? mattermost_cut(clean, MATTERMOST_VALUE_MAX) : g_strdup(value);
        mattermost_learn_handle(names, event->user, event->user_name);
        verdict->event = g_steal_pointer(&event);
    }
    event_free(event);
}

/* ---- Dialogs ---- */

static bool is_field_name(const char *name)
{
    gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return length > 0 && length <= 300 && name[length] == '\0';
}

/* A field's value as text; NULL when left empty. False when it is neither text, number nor truth. */
static bool text_of(const cJSON *value, char **text)
{
    *text = NULL;
    if (cJSON_IsString(value)) {
        g_autofree char *clean = rich_clean(value->valuestring);
        *text = *clean != '\0' ? mattermost_cut(clean, MATTERMOST_VALUE_MAX) : NULL;
    } else if (cJSON_IsBool(value)) {
        *text = g_strdup(cJSON_IsTrue(value) ? "true" : "false");
    } else if (cJSON_IsNumber(value)) {
        *text = json_text(value);
    }
    return *text != NULL || cJSON_IsString(value) || cJSON_IsNull(value);
}

/* What a field holds by what askwhy signed: '@' a person, '~' a channel, 0 anything. What a client sends there is
 * anybody's guess. */
static char holds(const char *name, char *const *ids)
{
    for (int i = 0; ids != NULL && ids[i] != NULL; i++) {
        if (*ids[i] != '\0' && strcmp(ids[i] + 1, name) == 0)
            return *ids[i];
    }
    return 0;
}

static void take_fields(struct source *source, struct event *event, const char *id_fields)
{
    g_auto(GStrv) ids = id_fields != NULL ? g_strsplit(id_fields, " ", -1) : NULL;
    const cJSON *submission = json_get(source->json, "submission"), *each;
    if (!cJSON_IsObject(submission) && submission != NULL && !cJSON_IsNull(submission))
        source_complain(source, "submission");
    cJSON_ArrayForEach(each, submission)
    {
        g_autofree char *value = NULL;
        if (source->bad != NULL)
            return;
        char what = holds(each->string, ids);
        bool twice = false;
        for (int i = 0; i < event->n_fields && !twice; i++)
            twice = strcmp(event->fields[i].name, each->string) == 0;
        if (twice || event->n_fields >= FIELDS_MAX || !is_field_name(each->string) || !text_of(each, &value) ||
            (what != 0 && value != NULL && !mattermost_is_id(value))) {
            source_complain(source, "submission");
        } else {
            event_add_field(event, each->string, value);
            event->fields[event->n_fields - 1].claimed = what == '~' && value != NULL;
        }
    }
}

/* What askwhy gave along when it opened the form; false when refused. */
static bool check_state(const char *state, const char *user, const struct mattermost_options *options, int64_t now_ms,
                        struct signed_form *form, struct callback_verdict *verdict)
{
    switch (sign_check_form(options->signing_key, user, state, now_ms, form)) {
    case SIGN_GOOD:
        return true;
    case SIGN_EXPIRED:
        refuse_form(verdict, "a form that was open for too long", WORDS_FORM_TOO_OLD, user, options);
        return false;
    case SIGN_OF_ANOTHER:
        refuse_form(verdict, "a form that was opened for somebody else", WORDS_FORM_OF_ANOTHER, user, options);
        return false;
    case SIGN_FORGED:
        break;
    }
    refuse(verdict, CALLBACK_DIALOG, 403, "a form that is not askwhy's, or altered", "This form is not askwhy's.");
    return false;
}

static void decode_dialog(const cJSON *json, const struct mattermost_options *options, int64_t now_ms,
                          struct callback_verdict *verdict)
{
    struct source source = {.json = json};
    struct signed_form form = {0};
    bool cancelled = json_true(json, "cancelled");
    struct event *event = event_new(cancelled ? EVENT_FORM_CLOSED : EVENT_FORM, "mattermost");
    take_person(&source, event);
    event->accepts_reply = true;
    const char *state = source_want_string(&source, "state");
    bool good = source.bad == NULL && check_state(state, event->user, options, now_ms, &form, verdict);
    if (good && !cancelled)
        take_fields(&source, event, form.ids);
    if (source.bad != NULL) {
        refuse_malformed(verdict, CALLBACK_DIALOG, source.bad);
    } else if (good) {
        event->form = g_steal_pointer(&form.form);
        event->state = g_steal_pointer(&form.state);
        event->view = g_steal_pointer(&form.op);
        if (cancelled)
            event->keys[0] = g_strconcat("closed:", event->view, NULL);
        verdict->event = g_steal_pointer(&event);
    }
    signed_form_done(&form);
    event_free(event);
}

/* ---- All of them ---- */

void mattermost_decode_callback(enum callback_kind kind, const char *body, gsize size, const char *authorization,
                                const struct mattermost_options *options, struct names *names, int64_t now_ms,
                                struct callback_verdict *verdict)
{
    *verdict = (struct callback_verdict){0};
    if (size > BODY_MAX) {
        refuse(verdict, kind, 413, "larger than 1 MiB", "This request is too large.");
        return;
    }
    if (kind == CALLBACK_COMMAND) {
        decode_command(body, size, authorization, options, names, verdict);
        return;
    }
    const char *why = "not a JSON object";
    g_autoptr(cJSON) json = json_parse(body, size, &why);
    if (!cJSON_IsObject(json))
        refuse(verdict, kind, 400, why, "This request cannot be understood.");
    else if (kind == CALLBACK_ACTION)
        decode_action(json, options, names, verdict);
    else
        decode_dialog(json, options, now_ms, verdict);
}

void callback_verdict_done(struct callback_verdict *verdict)
{
    event_free(verdict->event);
    g_free(verdict->answer);
    g_free(verdict->why);
    *verdict = (struct callback_verdict){0};
}

/* Nobody gets in through words: every text that comes from outside, through the real decoder, dispatcher, commands,
 * store, sender and encoder, and what is sent is read as Slack reads it. */
#include "chat.h"
#include "eyes.h"
#include "hostile.h"

#include "bot/base/log.h"
#include "bot/dispatch.h"
#include "bot/slack/slack.h"
#include "bot/slack/text.h"
#include "commands/say.h"

enum { PRESSES_MAX = 60, FORMS_MAX = 12 };

static char *functions[] = {"sales", "product", NULL};
static const struct slack_self self = {.user = "U0ASKWHY", .bot = "B0ASKWHY", .app = "A0ASKWHY"};

/* A world with the people and places of the frames in tests/unit/slack/frames. */
struct world {
    char *dir, *path;
    struct store *store;
    struct loop *loop;
    struct rest *rest;
    struct outbox *outbox;
    struct reader *reader;
    struct dispatch *dispatch;
    struct platform platform;
    struct codec codec, *slack;
    struct settings settings;
    GHashTable *names;   /* as the adapter keeps them */
    GQueue look_ups;     /* "U…" or "C…" */
    GQueue presses, forms; /* frames that the messages make possible */
    GHashTable *pressed;
    const char *hostile; /* what is being tried; people and channels are called so */
    bool raw;            /* Slack's own notation, not what it makes of typed signs */
    bool names_victim;   /* somebody was given a part in an ask by name */
    int posts, frames;
};
static struct world *world; /* the adapter has no data of its own */
static struct eyes eyes;

/* ---- What may stand in what is sent ---- */

static bool may_mention(const char *id, enum what_is_sent what)
{
    static const char *const known[] = {"@U0DANA", "@U0SAM", "@U0MIA", "@U0ASKWHY", "#C0ASKS", NULL};
    if (g_strv_contains(known, id) || strcmp(id + 1, world->hostile) == 0) /* an id that came as one */
        return true;
    /* Shown where it notifies nobody: when Slack itself said that it was a mention. */
    bool theirs = world->raw || world->names_victim;
    return theirs && (what != NEW_POST || world->names_victim || *id == '#') &&
           (strcmp(id, "@U0VICTIM") == 0 || strcmp(id, "#C0SECRET") == 0);
}

static char *unescaped(const char *mrkdwn)
{
    GString *text = g_string_new(mrkdwn);
    g_string_replace(text, "&lt;", "<", 0);
    g_string_replace(text, "&gt;", ">", 0);
    g_string_replace(text, "&amp;", "&", 0);
    return g_string_free(text, FALSE);
}

/* An address leads where its words say. */
static bool may_link(const char *url, const char *label)
{
    static const char *const known[] = {"https://evil.example", "https://bank.com/login", "https://example.com/", "https://acme.slack.com/",
                                        "mailto:boss@evil.example"};
    bool right = false;
    g_autofree char *small = g_ascii_strdown(url, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        right = right || g_str_has_prefix(small, known[i]);
    for (const char *c = url; *c != '\0'; c++)
        right = right && (guchar)*c > ' ' && *c != '"';
    /* What begins as a known host ends as one. */
    gsize host = strcspn(small, ":") + 3;
    host += strcspn(small + MIN(host, strlen(small)), "/%?<|");
    right = right && (g_str_has_prefix(small, "mailto:") || g_ascii_isalpha(small[host - 1]));
    if (label == NULL)
        return right;
    g_autofree char *words = unescaped(label);
    if (strcmp(words, "fix") == 0 && g_str_has_prefix(url, "https://example.com/"))
        return true; /* message_shortcut.json */
    return right && world->raw && strstr(words, "bank.com") == NULL && strstr(words, "://") == NULL;
}

static void see_sent(const struct outgoing *out, const char *method, const struct rest_request *request);
static void offer_buttons(const struct message *message, const char *id, bool ephemeral);
static void offer_form(const struct form *form);

/* ---- The adapter: Slack's own codec, watched ---- */

static bool watched_encode(const struct codec *codec, const struct outgoing *out, struct rest_request *request)
{
    (void)codec;
    struct rest_request real = {0};
    if (!world->slack->encode(world->slack, out, &real))
        return false;
    see_sent(out, method_names[out->kind], &real);
    rest_request_done(&real);
    struct outgoing plain = {.kind = out->kind, .op = out->op, .channel = "C", .message = "", .emoji = "sent"};
    return make_request("post", &plain, request);
}

static void watched_decode(const struct codec *codec, const struct outgoing *out, const struct rest_response *response,
                           struct verdict *verdict)
{
    (void)codec;
    assert_int_equal(response->outcome, REST_ANSWERED);
    verdict->kind = VERDICT_SENT;
    if (out->kind == OUT_OPEN_DM) {
        verdict->channel = g_strdup_printf("D0%s", out->user + 1);
        return;
    }
    bool anew = out->kind == OUT_POST;
    verdict->message = anew ? g_strdup_printf("1763700000.%06d", 100 * ++world->posts) : g_strdup(out->message);
    verdict->channel = g_strdup(out->channel);
    if (out->content != NULL)
        offer_buttons(out->content, verdict->message != NULL ? verdict->message : "1763700000.999999",
                      out->kind == OUT_EPHEMERAL || out->kind == OUT_RESPONSE);
    if (out->form != NULL)
        offer_form(out->form);
}

static const char *unlimited(const struct codec *codec, enum outgoing_kind kind, int *burst, int *interval_ms,
                             bool *per_channel)
{
    (void)codec;
    *burst = 1000, *interval_ms = 0, *per_channel = false;
    return method_names[kind];
}

static const char *name_of(const char *id, void *data)
{
    return g_hash_table_lookup(((struct world *)data)->names, id);
}

static void look_up(struct platform *platform, const char *id)
{
    (void)platform;
    g_queue_push_tail(&world->look_ups, g_strdup(id));
}

static void backfill(struct platform *platform, const struct backfill_point *points, int n_points)
{
    (void)platform, (void)points, (void)n_points;
}

static bool acknowledge(struct platform *platform, const struct event *event, const struct answer *answer)
{
    (void)platform;
    if (event->envelope == NULL)
        return true; /* looked up: nobody waits */
    bool left_out;
    g_autofree char *frame = slack_ack(event, answer, &left_out);
    g_autoptr(cJSON) json = json_parse(frame, strlen(frame), NULL);
    eyes.messages++;
    eyes.what = PRIVATE;
    if (json == NULL || strlen(frame) >= 20480 || g_strcmp0(member(json, "envelope_id"), event->envelope) != 0)
        complain_of(&eyes, frame, "an acknowledgement is not sound");
    const cJSON *payload = cJSON_GetObjectItemCaseSensitive(json, "payload"), *item;
    MEMBERS(&eyes, json, "envelope_id", "payload");
    if (payload == NULL)
        return !left_out;
    MEMBERS(&eyes, payload, "response_type", "text", "blocks", "unfurl_links", "unfurl_media", "response_action", "errors");
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(payload, "errors"))
        see_string(&eyes, "a form's error", cJSON_GetStringValue(item), 150);
    if (answer->message != NULL) {
        see_mrkdwn(&eyes, "the text of an answer", member(payload, "text"), 4000);
        see_blocks(&eyes, cJSON_GetObjectItemCaseSensitive(payload, "blocks"), 50);
        offer_buttons(answer->message, "1763700000.999998", true);
    }
    return true;
}

/* ---- Seeing ---- */

static cJSON *template(const char *name)
{
    g_autofree char *path = g_strdup_printf(TESTS_DIR "/unit/slack/frames/%s.json", name);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    cJSON *json = cJSON_Parse(text);
    assert_non_null(json);
    return json;
}

static cJSON *at_path(cJSON *json, const char *path)
{
    return (cJSON *)json_get(json, path);
}

static void set(cJSON *frame, const char *path, const char *text)
{
    cJSON *item = at_path(frame, path);
    if (!cJSON_IsString(item))
        fail_msg("the frame has no text %s", path);
    cJSON_SetValuestring(item, text);
}

static char *param_of(const char *body, const char *name)
{
    g_auto(GStrv) pairs = g_strsplit(body, "&", -1);
    g_autofree char *prefix = g_strconcat(name, "=", NULL);
    for (char **pair = pairs; *pair != NULL; pair++) {
        if (g_str_has_prefix(*pair, prefix))
            return g_uri_unescape_string(*pair + strlen(prefix), NULL);
    }
    return NULL;
}

static cJSON *json_param(const char *body, const char *name)
{
    g_autofree char *text = param_of(body, name);
    cJSON *json = text != NULL ? json_parse(text, strlen(text), NULL) : NULL;
    if (json == NULL)
        complain_of(&eyes, text, "%s is no JSON", name);
    return json;
}

/* What Slack would say when a button with this value is pressed; g_free(). */
static char *pressed_value(const char *value)
{
    g_autoptr(cJSON) frame = template("button_in_message");
    set(frame, "payload.actions.0.value", value);
    g_autofree char *text = json_text(frame);
    struct slack_frame decoded;
    slack_decode(text, strlen(text), &self, &decoded);
    char *heard = decoded.event != NULL ? g_steal_pointer(&decoded.event->value) : NULL;
    slack_frame_done(&decoded);
    return heard != NULL ? heard : g_strdup("");
}

/* What a button carries is what askwhy will be told when it is pressed. */
static void see_values(const struct message *message, const cJSON *blocks)
{
    GPtrArray *sent = g_ptr_array_new();
    const cJSON *block, *element;
    cJSON_ArrayForEach(block, blocks)
    {
        if (g_strcmp0(member(block, "type"), "actions") == 0)
            cJSON_ArrayForEach(element, cJSON_GetObjectItemCaseSensitive(block, "elements"))
                g_ptr_array_add(sent, (void *)(member(element, "value") != NULL ? member(element, "value") : ""));
    }
    guint at = 0;
    for (int i = 0; i < message->n_parts; i++) {
        for (int b = 0; b < message->parts[i].n_buttons; b++, at++) {
            const char *meant = message->parts[i].buttons[b].value != NULL ? message->parts[i].buttons[b].value : "";
            if (at >= sent->len)
                continue;
            g_autofree char *heard = pressed_value(g_ptr_array_index(sent, at));
            if (strcmp(heard, meant) != 0)
                complain_of(&eyes, meant, "a button's value was altered");
        }
    }
    g_ptr_array_unref(sent);
}

static void see_sent(const struct outgoing *out, const char *method, const struct rest_request *request)
{
    static const enum what_is_sent kinds[OUT_KINDS] = {
        [OUT_POST] = NEW_POST, [OUT_UPDATE] = EDIT, [OUT_EPHEMERAL] = PRIVATE, [OUT_RESPONSE] = PRIVATE,
        [OUT_FORM] = FORM,     [OUT_HOME] = HOME};
    (void)method;
    eyes.what = kinds[out->kind];
    eyes.messages++;
    if (out->kind == OUT_FORM || out->kind == OUT_HOME) {
        g_autoptr(cJSON) view = json_param(request->body, "view");
        if (out->kind == OUT_FORM) {
            see_modal(&eyes, view);
            if (out->form->state != NULL && g_strcmp0(out->form->state, member(view, "private_metadata")) != 0)
                complain_of(&eyes, out->form->state, "a form's state was altered");
        } else {
            MEMBERS(&eyes, view, "type", "blocks");
            see_blocks(&eyes, cJSON_GetObjectItemCaseSensitive(view, "blocks"), 100);
            see_values(out->content, cJSON_GetObjectItemCaseSensitive(view, "blocks"));
        }
    } else if (out->kind == OUT_RESPONSE) {
        g_autoptr(cJSON) json = json_parse(request->body, request->body_size, NULL);
        MEMBERS(&eyes, json, "response_type", "text", "blocks", "unfurl_links", "unfurl_media", "replace_original");
        see_mrkdwn(&eyes, "the text of an answer", member(json, "text"), 4000);
        see_blocks(&eyes, cJSON_GetObjectItemCaseSensitive(json, "blocks"), 50);
        see_values(out->content, cJSON_GetObjectItemCaseSensitive(json, "blocks"));
        if (!g_str_has_prefix(request->url, "https://hooks.slack.com/"))
            complain_of(&eyes, request->url, "an answer goes elsewhere");
    } else if (out->kind == OUT_POST || out->kind == OUT_UPDATE || out->kind == OUT_EPHEMERAL) {
        g_autofree char *text = param_of(request->body, "text"), *parse = param_of(request->body, "parse");
        g_autoptr(cJSON) blocks = json_param(request->body, "blocks");
        see_mrkdwn(&eyes, "the text of a message", text, 4000);
        see_blocks(&eyes, blocks, 50);
        see_values(out->content, blocks);
        if (g_strcmp0(parse, "none") != 0)
            complain_of(&eyes, parse, "a message lets Slack look for names and addresses");
    }
    static const char *const ids[] = {"channel", "user", "ts", "thread_ts", "timestamp", "name", "users", "user_id"};
    for (gsize i = 0; out->kind != OUT_RESPONSE && i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *id = param_of(request->body, ids[i]);
        if (id != NULL)
            see_id(&eyes, ids[i], id, 128);
    }
}

/* ---- Frames ---- */

/* The same frame again is another event, unless what makes it so is what is being tried. */
static void make_fresh(cJSON *frame, const cJSON *but)
{
    static const char *const unique[] = {"payload.trigger_id", "payload.event_id", "payload.event.ts", "payload.event.event_ts",
                                         "payload.view.id", "envelope_id"};
    int n = ++world->frames;
    for (gsize i = 0; i < G_N_ELEMENTS(unique); i++) {
        cJSON *item = at_path(frame, unique[i]);
        bool is_time = g_str_has_suffix(unique[i], "ts");
        g_autofree char *fresh = g_strdup_printf(is_time ? "1763800000.%06d" : "X%d", n);
        if (cJSON_IsString(item) && item != but)
            cJSON_SetValuestring(item, fresh);
    }
}

static void give(cJSON *frame)
{
    g_autofree char *text = json_text(frame);
    struct slack_frame decoded;
    slack_decode(text, strlen(text), &self, &decoded);
    if (decoded.event != NULL && decoded.event->kind != EVENT_NONE) {
        struct event *event = g_steal_pointer(&decoded.event);
        if (event->channel != NULL && event->message != NULL)
            event->permalink = g_strdup_printf("https://acme.slack.com/archives/%s/p1", event->channel);
        dispatch_event(world->dispatch, &world->platform, event);
    }
    slack_frame_done(&decoded);
}

static void answer_look_ups(void)
{
    for (char *id; (id = g_queue_pop_head(&world->look_ups)) != NULL; g_free(id)) {
        bool person = *id == 'U';
        g_autoptr(cJSON) answer = json_object();
        cJSON *thing = json_object(), *profile = json_object();
        json_put_bool(answer, "ok", true);
        json_put_str(thing, "id", id);
        json_put_str(thing, "name", world->hostile);
        json_put_str(profile, "display_name", world->hostile);
        json_put_str(thing, "tz", g_str_equal(id, "U0SAM") ? world->hostile : "Europe/Tallinn");
        json_put_str(thing, "locale", g_str_equal(id, "U0SAM") ? world->hostile : "en");
        json_put(thing, "profile", profile);
        json_put_bool(thing, "is_channel", true);
        json_put_bool(thing, "is_private", false);
        json_put(answer, person ? "user" : "channel", thing);
        struct event *event = person ? slack_decode_person(answer) : slack_decode_channel(answer);
        if (event == NULL)
            continue;
        event->workspace = g_strdup("T0ACME");
        if (person && event->profile.name != NULL)
            g_hash_table_replace(world->names, g_strdup(id), g_strdup(event->profile.name));
        dispatch_event(world->dispatch, &world->platform, event);
    }
}

static void between(void *data)
{
    (void)data;
    answer_look_ups();
    dispatch_batch(world->dispatch);
    if (!reader_idle(world->reader) || rest_active(world->rest) != 0 || !g_queue_is_empty(&world->look_ups))
        return;
    if (!dispatch_idle(world->dispatch)) {
        loop_pass_ms(world->loop, 100); /* what was raised waits for the index: only timers bring it on */
        loop_wake(world->loop);
    } else if (outbox_idle(world->outbox)) {
        loop_stop(world->loop);
    }
}

static void settle(void)
{
    loop_wake(world->loop);
    loop_run(world->loop, between, NULL);
    story_ms += 100;
}

/* ---- What the messages make possible ---- */

static void offer_buttons(const struct message *message, const char *id, bool ephemeral)
{
    for (int i = 0; i < message->n_parts; i++) {
        for (int b = 0; b < message->parts[i].n_buttons; b++) {
            const struct button *button = &message->parts[i].buttons[b];
            g_autofree char *key = g_strconcat(button->action, " ", button->value, NULL);
            if (g_hash_table_size(world->pressed) >= PRESSES_MAX || !g_hash_table_add(world->pressed, g_steal_pointer(&key)))
                continue;
            cJSON *frame = template(ephemeral ? "button_in_ephemeral" : "button_in_message");
            set(frame, "payload.actions.0.action_id", button->action);
            g_autofree char *value = slack_rich_to_value(button->value != NULL ? button->value : "");
            set(frame, "payload.actions.0.value", value);
            set(frame, "payload.container.message_ts", id);
            set(frame, "payload.container.channel_id", "C0ASKS");
            set(frame, "payload.channel.id", "C0ASKS");
            if (g_str_equal(button->action, "function"))
                set(frame, "payload.user.id", "U0MIA");
            g_queue_push_tail(&world->presses, frame);
        }
    }
}

/* Filled in with the words that are tried, and sent; text fields alone, as a person would. */
static void offer_form(const struct form *form)
{
    if (g_queue_get_length(&world->forms) >= FORMS_MAX)
        return;
    for (int blank = 1; blank >= 0; blank--) {
        cJSON *frame = template("view_submission"), *values = json_object();
        set(frame, "payload.view.callback_id", form->id);
        set(frame, "payload.view.private_metadata", form->state != NULL ? form->state : "");
        for (int i = 0; i < form->n_fields; i++) {
            const struct field *field = &form->fields[i];
            cJSON *block = json_object(), *element = json_object();
            bool text = field->kind == FIELD_LINE || field->kind == FIELD_TEXT;
            const char *value = blank && text               ? ""
                                : text                      ? world->hostile
                                : field->kind == FIELD_PERSON ? "U0MIA"
                                : field->kind == FIELD_CHANNEL ? "C0ASKS"
                                : field->n_options > 0      ? field->options[0].value
                                                            : "2026-12-24";
            json_put_str(element, "type", "plain_text_input");
            json_put_str(element, "value", value);
            json_put(block, field->name, element);
            json_put(values, field->name, block);
        }
        cJSON_ReplaceItemInObjectCaseSensitive(at_path(frame, "payload.view.state"), "values", values);
        g_queue_push_tail(&world->forms, frame);
    }
}

static void give_all(GQueue *frames)
{
    for (cJSON *frame; (frame = g_queue_pop_head(frames)) != NULL; cJSON_Delete(frame)) {
        make_fresh(frame, NULL);
        give(frame);
    }
    settle();
}

static void try_everything_offered(void)
{
    for (int round = 0; round < 3; round++) {
        give_all(&world->presses);
        give_all(&world->forms);
    }
}

/* ---- Beginning and end ---- */

static void world_begin(const char *hostile, bool raw)
{
    struct world *w = world = g_new0(struct world, 1);
    g_autoptr(GError) error = NULL;
    story_ms = 0;
    w->hostile = hostile;
    w->raw = raw;
    /* An ask for somebody is asked of them, and so is one who is said to know. */
    w->names_victim = raw && (strstr(hostile, "for <@U0VICTIM>") != NULL || strstr(hostile, "<@U0VICTIM> knows") != NULL);
    w->dir = g_dir_make_tmp("askwhy-injection-XXXXXX", NULL);
    w->path = g_build_filename(w->dir, "askwhy.db", NULL);
    static char *administrators[] = {(char *)"U0SAM", NULL};
    w->settings = (struct settings){
        .command = (char *)"/ask", .why_command = (char *)"/why", .functions = functions,
        .administrators = administrators, .hours = calendar_default_hours, .outcome_days = 90};
    w->loop = loop_new(NULL, &error);
    w->rest = rest_new(w->loop, NULL, &error);
    w->store = store_open(w->path, STORE_WRITE, &error);
    w->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    w->pressed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    chat_begins(w->loop);
    struct slack_options options = {
        .api_url = "https://slack.com/api", .app_token = "xapp-none", .bot_token = "xoxb-none", .name = name_of, .name_data = w};
    w->slack = slack_codec_new(&options, &self);
    w->codec = (struct codec){.encode = watched_encode, .decode = watched_decode, .method = unlimited,
                              .encode_search = chat_encode_search, .decode_search = chat_decode};
    w->platform = (struct platform){.name = "slack",
                                    .codec = &w->codec,
                                    .acknowledge = acknowledge,
                                    .look_up_person = look_up,
                                    .look_up_channel = look_up,
                                    .backfill = backfill};
}

static void take_mark(struct outbox_mark *mark, void *data)
{
    (void)data;
    dispatch_mark(world->dispatch, mark);
}

static void take_job(struct reader_job *job, void *data)
{
    (void)data;
    dispatch_job_done(world->dispatch, job);
}

static struct message *draw(const struct post *post, void *data)
{
    (void)data;
    struct context ctx;
    context_init(&ctx, world->store, &world->settings, NULL, clock_now_ms());
    struct message *message = command_draw(&ctx, post);
    context_done(&ctx);
    return message;
}

static void world_connect(void)
{
    struct world *w = world;
    g_autoptr(GError) error = NULL;
    w->reader = reader_new(w->loop, w->path, &w->settings, take_job, w, &error);
    assert_null(error);
    struct outbox_host host = {.mark = take_mark, .draw = draw, .data = w};
    w->outbox = outbox_new(w->loop, w->rest, w->store, &host);
    w->dispatch = dispatch_new();
    struct dispatch_parts parts = {
        .store = w->store, .settings = &w->settings, .outbox = w->outbox, .reader = w->reader, .loop = w->loop};
    dispatch_connect(w->dispatch, &parts);
    outbox_add_platform(w->outbox, &w->platform);
    dispatch_add_platform(w->dispatch, &w->platform);
    outbox_load(w->outbox, true);
}

static void world_end(void)
{
    struct world *w = world;
    for (cJSON *frame; (frame = g_queue_pop_head(&w->presses)) != NULL || (frame = g_queue_pop_head(&w->forms)) != NULL;)
        cJSON_Delete(frame);
    reader_free(w->reader);
    outbox_free(w->outbox);
    rest_free(w->rest);
    dispatch_free(w->dispatch);
    chat_ends();
    loop_free(w->loop);
    store_close(w->store);
    slack_codec_free(w->slack);
    g_hash_table_destroy(w->names);
    g_hash_table_destroy(w->pressed);
    remove_folder(w->dir);
    g_free(w->dir);
    g_free(w->path);
    g_free(w);
    world = NULL;
}

/* ---- What people do ---- */

static char *as_slack_sends(const char *typed)
{
    if (world->raw)
        return g_strdup(typed);
    GString *text = g_string_new(typed);
    g_string_replace(text, "&", "&amp;", 0);
    g_string_replace(text, "<", "&lt;", 0);
    g_string_replace(text, ">", "&gt;", 0);
    return g_string_free(text, FALSE);
}

/* before and behind are Slack's notation as they stand; the words between are typed. */
static void command(const char *user, const char *name, const char *before, const char *behind)
{
    g_autoptr(cJSON) frame = template("slash_command");
    g_autofree char *words = as_slack_sends(world->hostile), *text = g_strconcat(before, words, behind, NULL);
    set(frame, "payload.user_id", user);
    set(frame, "payload.user_name", world->hostile);
    set(frame, "payload.channel_name", world->hostile);
    set(frame, "payload.command", name);
    set(frame, "payload.text", text);
    make_fresh(frame, NULL);
    give(frame);
}

static void says(const char *name, const char *user, const char *thread, const char *before)
{
    g_autoptr(cJSON) frame = template(name);
    g_autofree char *words = as_slack_sends(world->hostile), *text = g_strconcat(before, words, NULL);
    set(frame, "payload.event.user", user);
    set(frame, "payload.event.text", text);
    if (thread != NULL)
        set(frame, "payload.event.thread_ts", thread);
    make_fresh(frame, NULL);
    give(frame);
}

static void happens(const char *name)
{
    g_autoptr(cJSON) frame = template(name);
    make_fresh(frame, NULL);
    give(frame);
}

/* An ask from its first word to its end, and every verb with these words behind it. */
static void play(void)
{
    happens("member_joined_self");
    settle();
    command("U0DANA", "/ask", "", "");
    command("U0DANA", "/ask", "new ", "");
    settle();
    command("U0SAM", "/ask", "new ", "");
    settle();
    static const char *const questions[] = {"settings question why ", "settings question impact "};
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
        command("U0SAM", "/ask", questions[i], "");
    command("U0DANA", "/ask", "need 1 ", "");
    for (int reply = 0; reply < 4; reply++) {
        says("message_in_thread", "U0DANA", "1763700000.000100", "");
        says("message_in_thread", "U0DANA", "1763700000.000200", "");
        settle();
    }
    says("message_file_share", "U0DANA", "1763700000.000100", "");
    says("app_mention", "U0SAM", NULL, "<@U0ASKWHY> ");
    says("message_direct", "U0DANA", NULL, "");
    static const char *const given[] = {"why 1 ", "impact 1 ", "evidence 1 ", "voice 1 ", "question 1 ", "question 1 anonymously ", "question ", "disagree ",
                                        "decide 1 later until 2027-01-15 because ", "decide 1 no because ",
                                        "decide 1 yes because ", "start 1 because ", "ship 1 because ", "outcome 1 ", "outcome 1 partly ", "goal add ", "goal 1 ",
                                        "metric add sum unit ", "metric add ", "metric 1 ", "metric sum is ", "list goal ", "show 1", "voice 2 ", "digest", "digest now", "withdraw 1 ", "accept 1 "};
    for (gsize i = 0; i < G_N_ELEMENTS(given); i++)
        command(i % 2 ? "U0SAM" : "U0MIA", "/ask", given[i], "");
    settle();
    /* What gives way: the reason goes into the other ask's thread, onto buttons and into a form. */
    static const char *const starts[] = {"own 2", "own 1", "start 1 nothing gives way because ", "start 2 because ",
                                         "start 2 instead of 1 because ", "start 3 after 2 because ", "settings gives-way ",
                                         "settings churn ", "settings revisit "};
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
        command("U0SAM", "/ask", starts[i], "");
    settle();
    command("U0MIA", "/why", "1 ", "");
    command("U0MIA", "/why", "", "");
    happens("app_home_opened");
    settle();
    try_everything_offered();
    world->names_victim = true; /* "own 1 @victim" and the like: they are told, as anybody would be */
    for (const struct verb *verb = verb_table; verb->name != NULL; verb++) {
        g_autofree char *bare = g_strconcat(verb->name, " ", NULL), *numbered = g_strconcat(verb->name, " 1 ", NULL);
        g_autofree char *misspelt = g_strdup_printf("%cx%s ", *verb->name, verb->name + 1);
        command("U0SAM", "/ask", bare, "");
        command("U0DANA", "/ask", numbered, "");
        command("U0DANA", "/ask", numbered, " 2");
        command("U0DANA", "/ask", misspelt, "");
        settle();
    }
    static const char *const further[] = {"list by ", "list owner ", "digest set ", "settings owner ", "settings questions ",
                                          "digest set monday 9:00 ", "help ", "me ", "settings function ",
                                          "settings function sales from ", "settings function sales from @", "settings language "};
    for (gsize i = 0; i < G_N_ELEMENTS(further); i++)
        command("U0SAM", "/ask", further[i], "");
    settle();
    story_ms += INT64_C(8) * 24 * 3600 * 1000; /* reminders, the digest */
    loop_wake(world->loop);
    dispatch_clock_moved(world->dispatch);
    settle();
    command("U0SAM", "/ask", "digest now", "");
    command("U0SAM", "/ask", "question 1 anonymously ", " again"); /* waits for its hour */
    happens("app_home_opened");
    settle();
    try_everything_offered();
}

/* ---- Every text of every frame ---- */

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of all frames there are: tests/unit/slack/test_fields.c sees to it that they hold all that is read. */
static GPtrArray *every_frame(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(TESTS_DIR "/unit/slack/frames", 0, NULL);
    assert_non_null(dir);
    for (const char *file; (file = g_dir_read_name(dir)) != NULL;)
        g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".json")));
    g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    return names;
}

static void collect_texts(cJSON *json, GPtrArray *texts)
{
    if (cJSON_IsString(json))
        g_ptr_array_add(texts, json);
    for (cJSON *child = json->child; child != NULL; child = child->next)
        collect_texts(child, texts);
}

static int try_every_text(const char *name, const char *form)
{
    g_autoptr(cJSON) first = template(name);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    collect_texts(first, texts);
    guint count = texts->len;
    for (guint i = 0; i < count; i++) {
        g_autoptr(cJSON) frame = template(name);
        if (form != NULL)
            set(frame, "payload.view.callback_id", form);
        g_ptr_array_set_size(texts, 0);
        collect_texts(frame, texts);
        cJSON *text = g_ptr_array_index(texts, i);
        cJSON_SetValuestring(text, world->hostile);
        make_fresh(frame, text);
        give(frame);
    }
    return (int)count;
}

/* ---- What is kept ---- */

/* Where each text of the database comes from. A column that is not here is one nobody has thought about. */
static const struct {
    const char *column;
    enum { WORDS, IDS, OURS, JSON_TEXT } holds;
} columns[] = {
    {"words.text", WORDS},          {"log.kind", OURS},           {"log.state", OURS},
    {"log.data", JSON_TEXT},        {"ask.state", OURS},          {"ask.permalink", IDS},
    {"ask.deadline", OURS},         {"ask.impact_data", JSON_TEXT}, {"ask.evidence_kind", OURS},
    {"ask.decision", OURS},         {"question.kind", OURS},      {"question.state", OURS},
    {"open_question.kind", OURS},   {"person_setting.function", OURS}, {"person_setting.language", OURS},
    {"channel_setting.language", OURS}, {"channel_setting.zone", OURS}, {"channel_setting.covers", JSON_TEXT},
    {"channel_setting.questions", JSON_TEXT}, {"digest.tally", JSON_TEXT}, {"digest_reply.kind", OURS},
    {"ask.outcome", OURS},          {"aim.kind", OURS},             {"aim.unit", WORDS},            {"ask_aim.direction", OURS},
             {"tally.name", OURS},           {"ask_text.title", WORDS},    {"ask_text.why", WORDS},
    {"ask_text.impact", WORDS},     {"ask_text.evidence", WORDS}, {"ask_text.need", WORDS},
    {"person.platform", OURS},
    {"person.workspace", IDS},      {"person.user", IDS},         {"person.name", WORDS},
    {"person.zone", WORDS},         {"person.locale", WORDS},     {"person.dm", IDS},
    {"belonging.workspace", IDS},   {"channel.platform", OURS},     {"channel.workspace", IDS},   {"channel.channel", IDS},
    {"channel.name", WORDS},        {"channel.newest", IDS},      {"post.purpose", OURS},
    {"post.message", IDS},          {"heard.message", IDS},       {"heard.kind", OURS},
    {"inbox.key", IDS},             {"outbox.op", OURS},          {"outbox.platform", OURS},
    {"outbox.root", IDS},           {"outbox.message", IDS},      {"outbox.url", OURS},
    {"outbox.trigger", IDS},        {"outbox.emoji", OURS},       {"outbox.content", JSON_TEXT},
    {"outbox.parked", OURS},         {"person.handle", IDS},       {"chat.platform", OURS},
    {"chat.position", IDS},         {"signing.key", OURS},
    {"trade_off.ended", OURS},      {"nameless.words", WORDS},       {"forgetting.user", IDS},
    {"said_beside.kind", OURS},      {"permission.what", OURS},      {"permission.allowed", OURS},
    {"group_function.platform", OURS}, {"group_function.called", IDS}, {"group_function.name", IDS},
    {"group_function.function", OURS}, {"in_group.called", IDS},
    {"erasable.kind", OURS},
};

static GPtrArray *text_columns(sqlite3 *db)
{
    static const char query[] =
        "SELECT t.name || '.' || c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND c.type IN ('TEXT', '') AND t.name NOT LIKE 'ask\\_text\\_%' ESCAPE '\\'"
        " AND t.name NOT LIKE 'sqlite%' AND c.name NOT IN ('ask_text', 'rank')"
        " AND t.name <> 'ask_term'" /* a view of the index */;
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_ptr_array_add(found, g_strdup((const char *)sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    return found;
}

static void each_value(const char *column, void (*look)(const char *column, int holds, const char *value), int holds)
{
    g_auto(GStrv) parts = g_strsplit(column, ".", 2);
    g_autofree char *query = g_strdup_printf("SELECT \"%s\" FROM \"%s\"", parts[1], parts[0]);
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(world->store->db, query, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *value = (const char *)sqlite3_column_text(statement, 0);
        if (value != NULL)
            look(column, holds, value);
    }
    sqlite3_finalize(statement);
}

static void see_kept(const char *column, int holds, const char *value)
{
    if (!g_utf8_validate(value, -1, NULL))
        complain_of(&eyes, value, "%s is not UTF-8", column);
    g_autoptr(cJSON) json = holds == JSON_TEXT ? json_parse(value, strlen(value), NULL) : NULL;
    if (holds == JSON_TEXT && json == NULL)
        complain_of(&eyes, value, "%s is no JSON", column);
    const char *signs = holds == IDS    ? "_-:./"
                        : holds == OURS ? "_-:./ ,@"
                                        : NULL;
    g_autofree char *allowed = g_strconcat(G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS, signs, NULL);
    if (signs != NULL && strspn(value, allowed) != strlen(value))
        complain_of(&eyes, value, "%s holds somebody's words", column);
}

static GHashTable *reached;

static void note_reached(const char *column, int holds, const char *value)
{
    (void)holds;
    if (strstr(value, "hxprobe") != NULL)
        g_hash_table_add(reached, g_strdup(column));
}

/* ---- The campaign ---- */

static void campaign_begin(void)
{
    eyes = (struct eyes){.about = "at the beginning", .may_mention = may_mention, .may_link = may_link};
    eyes.complaints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void campaign_end(void)
{
    GHashTableIter iter;
    gpointer what, where;
    guint count = g_hash_table_size(eyes.complaints);
    g_hash_table_iter_init(&iter, eyes.complaints);
    while (g_hash_table_iter_next(&iter, &what, &where))
        print_error("error: %s (%s)\n", (char *)what, (char *)where);
    g_hash_table_destroy(eyes.complaints);
    print_message("%d messages, %d texts read\n", (int)eyes.messages, (int)eyes.texts);
    if (count > 0)
        fail_msg("%u things are wrong", count);
}

static int begin(void **state)
{
    (void)state;
    g_autofree char *why = NULL;
    log_set_level(LOG_ERROR); /* what is refused is told to the operator at each turn */
    return say_init(&why) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    say_done();
    return 0;
}

static void try_words(const char *words, bool raw, bool frames)
{
    g_autofree char *shown = g_strescape(words, NULL);
    if (strlen(shown) > 60)
        shown[60] = '\0';
    g_autofree char *about = g_strdup_printf("%s%s", raw ? "raw " : "", shown);
    eyes.about = about;
    eyes.typed = !raw;
    world_begin(words, raw);
    world_connect();
    play();
    world->names_victim = true; /* leaves of frames are ids, too, */
    world->raw = true;          /* and stand there as they are */
    eyes.typed = false;
    g_autoptr(GPtrArray) names = every_frame();
    for (guint i = 0; frames && i < names->len; i++)
        try_every_text(g_ptr_array_index(names, i), NULL);
    static const char *const forms[] = {"new",     "why",  "voice",   "start",    "outcome",   "decide",
                                        "dissent", "need", "neednot", "question", "answerput", "digestquestion", "digestdisagree"};
    for (gsize i = 0; frames && i < G_N_ELEMENTS(forms); i++)
        try_every_text("view_submission", forms[i]);
    settle();
    try_everything_offered();
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
        each_value(columns[i].column, see_kept, columns[i].holds);
    if (strstr(words, "hxprobe") != NULL)
        for (gsize i = 0; i < G_N_ELEMENTS(columns); i++)
            each_value(columns[i].column, note_reached, 0);
    world_end();
    eyes.about = "at the end";
}

static const char *only; /* these words and no others */
static bool one_by_one; /* each by itself takes minutes: tests/long.d/injection */

static void words_are_never_more_than_words(void **state)
{
    bool raw = *state != NULL;
    campaign_begin();
    g_autoptr(GPtrArray) all = one_by_one ? hostile_strings() : hostile_bundles();
    for (guint i = 0; only == NULL && i < all->len; i++)
        try_words(g_ptr_array_index(all, i), raw, one_by_one || i % 4 == raw);
    if (only != NULL)
        try_words(only, raw, true);
    campaign_end();
}

static void every_text_of_the_database_is_known_and_was_reached(void **state)
{
    (void)state;
    campaign_begin();
    world_begin("hxprobe", false);
    g_autoptr(GPtrArray) found = text_columns(world->store->db);
    guint known = 0;
    for (guint i = 0; i < found->len; i++) {
        const char *column = g_ptr_array_index(found, i);
        bool listed = false;
        for (gsize c = 0; c < G_N_ELEMENTS(columns); c++)
            listed = listed || strcmp(columns[c].column, column) == 0;
        if (!listed)
            complain_of(&eyes, "", "%s is new: say in this test whose words it holds", column);
        known += listed;
    }
    if (known != G_N_ELEMENTS(columns))
        complain_of(&eyes, "", "this test knows columns that are gone");
    world_connect();
    world_end();
    reached = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    try_words("hxprobe", false, true);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        bool was = g_hash_table_contains(reached, columns[i].column);
        if (columns[i].holds == WORDS && !was)
            complain_of(&eyes, "", "the campaign does not reach %s", columns[i].column);
        if (columns[i].holds == OURS && was)
            complain_of(&eyes, "", "%s holds words from outside", columns[i].column);
    }
    g_hash_table_destroy(reached);
    campaign_end();
}

int main(int argc, char **argv)
{
    one_by_one = argc == 2 && strcmp(argv[1], "--each") == 0;
    only = argc == 2 && !one_by_one ? argv[1] : NULL;
    static char typed_raw[] = "raw";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_text_of_the_database_is_known_and_was_reached, begin, end),
        {"words_as_people_type_them_are_never_more_than_words", words_are_never_more_than_words, begin, end, NULL},
        {"words_as_slack_notes_them_are_never_more_than_words", words_are_never_more_than_words, begin, end, typed_raw},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

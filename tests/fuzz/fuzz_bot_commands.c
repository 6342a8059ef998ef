/* Anything a person can type, press or submit, through the commands and a real store to what would be said.
 *
 * An input is up to four happenings, each behind the other with the byte 0x1c between. The first letter of one says what
 * happens: c /ask, w /why, m a mention, t a reply in an ask's thread, d a direct message, e an edit, x a deletion,
 * b a button (action, then its value), f a form (its name, its state, then name=value lines), s the message shortcut,
 * h the home page, i the invitation, r time that passes; the second one who and where. The rest is the text. */
#include "tests/fuzz/hold.h"

#include "bot/base/json.h"
#include "bot/base/log.h"
#include "commands/command.h"
#include "commands/say.h"

#define NOW INT64_C(1795082400000) /* a Thursday morning in November 2026 */
#define DAY_MS (24 * 3600 * (int64_t)1000)
#define BETWEEN '\x1c'

static char *functions[] = {"exec", "sales", "product", NULL};
static struct settings settings = {.command = "/ask", .why_command = "/why", .functions = functions,
                                   .outcome_days = 90};
static struct store *store;
static int64_t now;
static int posts; /* messages numbered since the iteration began */

/* ---- What is said ---- */

static void check_text(const char *rich)
{
    if (rich == NULL)
        return;
    need(g_utf8_validate(rich, -1, NULL));
    g_autofree char *said = slack_rich_to_mrkdwn(rich);
    need_harmless(said, true);
    need_quiet(said);
    need_no_controls(said);
}

static void check_message(const struct message *message)
{
    if (message == NULL)
        return;
    check_text(message->fallback);
    for (int i = 0; i < message->n_parts; i++) {
        const struct part *part = &message->parts[i];
        check_text(part->text);
        for (int b = 0; b < part->n_buttons; b++) {
            check_text(part->buttons[b].label);
            const char *value = part->buttons[b].value, *action = part->buttons[b].action;
            need(value == NULL || (g_utf8_validate(value, -1, NULL) && slack_length(value) <= 2000));
            need(*action != '\0' && strspn(action, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS) == strlen(action));
        }
    }
    g_autofree char *json = slack_blocks(message);
    g_autoptr(cJSON) blocks = json_parse(json, strlen(json), NULL);
    need(cJSON_GetArraySize(blocks) <= 50);
}

static void check_form(const struct form *form)
{
    need(form->state == NULL || strlen(form->state) <= 2000);
    need(form->title != NULL && g_utf8_strlen(form->title, -1) <= 24);
    for (int i = 0; i < form->n_fields; i++) {
        check_text(form->fields[i].label);
        check_text(form->fields[i].initial);
    }
    g_autofree char *json = slack_modal(form, "op");
    g_autoptr(cJSON) view = json_parse(json, strlen(json), NULL);
    need(view != NULL);
}

static void check_drawn(int64_t id)
{
    struct post post;
    struct context ctx;
    if (id == 0 || !store_get_post(store, id, &post))
        return;
    need(context_init(&ctx, store, &settings, NULL, now));
    struct message *message = command_draw(&ctx, &post);
    check_message(message);
    message_free(message);
    context_done(&ctx);
    post_done(&post);
}

/* Every row that waits, as the sender would take it; then it stands in the chat under a number of its own. */
static void send_all(void)
{
    g_autoptr(GArray) rows = store_outbox(store, 0);
    for (guint i = 0; i < rows->len; i++) {
        struct outbox_row *row = &g_array_index(rows, struct outbox_row, i);
        g_autoptr(cJSON) json = row->content != NULL ? json_parse(row->content, strlen(row->content), NULL) : NULL;
        need(row->content == NULL || json != NULL);
        if (row->kind == OUT_FORM) {
            struct form *form = form_from_json(json);
            check_form(form);
            form_free(form);
        } else if (json != NULL) {
            struct message *message = message_from_json(json);
            check_message(message);
            message_free(message);
        } else {
            check_drawn(row->post);
        }
        bool post = row->kind == OUT_POST;
        g_autofree char *message = post ? g_strdup_printf("1.%06d", ++posts) : NULL;
        store_sent(store, row->id, row->post, message);
        outbox_row_done(row);
    }
}

/* ---- What happens ---- */

static void run_once(const struct event *event, bool on_reader, bool *to_reader)
{
    struct context ctx;
    need(context_init(&ctx, store, &settings, event, now));
    ctx.on_reader = on_reader;
    command_run(&ctx);
    check_message(ctx.reply);
    for (int i = 0; i < ctx.n_errors; i++)
        check_text(ctx.errors[i].value);
    *to_reader = ctx.to_reader;
    context_done(&ctx);
}

static void run(const struct event *event)
{
    bool again = false;
    if (!command_concerns(store, event))
        return;
    run_once(event, false, &again);
    if (again) {
        run_once(event, true, &again);
        need(!again);
    }
    if (store_failed(store) != NULL)
        fprintf(stderr, "%s\n", store_failed(store)->message);
    need(store_failed(store) == NULL);
    send_all();
    need(store_failed(store) == NULL);
}

static void let_time_pass(const char *text)
{
    now += DAY_MS * CLAMP(g_ascii_strtoll(text, NULL, 10), 1, 40);
    for (int i = 0; i < 20; i++) {
        struct context ctx;
        need(context_init(&ctx, store, &settings, NULL, now));
        bool any = command_run_due(&ctx);
        context_done(&ctx);
        need(store_failed(store) == NULL);
        if (!any)
            break;
    }
    send_all();
}

static enum event_kind kind_of(char letter)
{
    static const struct {
        char letter;
        enum event_kind kind;
    } kinds[] = {{'c', EVENT_COMMAND}, {'w', EVENT_COMMAND}, {'m', EVENT_MENTION}, {'t', EVENT_MESSAGE},
                 {'d', EVENT_MESSAGE}, {'e', EVENT_EDITED},  {'x', EVENT_DELETED}, {'b', EVENT_BUTTON},
                 {'f', EVENT_FORM},    {'s', EVENT_MESSAGE_SHORTCUT}, {'h', EVENT_HOME}, {'i', EVENT_INVITED}};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].letter == letter)
            return kinds[i].kind;
    }
    return EVENT_NONE;
}

static void take_fields(struct event *event, const char *text)
{
    event->form = take_line(&text);
    event->state = take_line(&text);
    while (*text != '\0' && event->n_fields < 10) {
        g_autofree char *line = take_line(&text);
        char *equals = strchr(line, '=');
        if (equals != NULL)
            *equals = '\0';
        event_add_field(event, line, equals != NULL && equals[1] != '\0' ? equals + 1 : NULL);
    }
}

static struct event *event_of(char what, unsigned where, const char *typed)
{
    static const char *const users[] = {"UDANA", "UMIA", "UGUEST", "UNEW"};
    static const char *const channels[] = {"CPRODUCT", "GSECRET", "DDANA", "CNEW"};
    static const enum channel_kind kinds[] = {CHANNEL_PUBLIC, CHANNEL_PRIVATE, CHANNEL_DIRECT, CHANNEL_UNKNOWN};
    g_autofree char *text = slack_text_to_rich(typed);
    unsigned place = what == 'd' ? 2 : where / 4 % 4;
    struct event *event = event_new(kind_of(what), "slack");
    event->workspace = g_strdup("T1");
    event->user = g_strdup(users[where % 4]);
    event->channel = what == 'f' ? NULL : g_strdup(channels[place]);
    event->channel_kind = what == 'f' ? CHANNEL_UNKNOWN : kinds[place];
    event->message = g_strdup_printf("2.%06d", ++posts);
    event->trigger = g_strdup("1.2.3");
    event->permalink = g_strdup("https://t1.slack.com/archives/CPRODUCT/p2");
    if (what == 't' || (what == 'm' && where & 16))
        event->thread = g_strdup_printf("1.%06u", where / 16 % 4 + 1);
    if (what == 'e' || what == 'x') {
        g_free(event->message);
        event->message = g_strdup_printf("2.%06u", where / 16 % 4 + 1);
        event->revision = g_strdup("3.1");
    }
    const char *rest = text;
    switch (what) {
    case 'b':
        event->action = take_line(&rest);
        event->value = *rest != '\0' ? g_strdup(rest) : NULL;
        break;
    case 'f':
        take_fields(event, text);
        break;
    case 's':
        event->author = g_strdup(users[where / 16 % 4]);
        event->action = g_strdup("raise");
        event->text = g_steal_pointer(&text);
        break;
    default:
        event->command = g_strdup(what == 'w' ? "/why" : "/ask");
        event->text = g_steal_pointer(&text);
        break;
    }
    return event;
}

static void happen(const char *text)
{
    if (text[0] == '\0' || text[1] == '\0')
        return;
    if (text[0] == 'r') {
        let_time_pass(text + 2);
        return;
    }
    g_autofree char *typed = g_utf8_make_valid(text + 2, -1); /* the second byte may have torn a character */
    struct event *event = event_of(text[0], (unsigned)(guchar)text[1] - '0', typed);
    if (event->action == NULL || *event->action != '\0') /* the decoder gives none without */
        run(event);
    event_free(event);
}

/* ---- The scene ---- */

static void person(const char *user, const char *name, bool guest)
{
    struct profile profile = {.name = (char *)name, .zone = (char *)"Europe/Tallinn", .locale = (char *)"en-GB",
                              .guest = guest};
    store_set_profile(store, store_person(store, "slack", "T1", user, name), &profile, now);
}

static void channel(const char *id, const char *name, enum channel_kind kind)
{
    int64_t number = store_channel(store, "slack", "T1", id, name, kind);
    store_set_channel(store, number, name, kind, now);
    store_set_member(store, number, true);
}

/* Asks in every state, raised the way people raise them: #1 waits for a why, #5 is in a private channel. */
static void set_up(void)
{
    static const char *const story[] = {
        "i0", "c0Add SSO for Acme by June", "c1Dark mode for <@UDANA>", "c1own 2", "c1decide 2 later until 1 December",
        "c0Faster login", "w13 Logging in takes a minute", "c1decide 3 yes because it is slow", "c1start 3",
        "c0Export to CSV", "c1ship 4", "i4", "c4A secret plan", "w05 nobody may know", "t0Acme cannot log in without it",
    };
    char *why = NULL;
    g_autoptr(GError) error = NULL;
    log_set_level(LOG_ERROR);
    settings.hours = calendar_default_hours;
    now = NOW;
    need(say_init(&why));
    store = store_open(":memory:", STORE_WRITE, &error);
    need(store != NULL && store_begin(store));
    person("UDANA", "Dana Reyes", false);
    person("UMIA", "Mia", false);
    person("UGUEST", "Gus", true);
    channel("CPRODUCT", "product", CHANNEL_PUBLIC);
    channel("GSECRET", "secret", CHANNEL_PRIVATE);
    for (gsize i = 0; i < G_N_ELEMENTS(story); i++)
        happen(story[i]);
    need(store_commit(store));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (store == NULL)
        set_up();
    g_autofree char *all = g_strndup((const char *)data, size);
    const char between[] = {BETWEEN, '\0'};
    g_auto(GStrv) parts = g_strsplit(all, between, 4);
    now = NOW + 60000;
    posts = 500000;
    need(store_begin(store));
    for (char **part = parts; *part != NULL; part++)
        happen(*part);
    store_rollback(store);
    return 0;
}

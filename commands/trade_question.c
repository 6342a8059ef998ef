/* What gives way? Asked privately, of who starts an ask while something is started already. */
#include "commands/trade.h"

#include "bot/base/json.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/states.h"

#include <string.h>

enum {
    TITLE_MAX = 80,
    LABEL_MAX = 70,
    BUTTONS_FOR = 2,   /* with more started asks a form is offered */
    REASON_MAX = 1500, /* bytes that a button carries */
};

GArray *trade_offered(struct context *ctx, const struct ask *ask)
{
    struct trade_setting setting;
    store_trade_setting(ctx->store, ask->channel, &setting);
    if (setting.shared)
        return store_started_in(ctx->store, &ctx->viewer, ask->channel, TRADE_OFFERED);
    struct ask_filter filter = {.states = {"started"}, .owner = ctx->who.id, .most = TRADE_OFFERED};
    int64_t total;
    return store_list(ctx->store, &ctx->viewer, &filter, 0, TRADE_OFFERED, &total);
}

static char *title_of(struct context *ctx, const struct ask_line *line, glong max)
{
    char *title = show_line(ctx, line->title, max);
    if (*title != '\0')
        return title;
    g_free(title);
    return say(ctx->language, "erased", NULL);
}

/* value: what would be typed behind the verb. Both texts are taken. */
static void add_button(struct message *message, int number, char *value, char *label)
{
    /* Buttons of one row need names of their own; the digit is not read. */
    g_autofree char *action = g_strdup_printf("start%d", number);
    message_add_button(message, action, value, label, BUTTON_PLAIN);
    g_free(value);
    g_free(label);
}

static void add_buttons(struct context *ctx, struct message *message, int64_t number, GArray *offered, const char *reason)
{
    const char *language = ctx->language;
    g_autofree char *because = *reason != '\0' ? g_strconcat(" because ", reason, NULL) : g_strdup("");
    int n = 0;
    for (guint i = 0; offered->len <= BUTTONS_FOR && i < offered->len; i++) {
        int64_t other = g_array_index(offered, struct ask_line, i).number;
        g_autofree char *id = show_number(other);
        add_button(message, ++n, g_strdup_printf("%" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT "%s", number, other, because),
                   say(language, "button.pauses", "ask", id, NULL));
        add_button(message, ++n, g_strdup_printf("%" G_GINT64_FORMAT " after %" G_GINT64_FORMAT "%s", number, other, because),
                   say(language, "button.after", "ask", id, NULL));
    }
    if (offered->len > BUTTONS_FOR) {
        g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT "%s", number, because);
        g_autofree char *label = say(language, "button.gives.way", NULL);
        message_add_button(message, "givesway", value, label, BUTTON_PRIMARY);
    }
    add_button(message, ++n, g_strdup_printf("%" G_GINT64_FORMAT " nothing gives way%s", number, because),
               say(language, offered->len > 0 ? "button.room" : "button.start", NULL));
}

void trade_question(struct context *ctx, const struct ask *ask, const char *reason)
{
    const char *language = ctx->language;
    g_autoptr(GArray) offered = trade_offered(ctx, ask);
    g_autofree char *id = show_number(ask->number);
    g_autofree char *heading = say(language, offered->len > 0 ? "trade.question" : "trade.question.none", "ask", id, NULL);
    struct message *message = message_text(heading);
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < offered->len; i++) {
        const struct ask_line *line = &g_array_index(offered, struct ask_line, i);
        g_autofree char *other = show_number(line->number);
        g_autofree char *title = title_of(ctx, line, TITLE_MAX);
        g_autofree char *days = trade_days(language, store_days_of_work(ctx->store, line->number, ctx->now));
        g_autofree char *owner = line->owner != ctx->who.id ? show_person(ctx, line->owner) : NULL;
        g_autofree char *text = say(language, owner != NULL ? "trade.offered.of" : "trade.offered", "ask", other, "title", title,
                                    "days", days, "owner", owner, NULL);
        g_string_append_printf(lines, "%s%s", i > 0 ? "\n" : "", text);
    }
    if (lines->len > 0)
        message_add(message, PART_TEXT, lines->str);
    g_string_free(lines, TRUE);
    /* Of a long reason a button would lose the end. */
    if (strlen(reason) <= REASON_MAX)
        add_buttons(ctx, message, ask->number, offered, reason);
    g_autofree char *first = offered->len > 0 ? show_number(g_array_index(offered, struct ask_line, 0).number) : NULL;
    g_autofree char *typed = first != NULL ? say(language, "trade.typed", "ask", id, "other", first, "command",
                                                 ctx->settings->command, NULL)
                                           : say(language, "trade.typed.none", "ask", id, "command", ctx->settings->command, NULL);
    message_add(message, PART_NOTE, typed);
    answer_message(ctx, message);
}

/* ---- The form ---- */

/* The ask and the reason behind it, as a button carries them. */
static int64_t read_value(const char *value, const char **reason)
{
    int64_t number = words_ask_number(&value);
    *reason = words_reason(value);
    return number;
}

static void add_option(struct context *ctx, struct field *field, const char *entry, const char *what, const struct ask_line *line)
{
    g_autofree char *id = show_number(line->number);
    g_autofree char *title = title_of(ctx, line, LABEL_MAX - 20);
    g_autofree char *label = say(ctx->language, entry, "ask", id, "title", title, NULL);
    g_autofree char *value = g_strdup_printf("%s %" G_GINT64_FORMAT, what, line->number);
    g_autofree char *cut = g_utf8_substring(label, 0, MIN(LABEL_MAX, g_utf8_strlen(label, -1)));
    field_add_option(field, value, cut);
}

static void add_choice(struct context *ctx, struct form *form, const char *name, char *label, bool optional, GArray *offered)
{
    struct field *field = form_add(form, FIELD_CHOICE, name, label, optional);
    g_autofree char *room = say(ctx->language, "button.room", NULL);
    for (guint i = 0; i < offered->len; i++)
        add_option(ctx, field, "form.gives.pauses", "instead of", &g_array_index(offered, struct ask_line, i));
    for (guint i = 0; i < offered->len && !optional; i++)
        add_option(ctx, field, "form.gives.after", "after", &g_array_index(offered, struct ask_line, i));
    if (!optional)
        field_add_option(field, "nothing", room);
    g_free(label);
}

/* What else gives way; a dialog has room for five fields in all. */
static const char *const more_fields[] = {"too", "third"};

void trade_open_form(struct context *ctx, const char *value)
{
    const char *reason, *language = ctx->language;
    struct ask ask;
    if (!need_ask(ctx, read_value(value, &reason), &ask))
        return;
    g_autoptr(GArray) offered = trade_offered(ctx, &ask);
    if (may_move(ctx, &ask, "start") != NULL && offered->len == 0) {
        trade_question(ctx, &ask, reason);
    } else if (ctx->reply == NULL) {
        struct form *form = form_about(ctx, &ask, "start", "form.gives.title", "form.gives.submit");
        add_choice(ctx, form, "what", say(language, "form.gives.what", NULL), false, offered);
        for (gsize i = 0; i < G_N_ELEMENTS(more_fields) && i + 1 < offered->len; i++)
            add_choice(ctx, form, more_fields[i], say(language, "form.gives.too", NULL), true, offered);
        g_autofree char *why = say(language, "form.gives.why", NULL);
        struct field *field = form_add(form, FIELD_TEXT, "why", why, true);
        field->initial = *reason != '\0' ? show_words(ctx, reason, 2900) : NULL;
        g_autofree char *until = say(language, "form.gives.until", NULL);
        field = form_add(form, FIELD_DATE, "until", until, true);
        struct trade_setting setting;
        store_trade_setting(ctx->store, ask.channel, &setting);
        field->hint = say_n(language, "trade.until.hint", setting.revisit_days, NULL);
        send_form(ctx, form);
    }
    ask_done(&ask);
}

static void add_other(struct start *start, const char *value)
{
    const char *digits = value + strcspn(value, "0123456789");
    int64_t other = g_ascii_strtoll(digits, NULL, 10);
    for (int i = 0; i < start->n_asks; i++) {
        if (start->asks[i] == other)
            return;
    }
    if (other != 0 && start->n_asks < START_ASKS)
        start->asks[start->n_asks++] = other;
}

void trade_form(struct context *ctx)
{
    const char *what = event_field(ctx->event, "what"), *why = event_field(ctx->event, "why"), *until = event_field(ctx->event, "until");
    int64_t number = form_ask(ctx);
    struct ask ask;
    struct when when;
    GDate now = today(ctx);
    struct start start = {.reason = g_strdup(why != NULL ? words_reason(why) : "")};
    if (what != NULL && g_str_has_prefix(what, "instead"))
        start.gives = START_INSTEAD;
    else if (what != NULL && g_str_has_prefix(what, "after"))
        start.gives = START_AFTER;
    else if (g_strcmp0(what, "nothing") == 0)
        start.gives = START_ROOM;
    if (start.gives == START_INSTEAD || start.gives == START_AFTER)
        add_other(&start, what);
    bool more = false;
    for (gsize i = 0; i < G_N_ELEMENTS(more_fields); i++) {
        const char *too = event_field(ctx->event, more_fields[i]);
        if (too == NULL || *too == '\0')
            continue;
        more = true;
        add_other(&start, too);
    }
    start.has_until = until != NULL && *until != '\0';
    bool wrong_day = start.has_until && (!when_parse(until, &now, &when) || g_date_compare(&when.last, &now) <= 0);
    if (start.has_until && !wrong_day)
        start.until = when.last;
    if (start.gives == START_UNSAID)
        answer_field_error(ctx, "what", say(ctx->language, "form.gives.nothing.said", NULL));
    else if (more && start.gives != START_INSTEAD)
        answer_field_error(ctx, "too", say(ctx->language, "form.gives.too.much", NULL));
    else if (wrong_day)
        answer_field_error(ctx, "until", say(ctx->language, "form.gives.wrong.day", NULL));
    if (ctx->n_errors == 0) {
        if (store_get_ask(ctx->store, &ctx->viewer, number, &ask)) {
            ctx->reply_channel = ask.channel;
            ask_done(&ask);
        }
        start_run(ctx, number, &start);
    }
    start_done(&start);
}

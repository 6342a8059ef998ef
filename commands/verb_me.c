/* me: one's function (asked once, with buttons), language, reminders. */
#include "bot/base/json.h"
#include "commands/record.h"
#include "commands/say.h"
#include "commands/send.h"
#include "commands/understand/understand.h"
#include "commands/views.h"
#include "store/groups.h"

#include <string.h>

enum { CARDS_REDRAWN = 5 };

static void record_me(struct context *ctx, const char *kind, cJSON *data)
{
    struct log_entry entry = {.kind = kind, .person = ctx->who.id, .data = data};
    record_entry(ctx, &entry);
}

static void add_function_buttons(struct context *ctx, struct message *message)
{
    for (int i = 0; ctx->settings->functions[i] != NULL && i < 20; i++) {
        g_autofree char *action = g_strdup_printf("function%d", i);
        message_add_button(message, action, ctx->settings->functions[i], ctx->settings->functions[i], BUTTON_PLAIN);
    }
}

struct message *me_ask_function(struct context *ctx, const struct person *person)
{
    if (person->function != NULL || person->function_asked)
        return NULL;
    struct log_entry entry = {.kind = "person.asked", .person = person->id};
    record_entry(ctx, &entry);
    const char *language = say_language(person->language != NULL ? person->language : person->locale);
    g_autofree char *text = say(language, "me.function.ask", NULL);
    struct message *message = message_text(text);
    add_function_buttons(ctx, message);
    return message;
}

const char *me_function_known(struct context *ctx, const char *function)
{
    for (int i = 0; ctx->settings->functions[i] != NULL; i++) {
        if (g_ascii_strcasecmp(ctx->settings->functions[i], function) == 0)
            return ctx->settings->functions[i];
    }
    return NULL;
}

void me_redraw_cards(struct context *ctx, int64_t person)
{
    int64_t ask = 0;
    for (int i = 0; i < CARDS_REDRAWN && (ask = store_ask_of(ctx->store, person, ask)) != 0; i++)
        send_card_redraw(ctx, ask);
}

const char *me_set_function(struct context *ctx, int64_t person, const char *function)
{
    const char *known = me_function_known(ctx, function);
    if (known == NULL)
        return NULL;
    struct log_entry entry = {.kind = "person.function", .person = person, .data = data_of("function", known)};
    record_entry(ctx, &entry);
    me_redraw_cards(ctx, person);
    return known;
}

void me_function(struct context *ctx, const char *function)
{
    const char *known = me_set_function(ctx, ctx->who.id, function);
    if (known == NULL) {
        g_autofree char *text = say(ctx->language, "me.function.unknown", "word", function, NULL);
        struct message *message = message_text(text);
        add_function_buttons(ctx, message);
        answer_message(ctx, message);
        ctx->not_understood = true;
        return;
    }
    answer_say(ctx, "me.function.done", "function", known, "command", ctx->settings->command, NULL);
}

static void set_reminders(struct context *ctx, const char *word)
{
    bool on = strcmp(word, "on") == 0;
    if (!on && strcmp(word, "off") != 0) {
        answer_say(ctx, "me.how", "command", ctx->settings->command, NULL);
        return;
    }
    cJSON *data = json_object();
    json_put_bool(data, "on", on);
    record_me(ctx, "person.reminders", data);
    answer_say(ctx, on ? "me.reminders.on" : "me.reminders.off", "command", ctx->settings->command, NULL);
}

static void set_language(struct context *ctx, const char *word)
{
    if (!g_strv_contains(say_languages(), word)) {
        g_autofree char *offered = g_strjoinv(", ", (char **)say_languages());
        answer_say(ctx, "me.language.unknown", "languages", offered, NULL);
        return;
    }
    record_me(ctx, "person.language", data_of("language", word));
    ctx->language = say_language(word);
    answer_say(ctx, "me.language.done", NULL);
}

static char *show_function(struct context *ctx)
{
    if (ctx->who.function == NULL)
        return say(ctx->language, "me.no.function", NULL);
    struct group_function group;
    if (!store_group_of(ctx->store, ctx->who.id, &group))
        return g_strdup(ctx->who.function);
    g_autofree char *name = g_strconcat("@", group.name, NULL);
    group_function_done(&group);
    return say(ctx->language, "me.function.from", "function", ctx->who.function, "group", name, NULL);
}

void verb_me(struct context *ctx, int64_t ask, const char *rest)
{
    (void)ask;
    g_auto(GStrv) words = g_strsplit(rest, " ", 3);
    guint count = g_strv_length(words);
    if (count == 0) {
        g_autofree char *function = show_function(ctx);
        g_autofree char *on = say(ctx->language, ctx->who.reminders ? "me.on" : "me.off", NULL);
        g_autofree char *text = say(ctx->language, "me.now", "person", ctx->who.name, "function", function,
                                    "reminders", on, "language", ctx->language, "zone", ctx->who.zone, "command",
                                    ctx->settings->command, NULL);
        struct message *message = message_text(text);
        if (ctx->who.function == NULL)
            add_function_buttons(ctx, message);
        answer_message(ctx, message);
    } else if (count >= 2 && g_ascii_strcasecmp(words[0], "function") == 0) {
        me_function(ctx, words[1]);
    } else if (count >= 2 && g_ascii_strcasecmp(words[0], "reminders") == 0) {
        set_reminders(ctx, words[1]);
    } else if (count >= 2 && g_ascii_strcasecmp(words[0], "language") == 0) {
        set_language(ctx, words[1]);
    } else if (count == 1) {
        me_function(ctx, words[0]);
    } else {
        answer_say(ctx, "me.how", "command", ctx->settings->command, NULL);
        ctx->not_understood = true;
    }
}
